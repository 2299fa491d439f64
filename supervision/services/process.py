"""What complaints and cases share: who acts, who is related, and refusals for what the rules forbid."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts import selectors as accounts
from accounts.actor import SUPERVISORS
from accounts.errors import NOT_YOURS
from accounts.models import Membership
from core import clock, files
from core.audit import By, record
from core.errors import RefusalKind
from core.models import StoredFile
from supervision.errors import cases as errors
from supervision.identity import is_complainant
from supervision.models import Case, Complaint, Relation, SealedIdentity
from supervision.rules.process import SYSTEM, Who, Wrong
from supervision.selectors import origins

LEAST_WORDS = 10
MOST_FILES = 5
REFUSALS: Mapping[str, RefusalKind] = {
    "order": errors.PROCESS_ORDER,
    "backdated": errors.PROCESS_BACKDATED,
    "nobody": errors.PROCESS_NOBODY,
    "reporter": errors.REPORTER,
    "second": errors.SECOND_PERSON,
    "panel": errors.PANEL,
    "same_officer": errors.SAME_OFFICER,
    "unheard": errors.UNHEARD,
    "heavier": errors.HEAVIER,
    "term": errors.TERM_WRONG,
    "off_scale": errors.OFF_SCALE,
    "published": errors.ALREADY_PUBLISHED,
    "unpublished": errors.UNPUBLISHED,
    "late": errors.REVIEW_LATE,
    "reviewed": errors.REVIEWED,
    "early": errors.TOO_EARLY,
    "outcome": errors.OUTCOME_UNKNOWN,
    "once": errors.ASKED_ONCE,
    "suspended": errors.SUSPENDED_ALREADY,
    "office": errors.NOT_THIS_OFFICE,
    "passed": errors.PASSED_ON,
    "taken": errors.TAKEN_ALREADY,
    "pause_asked": errors.PAUSE_ASKED,
    "pause_second": errors.PAUSE_SECOND,
    "malicious": errors.MALICIOUS_ONLY,
    "case_open": errors.COMPLAINT_CASE_OPEN,
}


def refusal(wrong: Wrong) -> Exception:
    """What a person is told when the rules say no."""
    return REFUSALS.get(wrong.code, errors.PROCESS_ORDER)()


def who(by: By) -> Who:
    """The person as the rules take them."""
    if by.user_id is None or by.org_id is None:
        return SYSTEM
    return Who(by.user_id, by.org_id, str(accounts.organisation(by.org_id).kind))


def officer(by: By) -> Who:
    """A person of a regulator or the operator. Raises access.not_yours."""
    found = who(by)
    if found.kind not in SUPERVISORS:
        raise NOT_YOURS()
    return found


def belongs_to(user_id: int, *, declared_by: datetime | None = None) -> frozenset[int]:
    """Organisations a person belongs to or has declared a tie with, by a moment if one is given."""
    own = Membership.objects.filter(user_id=user_id).values_list("organisation_id", flat=True)
    ties = Relation.objects.filter(user_id=user_id)
    ties = ties.filter(declared_at__lte=declared_by) if declared_by else ties
    declared = ties.values_list("organisation_id", flat=True)
    return frozenset(own) | frozenset(declared)


def refuse_related(by: By, organisations: Collection[int]) -> None:
    """Whoever belongs to a party, or is tied to one, has nothing to decide. Raises process.related."""
    if by.user_id is not None and (belongs_to(by.user_id) | {by.org_id}) & set(organisations):
        raise errors.RELATED()


def refuse_complainant(row: SealedIdentity, by: By) -> None:
    """Whoever complained, or belongs to who did, decides nothing about it. Raises process.related.

    Ties declared after the filing do not count here: one would find out who complained by declaring them.
    """
    if by.user_id is None:
        return
    own = belongs_to(by.user_id, declared_by=row.complaint.filed_at)
    if is_complainant(row, user_id=by.user_id, organisations=own):
        raise errors.RELATED()


def refuse_tied(case: Case, by: By) -> None:
    """For every decision about what grew from a case: nobody of the respondent, of a card's or a rating's other side,
    nor whoever complained or was complained about.
    """
    refuse_related(by, origins.concerned(case) | {case.subject_id})
    if case.origin_kind == Case.Origin.COMPLAINT:
        number = case.origin_reference.removeprefix("complaint:")
        about = Complaint.objects.filter(pk=int(number) if number.isdigit() else 0)
        refuse_related(by, set(about.values_list("subject_id", flat=True)))
        for row in SealedIdentity.objects.filter(complaint__in=about):
            refuse_complainant(row, by)


def enough(text: str, least: int = LEAST_WORDS) -> str:
    """The reasons, tidied. Raises process.words when they say next to nothing."""
    said = text.strip()
    if len(said) < least:
        raise errors.WORDS_SHORT(least=least)
    return said[:4000]


def kept(uploads: Sequence["UploadedFile[Any]"]) -> list[StoredFile]:
    """Files stored privately. Raises process.files and what core.files refuses."""
    if len(uploads) > MOST_FILES:
        raise errors.FILES_MANY(most=MOST_FILES)
    return [files.store(one) for one in uploads]


@transaction.atomic
def declare_relation(*, organisation_id: int, ground: str, by: By) -> Relation:
    """A person says that they are tied to an organisation; from then on they decide nothing about it.

    Raises relation.twice, process.words or access.not_yours.
    """
    person = officer(by)
    if person.user is None:
        raise NOT_YOURS()
    row, new = Relation.objects.get_or_create(
        user_id=person.user,
        organisation_id=organisation_id,
        defaults={
            "ground": enough(ground, 2)[:300],
            "declared_at": clock.now(),
            "declared_by_id": by.user_id,
        },
    )
    if not new:
        raise errors.RELATION_TWICE()
    record(stream=f"relation:{person.user}", action="declared", by=by, reason=row.ground, data={"to": organisation_id})
    return row
