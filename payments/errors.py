"""Refusals about money."""

from django.utils.translation import gettext_lazy as _

from core.errors import define

KEY_TAKEN = define(
    "ledger.key",
    _("这笔账已经用同一个编号记过，内容却不同。"),
    _("请刷新页面查看已记的账；如需更正，请另记一笔冲正。"),
    status=409,
)
OVERDRAWN = define(
    "ledger.overdrawn",
    _("“{account}”余额不足：现有 {free} 元，需要 {wanted} 元。"),
    _("请减少金额，或先补足余额再试。"),
    status=409,
)
