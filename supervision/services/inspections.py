"""An inspection on its way: notice, record with pictures, conclusion, publication, mending, a second look, a case."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.errors import NOT_YOURS
from accounts.rules.names import tidy
from core import audit, clock, files, images, rulesets, workdays
from core.audit import By
from core.models import StoredFile
from core.workdays import LOCAL, Limit
from supervision import ends
from supervision.errors import inspections as errors
from supervision.models import Finding, Inspection, InspectionEvent, InspectionOfficer, InspectionPhoto, Inspector
from supervision.rules import drawing as draw_rules
from supervision.rules import inspections as rules
from supervision.rules.inspections import Outcome, Stage, Verdict
from supervision.selectors import inspections as seen
from supervision.services import letters
from supervision.services.cases import Origin, open_case
from supervision.services.drawings import open_inspection
from supervision.services.notices import tell
from supervision.services.plans import of_regulator
from supervision.services.process import refuse_related

PHOTO_EDGE, THUMBNAIL_EDGE = 1800, 320
BEGIN = ("conclude", "publish_fix", "report")  # what starts somebody's limit, and keeps it as it was told
LEAST = 10  # characters of a summary, a report, a reason
NOTIFIED = gettext_noop("贵单位被随机抽中，{body}将于 {day} 检查“{plan}”。请查看通知和检查要点。")
PUBLISHED = gettext_noop("抽查结果已公布：{result}。贵单位可以查看记录并作出说明。")
REPORTED = gettext_noop("{agency}报告整改完成，请安排复查。")
SUBSTITUTE = gettext_noop("同组检查人员申请回避，您依次递补参加检查：{plan}。")


@transaction.atomic
def notify(*, number: str, visit_at: datetime, words: str, by: By) -> Inspection:
    """Tell the agency when it is inspected. Raises inspection.stage, .not_officer, .visit."""
    row = _mine(number, by)
    now, params = clock.now(), rulesets.by_ref(row.rules_ref)
    first = Limit.of(params["notice_ahead"]).end(now, workdays.load())
    if not first <= visit_at < row.check_by:
        raise errors.VISIT_DATE(first=_day(first), last=_day(row.check_by))
    _step(row, "notify", by, {"visit_at": visit_at, "due_at": row.check_by}, text=tidy(words)[:2000])
    values = {"body": row.plan.body.name, "day": _day(visit_at), "plan": row.plan.title}
    _tell_agency(row, NOTIFIED, values)
    return row


@transaction.atomic
def mark(*, number: str, point: int, verdict: str, words: str = "", by: By) -> Finding | None:
    """Write down what was found at a point; the same again changes nothing. Raises inspection.point, .short, .stage."""
    row = _recording(number, point, by)
    words = tidy(words)[:1000]
    found = Verdict(verdict)
    if found == Verdict.FAIL and len(words) < LEAST:
        raise errors.TOO_SHORT(field=row.plan.standard[point][:20], least=LEAST)
    last = seen.newest(row).get(point)
    if last and (last.verdict, last.words) == (found.value, words):
        return None
    finding = Finding.objects.create(
        inspection=row, point=point, verdict=found.value, words=words, at=clock.now(), by_user_id=_person(by)
    )
    _record(row, "marked", by, point=point, verdict=found.value)
    return finding


@transaction.atomic
def add_photo(*, number: str, point: int, upload: "UploadedFile[Any]", public: bool, by: By) -> InspectionPhoto:
    """Keep a picture without its metadata (place, device). Raises file.*, image.*, inspection.point, .stage."""
    row = _recording(number, point, by)
    content, media_type = files.checked(upload)
    if media_type not in files.IMAGES:
        raise images.IMAGE_BROKEN()
    picture = images.scaled(images.clean(content), PHOTO_EDGE)
    photo = InspectionPhoto.objects.create(
        inspection=row,
        point=point,
        image=_jpeg(images.jpeg(picture), row),
        thumbnail=_jpeg(images.jpeg(images.scaled(picture, THUMBNAIL_EDGE)), row),
        public=public,
        at=clock.now(),
        by_user_id=_person(by),
    )
    _record(row, "photo", by, point=point, sha256=photo.image.sha256)
    return photo


@transaction.atomic
def conclude(*, number: str, outcome: str, summary: str, ground: str = "", by: By) -> Inspection:
    """Close the record with a result; one that becomes a case opens it. `ground`: code of the published scale.

    Raises inspection.points_open, .outcome, .short, .stage, .not_officer, and what opening a case refuses.
    """
    row = _mine(number, by)
    result, summary = Outcome(outcome), tidy(summary)[:2000]
    _check_result(row, result, summary)
    limit = Limit.of(rulesets.by_ref(row.rules_ref)["publish"])
    publish_by = limit.end(clock.now(), workdays.load())
    values: dict[str, Any] = {
        "outcome": result.value,
        "summary": summary,
        "concluded_at": clock.now(),
        "publish_by": publish_by,
    }
    _step(row, "conclude", by, values | {"due_at": publish_by}, text=summary, data={"outcome": result.value})
    if result == Outcome.CASE:
        _become_case(row, ground, by)
    return row


def _check_result(row: Inspection, result: Outcome, summary: str) -> None:
    marked = {point: Verdict(found.verdict) for point, found in seen.newest(row).items()}
    left = rules.open_points(len(row.plan.standard), marked)
    if left:
        raise errors.POINTS_OPEN(n=len(left))
    if not rules.fits(result, marked.values()):
        raise errors.OUTCOME_FITS()
    if len(summary) < LEAST:
        raise errors.TOO_SHORT(field=_("检查结论"), least=LEAST)


def _become_case(row: Inspection, ground: str, by: By) -> None:
    origin = Origin(
        "inspection", f"inspection:{row.pk}", f"{row.number} {row.plan.title}"[:200], row.get_absolute_url()
    )
    case = open_case(origin=origin, subject_id=row.subject_id, ground=ground, facts=row.summary, by=by)
    row.case_number = case.number
    row.save(update_fields=["case_number"])


@transaction.atomic
def publish(*, number: str, by: By) -> Inspection:
    """Put the result before the public, by another person than the one who concluded.

    Raises inspection.own_publication, .stage, .not_officer. A result to be mended starts the agency's limit.
    """
    row = _mine(number, by)
    concluded = row.events.filter(kind="conclude").last()
    if concluded and concluded.by_user_id == by.user_id:
        raise errors.OWN_PUBLICATION()
    now = clock.now()
    step = rules.publishing(Outcome(row.outcome)) if row.outcome else "publish"
    limit = Limit.of(rulesets.by_ref(row.rules_ref)["fix"])
    due = limit.end(now, workdays.load()) if step == "publish_fix" else None
    _step(row, step, by, {"published_at": now, "due_at": due})
    _tell_agency(row, PUBLISHED, {"result": Inspection.Result(row.outcome).label})
    return row


@transaction.atomic
def reply(*, number: str, text: str, by: By) -> InspectionEvent:
    """The agency's own words, shown with the record and with the published result. Raises inspection.short."""
    row = _locked(number)
    if by.org_id != row.subject_id or row.state == Stage.DRAWN:
        raise NOT_YOURS()
    return _event(row, "reply", by, text=_long(text, _("说明")))


@transaction.atomic
def report_fixed(*, number: str, text: str, upload: "UploadedFile[Any] | None" = None, by: By) -> Inspection:
    """The agency says what it mended, with a proof. Raises inspection.stage, .short, file.*."""
    row = _locked(number)
    if by.org_id != row.subject_id:
        raise NOT_YOURS()
    proof = files.store(upload) if upload else None
    limit = Limit.of(rulesets.by_ref(row.rules_ref)["recheck"])
    due = limit.end(clock.now(), workdays.load())
    _step(row, "report", by, {"due_at": due}, text=_long(text, _("整改情况")), file=proof)
    for officer in seen.team(row):
        tell(
            organisation_id=officer.inspector.organisation_id,
            user_id=officer.inspector.user_id,
            sentence=REPORTED,
            values={"agency": row.subject.name},
            path=row.get_absolute_url(),
        )
    return row


@transaction.atomic
def follow(*, number: str, by: By) -> Inspection:
    """Begin the second look by the same people: after the agency's report, or when its limit is over.

    Raises inspection.fixing, .stage, .not_officer.
    """
    row = _mine(number, by)
    mending = row.due_at and (clock.now() < row.due_at or ends.standing("inspection.fix", f"inspection:{row.pk}"))
    if row.state == Stage.FIXING and row.due_at and mending:
        raise errors.NOT_YET_FIXED(at=_day(row.due_at))
    team = [officer.inspector_id for officer in seen.team(row)]
    _step(row, "follow", by, {"due_at": None})
    return open_inspection(
        plan=row.plan, drawing=row.drawing, subject_id=row.subject_id, band=row.band, team=team, by=by, follows=row
    )


@transaction.atomic
def recuse(*, number: str, text: str, by: By) -> InspectionOfficer:
    """Step back; the next in the order of the draw takes the place. Raises inspection.nobody_left, .short, .stage."""
    row = _mine(number, by, free=False)
    if row.state not in (Stage.DRAWN, Stage.NOTICED):
        raise errors.STAGE(state=row.get_state_display())
    words = _long(text, _("回避理由"))
    leaving = row.officers.get(inspector__user_id=_person(by), recused_at=None)
    leaving.recused_at, leaving.recusal = clock.now(), words[:300]
    leaving.save(update_fields=["recused_at", "recusal"])
    substitute = _next_in_line(row)
    officer = InspectionOfficer.objects.create(inspection=row, inspector=substitute, position=row.officers.count() + 1)
    _event(row, "recused", by, text=words, data={"left": leaving.inspector_id, "joined": substitute.pk})
    tell(
        organisation_id=substitute.organisation_id,
        user_id=substitute.user_id,
        sentence=SUBSTITUTE,
        values={"plan": row.plan.title},
        path=row.get_absolute_url(),
    )
    return officer


def _next_in_line(row: Inspection) -> Inspector:
    order = draw_rules.order_for(row.drawing.pools, row.drawing.result.seed, row.subject_id)
    taken: Collection[int] = set(row.officers.values_list("inspector_id", flat=True))
    free = Inspector.objects.filter(left_at=None).in_bulk([key for key in order if key not in taken])
    for key in order:
        if key in free:
            return free[key]
    raise errors.NOBODY_LEFT()


@transaction.atomic
def correct(*, number: str, text: str, by: By) -> InspectionEvent:
    """Add a correction to a published result: a new row beside it, the result itself stays. Raises inspection.stage."""
    row = _mine(number, by)
    if row.published_at is None:
        raise errors.STAGE(state=row.get_state_display())
    return _event(row, "corrected", by, text=_long(text, _("更正")))


def _locked(number: str) -> Inspection:
    """Raises Inspection.DoesNotExist."""
    rows = Inspection.objects.select_for_update(of=("self",))
    return rows.select_related("plan__body", "subject", "drawing__result").get(number=number)


def _mine(number: str, by: By, *, free: bool = True) -> Inspection:
    """The inspection, locked, for one of its inspectors; `free`: whom nothing ties to the agency since the draw.

    Raises inspection.not_officer, process.related, access.not_yours.
    """
    row = _locked(number)
    of_regulator(by)
    if by.user_id is None or not seen.is_officer(row, by.user_id, by.org_id):
        raise errors.NOT_OFFICER()
    if free:
        refuse_related(by, [row.subject_id])
    return row


def _recording(number: str, point: int, by: By) -> Inspection:
    row = _mine(number, by)
    if row.state != Stage.NOTICED:
        raise errors.STAGE(state=row.get_state_display())
    if not 0 <= point < len(row.plan.standard):
        raise errors.POINT_UNKNOWN()
    return row


def _step(
    row: Inspection,
    step: str,
    by: By,
    columns: dict[str, Any],
    *,
    text: str = "",
    data: dict[str, Any] | None = None,
    file: StoredFile | None = None,
) -> None:
    """Take a step the rules allow from where the inspection is, and write it down. Raises inspection.stage."""
    reached = rules.after(Stage(row.state), step)
    if reached is None:
        raise errors.STAGE(state=row.get_state_display())
    for name, value in (columns | {"state": reached.value}).items():
        setattr(row, name, value)
    row.save(update_fields=[*columns, "state"])
    begun = {"until": row.due_at.isoformat()} if step in BEGIN and row.due_at else {}
    _event(row, step, by, text=text, data={**(data or {}), **begun}, file=file)


def _event(
    row: Inspection,
    kind: str,
    by: By,
    *,
    text: str = "",
    data: dict[str, Any] | None = None,
    file: StoredFile | None = None,
) -> InspectionEvent:
    event = InspectionEvent.objects.create(
        inspection=row,
        seq=row.events.count() + 1,
        kind=kind,
        at=clock.now(),
        text=text,
        data=data or {},
        file=file,
        by_user_id=by.user_id,
        by_org_id=by.org_id,
    )
    _record(row, kind, by, **(data or {}))
    letters.of_inspection(row, event)
    return event


def _record(row: Inspection, action: str, by: By, **data: object) -> None:
    audit.record(stream=f"inspection:{row.number}", action=action, by=by, data=data)


def _tell_agency(row: Inspection, sentence: str, values: dict[str, Any]) -> None:
    path = row.get_absolute_url()
    tell(organisation_id=row.subject_id, sentence=sentence, values=values, path=path, urgent=True)


def _long(text: str, field: str | Promise) -> str:
    text = tidy(text)[:2000]
    if len(text) < LEAST:
        raise errors.TOO_SHORT(field=field, least=LEAST)
    return text


def _person(by: By) -> int:
    if by.user_id is None:
        raise NOT_YOURS()
    return by.user_id


def _jpeg(content: bytes, row: Inspection) -> StoredFile:
    return files.keep(content, name=f"{row.number}.jpg", media_type="image/jpeg")


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(LOCAL):%Y-%m-%d %H:%M}"
