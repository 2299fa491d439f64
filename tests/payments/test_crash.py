"""Killed between any two lines: the process dies wherever it is, is started again, and the books end the same.

Every line of the payments room that a whole escrow executes is a place to die at, when it runs for the first time. The
database forgets what was not committed; Stripe remembers what it did; whoever was waiting presses the button again.
`MONEY_KILLS=all` dies at each of them, the short form at a spread.
"""

import os
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from core import clock
from core.audit import SYSTEM
from payments import gateway, tasks
from payments.models import EscrowPart, Funding, ProviderCall
from payments.services.escrow import arrivals, disputes, moving, opening
from tests.payments.deals import deal, money, tell
from tests.payments.test_escrow import agrees

pytestmark = pytest.mark.alone
ROOM = Path(gateway.__file__).parent
SHORT = 12


class Killed(BaseException):
    """The process is gone. Nothing may catch this."""


class Reaper:
    """Notes which lines of our code run, in the order of their first time, and kills before one of them does."""

    def __init__(self, victim=None):
        self.victim, self.seen, self.died = victim, {}, False

    def __enter__(self):
        sys.settrace(self._call)
        return self

    def __exit__(self, *_fault):
        sys.settrace(None)

    def _call(self, frame, _event, _arg):
        path = frame.f_code.co_filename
        return self._line if path.startswith(str(ROOM)) and "stripe_double" not in path else None

    def _line(self, frame, event, _arg):
        if event == "line" and not self.died:
            place = (frame.f_code.co_filename, frame.f_lineno)
            self.seen[place] = True
            if place == self.victim:
                self.died = True
                raise Killed
        return self._line


def story(d):
    """One escrow's life as steps; each may be asked for again after a crash, as a person or the clock would."""
    return [
        lambda: opening.pay(escrow_id=d.escrow.pk, by=d.as_buyer),
        lambda: settle_on_page(d),
        lambda: arrivals.refresh(d.escrow.fundings.last()),
        events_and_jobs,
        lambda: moving.part_accepted(reference=d.refs[0], by=SYSTEM),
        events_and_jobs,
        lambda: give_back(d),
        events_and_jobs,
        lambda: stop(d),
        lambda: propose(d),
        lambda: agree(d),
        events_and_jobs,
    ]


def settle_on_page(d):
    funding = d.escrow.fundings.last()
    if funding.session_id and d.desk.session(funding.session_id)["status"] == "open":
        d.desk.pay(funding.session_id)


def events_and_jobs():
    tell()


def give_back(d):
    if not ProviderCall.objects.filter(escrow=d.escrow, kind="refund").exists():
        moving.give_back(escrow_id=d.escrow.pk, amount=money("100"), reason="少一次踏勘", by=d.as_agency)


def stop(d):
    if d.fresh().disputed_at is None and not d.escrow.settlements.exists():
        disputes.stop(escrow_id=d.escrow.pk, reason="缺少数据", by=d.as_buyer)


def propose(d):
    if not d.escrow.settlements.exists():
        disputes.propose(escrow_id=d.escrow.pk, to_supplier=money("9000"), reason="完成三成", by=d.as_agency)


def agree(d):
    offer = d.escrow.settlements.get()
    if not offer.answered_at:
        disputes.answer(settlement_id=offer.pk, accepted=True, by=d.as_buyer)


def hang_up():
    """The dead process's connection is gone with all it had begun, even where a block was being left just then."""
    connection.close()
    connection.in_atomic_block = connection.closed_in_transaction = connection.needs_rollback = False
    connection.savepoint_ids, connection.atomic_blocks, connection.run_on_commit = [], [], []
    connection.connect()


def recover():
    """A new process: what is due is done, later and later, until nothing is."""
    for minutes in (0, 3, 30):
        with clock.at(clock.now() + timedelta(minutes=minutes)):
            tasks.tend_provider()
            tell()


def live(d, reaper):
    """The whole story, dying once; whoever was there does the step again."""
    with reaper:
        for step in story(d):
            try:
                step()
            except Killed:
                sys.settrace(None)
                hang_up()
                recover()
                step()
    recover()


def outcome(d):
    with gateway.double().store.session() as shelf:
        sent = sorted(one["amount"] for one in shelf.all("transfer") if one["transfer_group"] == d.escrow.number)
        charges = {one["id"] for one in shelf.all("charge") if one["transfer_group"] == d.escrow.number}
        back = sorted(one["amount"] for one in shelf.all("refund") if one["charge"] in charges)
        paid = sum(one["status"] == "succeeded" for one in shelf.all("charge") if one["id"] in charges)
    waiting = ProviderCall.objects.filter(escrow=d.escrow).exclude(state__in=("done", "refused")).count()
    released = [str(part.released) for part in EscrowPart.objects.filter(escrow=d.escrow)]
    states = sorted(Funding.objects.filter(escrow=d.escrow).values_list("state", flat=True))
    fees = Funding.objects.filter(escrow=d.escrow, paid_at__isnull=False, fee_known=False).count()
    return {
        "books": d.books(),
        "sent": sent,
        "back": back,
        "paid": paid,
        "waiting": waiting,
        "released": released,
        "states": states,
        "fees": fees,
    }


EXPECTED = {
    "books": {},
    "sent": [900000, 1940000],
    "back": [10000, 2000000],
    "paid": 1,
    "waiting": 0,
    "released": ["19,400.00", "9,000.00"],
    "states": ["paid"],
    "fees": 0,
}


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_dying_at_any_line_ends_in_the_same_books():
    counted = Reaper()
    d = deal()
    live(d, counted)
    assert outcome(d) == EXPECTED
    lines, deaths = list(counted.seen), 0
    for victim in lines if os.environ.get("MONEY_KILLS") == "all" else spread(lines):
        d, reaper = deal(), Reaper(victim)
        live(d, reaper)
        deaths += reaper.died
        assert outcome(d) == EXPECTED, f"died at {Path(victim[0]).name}:{victim[1]}"
    assert deaths > SHORT // 2
    agrees()
    print(f"\n{deaths} deaths, each at a line of its own of {len(lines)} executed: the same books")


def spread(lines):
    """Evenly, with a different offset every time the code changes by a line."""
    step = max(len(lines) // SHORT, 1)
    return lines[len(lines) % step :: step]


@pytest.mark.django_db(transaction=True)
def test_control_a_release_that_forgets_to_write_the_call_down_first_is_caught(monkeypatch):
    """Without the row written beforehand a crash after asking loses the transfer from the books: the test sees it."""
    from payments.services.escrow import calls

    d = deal()
    d.paid()

    def asks_first(*, kind, params, by, **more):
        gateway.ask(kind, params | {"destination": account.account_id, "metadata": {}}, key=f"careless-{kind}")
        raise Killed

    account = d.onboarded()
    monkeypatch.setattr(calls, "write", asks_first)
    with pytest.raises(Killed):
        moving.part_accepted(reference=d.refs[0], by=SYSTEM)
    monkeypatch.undo()
    hang_up()
    recover()
    assert d.books() == {"held": "48500.00"}
    with pytest.raises(AssertionError):
        agrees()


@pytest.mark.django_db(transaction=True)
def test_two_processes_asking_for_the_same_call_do_it_once():
    from threading import Barrier, Thread

    d = deal()
    d.paid()
    moving.part_accepted(reference=d.refs[0], by=SYSTEM)
    call, gate = d.call("transfer"), Barrier(3)

    def run():
        from payments.services.escrow import calls

        gate.wait()
        calls.perform(call.pk)
        connection.close()

    threads = [Thread(target=run) for _number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    recover()
    assert outcome_sent(d) == [1940000]
    agrees()


def outcome_sent(d):
    return outcome(d)["sent"]
