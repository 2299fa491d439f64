"""Properties of the lists' state machines: no path around notice and hearing, no listing without an end."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from supervision.rules import entrance, honours, list_rows, listings, repairs
from supervision.rules.process import Happening, Who, Wrong
from tests.accounts.people import code

START = datetime(2026, 3, 2, tzinfo=UTC)
OFFICERS = [Who(n, 90, "regulator") for n in range(1, 5)]
AGENCY = Who(9, 10, "agency")
PEOPLE = st.sampled_from([*OFFICERS, AGENCY, Who()])


@st.composite
def attempts(draw, kinds, data=None):
    """Anybody tries anything in any order, sometimes backdated, with limits and ends of any kind."""
    at, tried = START, []
    for kind in draw(st.lists(st.sampled_from(sorted(kinds)), max_size=14)):
        at += timedelta(hours=draw(st.integers(-2, 400)))
        until = draw(st.none() | st.integers(-5, 300).map(lambda hours, at=at: at + timedelta(hours=hours)))
        tried.append(Happening(kind, at, draw(PEOPLE), until, draw(data(at)) if data else {}))
    return tried


def data_of_listings(at):
    ends = st.integers(-10, 4000).map(lambda hours: (at + timedelta(hours=hours)).isoformat())
    return st.fixed_dictionaries(
        {"ends_at": st.none() | ends, "outcome": st.sampled_from(["upheld", "revoked", "", "x"])}
    )


def walked(rules, first, tried):
    """Every event the rules took, with the state after it."""
    state = rules.follow(None, first)
    taken = [(first, state)]
    for one in tried:
        try:
            state = rules.follow(state, one)
        except Wrong:
            continue
        taken.append((one, state))
    return taken


@settings(max_examples=300)
@given(attempts(listings.MAY, data_of_listings))
def test_no_way_onto_the_list_leads_around_notice_hearing_and_a_second_person(tried):
    proposer = OFFICERS[0]
    taken = walked(listings, Happening("proposed", START, proposer), tried)
    moments = [one.at for one, _ in taken]
    assert moments == sorted(moments)
    for place, (one, entry) in enumerate(taken):
        if entry.state == listings.State.LISTED:
            assert entry.ends is not None
            assert entry.ends > one.at
        if one.kind != "listed":
            continue
        before = [kind.kind for kind, _ in taken[:place]]
        noticed = next(done for done, _ in taken[:place] if done.kind == "noticed")
        assert {"defended", "waived"} & set(before) or one.at >= noticed.until
        assert one.by.user != proposer.user
        assert one.by.kind == "regulator"


@settings(max_examples=300)
@given(attempts(listings.MAY, data_of_listings))
def test_a_review_is_decided_by_somebody_new_and_never_makes_it_longer(tried):
    taken = walked(listings, Happening("proposed", START, OFFICERS[0]), tried)
    for place, (one, entry) in enumerate(taken):
        if one.kind == "review_decided":
            decider = next(done.by for done, _ in taken[:place] if done.kind == "listed")
            assert one.by.user not in (decider.user, OFFICERS[0].user)
            asked_at, stayed = next((done.at, kept) for done, kept in reversed(taken[:place]) if
                                    done.kind == "review_asked")  # fmt: skip
            if entry.state == listings.State.LISTED:
                assert entry.ends - one.at == stayed.left
            assert one.at >= asked_at


@settings(max_examples=300)
@given(attempts(repairs.MAY))
def test_a_repair_is_granted_after_its_papers_were_complete_and_asked_about_once(tried):
    taken = walked(repairs, Happening("applied", START, AGENCY), tried)
    kinds = [one.kind for one, _ in taken]
    assert kinds.count("missing") <= 1
    for place, (one, _state) in enumerate(taken):
        if one.kind in {"granted", "refused"}:
            assert "accepted" in kinds[:place]
            assert one.by.kind == "regulator"
        if one.kind == "broken":
            granter = next(done.by for done, _ in taken[:place] if done.kind == "granted")
            assert one.by.user != granter.user


@given(st.integers(-400, 400), st.none() | st.integers(-400, 400), st.booleans())
def test_no_repair_before_the_publicity_is_over_or_soon_after_a_broken_promise(publicity, broken, ours):
    def moment(days):
        return START + timedelta(days=days)

    facts = repairs.Eligibility(START, moment(publicity), None if broken is None else moment(broken), ours)
    free = repairs.hindrance(facts, START) == ""
    assert free == (ours and publicity <= 0 and (broken is None or broken <= 0))


def test_a_row_tells_everything_that_is_wrong_with_it_at_once():
    today = date(2026, 3, 2)
    good = {"name": "廊坊某公司", "credit_code": code(1), "ground": "欠薪", "authority": "局", "legal_basis": "法",
            "listed_on": "2026-01-05", "ends_on": ""}  # fmt: skip
    lines, faults = list_rows.check([good], today=today)
    assert (len(lines), faults) == (1, [])
    bad = {**good, "credit_code": code(1)[:-1] + "?", "listed_on": "2026-13-01", "name": " ", "ends_on": "2025-01-01"}
    _, faults = list_rows.check([good, bad, good], today=today)
    assert {(fault.row, fault.column, fault.code) for fault in faults} == {
        (3, "credit_code", "characters"), (3, "listed_on", "date"), (3, "name", "blank"), (4, "credit_code", "twice"),
    }  # fmt: skip
    _, faults = list_rows.check([{**good, "listed_on": "2026-03-03", "ends_on": "2026-03-01"}], today=today)
    assert {fault.code for fault in faults} == {"future", "before"}


@given(st.dates(date(2000, 1, 1), date(2050, 12, 31)))
def test_days_are_read_in_every_way_people_write_them(day):
    serial = str((day - list_rows.EXCEL_EPOCH).days)
    for text in (day.isoformat(), f"{day:%Y%m%d}", f"{day.year}/{day.month}/{day.day}",
                 f"{day.year}年{day.month}月{day.day}日", f"{day.isoformat()}T00:00:00", serial):  # fmt: skip
        assert list_rows.day_of(text) == day


LINES = st.builds(
    list_rows.Line,
    name=st.sampled_from(["甲", "乙"]), credit_code=st.sampled_from([code(1), code(2)]), ground=st.just("事由"),
    authority=st.sampled_from(["局", "厅"]), legal_basis=st.just("法"), listed_on=st.just(date(2026, 1, 1)),
    ends_on=st.none(),
)  # fmt: skip


@given(st.lists(LINES, unique_by=lambda line: line.key), st.lists(LINES, unique_by=lambda line: line.key))
def test_taking_a_list_makes_what_is_known_equal_to_the_list(before, after):
    known = {line.key: line.words for line in before}
    change = list_rows.compare(after, known)
    for key in change.gone:
        del known[key]
    known |= {line.key: line.words for line in change.added}
    assert known == {line.key: line.words for line in after}
    assert 0 <= change.vanishing(len(before)) <= 100


@given(st.dates(), st.integers(1, 36))
def test_a_term_of_months_ends_in_the_month_it_names(day, months):
    if day.year < 9990:
        end = listings.months_after(day, months)
        assert (end.year * 12 + end.month) - (day.year * 12 + day.month) == months
        assert end.day <= day.day


def test_the_red_list_wants_score_work_and_punctuality():
    least = honours.Wanted(Decimal(90), 3, 95)
    assert honours.lack(honours.Record(Decimal(95), 4, 4), least) == ""
    assert honours.lack(honours.Record(None, 4, 4), least) == "score"
    assert honours.lack(honours.Record(Decimal(89), 4, 4), least) == "score"
    assert honours.lack(honours.Record(Decimal(95), 2, 2), least) == "contracts"
    assert honours.lack(honours.Record(Decimal(95), 4, 3), least) == "on_time"


def test_the_check_of_entered_data_asks_for_everything_at_once():
    good = entrance.Entered("廊坊市清源环境咨询有限公司", code(1), "0316-2051234", namesake_before=False)
    assert entrance.faults(good) == ()
    bad = entrance.Entered("测试", code(1)[:-1] + "?", "12", namesake_before=True)
    assert entrance.faults(bad) == ("code", "name_form", "placeholder", "namesake", "phone")


def test_a_firm_that_measures_and_tests_is_no_placeholder():
    lawful = entrance.Entered("河北计量测试技术有限公司", code(1), "0316-2051234", namesake_before=False)
    assert entrance.faults(lawful) == ()
