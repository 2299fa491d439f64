"""bin/chaos: plays competitions on processes that are killed, and prints what came of it.

Every round is planned by its own seed, printed when it fails: `--only SEED` plays that one again. Moments depend on
the machine, so a round repeats its plan, not every microsecond.
"""

import argparse
import asyncio
import contextlib
import secrets
import sys
import time
from collections import Counter

from tests import template
from tests.bench.report import percentile
from tests.chaos import faults, stage
from tests.chaos.broken import BROKEN
from tests.chaos.play import Stage, play

SECRET = "chaos"
TRIES, IN_VAIN = 15, 15  # rounds for a control, and seconds in each to settle what a broken committer never settles
PAUSES = (0.15, 0.3, 0.6)  # mean seconds between two bids of a bidder


def arguments():
    parser = argparse.ArgumentParser(prog="bin/chaos", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--rounds", type=int, default=100, help="competitions on two web workers, Redis and PostgreSQL")
    parser.add_argument("--embedded", type=int, help="competitions on the single process (default: a quarter as many)")
    parser.add_argument("--seed", default="", help="default: a new one, printed")
    parser.add_argument("--only", default="", metavar="SEED", help="play the round of this seed, such as 7:two:13")
    given = parser.parse_args()
    given.embedded = max(1, given.rounds // 4) if given.embedded is None else given.embedded
    given.seed = given.seed or str(secrets.randbelow(10**6))
    return given


def environment(folder, **more):
    return {
        "DJANGO_SETTINGS_MODULE": "tests.chaos.settings",
        "MARKET_DATA": str(folder / "data"),
        "SECRET_KEY": SECRET,
        "MARKET_SIMULATE": "0",
        "SOCKETS_PER_ADDRESS": "10000",
        **more,
    }


@contextlib.asynccontextmanager
async def nursery(folder, name, **more):
    mother = stage.Nursery(folder, name, environment(folder, **more))
    try:
        await mother.ready()
        yield mother
    finally:
        await asyncio.to_thread(mother.close)


class Report:
    """Adds up outcomes."""

    def __init__(self):
        self.outcomes = []
        self.began = time.monotonic()

    def take(self, outcome):
        self.outcomes.append(outcome)
        kinds = ", ".join(f"{fault.kind} {fault.at:.1f} s" for fault in sorted(outcome.faults, key=lambda one: one.at))
        mark = "WRONG" if outcome.judge.wrong else "ok"
        print(
            f"  {outcome.seed:<14} {mark:<6} {outcome.seconds:4.1f} s  {acknowledged(outcome.crowd):4} acknowledged"
            f"  {connections(outcome.crowd):4} connections  {kinds}",
            flush=True,
        )
        for wrong in outcome.judge.wrong[:10]:
            print(f"      {wrong}", flush=True)

    def failed(self):
        return [outcome for outcome in self.outcomes if outcome.judge.wrong]

    def vain(self):
        """Did nobody get a bid through in all rounds? Then nothing has been shown."""
        return not any(outcome.bids for outcome in self.outcomes)

    def print(self, title, odd):
        outcomes, crowds = self.outcomes, [outcome.crowd for outcome in self.outcomes]
        struck = [fault for outcome in outcomes for fault in outcome.faults if fault.struck]
        people = [one for crowd in crowds for one in crowd.all]
        bidders = [one for crowd in crowds for one in crowd.bidders]
        codes = Counter(code for one in bidders for code in one.refused_codes)
        failed = sum((one.failed for one in people), Counter())
        looked = sum((outcome.judge.looked for outcome in outcomes), Counter())
        print(f"\n{title}: {len(outcomes)} competitions in {time.monotonic() - self.began:.0f} s")
        row("faults", len(struck), told(Counter(fault.kind for fault in struck)))
        row("bids sent", sum(one.sent for one in bidders), f"sent again {sum(one.again for one in bidders)}")
        row(
            "floors sealed", sum(len(one.sealed) for one in bidders), f"posted by HTTP {sum(o.posted for o in bidders)}"
        )
        row("bids acknowledged", sum(map(acknowledged, crowds)), f"in the log {sum(one.bids for one in outcomes)}")
        row("bids refused", sum(codes.values()), told(codes))
        row("connections", sum(map(connections, crowds)), "not made: " + told(failed))
        row("replays asked for", sum(one.replays for one in people), f"diverged {sum(one.diverged for one in people)}")
        for kind in dict.fromkeys(fault.kind for fault in struck):
            times(f"recovery, {kind}", [one.took for one in struck if one.kind == kind and one.recovered])
        times("from the end to the close", [outcome.waited for outcome in outcomes])
        times("a bid reaches an onlooker", delays(outcomes, only=()))
        times("… Redis broken, nothing else", delays(outcomes, only=(faults.REDIS, faults.REDIS_FREEZE)))
        for name, count in sorted(looked.items()):
            row(f"checked: {name}", count, "")
        row("unexplained exceptions in logs", len(odd), "; ".join(odd[:3]))
        row("competitions without a bid", sum(not one.bids for one in outcomes), "")
        row("competitions with something wrong", len(self.failed()), ", ".join(one.seed for one in self.failed()[:9]))


def row(name, count, rest):
    print(f"  {name:<40} {count:>9,}  {rest}")


def times(name, seconds):
    if seconds:
        shares = (("p50", 0.5), ("p99", 0.99), ("max", 1))
        shown = [f"{label} {percentile(seconds, share):.2f}" for label, share in shares]
        row(name, len(seconds), "seconds: " + ", ".join(shown))


def told(counter):
    return ", ".join(f"{name} {count}" for name, count in counter.most_common())


def acknowledged(crowd):
    return sum(len(one.receipts) for one in crowd.bidders)


def connections(crowd):
    return sum(one.connections for one in crowd.all)


def delays(outcomes, only):
    """Seconds until onlookers saw a bid, in rounds in which nothing but these kinds broke."""
    some = [one for one in outcomes if {fault.kind for fault in one.faults} <= set(only)] if only else outcomes
    return [seconds for outcome in some for _, seconds in outcome.crowd.delays]


async def rounds(ground, seeds):
    report = Report()
    for number, seed in enumerate(seeds):
        report.take(await play(ground, seed, PAUSES[number % len(PAUSES)]))
    return report


def seeds(given, name, count):
    if given.only:
        return [given.only] if f":{name}:" in given.only else []
    return [f"{given.seed}:{name}:{number}" for number in range(count)]


async def two_workers(folder, cluster, market, given, chosen):
    redis = stage.Redis(folder)
    redis.start()
    more = {"DATABASE_URL": cluster.url, "REDIS_URL": redis.url, "CELERY_BROKER_URL": "", "JOB_RUNNERS": "1"}
    try:
        async with nursery(folder, "two", **more) as mother:
            ground = Stage("web", mother, stage.Database(cluster), redis, market, faults.TWO_WORKERS)
            await ground.open(2)
            report = await rounds(ground, chosen)
            report.print("Two web workers on Redis and PostgreSQL", odd := mother.faults())
            wrong = bool(report.failed() or report.vain() or odd)
            return wrong | (not given.only and await uncaught(ground, given))
    finally:
        redis.stop()


async def uncaught(ground, given):
    """The control: committers that break the law must be found out, or finding nothing wrong means nothing."""
    print("\nControl: committers broken on purpose", flush=True)
    missed = False
    ground.kinds = {faults.WEB: 1}  # bids that wait for a database are tried again: even broken ones survive its crash
    for name in sorted(BROKEN):
        ground.nursery.broken = name
        await ground.open_anew()
        found = ""
        for number in range(TRIES):
            outcome = await play(ground, f"{given.seed}:{name}:{number}", PAUSES[0], patience=IN_VAIN)
            found = next((wrong for wrong in outcome.judge.wrong if wrong.startswith("acknowledged is")), "")
            if found:
                break
        missed |= not found
        print(f"  {name:<10} {f'caught: {found}' if found else f'NOT CAUGHT in {TRIES} rounds'}", flush=True)
    return missed


async def one_process(folder, cluster, market, given, chosen):
    async with nursery(folder, "one", MARKET_EMBEDDED_URL=cluster.url) as mother:
        mother.options = {"cluster": str(cluster.folder), "options": cluster.options}
        ground = Stage("embedded", mother, stage.Database(cluster), None, market, faults.EMBEDDED)
        await ground.open(1)
        report = await rounds(ground, chosen)
        report.print("Embedded single process", odd := mother.faults())
        return bool(report.failed() or report.vain() or odd)


async def run(given):
    print(f"seed {given.seed}", flush=True)
    with stage.ground() as (folder, cluster):
        template.fill(cluster.url)
        async with nursery(folder, "making", MARKET_EMBEDDED_URL=cluster.url) as mother:
            market = (await mother.make("database")) | {"url": cluster.url}
        failed = False
        for name, count, part in (("one", given.embedded, one_process), ("two", given.rounds, two_workers)):
            if chosen := seeds(given, name, count):
                failed |= bool(await part(folder, cluster, market, given, chosen))
    print("\n" + ("SOMETHING IS WRONG; see above." if failed else "Nothing wrong."))
    return failed


def main():
    given = arguments()
    began = time.monotonic()
    failed = asyncio.run(run(given))
    print(f"seed {given.seed}, {time.monotonic() - began:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
