"""The departments' money in the demo: budget lines each year, and on paydays the finance clerk pays what is owed."""

from core import chance
from core.money import Money
from payments.models import BudgetLine
from payments.selectors import budget
from payments.services import lines
from portal.demo.organisations import Member

# Code, name, and how many ten thousand yuan a department gets for it.
LINES = (
    ("2010301-01", "行政审批技术审查与评估", 60),
    ("2010301-02", "政府投资项目评审与结算审核", 80),
    ("2010301-03", "规划和专项论证编制", 90),
    ("2010301-04", "监测、检测与测绘服务", 50),
)
SHARE_OF_PERSONA = 2  # the persona's department is the largest


def grant(member: Member, *, large: bool) -> None:
    """This year's lines of a department, unless it has some."""
    year = lines.this_year()
    if budget.lines_of(member.pk, year):
        return
    for place, (code, name, amount) in enumerate(LINES, start=1):
        times = SHARE_OF_PERSONA if large else 1
        lines.open_line(
            department_id=member.pk,
            year=year,
            code=code,
            name=name,
            amount=Money.of(amount * times * 10_000 + chance.source().randrange(0, 9) * 1000),
            document=f"廊财预〔{year}〕{member.party.number % 40 + place} 号",
            reason="年初部门预算批复",
            by=member.by,
        )


def line_for(member: Member, item_code: str, ceiling: Money) -> BudgetLine:
    """A line of the department with enough in it: the one the item's category goes to, else the fullest."""
    found = budget.usable_lines(member.pk)
    wanted = {"01": 1, "09": 1, "13": 1, "02": 0, "03": 0, "06": 3}.get(item_code[:2], 2)
    first = found[wanted % len(found)]
    fullest = max(found, key=lambda one: one.standing.free)
    return (first if first.standing.free >= ceiling else fullest).line
