"""The draw on the real database: pools frozen, commitment first, seed after, anyone draws again, nobody steers."""

import copy
import json
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from accounts.errors import NOT_YOURS
from accounts.models import Membership
from agencies.services import restrict
from core import clock
from core.audit import By
from core.errors import Refusal
from supervision import tasks, verify_draw
from supervision.models import Drawing, DrawingResult, DrawingWord, Inspection, Notice, Relation
from supervision.rules import drawing as rules
from supervision.selectors import drawings as seen
from supervision.services import drawings, plans
from tests.accounts import people
from tests.supervision import inspecting
from tests.supervision.inspecting import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return inspecting.bureau()


def announced(office, **more):
    with clock.at(NOW):
        return drawings.announce_draw(plan_id=inspecting.plan(office).pk, by=office.head, **more)


def refused(work, **given):
    with pytest.raises(Refusal) as caught:
        work(**given)
    return caught.value.code


def failures(record, **more):
    return [finding.code for finding in verify_draw.verify(record, **more) if finding.fault]


def test_everybody_of_the_riskiest_band_is_drawn_and_each_other_band_gives_its_share(office):
    inspecting.agencies("AABBCDD")
    row = inspecting.drawn(office)
    bands = sorted(Inspection.objects.values_list("band", flat=True))
    assert bands == ["A", "B", "C", "D", "D"]
    assert all(one.officers.count() == 2 for one in Inspection.objects.filter(drawing=row))


def test_a_warned_agency_is_drawn_like_one_of_more_risk(office):
    good, *_ = inspecting.agencies("C")
    with clock.at(NOW):
        until = NOW + timedelta(days=30)
        restrict(agency_id=good.pk, kind="warned", starts_at=NOW, ends_at=until, ground="警告", source="/x/")
    assert announced(office).pools["subjects"][0]["band"] == "D"


def test_the_secret_is_nowhere_to_be_read_before_the_draw(office):
    inspecting.agencies()
    row = announced(office)
    record = json.dumps(seen.record(row))
    with clock.at(NOW + timedelta(hours=1)):
        secret = drawings.draw(drawing_id=row.pk).secret
    assert secret not in record
    assert bytes.fromhex(secret) not in bytes(Drawing.objects.get().sealed)


def test_anybody_draws_again_from_the_published_file(office, tmp_path, capsys, monkeypatch):
    ana, *_ = inspecting.agencies()
    row = announced(office)
    kept = seen.record(seen.drawing(row.pk))
    with clock.at(NOW + timedelta(minutes=5)):
        drawings.throw_in(drawing_id=row.pk, text="春江潮水", by=inspecting.agency_by(ana.pk))
    with clock.at(NOW + timedelta(hours=1)):
        tasks.draw_inspections.run()
    record = seen.record(seen.drawing(row.pk))
    before, after = tmp_path / "before.json", tmp_path / "after.json"
    before.write_text(json.dumps(kept))
    after.write_text(json.dumps(record))
    monkeypatch.setattr("sys.argv", ["verify_draw", str(after), "--announcement", str(before)])
    assert verify_draw.main() == 0
    assert "FAILED" not in capsys.readouterr().out


def tampered(record, change):
    made = copy.deepcopy(record)
    change(made)
    return made


def swap_inspectors(made):
    made["result"]["drawn"][0]["inspectors"].reverse()


def drop_subject(made):
    made["pools"]["subjects"].pop()


def other_word(made):
    made["words"][0]["text"] = "别的词"


def other_secret(made):
    made["result"]["secret"] = "00" * 32


def earlier(made):
    made["committed_at"] = "2026-01-01T00:00:00.000000Z"


def drop_word(made):
    made["words"] = []


@pytest.mark.parametrize(
    ("change", "check"),
    [
        (swap_inspectors, "drawn"),
        (drop_subject, "pools"),
        (other_word, "words"),
        (drop_word, "words"),
        (other_secret, "secret"),
        (earlier, "signature"),
    ],
)
def test_whatever_is_changed_afterwards_is_found(office, change, check):
    ana, *_ = inspecting.agencies()
    row = announced(office)
    with clock.at(NOW + timedelta(minutes=5)):
        drawings.throw_in(drawing_id=row.pk, text="春江潮水", by=inspecting.agency_by(ana.pk))
    with clock.at(NOW + timedelta(hours=1)):
        drawings.draw(drawing_id=row.pk)
    record = seen.record(seen.drawing(row.pk))
    assert failures(record) == []
    assert failures(tampered(record, change)) == [check]


def test_a_platform_that_announces_anew_is_caught_by_whoever_kept_the_first_announcement(office):
    inspecting.agencies()
    row = inspecting.drawn(office)
    record = seen.record(seen.drawing(row.pk))
    kept = tampered(record | {"result": None}, lambda made: made.update(commitment="ab" * 32))
    assert failures(record, kept=kept) == ["kept"]


def test_nothing_is_drawn_before_its_time_not_even_by_hand_in_the_database(office):
    inspecting.agencies()
    row = announced(office)
    with clock.at(NOW + timedelta(minutes=59)):
        assert refused(drawings.draw, drawing_id=row.pk, by=office.head) == "draw.early"
        assert drawings.draw_due() == 0
    fields = {"secret": "0" * 64, "head": "0" * 64, "seed": "0" * 64, "outcome": [], "drawn_at": NOW}
    with pytest.raises(DatabaseError), transaction.atomic():
        DrawingResult.objects.create(drawing=row, **fields)


def test_words_are_taken_until_the_draw_one_from_each(office):
    ana, tom, *_ = inspecting.agencies()
    row = announced(office)
    with clock.at(NOW + timedelta(minutes=5)):
        first = drawings.throw_in(drawing_id=row.pk, text="春江", by=inspecting.agency_by(ana.pk))
        second = drawings.throw_in(drawing_id=row.pk, text="潮水", by=inspecting.agency_by(tom.pk))
        again = {"drawing_id": row.pk, "text": "月", "by": inspecting.agency_by(ana.pk)}
        assert refused(drawings.throw_in, **again) == "draw.word_twice"
        assert refused(drawings.throw_in, **again | {"text": " "}) == "draw.word_blank"
        assert refused(drawings.throw_in, **again | {"by": By()}) == NOT_YOURS.code
    assert second.hash == rules.word_hash(first.hash, 2, tom.pk, "潮水")
    with clock.at(NOW + timedelta(hours=1)):
        late = {"drawing_id": row.pk, "text": "月", "by": office.head}
        assert refused(drawings.throw_in, **late) == "draw.word_late"
    with pytest.raises(DatabaseError), transaction.atomic():
        DrawingWord.objects.create(
            drawing=row, seq=3, text="月", at=row.draws_at, hash="0" * 64, by_org=office.organisation,
            by_user_id=office.head.user_id,
        )  # fmt: skip


def test_a_public_number_that_was_announced_must_be_used_and_no_other(office):
    inspecting.agencies()
    row = announced(office, public_number="上证指数 2026 年 3 月 2 日收盘")
    with clock.at(NOW + timedelta(hours=2)):
        assert drawings.draw_due() == 0
        assert refused(drawings.draw, drawing_id=row.pk, by=office.head) == "draw.number_missing"
        drawings.draw(drawing_id=row.pk, public_value="3386.91", by=office.head)
        assert refused(drawings.draw, drawing_id=row.pk, by=office.head) == "draw.done"
    assert failures(seen.record(seen.drawing(row.pk))) == []


def test_a_number_nobody_announced_is_refused(office):
    inspecting.agencies()
    row = announced(office)
    with clock.at(NOW + timedelta(hours=2)):
        given = {"drawing_id": row.pk, "public_value": "3386.91", "by": office.head}
        assert refused(drawings.draw, **given) == "draw.number_unasked"


def test_who_is_tied_to_an_agency_is_never_drawn_for_it(office):
    ana, tom, *_ = inspecting.agencies("DD")
    first, second, _third = office.people
    Relation.objects.create(
        user=office.people[first], organisation=ana.organisation, ground="配偶任职", declared_at=NOW
    )
    Membership.objects.create(user=office.people[second], organisation=tom.organisation)
    row = inspecting.drawn(office)
    assert row.pools["avoid"] == [[first, ana.pk, "declared"], [second, tom.pk, "member"]]
    teams = {one.subject_id: set(one.officers.values_list("inspector", flat=True)) for one in Inspection.objects.all()}
    assert first not in teams[ana.pk]
    assert second not in teams[tom.pk]


def test_too_few_inspectors_or_no_agency_and_there_is_no_draw(office):
    with clock.at(NOW):
        made = inspecting.plan(office)
        assert refused(drawings.announce_draw, plan_id=made.pk, by=office.head) == "draw.empty"
        ana, *_ = inspecting.agencies("D")
        for user in list(office.people.values())[:2]:
            Relation.objects.create(user=user, organisation=ana.organisation, ground="亲属", declared_at=NOW)
        assert refused(drawings.announce_draw, plan_id=made.pk, by=office.head) == "draw.few_inspectors"


def test_a_plan_is_drawn_as_often_as_it_says_and_one_after_the_other(office):
    inspecting.agencies("D")
    row = announced(office)
    with clock.at(NOW + timedelta(minutes=1)):
        assert refused(drawings.announce_draw, plan_id=row.plan_id, by=office.head) == "draw.waiting"
    with clock.at(NOW + timedelta(hours=1)):
        drawings.draw(drawing_id=row.pk)
        assert refused(drawings.announce_draw, plan_id=row.plan_id, by=office.head) == "draw.rounds"


def test_a_published_plan_and_a_draw_cannot_be_changed(office):
    inspecting.agencies("D")
    row = inspecting.drawn(office)
    for change in (
        lambda: row.plan.__class__.objects.filter(pk=row.plan_id).update(title="另一个"),
        lambda: Drawing.objects.update(pools_hash="0" * 64),
        lambda: DrawingResult.objects.update(seed="0" * 64),
        lambda: Inspection.objects.update(band="A"),
        lambda: Inspection.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_an_unpublished_plan_is_not_drawn_and_one_of_others_neither(office):
    inspecting.agencies("D")
    with clock.at(NOW):
        draft = plans.make_plan(terms=inspecting.terms(), by=office.head)
        assert refused(drawings.announce_draw, plan_id=draft.pk, by=office.head) == "plan.not_published"
        other = inspecting.bureau(number=9600)
        assert refused(plans.publish_plan, plan_id=draft.pk, by=other.head) == NOT_YOURS.code
        agency = By(None, people.agency(77).pk)
        assert refused(plans.make_plan, terms=inspecting.terms(), by=agency) == NOT_YOURS.code


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"title": " "}, "plan.blank"),
        ({"standard": [" "]}, "plan.points"),
        ({"team": 1}, "plan.team"),
        ({"ratios": {"A": 1, "B": 5, "C": 10, "D": 100}}, "plan.ratio"),
        ({"ratios": {"A": 30, "B": 5, "C": 20, "D": 100}}, "plan.ratio"),
    ],
)
def test_a_plan_says_what_a_plan_must_say(office, more, code):
    with clock.at(NOW):
        assert refused(plans.make_plan, terms=inspecting.terms(**more), by=office.head) == code


def test_partners_inspectors_are_in_the_pool_too(office):
    inspecting.agencies("D")
    other = inspecting.bureau(number=9600)
    with clock.at(NOW):
        made = inspecting.plan(office, partners=[other.organisation])
        row = drawings.announce_draw(plan_id=made.pk, by=office.head)
    assert {one["id"] for one in row.pools["inspectors"]} == {*office.people, *other.people}


def test_drawn_inspectors_are_told_and_the_agency_not_yet(office):
    ana, *_ = inspecting.agencies("D")
    inspecting.drawn(office)
    assert Notice.objects.filter(organisation=office.organisation).count() == 2
    assert not Notice.objects.filter(organisation=ana.pk).exists()
