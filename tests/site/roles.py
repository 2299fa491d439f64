"""The table: every address, every role, and what it answers. A new address needs a row here before it ships.

Answers: a status; "sign-in" for being sent there; "done" for a redirect after something was recorded, "302" for one
after nothing was; a refusal as its status and code. `place` names the address' parts: "pk=draft" is the number the
city has under "draft" (tests/site/city.py), any other word stands for itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import SimpleUploadedFile

from agencies.commitment import VERSION
from ratings.texts import DIMENSIONS
from tests.accounts import people
from tests.site.city import DEPARTMENT_ITEM, ITEM, PDF
from tests.site.listing import a_list

# outsider: nobody signed in; nobody: signed in, no organisation; clerk: of the enterprise, but not an owner;
# bidder: entered wherever entry is open or bidding runs; supplier: won and has the contracts; agency: neither.
ROLES = ("outsider", "nobody", "enterprise", "clerk", "other_enterprise", "department", "bidder", "supplier",
         "agency", "regulator", "operator")  # fmt: skip
OWNER = ("enterprise", "clerk")
BUYERS = (*OWNER, "other_enterprise", "department")
OTHER_BUYERS = ("other_enterprise", "department")
AGENCIES = ("bidder", "supplier", "agency")
SUPERVISORS = ("regulator", "operator")
PARTIES = (*OWNER, "supplier")
READERS = (*PARTIES, *SUPERVISORS)
OK, DONE, MOVED, MISSING, WRONG_VERB, UNFIT = "200", "done", "302", "404", "405", "422"
SIGN_IN, NOT_YOURS, OWNERS_ONLY = "sign-in", "403 access.not_yours", "403 member.owners_only"
Answers = Mapping[str, str]


def everybody(answer: str = OK, **but: str) -> Answers:
    return dict.fromkeys(ROLES, answer) | but


def only(*roles: str, answer: str = OK, others: str = NOT_YOURS, **but: str) -> Answers:
    """Strangers are asked to sign in, everybody else is told it is not theirs; `but` says what differs."""
    return dict.fromkeys(ROLES, others) | {"outsider": SIGN_IN} | dict.fromkeys(roles, answer) | but


def those(roles: tuple[str, ...], answer: str) -> dict[str, str]:
    return dict.fromkeys(roles, answer)


@dataclass(frozen=True)
class Row:
    """An address with its answers; `names`: agencies are what the page is about, whatever they take part in."""

    view: str
    place: str
    get: Answers
    post: Answers
    data: Mapping[str, Any] = field(default_factory=dict)
    names: bool = False
    path: str = ""

    def __str__(self) -> str:
        return self.path or f"{self.view} {self.place}".strip()


NO_GET = everybody(WRONG_VERB)
NO_POST = everybody(WRONG_VERB)
OPERATOR = only("operator")
SIGNED_IN = [role for role in ROLES if role != "outsider"]
OWNERS = [role for role in SIGNED_IN if role not in ("nobody", "clerk")]
NEWCOMER = {
    "name": "廊坊新来环境技术有限公司", "credit_code": people.code(777), "region": people.LANGFANG,
    "contact_name": "钱新", "contact_phone": people.PHONE, "commitment": "on",
    "email": "newcomer@example.com", "password": "correct horse battery",
}  # fmt: skip
STARS = dict.fromkeys(DIMENSIONS, "4") | {"text": "按时完成。"}
CERTIFICATE = {"kind": "资质", "grade": "", "number": "1", "issuer": "局", "valid_from": "2025-01-01",
               "valid_until": "2030-01-01"}  # fmt: skip
DRAFT = {"terms": "双方约定如下。", "version": "2", "milestone_title": "全部", "milestone_amount": "40000.00",
         "milestone_days": "30"}  # fmt: skip
NEXT_YEAR = str(datetime.now(UTC).year + 1)


def a_file() -> SimpleUploadedFile:
    return SimpleUploadedFile("终稿.pdf", PDF, "application/pdf")


def a_bid() -> str:
    return f"bid-{datetime.now(UTC).timestamp():.6f}".replace(".", "-")


ACCOUNTS = [
    Row("accounts:join", "", everybody(), everybody()),
    Row("accounts:join_enterprise", "", everybody(), everybody(DONE), NEWCOMER),
    Row("accounts:organisation", "", only(*SIGNED_IN), only(*SIGNED_IN)),
    Row("accounts:switch", "", NO_GET, only(*OWNER, answer=MOVED, others=MISSING), {"organisation": "=enterprise"}),
    Row("accounts:contact", "", NO_GET, only(*OWNERS, answer=DONE, clerk=OWNERS_ONLY),
        {"contact-contact_name": "李梅", "contact-contact_phone": people.PHONE}),
    Row("accounts:add_member", "", NO_GET, only(*OWNERS, answer=DONE, clerk=OWNERS_ONLY),
        {"member-email": "nobody@example.com", "member-role": "member"}),
    Row("accounts:remove_member", "user_id=clerk", NO_GET,
        only(*OWNERS, answer=MOVED, enterprise=DONE, clerk=DONE)),  # others: nobody of theirs, nothing happens
    Row("accounts:demo_sign_in", "", NO_GET, everybody(MISSING), {"email": "operator@example.com"}),
]  # fmt: skip
AGENCY_PAGES = [
    Row("agencies:join", "", everybody(), everybody(DONE), NEWCOMER),
    Row("agencies:directory", "", everybody(), everybody(), names=True),
    Row("agencies:commitment", f"version={VERSION}", everybody(), everybody()),
    Row("agencies:profile", "pk=bidder", everybody(), everybody(), names=True),
    Row("agencies:scan_image", "pk=supplier qualification_id=qualification", everybody(), everybody()),
    Row("agencies:scan_thumbnail", "pk=supplier qualification_id=qualification", everybody(), everybody()),
    Row("agencies:scan_original", "pk=supplier qualification_id=qualification",
        everybody(MISSING, **those(("supplier", *SUPERVISORS), OK)),
        everybody(MISSING, **those(("supplier", *SUPERVISORS), OK))),
    Row("agencies:scan_original", "pk=agency qualification_id=qualification", everybody(MISSING), everybody(MISSING)),
    Row("agencies:edit_profile", "", only(*AGENCIES), only(*AGENCIES, answer=DONE), {"introduction": "做调查。"}),
    Row("agencies:edit_qualifications", "", only(*AGENCIES), only(*AGENCIES, answer=UNFIT)),
    Row("agencies:withdraw_qualification", "pk=qualification", NO_GET, only(*AGENCIES, answer=MOVED, supplier=DONE)),
    Row("agencies:waiting_scan", "scan_id=scan", only(*AGENCIES, answer=MISSING, supplier=OK),
        only(*AGENCIES, answer=MISSING, supplier=OK)),
    Row("agencies:complete_scan", "scan_id=scan", NO_GET, only(*AGENCIES, answer=MISSING, supplier=DONE),
        {f"scan=scan-{name}": value for name, value in CERTIFICATE.items()}),
    Row("agencies:discard_scan", "scan_id=scan", NO_GET, only(*AGENCIES, answer=MOVED, supplier=DONE)),
    Row("agencies:edit_practitioners", "", only(*AGENCIES), only(*AGENCIES, answer=DONE),
        {"name": "王一", "certificate": "证", "certificate_number": "2"}),
    Row("agencies:withdraw_practitioner", "pk=practitioner", NO_GET, only(*AGENCIES, answer=MOVED, supplier=DONE)),
]  # fmt: skip
OWN_DRAFT = only(*OWNER, other_enterprise=MISSING, department=MISSING)
DEPT_DRAFT = those((*OWNER, "other_enterprise"), MISSING)
OWN_DRAFT_DONE = only(*OWNER, answer=DONE, other_enterprise=MISSING, department=MISSING)
NEEDS = [
    Row("marketplace:catalogue", "", everybody(), everybody()),
    Row("marketplace:item", f"code={ITEM}", everybody(), everybody()),
    Row("marketplace:needs", "", everybody(), everybody()),
    Row("marketplace:export", "ending=csv", everybody(), everybody()),
    Row("marketplace:export", "ending=xlsx", everybody(), everybody()),
    Row("marketplace:export", "ending=pdf", everybody("404 export.format"), everybody("404 export.format")),
    Row("marketplace:new", "", only(*BUYERS), only(*BUYERS, answer=DONE)),
    Row("marketplace:check_text", "", NO_GET, only(*BUYERS), {"scope": "指定松涛公司"}),
    *[Row("marketplace:edit", f"pk=draft step={step}", OWN_DRAFT, OWN_DRAFT_DONE, data) for step, data in {
        "item": {"item": ITEM}, "scope": {"title": "新名", "scope": "完成调查。" * 8, "region": people.LANGFANG},
        "money": {"ceiling": "50000"}, "method": {"method": "live_auction"},
        "schedule": {"closing": "earliest", "auction_minutes": "30", "delivery_days": "20"}}.items()],
    Row("marketplace:edit", "pk=draft step=check", OWN_DRAFT, OWN_DRAFT),
    Row("marketplace:edit", "pk=dept_draft step=item", only("department", **DEPT_DRAFT),
        only("department", answer=DONE, **DEPT_DRAFT), {"item": DEPARTMENT_ITEM}),
    Row("marketplace:edit", "pk=need step=money", only(*OWNER, answer=MOVED, **those(OTHER_BUYERS, MISSING)),
        only(*OWNER, answer=MOVED, **those(OTHER_BUYERS, MISSING)), {"ceiling": "1"}),
    Row("marketplace:publish", "pk=draft", NO_GET, OWN_DRAFT_DONE),
    Row("marketplace:discard", "pk=draft", NO_GET, OWN_DRAFT_DONE),
    Row("marketplace:discard", "pk=need", NO_GET,
        only(*OWNER, answer="409 need.published", **those(OTHER_BUYERS, MISSING))),
    Row("marketplace:copy", "pk=need", NO_GET, only(*OWNER, answer=DONE)),
    Row("marketplace:copy", "pk=draft", NO_GET, OWN_DRAFT_DONE),
    Row("marketplace:cancel", "pk=need", only(*OWNER), only(*OWNER, answer=DONE), {"reason": "不做了"}),
    Row("marketplace:cancel", "pk=live_need", only(*OWNER), only(*OWNER, answer=DONE), {"reason": "不做了"}),
    Row("marketplace:cancel", "pk=closed_need", only(*OWNER), only(*OWNER, answer=UNFIT), {"reason": "不做了"}),
    Row("marketplace:cancel", "pk=dept_need", only("department"), only("department", answer=DONE), {"reason": "停"}),
    Row("marketplace:ask", "pk=need", only(*AGENCIES), only(*AGENCIES, answer=DONE), {"text": "几份纸质报告？"}),
    Row("marketplace:ask", "pk=live_need", only(*AGENCIES), only(*AGENCIES, answer=UNFIT), {"text": "还能问吗？"}),
    Row("marketplace:ask", "pk=draft", only(*AGENCIES, answer=MISSING), only(*AGENCIES, answer=MISSING)),
    Row("marketplace:answer", "pk=question", only(*OWNER), only(*OWNER, answer=DONE), {"text": "周三上午。"}),
]  # fmt: skip
NOT_AGENCY, NOT_ENTERED, LATE = "403 entry.not_agency", "403 bid.not_entered", "409 entry.closed"
SEALED = everybody("409 record.sealed")
BID = {"amount": "=next_bid", "ref": a_bid}
FLOOR = {"amount": "45000.00", "ref": a_bid}
BIDDING = [
    *[Row("bidding:room", f"pk={place}", everybody(), NO_POST) for place in ("entry", "live", "closed", "draw")],
    *[Row("bidding:snapshot", f"pk={place}", everybody(), NO_POST) for place in ("entry", "live", "closed", "draw")],
    *[Row(f"bidding:{page}", f"pk={place}", SEALED, NO_POST)
      for page in ("result", "replay", "record") for place in ("entry", "live", "draw")],
    *[Row(f"bidding:{page}", "pk=closed", everybody(), NO_POST) for page in ("result", "replay", "record")],
    Row("bidding:enter", "pk=entry", NO_GET, only(*AGENCIES, answer=DONE, others=NOT_AGENCY, bidder="409 entry.twice")),
    Row("bidding:enter", "pk=draw", NO_GET, only(*AGENCIES, answer=DONE, others=NOT_AGENCY, bidder="409 entry.twice")),
    *[Row("bidding:enter", f"pk={place}", NO_GET, only(*AGENCIES, answer=LATE, others=NOT_AGENCY))
      for place in ("live", "closed")],
    *[Row("bidding:withdraw", f"pk={place}", NO_GET,
          only(*AGENCIES, answer="409 entry.none", others=NOT_AGENCY, bidder=DONE)) for place in ("entry", "draw")],
    Row("bidding:withdraw", "pk=live", NO_GET,
        only(*AGENCIES, answer="409 entry.none", others=NOT_AGENCY, bidder=LATE)),
    Row("bidding:bid", "pk=live", NO_GET, everybody(NOT_ENTERED, outsider="401 session.ended", bidder=OK), BID),
    Row("bidding:bid", "pk=entry", NO_GET,
        everybody(NOT_ENTERED, outsider="401 session.ended", bidder="409 bid.early"), BID),
    Row("bidding:bid", "pk=draw", NO_GET,
        everybody(NOT_ENTERED, outsider="401 session.ended", bidder="409 bid.not_live"), BID),
    Row("bidding:bid", "pk=closed", NO_GET,
        everybody(NOT_ENTERED, outsider="401 session.ended", **those(("supplier", "agency"), "409 bid.closed")), BID),
    Row("bidding:floor", "pk=live", NO_GET, everybody(NOT_ENTERED, outsider="401 session.ended", bidder=OK), FLOOR),
    Row("bidding:floor", "pk=entry", NO_GET, everybody(NOT_ENTERED, outsider="401 session.ended", bidder=OK), FLOOR),
    Row("bidding:floor", "pk=draw", NO_GET,
        everybody(NOT_ENTERED, outsider="401 session.ended", bidder="409 bid.not_live"), FLOOR),
    Row("bidding:floor", "pk=closed", NO_GET,
        everybody(NOT_ENTERED, outsider="401 session.ended", **those(("supplier", "agency"), "409 bid.closed")), FLOOR),
    Row("bidding:receipt", "pk=live seq=seal", only(*AGENCIES, answer=MISSING, bidder=OK), NO_POST),
    Row("bidding:receipt", "pk=live seq=receipt", only(*AGENCIES, answer=MISSING, bidder=OK), NO_POST),
    Row("bidding:receipt", "pk=live seq=1", only(*AGENCIES, answer=MISSING), NO_POST),
    Row("bidding:choose", "pk=direct", only(*OWNER, other_enterprise=MISSING),
        only(*OWNER, answer=DONE, other_enterprise=MISSING),
        {"agency": "=agency", "amount": "30000", "reason": "熟悉现场"}, names=True),
    *[Row("bidding:choose", f"pk={place}", only(*OWNER, "other_enterprise", answer=MISSING),
          only(*OWNER, "other_enterprise", answer=MISSING)) for place in ("live_need", "dept_need", "draft")],
]  # fmt: skip
NOT_WINNER = "403 award.not_yours"
CONTRACTS = [
    Row("contracts:award", "pk=award", everybody(), everybody()),
    Row("contracts:award_confirm", "pk=award", NO_GET, only(*AGENCIES, answer=NOT_WINNER, supplier=DONE)),
    Row("contracts:award_decline", "pk=award", NO_GET, only(*AGENCIES, answer=NOT_WINNER, supplier=DONE),
        {"reason": "人手不足"}),
    Row("contracts:letter", "pk=award", everybody(), everybody()),
    Row("contracts:contracts", "", only(*BUYERS, *AGENCIES, *SUPERVISORS), only(*BUYERS, *AGENCIES, *SUPERVISORS)),
    *[Row("contracts:contract", f"pk={place}", only(*READERS), only(*READERS))
      for place in ("drafted", "signed", "completed")],
    Row("contracts:draft", "pk=drafted", only(*PARTIES), only(*PARTIES, answer=DONE), DRAFT),
    Row("contracts:draft", "pk=signed", only(*PARTIES, answer=MOVED), only(*PARTIES, answer=MOVED), DRAFT),
    Row("contracts:confirm", "pk=drafted", NO_GET, only("supplier", answer=DONE, **those(OWNER, MOVED))),
    Row("contracts:send_back", "pk=drafted", NO_GET,
        only("supplier", answer=DONE, **those(OWNER, "409 contract.nothing_to_send_back")), {"reason": "工期太短"}),
    Row("contracts:contract_pdf", "pk=signed", only(*READERS), only(*READERS)),
    Row("contracts:contract_pdf", "pk=drafted", only(*READERS, answer=MISSING), only(*READERS, answer=MISSING)),
    Row("contracts:fund", "pk=signed", NO_GET, only(*OWNER, answer=DONE)),
    Row("contracts:report_transfer", "pk=milestone", NO_GET, only(*OWNER, answer=DONE), {"slip": a_file}),
    Row("contracts:deliver", "pk=milestone", NO_GET, only("supplier", answer=DONE), {"file": a_file}),
    Row("contracts:accept", "pk=deliverable", NO_GET, only(*OWNER, answer=DONE)),
    Row("contracts:return", "pk=deliverable", NO_GET, only(*OWNER, answer=DONE), {"defects": "缺少附图"}),
    Row("contracts:file", "pk=deliverable", only(*READERS), only(*READERS)),
]  # fmt: skip
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
    Row("payments:provider_event", "pk=event", only(*SUPERVISORS), only(*SUPERVISORS)),
    Row("payments:event_replay", "pk=event", NO_GET, only("operator", answer=DONE)),
    Row("payments:call_retry", "pk=stuck", NO_GET, only("operator", answer=DONE)),
    Row("payments:reconcile", "", NO_GET, only("operator", answer=MOVED)),
    Row("payments:reconciliation", "pk=reconciled", only(*SUPERVISORS), only(*SUPERVISORS)),
    Row("payments:demo_checkout", "name=checkout", everybody(), everybody()),
    Row("payments:demo_authenticate", "name=checkout", NO_GET, everybody(MISSING)),
    Row("payments:demo_onboarding", "name=connected", everybody(), everybody(MOVED)),
]  # fmt: skip
GROUNDS = {"grounds": "评价所说的情况与往来函件不符，请核实。"}
VERDICT = {"outcome": "upheld", "reasons": "往来函件表明记录与事实不符。"}
RATINGS = [
    Row("ratings:credit", "pk=bidder", everybody(), everybody(), names=True),
    Row("ratings:credit_csv", "pk=bidder", everybody(), everybody(), names=True),
    Row("ratings:certify", "pk=supplier", NO_GET, only("supplier", answer=DONE)),
    Row("ratings:rate", "pk=completed", only(*READERS), only(*PARTIES, answer=DONE), STARS),
    Row("ratings:rate", "pk=signed", only(*READERS, answer="409 rating.not_open"),
        only(*READERS, answer="409 rating.not_open"), STARS),
    Row("ratings:rate", "pk=rated", only(*READERS),
        only(*PARTIES, answer="409 rating.window_over"), STARS),
    Row("ratings:reply", "pk=rating", NO_GET, only("supplier", answer=DONE), {"reply": "谢谢。"}),
    Row("ratings:credit_json", "pk=bidder", everybody(), NO_POST, names=True),
    Row("ratings:appeal_rating", "pk=rating", only("supplier"), only("supplier", answer=DONE), GROUNDS),
    Row("ratings:object_to", "pk=event", only("supplier"), only("supplier", answer=DONE), GROUNDS),
    Row("ratings:appeal", "pk=appeal", everybody(), NO_POST),
    Row("ratings:appeal", "pk=objection", everybody(), NO_POST),
    Row("ratings:appeal_answer", "pk=appeal", NO_GET, only("supplier", answer=DONE), {"text": "往来函件和签收记录都已附上。"}),
    Row("ratings:appeal_evidence", "pk=appeal",
        only(*READERS, **those((*OTHER_BUYERS, "bidder", "agency"), MISSING)), NO_POST),
    Row("ratings:uses", "", only("department", *SUPERVISORS), NO_POST),
    Row("ratings:new_use", "", only("department", "regulator"), only("department", "regulator", answer=DONE),
        {"contract_number": "=rated_number", "approval_number": "廊审〔2026〕8号", "outcome": "accepted"}),
    Row("ratings:use", "pk=use", everybody(), everybody(NOT_YOURS, regulator=DONE),
        {"quality": "5", "compliance": "4", "text": "数据可靠，程序完备，结论清楚。"}),
]  # fmt: skip
WITH_CASES = (*OWNER, *OTHER_BUYERS, *AGENCIES, *SUPERVISORS)
OWN_COMPLAINT = only(*OWNER, others=MISSING, nobody=NOT_YOURS)
OWN_CASE = only("supplier", others=MISSING, nobody=NOT_YOURS)
NO_COMPLAINT_FILE = only(*WITH_CASES, answer=MISSING)
CASES = [
    Row("supervision:complaint_door", "", everybody(), everybody(UNFIT)),
    Row("supervision:complaint_new", "", everybody(), everybody(UNFIT)),
    Row("supervision:complaint", "number=complaint", everybody(MOVED), everybody(MOVED)),  # nobody shows the secret
    Row("supervision:complaint_file", "number=complaint file_id=complaint_proof", everybody(MISSING), NO_POST),
    Row("supervision:complaints", "", only(*SUPERVISORS), NO_POST),
    Row("supervision:complaint_desk", "number=complaint", only(*SUPERVISORS), only(*SUPERVISORS, answer=DONE),
        {"act": "pause", "pause-text": "送检测机构检测，约需十天。"}),
    Row("supervision:complaint_desk_file", "number=complaint file_id=complaint_proof", only(*SUPERVISORS), NO_POST),
    Row("supervision:own_cases", "", only(*WITH_CASES), NO_POST),
    Row("supervision:own_complaint", "number=complaint", OWN_COMPLAINT,
        only(*OWNER, answer=DONE, others=MISSING, nobody=NOT_YOURS),
        {"act": "reply", "reply-text": "工期由设计单位测算，附测算表。"}),
    Row("supervision:own_complaint_file", "number=complaint file_id=complaint_proof", NO_COMPLAINT_FILE, NO_POST),
    Row("supervision:own_case", "number=case", OWN_CASE,
        only("supplier", answer=DONE, others=MISSING, nobody=NOT_YOURS),
        {"act": "defend", "defend-text": "收费明细已于三月交付委托方。"}),
    Row("supervision:own_case_file", "number=decided_case file_id=defence", OWN_CASE, NO_POST),
    Row("supervision:cases", "", only(*SUPERVISORS), NO_POST),
    Row("supervision:case_new", "", only(*SUPERVISORS), only(*SUPERVISORS, answer=UNFIT)),
    Row("supervision:case", "number=case", only(*SUPERVISORS), only(*SUPERVISORS, answer=DONE),
        {"act": "notice", "notice-measure": "warning", "notice-days": "200",
         "notice-text": "补充事实后再次告知当事人。"}),
    Row("supervision:case_file", "number=decided_case file_id=defence", only(*SUPERVISORS), NO_POST),
    Row("supervision:relations", "", only(*SUPERVISORS), only(*SUPERVISORS, answer=UNFIT)),
    Row("supervision:decisions", "", everybody(), NO_POST),
    Row("supervision:decision", "number=decided_case", everybody(), NO_POST),
    Row("supervision:decision", "number=case", everybody(MISSING), NO_POST),
    Row("supervision:discretion", "", everybody(), NO_POST),
]  # fmt: skip
SUPERVISION = [
    Row("supervision:appeals", "", only(*SUPERVISORS), NO_POST),
    Row("supervision:appeal", "pk=objection", only(*SUPERVISORS), only(*SUPERVISORS, answer=DONE), VERDICT),
    Row("supervision:appeal", "pk=appeal", only(*SUPERVISORS), only(*SUPERVISORS, answer="409 appeal.not_heard"),
        VERDICT),
    Row("supervision:flags", "", only(*SUPERVISORS), NO_POST),
    Row("supervision:flag_rules", "", only(*SUPERVISORS), NO_POST),
    Row("supervision:flag", "pk=flag", only(*SUPERVISORS), only("regulator", answer=DONE),
        {"verdict": "explained", "reasons": "核对了合同往来，改动都是笔误。"}),
    Row("supervision:flag_case", "pk=flag", NO_GET, only("regulator", answer=UNFIT),  # nobody has confirmed it
        {"subject": "=enterprise", "ground": "collusion", "facts": "合同改了四稿，价格条款三次变动。"}, names=True),
]  # fmt: skip
STEP_READERS = (*PARTIES, *SUPERVISORS)
NOT_THEIRS = those(OWNER, NOT_YOURS) | those(SUPERVISORS, NOT_YOURS)
PUBLIC_BODIES = ("department", *SUPERVISORS)
CLOCKS = [
    Row("supervision:promises", "", everybody(), NO_POST),
    Row("supervision:promises_csv", "", everybody(), NO_POST),
    Row("supervision:promises_xlsx", "", everybody(), NO_POST),
    Row("supervision:promise", "pk=department", everybody(), NO_POST),
    Row("supervision:cards", "", only(*SUPERVISORS), NO_POST),
    Row("supervision:cards_csv", "", only(*SUPERVISORS), NO_POST),
    Row("supervision:cards_xlsx", "", only(*SUPERVISORS), NO_POST),
    Row("supervision:card", "pk=card", only(*STEP_READERS, others=MISSING), NO_POST),
    Row("supervision:stop", "pk=card", NO_GET, only("supplier", answer=DONE, others=MISSING, **NOT_THEIRS),
        {"ground": "waiting_for_other", "reason": "等待委托方提供资料"}),
    Row("supervision:excuse", "pk=card", NO_GET, only("supplier", answer=DONE, others=MISSING, **NOT_THEIRS),
        {"reason": "现场连日降雨，无法踏勘。"}),
    Row("supervision:stop_answer", "pk=stop", NO_GET,
        only(*OWNER, answer=DONE, others=MISSING, supplier=NOT_YOURS, **those(SUPERVISORS, NOT_YOURS)),
        {"answer": "yes"}),
    Row("supervision:stop_end", "pk=stop", NO_GET,
        only(*PARTIES, answer=DONE, others=MISSING, **those(SUPERVISORS, NOT_YOURS))),
    Row("supervision:posts", "", only(*PUBLIC_BODIES), only(*PUBLIC_BODIES, answer=UNFIT),
        {"level": "head", "user": "0"}),
    Row("supervision:post_clear", "pk=post", NO_GET,
        only("department", answer=DONE, **those(SUPERVISORS, MISSING))),
    Row("supervision:deliveries", "", OPERATOR, NO_POST),
    Row("supervision:send_again", "pk=delivery", NO_GET, only("operator", answer=DONE)),
    Row("supervision:inbox", "", only(*SIGNED_IN), NO_POST),
    Row("supervision:inbox_read", "", NO_GET, only(*SIGNED_IN, answer=MOVED)),
    Row("supervision:notice", "pk=notice", only("supplier", answer=MOVED, others=MISSING), NO_POST),
]  # fmt: skip
SOMEBODY = [role for role in SIGNED_IN if role != "nobody"]
REGULATOR, REGULATOR_DONE = only("regulator"), only("regulator", answer=DONE)
INSIDE = everybody(MISSING, **those(SUPERVISORS, OK))
A_PLAN = {"title": "执业规范检查", "basis": "条例第五十四条", "scope": "全市机构", "region": people.LANGFANG,
          "standard": "场所一致", "method": "onsite", "year": "2026", "per_year": "1", "team": "2",
          "ratio_A": "1", "ratio_B": "5", "ratio_C": "20", "ratio_D": "100"}  # fmt: skip
A_STATEMENT = {"text": "我们对这次检查的记录没有意见。"}
INSPECTIONS = [
    *[Row(f"supervision:{page}", "", everybody(), NO_POST, names=True)
      for page in ("exposure", "exposure_csv", "exposure_xlsx", "inspections")],
    Row("supervision:inspection_plan", "number=plan", everybody(), NO_POST, names=True),
    Row("supervision:inspection_plan", "number=plan_draft", everybody(MISSING, regulator=OK), NO_POST),
    *[Row("supervision:draw_record", f"pk={place}", everybody(), NO_POST, names=True)
      for place in ("drawing", "announced")],
    Row("supervision:throw_in", "pk=announced", NO_GET, only(*SOMEBODY, answer=DONE), {"text": "春江"}),
    Row("supervision:throw_in", "pk=drawing", NO_GET, only(*SOMEBODY, answer=UNFIT), {"text": "春江"}, names=True),
    Row("supervision:inspection", "number=inspection_fixing", everybody(), NO_POST, names=True),
    Row("supervision:inspection", "number=inspection_drawn", INSIDE, NO_POST, names=True),
    Row("supervision:inspection", "number=inspection_noticed", INSIDE | {"bidder": OK}, NO_POST, names=True),
    *[Row(f"supervision:inspection_{size}", "pk=shown_photo", everybody(), NO_POST) for size in ("photo", "thumbnail")],
    Row("supervision:inspection_photo", "pk=hidden_photo", INSIDE | {"supplier": OK}, NO_POST),
    Row("supervision:inspection_proof", "pk=proof", INSIDE, NO_POST),
    Row("supervision:reply_inspection", "number=inspection_noticed", NO_GET,
        only(*AGENCIES, answer=MISSING, bidder=DONE), A_STATEMENT, names=True),
    Row("supervision:report_fixed", "number=inspection_fixing", NO_GET, only("supplier", answer=DONE), A_STATEMENT),
    Row("supervision:inspection_desk", "", only(*SUPERVISORS), NO_POST, names=True),
    Row("supervision:new_plan", "", REGULATOR, REGULATOR_DONE, A_PLAN),
    Row("supervision:publish_plan", "number=plan_draft", NO_GET, REGULATOR_DONE),
    Row("supervision:announce_draw", "number=plan", NO_GET, REGULATOR_DONE, names=True),
    Row("supervision:draw", "pk=announced", NO_GET, only("regulator", answer=UNFIT), names=True),
    Row("supervision:inspectors", "", only(*SUPERVISORS), REGULATOR_DONE,
        {"email": "newcomer-inspector@example.com", "badge": "JC-3"}),
    Row("supervision:retire_inspector", "pk=inspector", NO_GET, REGULATOR_DONE),
    Row("supervision:notify_inspection", "number=inspection_drawn", NO_GET, REGULATOR_DONE, {"visit_at": "=visit"}),
    Row("supervision:record_inspection", "number=inspection_noticed", REGULATOR, REGULATOR_DONE,
        {"point": "0", "p0-verdict": "pass"}, names=True),
    Row("supervision:conclude_inspection", "number=inspection_noticed", NO_GET, only("regulator", answer=UNFIT),
        {"outcome": "ok", "summary": "逐条核对，均符合要求。"}, names=True),
    *[Row(f"supervision:{verb}_inspection", f"number=inspection_{state}", NO_GET, REGULATOR_DONE, A_STATEMENT)
      for verb, state in (("publish", "concluded"), ("follow", "reported"), ("correct", "fixing"))],
    Row("supervision:recuse_inspection", "number=inspection_drawn", NO_GET, only("regulator", answer=UNFIT),
        A_STATEMENT, names=True),
]  # fmt: skip
LIST_TERMS = {"case_number": "=decided_case", "ground": "逾期交付", "authority": "处", "legal_basis": "条例",
              "months": "6"}  # fmt: skip
LISTS = [
    *[Row(f"supervision:{page}", "", everybody(), NO_POST) for page in ("blacklist", "imported", "redlist")],
    Row("supervision:imported_entry", "pk=entry_on_list", everybody(), NO_POST),
    *[Row("supervision:public_listing", f"number={place}", everybody(), NO_POST) for place in ("held", "wrong")],
    Row("supervision:public_listing", "number=candidate", everybody(MISSING), NO_POST),
    Row("supervision:public_repair", "number=granted", everybody(), NO_POST),
    Row("supervision:public_repair", "number=asked", everybody(MISSING), NO_POST),
    Row("supervision:own_listing", "number=candidate", only(*AGENCIES, answer=MISSING, supplier=OK),
        only(*AGENCIES, answer=MISSING, supplier=DONE), {"text": "资料移交晚了三天。", "do": "defend"}),
    Row("supervision:own_repairs", "", only(*AGENCIES), NO_POST),
    Row("supervision:repair_new", "kind=measure pk=repair_target", only(*AGENCIES, answer=MISSING, supplier=OK),
        only(*AGENCIES, answer=MISSING, supplier=UNFIT), {"text": "已完成整改，制度见附件。", "commitment": "on"}),
    Row("supervision:own_repair", "number=asked", only(*AGENCIES, answer=MISSING, supplier=OK),
        only(*AGENCIES, answer=MISSING, supplier=DONE), {"do": "withdraw"}),
    Row("supervision:exit", "", only(*AGENCIES), only(*AGENCIES, answer=DONE), {"do": "leave"}),
    Row("supervision:account_check", "", only(*AGENCIES), only(*AGENCIES, answer=DONE),
        {"name": "廊坊市更正工程咨询有限公司", "contact_name": "钱新", "contact_phone": people.PHONE}),
    Row("supervision:shares", "", only("department"), NO_POST),
    Row("supervision:receive", "pk=share", NO_GET, only("department", answer=DONE)),
    Row("supervision:report_measure", "pk=received", NO_GET, only("department", answer=UNFIT), {"text": "取消评优"}),
    Row("supervision:lift_measure", "pk=joint", NO_GET, only("department", answer=DONE)),
    Row("supervision:listings", "", only(*SUPERVISORS), NO_POST),
    Row("supervision:listing_new", "", only("regulator"), only("regulator", answer=UNFIT), LIST_TERMS),  # it has one
    Row("supervision:listing", "number=candidate", only(*SUPERVISORS), only("regulator", answer=DONE),
        {"do": "drop", "drop-text": "申辩成立，不予列入名单。"}),
    Row("supervision:listing", "number=held", only(*SUPERVISORS), only("regulator", answer=UNFIT),
        {"do": "approve", "approve-text": "已经列入，不能再批。"}),
    Row("supervision:listing_file", "pk=listing_file", everybody(MISSING, **those(("supplier", *SUPERVISORS), OK)),
        NO_POST),
    Row("supervision:repairs", "", only(*SUPERVISORS), NO_POST),
    Row("supervision:repair", "number=asked", only(*SUPERVISORS), only("regulator", answer=DONE), {"do": "accept"}),
    Row("supervision:repair_file", "pk=repair_file", everybody(MISSING, **those(("supplier", *SUPERVISORS), OK)),
        NO_POST),
    Row("supervision:imports", "", only(*SUPERVISORS), only("regulator", answer=DONE),
        {"file": a_list, "as_of": str(datetime.now(ZoneInfo("Asia/Shanghai")).date()), "source": "信用中国"}),
    *[Row("supervision:list_template", f"ending={ending}", only(*SUPERVISORS), NO_POST) for ending in ("csv", "xlsx")],
    Row("supervision:list_template", "ending=pdf", only(*SUPERVISORS, answer=MISSING), NO_POST),
    Row("supervision:import", "pk=waiting_list", only(*SUPERVISORS), only("regulator", answer=DONE), {"do": "take"}),
    Row("supervision:import", "pk=taken_list", only(*SUPERVISORS), only("regulator", answer=UNFIT), {"do": "take"}),
]  # fmt: skip
PUBLIC_NEEDS = ("need", "live_need", "closed_need", "dept_need", "direct")
PORTAL = [
    Row("portal:home", "", everybody(), NO_POST),
    Row("portal:live", "", everybody(), NO_POST),
    Row("portal:held", "", only(*AGENCIES), NO_POST),
    Row("portal:my_services", "", only(*AGENCIES), only(*AGENCIES, answer=DONE),
        {"item": "02011", "fee_note": "3 万元起", "days": "20"}),
    Row("portal:withdraw_service", "pk=service", NO_GET, only(*AGENCIES, answer=MOVED, supplier=DONE)),
    Row("portal:desk", "", only(*SIGNED_IN, nobody=MOVED), NO_POST),
    *[Row(f"portal:worklist_{ending}", "", only("regulator"), NO_POST) for ending in ("csv", "xlsx")],
    *[Row("portal:need", f"pk={place}", everybody(), NO_POST) for place in PUBLIC_NEEDS],
    Row("portal:need", "pk=draft", everybody(MISSING, **those(OWNER, OK)), NO_POST),
    Row("portal:need", "pk=dept_draft", everybody(MISSING, department=OK), NO_POST),
    Row("portal:statistics", "", everybody(), NO_POST),
    Row("portal:statistics_csv", "", everybody(), NO_POST),
    Row("portal:statistics_xlsx", "", everybody(), NO_POST),
    Row("portal:oversight", "", everybody(), NO_POST),
    Row("portal:paper", "number=paper", everybody(), NO_POST),
    Row("portal:paper_pdf", "number=paper", everybody(), NO_POST),
    Row("portal:paper", "number=private_paper", everybody(MISSING), NO_POST),
    Row("portal:paper_pdf", "number=private_paper", everybody(MISSING), NO_POST),
    Row("portal:verify", "", everybody(), everybody(MOVED)),
    Row("portal:keys", "", everybody(), NO_POST),
    Row("portal:published_rules", "name=bidding version=1", everybody(), NO_POST),
    Row("portal:rules_json", "name=bidding version=1", everybody(), NO_POST),
    Row("portal:theme", "", NO_GET, everybody(MOVED), {"theme": "dark"}),
    Row("portal:style", "", everybody(), everybody()),
    Row("portal:healthz", "", everybody(), NO_POST),
    Row("portal:readyz", "", everybody(), NO_POST),
    Row("portal:item", f"code={ITEM}", OPERATOR, only("operator", answer=DONE), {"action": "cancel", "reason": "停办"}),
    Row("portal:rules", "", OPERATOR, NO_POST),
    Row("portal:rule_set", "name=bidding", OPERATOR, NO_POST),
    Row("portal:new_version", "name=bidding", OPERATOR, only("operator", answer=UNFIT), {"note": ""}),
    Row("portal:calendar", "", OPERATOR, NO_POST),
    Row("portal:calendar_year", f"year={NEXT_YEAR}", OPERATOR, NO_POST),
    Row("portal:mark_day", f"year={NEXT_YEAR}", NO_GET, only("operator", answer=DONE),
        {"date": f"{NEXT_YEAR}-03-03", "mark": "off", "name": "停电"}),
    Row("portal:official_year", f"year={NEXT_YEAR}", NO_GET, only("operator", answer=DONE),
        {"days": f"{NEXT_YEAR}-01-01 休 元旦"}),
    Row("set_language", "", everybody("204"), everybody("204"), {"language": "en"}),
]  # fmt: skip
ADMIN_DOOR = Row("admin:login", "", only(), only())
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
TABLE = [*ACCOUNTS, *AGENCY_PAGES, *NEEDS, *BIDDING, *CONTRACTS, *BOOKS, *BUDGET, *ESCROW, *RATINGS,
         *CASES, *SUPERVISION, *CLOCKS, *INSPECTIONS, *LISTS, *PORTAL,
         ADMIN_DOOR]  # fmt: skip

# Addresses of others' making, as groups: django-allauth's pages about one's own account, and the admin.
PERSONAL = ("account_reauthenticate", "account_email", "account_change_password", "account_set_password",
            "mfa_index", "mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp", "mfa_view_recovery_codes",
            "mfa_generate_recovery_codes", "mfa_download_recovery_codes", "mfa_list_webauthn", "mfa_add_webauthn",
            "mfa_reauthenticate_webauthn", "mfa_remove_webauthn", "mfa_edit_webauthn")  # fmt: skip
DOORS = ("account_login", "account_logout", "account_inactive", "account_signup", "account_email_verification_sent",
         "account_reset_password", "account_confirm_login_code", "account_confirm_email",
         "account_reset_password_from_key_done", "account_reset_password_from_key", "account_reset_password_done",
         "mfa_authenticate", "mfa_login_webauthn")  # fmt: skip

# Over the socket, by command and competition: the frame that answers, with its code or what it says of the visitor.
ROLE_IN_ROOM = everybody("hello watcher", **those(OWNER, "hello owner"), bidder="hello bidder")
SOCKET: dict[tuple[str, str], Answers] = {
    ("connect", "live"): ROLE_IN_ROOM,
    ("connect", "entry"): ROLE_IN_ROOM,
    ("connect", "draw"): everybody("hello watcher", department="hello owner", bidder="hello bidder"),
    ("connect", "closed"): everybody(
        "hello watcher", **those(OWNER, "hello owner"), **those(("supplier", "agency"), "hello bidder")
    ),
    ("connect", "nowhere"): everybody("closed 4404"),
    ("bid", "live"): everybody("refused bid.not_entered", bidder="receipt"),
    ("bid", "entry"): everybody("refused bid.not_entered", bidder="refused bid.early"),
    ("bid", "draw"): everybody("refused bid.not_entered", bidder="refused bid.not_live"),
    ("bid", "closed"): everybody("refused bid.not_entered", **those(("supplier", "agency"), "refused bid.closed")),
    ("floor", "live"): everybody("refused bid.not_entered", bidder="receipt"),
    ("floor", "entry"): everybody("refused bid.not_entered", bidder="receipt"),
    ("floor", "draw"): everybody("refused bid.not_entered", bidder="refused bid.not_live"),
    ("floor", "closed"): everybody("refused bid.not_entered", **those(("supplier", "agency"), "refused bid.closed")),
    **{("my_floor", place): everybody("my_floor") for place in ("live", "entry", "draw", "closed")},
    **{("replay", place): everybody("events") for place in ("live", "entry", "draw", "closed")},
    **{("ping", place): everybody("pong") for place in ("live", "entry", "draw", "closed")},
}
