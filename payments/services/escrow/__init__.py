"""Every verb of escrow: opening and paying, release, refund, dispute and settlement, bank transfers, payouts."""
