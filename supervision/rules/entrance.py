"""The check of what an agency entered about itself: what can be known without asking for a paper."""

import re
from dataclasses import dataclass

from accounts.rules import credit_code, phone

# What the name of a lawful body ends with here; a branch may say so in brackets.
FORMS = re.compile(
    r"(公司|分公司|事务所|研究院|设计院|勘察院|规划院|研究所|检测站|服务站|监测站|中心|协会|学会|商会|合作社|工作室|经营部|服务部"
    r"|咨询部|测绘队|勘察队|大队|集团|学院|大学|医院|院|所|站|社|厂|部|行|店)([（(][^（）()]{1,30}[）)])?$"
)
# 测试 alone proves nothing: measuring and testing is a lawful trade.
PLACEHOLDER = re.compile(r"(^测试|测试(公司|机构|单位|企业)|样例|示例|某某|某公司|XXX|xxx|\*{2,}|[?？]{2,})")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Entered:
    """What was entered, and whether somebody else had the name before."""

    name: str
    credit_code: str
    contact_phone: str
    namesake_before: bool


def faults(entered: Entered) -> tuple[str, ...]:
    """Codes of everything that does not fit, all at once: "code", "name_form", "placeholder", "namesake", "phone"."""
    wrong = {
        "code": credit_code.fault(entered.credit_code) is not None,
        "name_form": len(CHINESE.findall(entered.name)) < 4 or not FORMS.search(entered.name),
        "placeholder": PLACEHOLDER.search(entered.name) is not None,
        "namesake": entered.namesake_before,
        "phone": not phone.valid(phone.normalise(entered.contact_phone)),
    }
    return tuple(code for code, found in wrong.items() if found)
