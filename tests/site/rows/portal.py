"""The portal, what it proves to the public, and the operator's rooms."""

from datetime import UTC, datetime

from tests.site.answers import (
    AGENCIES,
    DONE,
    MISSING,
    MOVED,
    NO_GET,
    NO_POST,
    OK,
    OPERATOR,
    OWNER,
    SIGNED_IN,
    UNFIT,
    Row,
    everybody,
    only,
    those,
)
from tests.site.city import ITEM

NEXT_YEAR = str(datetime.now(UTC).year + 1)
PUBLIC_NEEDS = ("need", "live_need", "closed_need", "dept_need", "direct")
ROWS = [
    Row("portal:home", "", everybody(), NO_POST),
    Row("portal:live", "", everybody(), NO_POST),
    Row("portal:held", "", only(*AGENCIES), NO_POST),
    Row("portal:my_services", "", only(*AGENCIES), only(*AGENCIES, answer=DONE),
        {"item": "02011", "fee_note": "3 万元起", "days": "20"}),
    Row("portal:withdraw_service", "pk=service", NO_GET, only(*AGENCIES, answer=MOVED, supplier=DONE)),
    Row("portal:desk", "", only(*SIGNED_IN, nobody=MOVED), NO_POST, names=("regulator",)),  # whom it inspects
    *[Row(f"portal:worklist_{ending}", "", only("regulator"), NO_POST, names=True) for ending in ("csv", "xlsx")],
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
