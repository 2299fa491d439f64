"""Refusals about an agency's profile."""

from django.utils.translation import gettext_lazy as _

from core.errors import define

NOT_A_SCAN = define(
    "scan.type",
    _("“{name}”不是 JPG、PNG 或 WebP 图片。"),
    _("请把证书扫描或拍照成图片后再拖放；PDF 请先另存为图片。"),
)
TOO_MANY_SCANS = define(
    "scan.too_many", _("一次最多拖放 {limit} 个文件。"), _("请分几次上传，已经填写的内容不会丢失。")
)
SCAN_GONE = define("scan.gone", _("这份扫描件已经用过或已删除。"), _("请重新拖放扫描件。"), status=409)
PERIOD = define("qualification.period", _("有效期的截止日期早于起始日期。"), _("请对照证书核对两个日期。"))
BLANK = define("profile.blank", _("“{field}”不能为空。"), _("请对照证书或合同文本填写。"))
DAYS = define("service.days", _("服务时限应为 1 至 365 个工作日。"), _("请填写从签约到交付成果需要的工作日数。"))
NO_SUCH_AGENCY = define("agency.unknown", _("没有这家机构。"), _("请从机构名录中选择。"), status=404)
GROUND = define("restriction.ground", _("限制措施必须写明理由和依据页面。"), _("请填写理由，并给出决定所在的页面。"))
RESTRICTION_PERIOD = define("restriction.period", _("限制措施必须有截止时间，且晚于开始时间。"), _("请重新填写期限。"))
NO_SUCH_RESTRICTION = define("restriction.unknown", _("没有这项限制措施。"), _("请从机构页面上的限制措施中选择。"), 404)
LIFTED = define("restriction.lifted", _("这项限制措施已经解除或期满。"), _("无需再次处理，请刷新页面。"), 409)
LIFT_GROUND = define(
    "restriction.lift_ground", _("解除限制必须写明理由和依据页面。"), _("请填写理由和决定所在的页面。")
)
SHORTER = define("restriction.shorter", _("确认不能缩短限制的期限。"), _("提前结束请作出解除决定。"))
LEAVING = define("exit.already", _("贵机构已经申请退出或已经退出。"), _("可以在本页查看还有哪些事项没有了结。"), 409)
NOT_LEAVING = define("exit.none", _("贵机构没有在退出。"), _("请刷新页面查看当前状态。"), 409)
FORCED_OUT = define("exit.forced", _("清退决定不能由机构自行撤回。"), _("可以申请复核，或在期满后重新入驻。"), 409)
NOT_LEFT = define("return.not_left", _("贵机构没有退出，无需重新入驻。"), _("请刷新页面查看当前状态。"), 409)
TOO_EARLY = define("return.early", _("还没有到可以重新入驻的时间。"), _("最早可于 {moment} 重新入驻。"), 409)
