"""The draw: freeze both pools and commit to a secret, take words in, and draw when the announced time has come."""

import os
from collections.abc import Sequence
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.db import transaction
from django.utils.translation import gettext_noop

from accounts.errors import NOT_YOURS
from accounts.rules.names import tidy
from bidding import floors, keyring, keys
from bidding.rules.draw import commitment
from core import chance, clock, rulesets, workdays
from core.audit import SYSTEM, By, record
from core.numbering import next_number
from core.workdays import LOCAL, Limit
from supervision.errors import inspections as errors
from supervision.models import (
    Drawing,
    DrawingResult,
    DrawingWord,
    Inspection,
    InspectionEvent,
    InspectionOfficer,
    InspectionPlan,
    Inspector,
)
from supervision.rules import drawing as rules
from supervision.selectors import drawings as seen
from supervision.services.each import each
from supervision.services.notices import tell
from supervision.services.plans import own_plan

DRAWN = gettext_noop("您被抽中参加检查：{plan}，对象是{agency}。请查看回避事项并按期通知。")


@transaction.atomic
def announce_draw(*, plan_id: int, public_number: str = "", by: By) -> Drawing:
    """Publish both pools and the commitment. `public_number`: which number of others will be mixed in, if any.

    Raises plan.not_published, draw.rounds, draw.waiting, draw.empty, draw.few_inspectors.
    """
    plan = own_plan(plan_id, by)
    number = _next_round(plan)
    now, params = clock.now(), rulesets.current("inspections")
    pools = seen.pools(plan, params)
    _check_pools(pools)
    secret, nonce = chance.token(), os.urandom(12)
    keyring.note()
    row = Drawing(
        plan=plan,
        round=number,
        pools=pools,
        pools_hash=rules.pools_hash(pools),
        commitment=commitment(secret),
        nonce=nonce,
        sealed=_cipher(floors.known()[0], plan, number).encrypt(nonce, bytes.fromhex(secret), None),
        public_number=tidy(public_number)[:200],
        committed_at=now,
        draws_at=Limit.of(params["draw_after"]).end(now, workdays.load()),
        committed_by_id=by.user_id,
        key_id=keys.key_id(),
        rules_ref=params.ref,
    )
    row.signature = keys.sign(rules.announcement(seen.announced(row)))
    row.save(force_insert=True)
    data = {"round": number, "pools": row.pools_hash, "commitment": row.commitment}
    record(stream=f"inspection_plan:{plan.pk}", action="draw_announced", by=by, data=data)
    return row


def _next_round(plan: InspectionPlan) -> int:
    if plan.published_at is None:
        raise errors.PLAN_NOT_PUBLISHED()
    if plan.drawings.filter(result=None).exists():
        raise errors.DRAW_WAITING()
    number = plan.drawings.count() + 1
    if number > plan.per_year:
        raise errors.DRAW_ROUNDS(n=plan.per_year)
    return number


def _check_pools(pools: rules.Pools) -> None:
    if not pools["subjects"]:
        raise errors.DRAW_EMPTY()
    short = rules.short_of(pools)
    if short:
        raise errors.DRAW_FEW(n=len(short))


@transaction.atomic
def throw_in(*, drawing_id: int, text: str, by: By) -> DrawingWord:
    """Add a word nobody could know when the secret was committed to: one for each organisation, until the draw.

    Raises draw.word_blank, .word_late, .word_twice, access.not_yours.
    """
    if by.user_id is None or by.org_id is None:
        raise NOT_YOURS()
    row, now = Drawing.objects.select_for_update().get(pk=drawing_id), clock.now()
    text = tidy(text)
    if not 1 <= len(text) <= 64:
        raise errors.WORD_BLANK()
    if now >= row.draws_at or seen.result_of(row):
        raise errors.WORD_LATE()
    if row.words.filter(by_org_id=by.org_id).exists():
        raise errors.WORD_TWICE()
    seq = row.words.count() + 1
    word = DrawingWord.objects.create(
        drawing=row,
        seq=seq,
        text=text,
        by_org_id=by.org_id,
        by_user_id=by.user_id,
        at=now,
        hash=rules.word_hash(seen.head(row), seq, by.org_id, text),
    )
    record(stream=f"inspection_plan:{row.plan_id}", action="word", by=by, data={"seq": seq, "hash": word.hash})
    return word


@transaction.atomic
def draw(*, drawing_id: int, public_value: str = "", by: By = SYSTEM) -> DrawingResult:
    """Open the secret and draw. Every drawn agency gets an inspection, every drawn inspector a notice.

    Raises draw.early, .done, .number_missing, .number_unasked, access.not_yours. The system draws by itself where no
    public number was announced.
    """
    row = Drawing.objects.select_for_update(of=("self",)).select_related("plan__body").get(pk=drawing_id)
    if by != SYSTEM:
        own_plan(row.plan_id, by)
    now, value = clock.now(), tidy(public_value)[:64]
    _check_draw(row, value)
    secret, head = _open(row), seen.head(row)
    sown = rules.seed(secret, row.pools_hash, head, value)
    drawn = rules.draw(row.pools, sown)
    result = DrawingResult.objects.create(
        drawing=row,
        secret=secret,
        head=head,
        public_value=value,
        seed=sown,
        outcome=[{"subject": one.subject, "band": one.band, "inspectors": list(one.inspectors)} for one in drawn],
        drawn_at=now,
        drawn_by_id=by.user_id,
    )
    data = {"round": row.round, "seed": sown, "drawn": len(drawn)}
    record(stream=f"inspection_plan:{row.plan_id}", action="drawn", by=by, data=data)
    _open_inspections(row, drawn, by)
    return result


def _check_draw(row: Drawing, value: str) -> None:
    if seen.result_of(row):
        raise errors.DRAW_DONE()
    if clock.now() < row.draws_at:
        raise errors.DRAW_EARLY(at=f"{row.draws_at.astimezone(LOCAL):%Y-%m-%d %H:%M}")
    if row.public_number and not value:
        raise errors.NUMBER_MISSING(name=row.public_number)
    if value and not row.public_number:
        raise errors.NUMBER_UNASKED()


def draw_due() -> int:
    """Draw whatever is due and waits for no public number; returns how many."""
    due = seen.due(clock.now()).filter(public_number="").values_list("pk", flat=True)
    return each(lambda pk: draw(drawing_id=pk), due)


def _open_inspections(row: Drawing, drawn: Sequence[rules.Drawn], by: By) -> None:
    names = {one["id"]: one["name"] for one in row.pools["subjects"]}
    people = Inspector.objects.in_bulk({key for one in drawn for key in one.inspectors})
    for one in drawn:
        inspection = open_inspection(
            plan=row.plan, drawing=row, subject_id=one.subject, band=one.band, team=one.inspectors, by=by
        )
        for key in one.inspectors:
            tell(
                organisation_id=people[key].organisation_id,
                user_id=people[key].user_id,
                sentence=DRAWN,
                values={"plan": row.plan.title, "agency": names[one.subject]},
                path=inspection.get_absolute_url(),
            )


def open_inspection(
    *, plan: InspectionPlan, drawing: Drawing, subject_id: int, band: str, team: Sequence[int], by: By, **more: Any
) -> Inspection:
    """One agency to be inspected by a team, the first one leads."""
    now, params, calendar = clock.now(), rulesets.current("inspections"), workdays.load()
    inspection = Inspection.objects.create(
        number=next_number("CC"),
        plan=plan,
        drawing=drawing,
        subject_id=subject_id,
        band=band,
        opened_at=now,
        rules_ref=params.ref,
        due_at=Limit.of(params["notify"]).end(now, calendar),
        check_by=Limit.of(params["check"]).end(now, calendar),
        **more,
    )
    InspectionOfficer.objects.bulk_create(
        InspectionOfficer(inspection=inspection, inspector_id=key, position=place) for place, key in enumerate(team, 1)
    )
    until = {"until": inspection.due_at.isoformat()} if inspection.due_at else {}
    InspectionEvent.objects.create(
        inspection=inspection, seq=1, kind="drawn", at=now, data=until, by_user_id=by.user_id, by_org_id=by.org_id
    )
    record(stream=f"inspection:{inspection.number}", action="drawn", by=by, data={"subject": subject_id, "band": band})
    return inspection


def _cipher(secret: str, plan: InspectionPlan, number: int) -> ChaCha20Poly1305:
    info = f"market inspection draw 1 {plan.pk} {number}".encode()
    return ChaCha20Poly1305(HKDF(SHA256(), 32, salt=None, info=info).derive(secret.encode()))


def _open(row: Drawing) -> str:
    for key in floors.known():
        try:
            return _cipher(key, row.plan, row.round).decrypt(bytes(row.nonce), bytes(row.sealed), None).hex()
        except InvalidTag:
            continue
    raise floors.FloorKeyError(f"drawing {row.pk}: no known key opens its secret")
