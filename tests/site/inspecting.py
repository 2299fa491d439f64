"""Inspections of the city: one in every state that has an address of its own."""

from datetime import timedelta
from typing import TYPE_CHECKING

from accounts import services as accounts
from accounts.models import User
from core.audit import By
from core.workdays import LOCAL
from supervision.models import Inspection, InspectionPhoto, Notice
from supervision.services import drawings, inspections, plans
from tests.accounts import people
from tests.agencies.conftest import upload
from tests.supervision import inspecting as world

if TYPE_CHECKING:
    from tests.site.city import City

EVERYBODY = {"A": 1, "B": 100, "C": 100, "D": 100}  # newcomers are in band B


def settle(city: "City") -> None:
    """The regulator and a colleague inspect every agency; a second plan waits for its draw, a third is a draft."""
    lead, colleague = city.actors["regulator"].by, _colleague(city, "colleague@example.com")
    accounts_by = {"lead": lead, "colleague": colleague}
    _colleague(city, "newcomer-inspector@example.com")
    with city.ago(days=6):
        first = plans.register_inspector(email="regulator@example.com", badge="JC-1", by=lead)
        plans.register_inspector(email="colleague@example.com", badge="JC-2", by=lead)
        plan = _published(lead, per_year=2, ratios=EVERYBODY)
        drawing = drawings.announce_draw(plan_id=plan.pk, by=lead)
    with city.ago(days=5):
        drawings.draw(drawing_id=drawing.pk, by=lead)
    draft = plans.make_plan(terms=world.terms(), by=lead)
    waiting = _published(lead, ratios=EVERYBODY)
    announced = drawings.announce_draw(plan_id=waiting.pk, by=lead)
    city.ids |= {
        "inspector": first.pk, "plan": plan.number, "plan_draft": draft.number, "drawing": drawing.pk,
        "announced": announced.pk, "visit": f"{(city.now + timedelta(days=3)).astimezone(LOCAL):%Y-%m-%dT%H:%M}",
    }  # fmt: skip
    _states(city, accounts_by)
    Notice.objects.all().delete()


def _colleague(city: "City", email: str) -> By:
    user, regulator = people.user(email), city.actors["regulator"]
    accounts.add_member(organisation=regulator.organisation, email=email, role="member", by=regulator.by)
    return By(User.objects.get(pk=user.pk).pk, regulator.org_id)


def _published(by: By, **more):
    made = plans.make_plan(terms=world.terms(**more), by=by)
    return plans.publish_plan(plan_id=made.pk, by=by)


def _states(city: "City", by: dict[str, By]) -> None:
    rows = {row.subject_id: row for row in Inspection.objects.all()}
    names = {
        "drawn": "agency",
        "noticed": "bidder",
        "concluded": "rival",
        "reported": "second_rival",
        "fixing": "supplier",
    }
    for state, role in names.items():
        row = rows[city.agencies[role].pk]
        city.ids[f"inspection_{state}"] = row.number
        if state != "drawn":
            _as_far_as(state, row, city, by)


def _as_far_as(state: str, row: Inspection, city: "City", by: dict[str, By]) -> None:
    with city.ago(days=4):
        visit = city.now - timedelta(days=2)
        inspections.notify(number=row.number, visit_at=visit, words="请备好执业证书。", by=by["lead"])
    if state == "noticed":
        return
    with city.ago(days=2):
        for public in (True, False):
            inspections.add_photo(number=row.number, point=0, upload=upload(), public=public, by=by["lead"])
        for point, verdict in enumerate(("pass", "pass", "fail")):
            words = "现场没有公示收费标准，仅有一张旧价目表。"
            inspections.mark(number=row.number, point=point, verdict=verdict, words=words, by=by["colleague"])
        summary = "三项要点逐条核对，收费没有公示。"
        inspections.conclude(number=row.number, outcome="fix", summary=summary, by=by["colleague"])
    if state == "concluded":
        return
    with city.ago(days=1):
        inspections.publish(number=row.number, by=by["lead"])
    if state == "reported":
        _reported(row, city)
    else:
        shown, hidden = InspectionPhoto.objects.filter(inspection=row).order_by("pk")
        city.ids |= {"shown_photo": shown.pk, "hidden_photo": hidden.pk}


def _reported(row: Inspection, city: "City") -> None:
    agency = city.actors["second_rival"].by
    inspections.report_fixed(number=row.number, text="已经公示新的收费标准，照片附后。", upload=upload(), by=agency)
    city.ids["proof"] = row.events.get(kind="report").pk
