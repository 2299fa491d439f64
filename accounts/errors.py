"""Refusals about identities and access."""

from django.utils.translation import gettext_lazy as _

from core.errors import define

NOT_YOURS = define(
    "access.not_yours",
    _("这里的内容不属于您所在的单位。"),
    _("请切换到有权限的单位，或回到工作台。"),
    status=403,
)
CREDIT_CODE = define(
    "credit_code.invalid",
    _("统一社会信用代码不正确：{fault}。"),
    _("请对照营业执照核对 18 位代码；末位是校验码，任何一位写错都会校验失败。"),
)
CREDIT_CODE_TAKEN = define(
    "credit_code.taken",
    _("这个统一社会信用代码已经登记过。"),
    _("请直接登录；如果不是贵单位登记的，请联系平台运营机构核查。"),
    status=409,
)
SECOND_FACTOR = define(
    "access.second_factor",
    _("监管和运营人员必须启用两步验证。"),
    _("请先在账号安全页面设置动态口令或通行密钥。"),
    status=403,
)
