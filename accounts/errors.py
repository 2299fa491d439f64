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
CREDIT_CODE_FAULTS = {
    "length": _("应为 18 位"),
    "characters": _("只能有数字和大写字母，且不含 I、O、S、V、Z"),
    "division": _("第 3 至 8 位应为登记机关行政区划码，只能是数字"),
    "check": _("校验码对不上，有一位写错了"),
}
EMAIL_TAKEN = define(
    "email.taken",
    _("这个邮箱已经有账号。"),
    _("请先登录再登记单位；忘记密码可以在登录页重设。"),
    status=409,
)
PHONE = define(
    "phone.invalid",
    _("联系电话不正确。"),
    _("请填写手机号、带区号的座机（如 0316-2051234）、400 号码，或以 + 开头的国际号码。"),
)
NAME = define("name.invalid", _("名称至少要有两个字。"), _("请填写营业执照或登记证书上的全称。"))
COMMITMENT = define(
    "commitment.missing",
    _("还没有作出承诺。"),
    _("请阅读承诺书并勾选同意；平台不设其他门槛，承诺是唯一的条件。"),
)
KIND_BY_OPERATOR = define(
    "organisation.by_operator",
    _("政府部门、监管部门和运营机构不能自行登记。"),
    _("请联系平台运营机构开通。"),
    status=403,
)
NO_ACCOUNT = define(
    "member.no_account",
    _("没有找到使用这个邮箱的账号。"),
    _("请对方先在本平台注册账号，再来添加。"),
)
ALREADY_MEMBER = define(
    "member.already", _("这位用户已经是本单位成员。"), _("无需重复添加，对方登录后即可切换到本单位。"), status=409
)
LAST_OWNER = define(
    "member.last_owner",
    _("单位至少要保留一位负责人。"),
    _("请先添加另一位负责人，再移除这一位。"),
    status=409,
)
OWNERS_ONLY = define(
    "member.owners_only", _("只有本单位负责人可以管理成员。"), _("请联系本单位负责人操作。"), status=403
)
SECOND_FACTOR = define(
    "access.second_factor",
    _("监管和运营人员必须启用两步验证。"),
    _("请先在账号安全页面设置动态口令或通行密钥。"),
    status=403,
)
