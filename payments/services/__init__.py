"""What one does with money. Every verb ends in transfers of `payments.ledger`."""
