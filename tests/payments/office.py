"""A finance office for tests: a department that owes for accepted results, and the two people who pay."""

from accounts.models import Organisation
from agencies.models import Agency
from core.audit import SYSTEM
from core.money import Money
from payments import ledger
from payments.rules import treasury as files
from payments.services import budgets, orders, treasury
from payments.services.orders import PayTo
from payments.services.pots import pots
from tests.accounts import people
from tests.payments import purse

ACCOUNT = PayTo("廊坊清源环境技术咨询有限公司", "中国建设银行廊坊分行", "1305 0170 8936 0000 0123")


class Office:
    """A department with a line, its maker and its checker, and results it owes for."""

    def __init__(self, department: Organisation | None = None, agency: Agency | None = None) -> None:
        self.department = department or people.organisation("department", 1, name="廊坊市生态环境局")
        self.line = purse.line_of(self.department, "100000.00")
        self.maker, self.checker = purse.clerk(self.department, "maker"), purse.clerk(self.department, "checker")
        self.agency = agency or people.agency(2)
        self.count = 9_000_000

    def payable(self, amount="1000.00"):
        self.count += 1
        need, value = f"need:{self.count}", Money.of(amount)
        budgets.reserve(
            line_id=self.line.pk, reference=need, amount=value, title="土壤调查", page="/needs/1/", by=self.maker
        )
        budgets.commit(reference=need, amount=value, payee_id=self.agency.pk, by=SYSTEM)
        return budgets.make_payable(
            reference=need, part=f"milestone:{self.count}", amount=value, title="报告", page="/contracts/1/", by=SYSTEM
        )

    def made(self, amount="1000.00", by=None):
        return orders.make(payable_id=self.payable(amount).pk, to=ACCOUNT, purpose="", by=by or self.maker)

    def checked(self, amount="1000.00"):
        return orders.check(order_id=self.made(amount).pk, by=self.checker)

    def batch(self, *found):
        ids = [order.pk for order in found]
        return treasury.make_batch(department_id=self.department.pk, order_ids=ids, by=self.maker)

    def answer(self, batch, *rejected, xml=False):
        results = treasury.results_for(batch, rejected)
        text = files.results_xml(batch.number, results) if xml else files.results_csv(results)
        return self.take(text)

    def take(self, text):
        return treasury.take_return(department_id=self.department.pk, content=text.encode(), by=self.maker)

    def held(self, stage):
        return ledger.balance(pots(self.line)[stage])
