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


def lockless():
    """No lock, and no constraint to stand in for it: two workers give the same number to different bids, and one of
    them is lost.
    """
    from django.db import connection

    from bidding import log

    def lock(competition_id):
        with connection.cursor() as cursor:
            cursor.execute("SELECT last_seq, head_hash FROM bidding_competition WHERE id = %s", [competition_id])
            return cursor.fetchone()

    log.lock = lock
    log._WRITE = careless(log._WRITE)


def careless(write):
    """The statement that writes the log, without minding that a number is taken."""
    parts = write.split("\n)")
    return " ON CONFLICT DO NOTHING\n)".join(parts)


BROKEN = {"early": early, "amnesia": amnesia, "lockless": lockless}
