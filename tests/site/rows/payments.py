"""Money: one's own books; escrows and the provider; a department's budget."""

from datetime import datetime
from zoneinfo import ZoneInfo

from tests.site.answers import (
    AGENCIES,
    DONE,
    MISSING,
    MOVED,
    NO_GET,
    OTHER_BUYERS,
    OWNER,
    PARTIES,
    READERS,
    SUPERVISORS,
    UNFIT,
    Row,
    everybody,
    only,
)

# Money: one's own books; supervisors read everybody's.
WITH_BOOKS = only(*OWNER, *OTHER_BUYERS, *AGENCIES, *SUPERVISORS)
TO_MONEY = only(*OWNER, *OTHER_BUYERS, *AGENCIES, *SUPERVISORS, answer=MOVED)
OWN_BOOKS, PLATFORM_BOOKS = only(*OWNER, *SUPERVISORS), only(*SUPERVISORS)
NO_SUCH_FILE = only(*OWNER, *OTHER_BUYERS, *AGENCIES, *SUPERVISORS, answer=MISSING)
BOOKS = [
    Row("payments:home", "", TO_MONEY, TO_MONEY),
    Row("payments:books", "", WITH_BOOKS, WITH_BOOKS),
    *[Row(f"payments:{file}", f"ending={ending}", WITH_BOOKS, WITH_BOOKS)
      for file in ("balances_file", "journal_file") for ending in ("csv", "xlsx")],
    Row("payments:journal_file", "ending=pdf", NO_SUCH_FILE, NO_SUCH_FILE),
    Row("payments:account", "pk=account", OWN_BOOKS, OWN_BOOKS),
    Row("payments:account", "pk=cash", PLATFORM_BOOKS, PLATFORM_BOOKS),
    Row("payments:account_file", "pk=account ending=csv", OWN_BOOKS, OWN_BOOKS),
    Row("payments:transfer", "pk=transfer", OWN_BOOKS, OWN_BOOKS),
    Row("payments:papers", "", WITH_BOOKS, WITH_BOOKS),
    Row("payments:papers_file", "ending=csv", WITH_BOOKS, WITH_BOOKS),
    Row("payments:paper", "pk=money_paper", only(*READERS), only(*READERS)),
    Row("payments:paper_pdf", "pk=money_paper", only(*READERS), only(*READERS)),
    Row("contracts:invoice", "pk=milestone", NO_GET, only("supplier", answer="409 milestone.not_accepted")),
    Row("contracts:invoice", "pk=accepted", NO_GET, only("supplier", answer=DONE)),
]  # fmt: skip
ESCROW_READERS = only(*OWNER, "other_enterprise", *AGENCIES, *SUPERVISORS)
SPLIT, WHY = {"to_supplier": "0", "reason": "无"}, {"reason": "没到账"}
UNSIGNED = everybody("400 webhook.signature")
ESCROW = [
    Row("payments:escrows", "", ESCROW_READERS, ESCROW_READERS),
    *[Row("payments:escrow", f"pk={place}", only(*READERS), only(*READERS)) for place in ("unpaid", "held", "frozen")],
    Row("payments:escrow_back", "pk=unpaid", only(*PARTIES, answer=MOVED), only(*PARTIES, answer=MOVED)),
    Row("payments:escrow_pay", "pk=unpaid", NO_GET, only(*OWNER, answer=MOVED)),  # to the page that is open
    Row("payments:escrow_pay", "pk=held", NO_GET, only(*OWNER, answer="409 escrow.paid")),
    Row("payments:escrow_cancel", "pk=unpaid", NO_GET, only(*OWNER, answer=DONE)),
    Row("payments:part_release", "pk=part", NO_GET, only(*OWNER, answer=DONE), {"amount": "1"}),
    Row("payments:escrow_give_back", "pk=held", NO_GET, only("supplier", answer=DONE), {"amount": "1"} | WHY),
    Row("payments:escrow_stop", "pk=held", NO_GET, only(*PARTIES, answer=DONE), {"reason": "不完整"}),
    Row("payments:escrow_stop", "pk=frozen", NO_GET, only(*PARTIES, answer="409 escrow.frozen"), WHY),
    Row("payments:escrow_resume", "pk=frozen", NO_GET, only(*OWNER, answer=DONE)),
    Row("payments:escrow_propose", "pk=frozen", NO_GET, only(*PARTIES, answer=DONE), SPLIT),
    Row("payments:escrow_decide", "pk=frozen", NO_GET, only("regulator", answer=DONE), SPLIT),
    Row("payments:settlement_answer", "pk=offer", NO_GET,
        only(*OWNER, answer=DONE, supplier="403 settlement.own"), {"accepted": "yes"}),
    Row("payments:bank_slip", "pk=transferred", only(*READERS), only(*READERS)),
    Row("payments:bank_confirm", "pk=transferred", NO_GET, only("supplier", answer=DONE)),
    Row("payments:bank_refuse", "pk=transferred", only("supplier"), only("supplier", answer=DONE), WHY),
    Row("payments:payouts", "", only(*AGENCIES), only(*AGENCIES)),
    Row("payments:payouts_open", "", NO_GET, only(*AGENCIES, answer=DONE, supplier=MOVED)),
    Row("payments:payouts_back", "", only(*AGENCIES, answer=MOVED), only(*AGENCIES, answer=MOVED)),
    Row("payments:webhook", "", NO_GET, UNSIGNED),
    Row("payments:provider", "", only(*SUPERVISORS), only(*SUPERVISORS)),
    Row("payments:provider_event", "pk=provider_event", only(*SUPERVISORS), only(*SUPERVISORS)),
    Row("payments:event_replay", "pk=provider_event", NO_GET, only("operator", answer=DONE)),
    Row("payments:call_retry", "pk=stuck", NO_GET, only("operator", answer=DONE)),
    Row("payments:reconcile", "", NO_GET, only("operator", answer=MOVED)),
    Row("payments:reconciliation", "pk=reconciled", only(*SUPERVISORS), only(*SUPERVISORS)),
    Row("payments:demo_checkout", "name=checkout", everybody(), everybody()),
    Row("payments:demo_authenticate", "name=checkout", NO_GET, everybody(MISSING)),
    Row("payments:demo_onboarding", "name=connected", everybody(), everybody(MOVED)),
]  # fmt: skip
DEPARTMENT = only("department")
DEPARTMENT_DONE = only("department", answer=DONE)
THIS_YEAR = str(datetime.now(ZoneInfo("Asia/Shanghai")).year)
PAY_TO = {"holder": "三河兰台", "bank": "工商银行三河支行", "number": "6222020200011112222", "purpose": "评估费"}
BUDGET = [
    *[Row(f"payments:{page}", place, DEPARTMENT, DEPARTMENT) for page, place in (
        ("budget", ""), ("budget_file", "ending=csv"), ("budget_file", "ending=xlsx"), ("line", "pk=line"),
        ("orders", ""), ("order", "pk=order"), ("batch", "pk=batch"), ("batch_file", "pk=batch ending=csv"),
        ("batch_file", "pk=batch ending=xml"), ("sample_return", "pk=batch"))],
    Row("payments:budget_file", "ending=pdf", only("department", answer=MISSING), only("department", answer=MISSING)),
    Row("payments:open_line", "", DEPARTMENT, DEPARTMENT_DONE,
        {"year": THIS_YEAR, "code": "2080199", "name": "评审", "amount": "5000", "document": "廊财预〔2026〕9号"}),
    Row("payments:adjust", "pk=line", DEPARTMENT, DEPARTMENT_DONE,
        {"adds": "1", "amount": "5000", "document": "廊财预〔2026〕9号", "reason": "追加"}),
    Row("payments:year_end", f"year={THIS_YEAR}", DEPARTMENT, only("department", answer=MISSING)),
    Row("payments:make_order", "pk=payable", DEPARTMENT, DEPARTMENT_DONE, PAY_TO),
    Row("payments:correct", "pk=order", DEPARTMENT, DEPARTMENT_DONE, PAY_TO),
    Row("payments:check", "pk=order", NO_GET, DEPARTMENT_DONE),
    Row("payments:send_back", "pk=order", NO_GET, DEPARTMENT_DONE, {"reason": "账号不全"}),
    Row("payments:withdraw", "pk=order", NO_GET, DEPARTMENT_DONE, {"reason": "重做"}),
    Row("payments:send", "", NO_GET, DEPARTMENT_DONE, {"order": "=checked_order"}),
    Row("payments:batches", "", DEPARTMENT, only("department", answer=UNFIT)),
    Row("payments:department", "pk=department", everybody(), everybody()),
    Row("payments:receivables", "", only(*AGENCIES), only(*AGENCIES, answer=DONE), PAY_TO),
]  # fmt: skip
ROWS = [*BOOKS, *ESCROW, *BUDGET]
