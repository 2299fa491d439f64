"""Complaints: filed by anyone, completed once, the other side heard, decided with reasons, reviewed by somebody else.

Every verb appends one event; whether it may happen now is for rules.complaints alone to say.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import selectors as accounts
from accounts.errors import NOT_YOURS
from accounts.models import Organisation, Region
from core import chance, clock, files, images, rulesets
from core.audit import By
from core.numbering import next_number
from marketplace import selectors as needs
from marketplace import services as marketplace
from supervision import identity
from supervision.errors import cases as errors
from supervision.models import Case, Complaint, ComplaintFile
from supervision.rules import complaints as rules
from supervision.selectors.offices import office_for
from supervision.services import clauses
from supervision.services.cases import Origin, open_case
from supervision.services.complaint_log import append, handled, happenings, held, limit, limits_of, tell_about
from supervision.services.complaint_offices import tell_office
from supervision.services.objections import refuse_objection
from supervision.services.process import enough

PREFIX = "TS"
LEAST_STATEMENT = 20
INSTANT = timedelta(microseconds=1)  # a limit ends at midnight: the day it ends on is the one before
COMPLAINANTS = ("filed", "completed", "evidence")  # events whose files the complainant has sent


@dataclass(frozen=True)
class Matter:
    """What a complaint is about, as selectors.complaints.matter resolves it."""

    about: str
    reference: str
    title: str
    path: str
    subject_id: int
    need_id: int | None = None
    official: str = ""
    facts: tuple[str, ...] = ()  # of an objection: which of the published facts

    @property
    def is_objection(self) -> bool:
        return self.about == Complaint.About.NEWCOMER

    @property
    def rule_set(self) -> str:
        return "objections" if self.is_objection else "complaints"


@dataclass(frozen=True)
class Receipt:
    """What the complainant keeps: the secret is shown once and stored nowhere."""

    complaint: Complaint
    secret: str


@transaction.atomic
def file(
    *,
    matter: Matter,
    statement: str,
    hidden: bool,
    contact: Mapping[str, str],
    by: By,
    uploads: Sequence["UploadedFile[Any]"] = (),
    clause: str = "",
) -> Receipt:
    """Take a complaint in, from anyone. `clause`: the published words it is about.

    Raises complaint.statement, clause.quote, objection.* and what files refuse.
    """
    if matter.is_objection:
        refuse_objection(matter.subject_id, matter.facts)
    if len(statement.strip()) < LEAST_STATEMENT:
        raise errors.STATEMENT_SHORT(least=LEAST_STATEMENT)
    now, secret = clock.now(), new_secret()
    complaint = Complaint.objects.create(
        number=next_number(PREFIX),
        secret_hash=hashed(secret),
        about=Complaint.About(matter.about),
        reference=matter.reference[:40],
        title=matter.title[:200],
        path=matter.path[:200],
        subject_id=matter.subject_id,
        need_id=matter.need_id,
        official=matter.official[:60],
        statement=statement.strip()[:4000],
        hidden=hidden,
        filed_at=now,
        rules_ref=rulesets.current(matter.rule_set).ref,
    )
    identity.seal(complaint, contact, by)
    office = office_for(_region(matter), but=matter.subject_id)
    until = limit(complaint, "accept", now)
    data = {"office": office, "facts": list(matter.facts)} if matter.facts else {"office": office}
    append(complaint, "filed", By(), until=until, data=data, uploads=_nameless(uploads))
    if clause:
        clauses.report(complaint, clause)
    tell_office(complaint)
    return Receipt(complaint, secret)


def _region(matter: Matter) -> Region:
    """Where it is about: the need's place, else that of whoever is complained about."""
    need = needs.get_need(matter.need_id) if matter.need_id else None
    return need.region if need and need.region else accounts.organisation(matter.subject_id).region


def _nameless(uploads: Sequence["UploadedFile[Any]"]) -> list["UploadedFile[Any]"]:
    """Evidence without what tells who took it: the name of the file, and what a camera writes into a picture."""
    made: list[UploadedFile[Any]] = []
    for place, upload in enumerate(uploads, 1):
        content, media = files.checked(upload)
        ending = PurePath(upload.name or "").suffix.lower()
        if media in files.IMAGES:
            content, media, ending = images.jpeg(images.clean(content)), "image/jpeg", ".jpg"
        made.append(SimpleUploadedFile(f"{place}{ending}", content, media or "application/octet-stream"))
    return made


def new_secret() -> str:
    """80 random bits as 16 characters in four groups, easy to copy from paper."""
    text = base64.b32encode(chance.source().randbytes(10)).decode()
    return "-".join(text[start : start + 4] for start in range(0, 16, 4))


def hashed(secret: str) -> str:
    return hashlib.sha256(secret.strip().upper().encode()).hexdigest()


def follow_up(*, number: str, secret: str) -> Complaint:
    """The complaint whose receipt somebody holds. Raises complaint.follow_up, whatever was wrong."""
    found = Complaint.objects.filter(number=number.strip().upper()).first()
    known = found.secret_hash if found else hashed("")
    if not hmac.compare_digest(known, hashed(secret)) or found is None:
        raise errors.FOLLOW_UP()
    return found


# The complainant: whoever holds the receipt. The edge has checked that before it calls.


@transaction.atomic
def complete(*, complaint_id: int, text: str, uploads: Sequence["UploadedFile[Any]"] = ()) -> Complaint:
    """What was missing, or more evidence while it is being looked into. Raises complaint.evidence_full."""
    complaint = held(complaint_id)
    if complaint.state == rules.State.INCOMPLETE:
        until = limit(complaint, "accept", clock.now())
        append(complaint, "completed", By(), until=until, text=enough(text, 2), uploads=_nameless(uploads))
    else:
        _refuse_endless(complaint, len(uploads))
        append(complaint, "evidence", By(), text=enough(text, 2), uploads=_nameless(uploads))
    return complaint


def _refuse_endless(complaint: Complaint, more: int) -> None:
    """What an officer asked for always comes in; beyond that there is a limit. Raises complaint.evidence_full."""
    limits = rulesets.current("intake")
    times, files_most = limits["additions_most"], limits["files_most"]
    there = ComplaintFile.objects.filter(event__complaint=complaint, event__kind__in=COMPLAINANTS).count()
    if complaint.events.filter(kind="evidence").count() >= times or there + more > files_most:
        raise errors.EVIDENCE_FULL(times=times, files=files_most)


@transaction.atomic
def withdraw(*, complaint_id: int, text: str = "") -> Complaint:
    complaint = held(complaint_id)
    append(complaint, "withdrawn", By(), text=text.strip()[:1000])
    _let_go(complaint, "投诉已撤回", By())
    return complaint


@transaction.atomic
def ask_review(*, complaint_id: int, reasons: str, by: By | None = None) -> Complaint:
    """Another officer shall look again: asked by the complainant (no `by`), or by the other side."""
    complaint = held(complaint_id)
    if by is not None and by.org_id != complaint.subject_id:
        raise NOT_YOURS()
    until = limit(complaint, "review_decide", clock.now())
    append(complaint, "review_asked", by or By(), until=until, text=enough(reasons))
    return complaint


# The other side.


@transaction.atomic
def reply(*, complaint_id: int, text: str, by: By, uploads: Sequence["UploadedFile[Any]"] = ()) -> Complaint:
    """What whoever is complained about says. Raises access.not_yours."""
    complaint = held(complaint_id)
    if by.user_id is None or by.org_id != complaint.subject_id:
        raise NOT_YOURS()
    append(complaint, "replied", by, text=enough(text), uploads=uploads)
    return complaint


@transaction.atomic
def mend(*, complaint_id: int, text: str, by: By) -> Complaint:
    """What the agency has corrected after an objection to it held; everybody reads it. Raises access.not_yours."""
    complaint = held(complaint_id)
    if by.user_id is None or by.org_id != complaint.subject_id:
        raise NOT_YOURS()
    append(complaint, "mended", by, text=enough(text))
    return complaint


# Officers.


@transaction.atomic
def ask_missing(*, complaint_id: int, text: str, by: By) -> Complaint:
    """Say once, and completely, what is missing. Raises complaint.once."""
    complaint = handled(complaint_id, by)
    append(complaint, "missing_asked", by, until=limit(complaint, "complete", clock.now()), text=enough(text))
    return complaint


@transaction.atomic
def accept(*, complaint_id: int, by: By) -> Complaint:
    complaint = handled(complaint_id, by)
    append(complaint, "accepted", by, until=limit(complaint, "notify", clock.now()))
    return complaint


@transaction.atomic
def turn_down(*, complaint_id: int, how: str, reasons: str, by: By) -> Complaint:
    """`how`: "rejected", or "transferred" to whoever is competent; the reason says to whom."""
    complaint = handled(complaint_id, by)
    kind = "transferred" if how == "transferred" else "rejected"
    append(complaint, kind, by, until=limit(complaint, "review_ask", clock.now()), text=enough(reasons))
    return complaint


@transaction.atomic
def notify(*, complaint_id: int, summary: str, by: By) -> Complaint:
    """Tell the other side what is said about it, in the officer's words: a hidden complainant stays hidden."""
    complaint = handled(complaint_id, by)
    now = clock.now()
    reply_until = limit(complaint, "reply", now)
    until = _decide_by(complaint, reply_until)
    data = {"reply_until": reply_until.isoformat()}
    append(complaint, "notified", by, until=until, text=enough(summary), data=data)
    path = f"/cases/complaints/{complaint.number}/"
    sentence = _("有一件关于贵单位的投诉 {number}，请在 {until} 前答复。")
    tell_about(complaint, complaint.subject_id, sentence, path, urgent=True, until=f"{reply_until:%Y-%m-%d}")
    return complaint


def _decide_by(complaint: Complaint, reply_until: datetime) -> datetime:
    """Until when it is to be decided; an objection whose agency was told late is decided after it could answer."""
    limits = limits_of(complaint).parameters
    start = rules.decides_from(happenings(complaint), limits.get("decide_from", "acceptance"))
    until = limit(complaint, "decide", start or clock.now())
    if "after_reply" not in limits:
        return until
    return max(until, limit(complaint, "after_reply", reply_until - INSTANT))


@transaction.atomic
def suspend_need(*, complaint_id: int, reasons: str, by: By) -> Complaint:
    """Hold the need while the result may be affected. Raises complaint.no_need, need.suspended_enough …"""
    complaint = handled(complaint_id, by)
    if complaint.need_id is None:
        raise errors.NOTHING_TO_SUSPEND()
    note_resumed(complaint_id=complaint.pk)
    append(complaint, "suspended", by, text=enough(reasons))
    marketplace.suspend(
        need_id=complaint.need_id,
        until=limit(complaint, "suspend", clock.now()),
        reason=reasons.strip(),
        source=source_of(complaint),
        by=by,
    )
    return complaint


@transaction.atomic
def resume_need(*, complaint_id: int, reasons: str, by: By) -> Complaint:
    complaint = handled(complaint_id, by)
    _let_go(complaint, enough(reasons), by)
    return complaint


@transaction.atomic
def decide(*, complaint_id: int, outcome: str, reasons: str, by: By) -> Complaint:
    """`outcome`: upheld, partly or dismissed. Raises process.unheard, process.outcome …"""
    complaint = handled(complaint_id, by)
    until = limit(complaint, "review_ask", clock.now())
    append(complaint, "decided", by, until=until, text=enough(reasons), data={"outcome": outcome})
    _let_go(complaint, "投诉已处理完毕", by)
    path = f"/cases/complaints/{complaint.number}/"
    tell_about(complaint, complaint.subject_id, _("投诉 {number} 已有处理答复。"), path)
    return complaint


@transaction.atomic
def decide_review(*, complaint_id: int, outcome: str, reasons: str, by: By) -> Complaint:
    """Another officer: kept, reopened (of a rejected one), or another outcome. Raises process.same_officer …"""
    complaint = handled(complaint_id, by)
    until = limit(complaint, "notify", clock.now()) if outcome == "reopened" else None
    append(complaint, "review_decided", by, until=until, text=enough(reasons), data={"outcome": outcome})
    return complaint


@transaction.atomic
def mark_malicious(*, complaint_id: int, reasons: str, by: By) -> Complaint:
    """A dismissed complaint that was made knowingly wrong. Who is hidden stays hidden: the mark is on the complaint."""
    complaint = handled(complaint_id, by)
    append(complaint, "malicious", by, text=enough(reasons))
    return complaint


@transaction.atomic
def open_case_from(*, complaint_id: int, ground: str, facts: str, by: By) -> Case:
    """A case on whoever was complained about; whoever opens it has reported it and decides nothing in it."""
    complaint = handled(complaint_id, by)
    origin = Origin("complaint", f"complaint:{complaint.pk}", complaint.number, complaint.get_absolute_url())
    case = open_case(origin=origin, subject_id=complaint.subject_id, ground=ground, facts=facts, by=by)
    append(complaint, "case_opened", by, text=case.number, data={"case": case.number})
    return case


@transaction.atomic
def open_case_on_complainant(*, complaint_id: int, facts: str, by: By) -> Case:
    """A case on the organisation that complained knowingly wrong: heard, decided by somebody else, reviewed like any.

    Raises complaint.complainant_unknown for whoever asked to be hidden or complained for no organisation.
    """
    complaint = handled(complaint_id, by)
    parties = accounts.of_kind(*Organisation.Kind.values).order_by("pk").values_list("pk", flat=True)
    known = identity.organisation_of(complaint.identity, parties.iterator())
    if known is None:
        raise errors.COMPLAINANT_UNKNOWN()
    origin = Origin("complaint", f"complaint:{complaint.pk}", complaint.number, complaint.get_absolute_url())
    case = open_case(origin=origin, subject_id=known, ground="malicious_complaint", facts=facts, by=by)
    append(complaint, "complainant_case", by, text=case.number, data={"case": case.number})
    return case


@transaction.atomic
def lapse_if_due(*, complaint_id: int) -> bool:
    """Nothing came of what was asked for: counted as withdrawn."""
    complaint = held(complaint_id)
    if complaint.state != rules.State.INCOMPLETE or complaint.due_at is None or clock.now() < complaint.due_at:
        return False
    append(complaint, "lapsed", By())
    return True


def _let_go(complaint: Complaint, reason: str, by: By) -> None:
    if rules.fold(happenings(complaint)).suspended and complaint.need_id:
        append(complaint, "resumed", by, text=reason)
        marketplace.resume(need_id=complaint.need_id, source=source_of(complaint), reason=reason[:300], by=by)


@transaction.atomic
def note_resumed(*, complaint_id: int) -> bool:
    """Its suspension came to its term: written into the complaint, so that it neither shows nor lifts one any more."""
    complaint = held(complaint_id)
    need_id = complaint.need_id
    if need_id is None or needs.held_by(need_id, source_of(complaint)):
        return False
    if not rules.fold(happenings(complaint)).suspended:
        return False
    append(complaint, "resumed", By(), text="暂停期满，自动恢复")
    return True


def source_of(complaint: Complaint) -> str:
    """What a suspension is known by that this complaint has asked for."""
    return f"complaint:{complaint.pk}"
