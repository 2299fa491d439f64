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
