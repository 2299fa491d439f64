"""Deciding appeals: the declared ties of the person who decides are looked up here, and the two sides are told."""

from datetime import datetime

from django.utils.translation import gettext_noop as _

from core.audit import By
from core.workdays import LOCAL
from ratings import selectors as ratings
from ratings import services
from ratings.models import AppealDecision
from supervision.models import Relation
from supervision.services.notices import tell

FILED = _("对一条您方作出的评价或记录有人提出了申诉（{number}），请在 {until} 前说明。")
DECIDED = {True: _("申诉 {number} 已作出决定：成立。"), False: _("申诉 {number} 已作出决定：不成立。")}


def decide(*, appeal_id: int, upheld: bool, reasons: str, by: By) -> AppealDecision:
    """What ratings.services.decide_appeal says, with every organisation the person has declared a tie to."""
    return services.decide_appeal(appeal_id=appeal_id, upheld=upheld, reasons=reasons, by=by, related=declared(by))


def may_decide(appeal_id: int, by: By) -> bool:
    """Is this person free of both sides?"""
    return not ratings.involved(ratings.appeal(appeal_id), by, declared(by))


def declared(by: By) -> list[int]:
    """Every organisation the person has declared a tie to."""
    if by.user_id is None:
        return []
    return list(Relation.objects.filter(user_id=by.user_id).values_list("organisation_id", flat=True))


def tell_filed(appeal_id: int) -> None:
    """The other side may answer; whoever's clock runs has something to decide."""
    row = ratings.appeal(appeal_id)
    other = ratings.other_side(row)
    if other is not None:
        tell(
            organisation_id=other,
            sentence=FILED,
            values={"number": row.number, "until": day(row.heard_by)},
            path=row.get_absolute_url(),
        )


def tell_decided(appeal_id: int, *, upheld: bool) -> None:
    row = ratings.appeal(appeal_id)
    for side in sorted(ratings.sides(row)):
        tell(organisation_id=side, sentence=DECIDED[upheld], values={"number": row.number}, path=row.get_absolute_url())


def day(moment: datetime) -> str:
    return f"{moment.astimezone(LOCAL):%Y-%m-%d %H:%M}"
