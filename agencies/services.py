"""Writing an agency's face: registration, profile, services, practitioners.

Certificates live in `scans`, restrictions, exit and the check of its data in `standing`.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from accounts.errors import COMMITMENT
from accounts.models import Organisation, Region, User
from accounts.rules.names import tidy
from accounts.services import register_organisation
from agencies import commitment as commitments
from agencies import errors, selectors
from agencies.facts import CatalogueRef
from agencies.models import Agency, Practitioner, ServiceOffered
from agencies.scans import add_qualification, discard_scan, drop_scan, erase_loose, withdraw_qualification
from agencies.standing import (
    ask_correction,
    ask_to_leave,
    check_again,
    come_back,
    confirm_until,
    freeze,
    leave,
    lift,
    mark_objection,
    mark_verified,
    move_correction,
    outlast,
    restrict,
    stay,
)
from agencies.texts import filled
from core import audit, clock
from core.audit import SYSTEM, By

__all__ = [
    "add_practitioner",
    "add_qualification",
    "ask_correction",
    "ask_to_leave",
    "check_again",
    "come_back",
    "confirm_until",
    "discard_scan",
    "drop_scan",
    "erase_loose",
    "freeze",
    "leave",
    "lift",
    "mark_objection",
    "mark_verified",
    "move_correction",
    "offer_service",
    "outlast",
    "register_agency",
    "restrict",
    "set_score",
    "set_year_grades",
    "stay",
    "update_profile",
    "withdraw_lapsed",
    "withdraw_practitioner",
    "withdraw_qualification",
    "withdraw_service",
]


@transaction.atomic
def register_agency(
    *,
    user: User,
    name: str,
    credit_code: str,
    region: Region,
    contact_name: str,
    contact_phone: str,
    commitment: bool,
) -> Agency:
    """Register an agency, live at once: an identity and a commitment are all it takes.

    Raises commitment.missing and whatever `accounts.services.register_organisation` refuses.
    """
    if not commitment:
        raise COMMITMENT()
    organisation = register_organisation(
        user=user,
        kind=Organisation.Kind.AGENCY,
        name=name,
        credit_code=credit_code,
        region=region,
        contact_name=contact_name,
        contact_phone=contact_phone,
        commitment=commitments.VERSION,
    )
    agency = Agency.objects.create(
        organisation=organisation, commitment_version=commitments.VERSION, committed_at=organisation.registered_at
    )
    _record(agency.pk, "registered", By(user.pk, organisation.pk), commitment=commitments.VERSION)
    return agency


@transaction.atomic
def update_profile(*, agency: Agency, introduction: str, website: str, address: str, by: By) -> Agency:
    """Change what the agency says about itself. A new address is a new fact: its publicity begins anew."""
    agency.introduction = introduction.strip()[:2000]
    before, moment = Agency.objects.values_list("address", "check_from").get(pk=agency.pk)
    agency.website, agency.address = website.strip(), tidy(address)[:200]
    agency.check_from = moment if agency.address == before else clock.now()
    agency.save(update_fields=["introduction", "website", "address", "check_from"])
    _record(agency.pk, "profile_changed", by)
    return agency


@transaction.atomic
def offer_service(
    *, agency: Agency, item: CatalogueRef, fee_note: str, days: int, conditions: str, by: By
) -> ServiceOffered:
    """Offer a catalogue item, or offer it anew: the earlier terms are kept as a withdrawn row.

    A service whose licence is missing may be offered; entering a competition with it is what the licence gates.
    `days`: working days, 1 to 365. Raises service.days or profile.blank.
    """
    if not 1 <= days <= 365:
        raise errors.DAYS()
    now = _lock(agency.pk)
    ServiceOffered.objects.filter(agency=agency, item_code=item.code, withdrawn_at=None).update(withdrawn_at=now)
    offered = ServiceOffered.objects.create(
        agency=agency,
        item_code=item.code,
        name_zh=item.name_zh,
        name_en=item.name_en,
        licence_kind=item.licence_kind,
        fee_note=filled(ServiceOffered, "fee_note", fee_note),
        days=days,
        conditions=tidy(conditions)[:300],
        published_at=now,
    )
    _record(agency.pk, "service_offered", by, item=item.code, fee=offered.fee_note, days=days)
    return offered


@transaction.atomic
def withdraw_service(*, service_id: int, agency: Agency, by: By) -> None:
    """Stop offering a service; withdrawing twice changes nothing."""
    rows = ServiceOffered.objects.filter(pk=service_id, agency=agency, withdrawn_at=None)
    if rows.update(withdrawn_at=clock.now()):
        _record(agency.pk, "service_withdrawn", by, service=service_id)


@transaction.atomic
def withdraw_lapsed(*, service_id: int) -> ServiceOffered | None:
    """Stop offering what needed a licence that has run out; None when it was renewed or withdrawn meanwhile."""
    offered = selectors.lapsed_services().select_related("agency").filter(pk=service_id).first()
    if offered is None or not ServiceOffered.objects.filter(pk=service_id, withdrawn_at=None).update(
        withdrawn_at=clock.now()
    ):
        return None
    _record(offered.agency_id, "service_lapsed", SYSTEM, service=service_id, licence=offered.licence_kind)
    return offered


@transaction.atomic
def add_practitioner(
    *, agency: Agency, name: str, certificate: str, certificate_number: str, by: By, valid_until: date | None = None
) -> Practitioner:
    """Show a person with their certificate. Identity numbers are neither asked for nor kept. Raises profile.blank."""
    practitioner = Practitioner.objects.create(
        agency=agency,
        name=filled(Practitioner, "name", name),
        certificate=filled(Practitioner, "certificate", certificate),
        certificate_number=filled(Practitioner, "certificate_number", certificate_number),
        valid_until=valid_until,
        added_at=clock.now(),
    )
    _record(agency.pk, "practitioner_added", by, practitioner=practitioner.pk)
    return practitioner


@transaction.atomic
def withdraw_practitioner(*, practitioner_id: int, agency: Agency, by: By) -> None:
    """Stop showing a person; withdrawing twice changes nothing."""
    rows = Practitioner.objects.filter(pk=practitioner_id, agency=agency, withdrawn_at=None)
    if rows.update(withdrawn_at=clock.now()):
        _record(agency.pk, "practitioner_withdrawn", by, practitioner=practitioner_id)


@transaction.atomic
def set_score(*, agency_id: int, score: Decimal | None, grade: str, rules_ref: str, at: datetime | None = None) -> None:
    """Keep the current score and grade, as computed above under `rules_ref`. An older computation never wins."""
    moment = at or clock.now()
    rows = Agency.objects.filter(pk=agency_id).exclude(scored_at__gt=moment)
    if rows.update(score=score, grade=grade, score_rules=rules_ref, scored_at=moment):
        told = None if score is None else str(score)
        _record(agency_id, "scored", SYSTEM, score=told, grade=grade, rules=rules_ref)


def set_year_grades(*, year: int, grades: Mapping[str, Sequence[int]]) -> None:
    """Show the published grades of a year: grade -> the agencies that have it. An older year never wins."""
    for grade, agency_ids in grades.items():
        rows = Agency.objects.filter(pk__in=agency_ids).exclude(graded_year__gt=year)
        rows.update(graded_year=year, year_grade=grade)


def _lock(agency_id: int) -> datetime:
    """Hold the agency's row until the transaction ends; answers with the moment it was got."""
    if not Agency.objects.select_for_update().filter(pk=agency_id).exists():
        raise errors.NO_SUCH_AGENCY()
    return clock.now()


def _record(agency_id: int, action: str, by: By, **data: object) -> None:
    audit.record(stream=f"agency:{agency_id}", action=action, by=by, data=data)
