"""Budget money for tests: `line_of(department)` is a line of this year with plenty in it."""

from itertools import count

from accounts.models import Membership, Organisation
from core.audit import By
from core.money import Money
from marketplace.models import Need
from payments.models import BudgetLine
from payments.services import budgets, lines
from tests.accounts import people

_numbers = count(1)


def line_of(department: Organisation, amount: str = "10000000.00", code: str = "", year: int = 0) -> BudgetLine:
    """A budget line of the department, this year's unless a year is given."""
    return lines.open_line(
        department_id=department.pk,
        year=year or lines.this_year(),
        code=code or f"20103{next(_numbers):02d}",
        name="行政审批技术服务",
        amount=Money.of(amount),
        document="廊财预〔2026〕1号",
        by=By(None, department.pk),
    )


def reserve_for(need: Need) -> None:
    """What publication would have set aside for a department's need."""
    if need.budget_line_id and need.ceiling:
        budgets.reserve(
            line_id=need.budget_line_id,
            reference=f"need:{need.pk}",
            amount=need.ceiling,
            title=need.title,
            page=need.get_absolute_url(),
            by=By(None, need.buyer_id),
        )


def clerk(department: Organisation, name: str = "clerk") -> By:
    """One more person of the department, as the services know them."""
    user = people.user(f"{name}{next(_numbers)}@example.com")
    Membership.objects.create(user=user, organisation=department, role="member")
    return By(user.pk, department.pk)
