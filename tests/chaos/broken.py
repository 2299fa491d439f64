"""Committers that break the law on purpose: a harness that does not catch them proves nothing."""

import time


def early():
    """Receipts go out before the transaction commits; what is killed between the two was acknowledged and is lost."""
    from django.db import transaction

    from bidding import committer

    real = committer._commit

    def commit(competition_id, board, bids):
        with transaction.atomic():
            batch = real(competition_id, board, bids)
            for bid, answer in zip(bids, batch.answers, strict=True):
                bid_loop(bid).call_soon_threadsafe(bid.tell, answer)
            time.sleep(0.5)  # most of a worker's time: a kill lands here more often than not
        return batch

    committer._commit = commit
    plain_submit = committer.Committer.submit
    loops = {}

    def submit(self, pending):
        import asyncio

        loops[id(pending)] = asyncio.get_running_loop()
        plain_submit(self, pending)

    def bid_loop(bid):
        return loops[id(bid)]

    committer.Committer.submit = submit


def amnesia():
    """Every tenth batch is acknowledged and rolled back."""
    from django.db import transaction

    from bidding import committer

    real, count = committer._commit, [0]

    def commit(competition_id, board, bids):
        count[0] += 1
        with transaction.atomic():
            batch = real(competition_id, board, bids)
            transaction.set_rollback(count[0] % 10 == 0)
        return batch

    committer._commit = commit


BROKEN = {"early": early, "amnesia": amnesia}
