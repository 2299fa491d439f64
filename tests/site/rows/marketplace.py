"""The catalogue, needs and their questions."""

from tests.accounts import people
from tests.site.answers import (
    AGENCIES,
    BUYERS,
    DONE,
    MISSING,
    MOVED,
    NO_GET,
    OTHER_BUYERS,
    OWNER,
    UNFIT,
    Row,
    everybody,
    only,
    those,
)
from tests.site.city import DEPARTMENT_ITEM, ITEM

OWN_DRAFT = only(*OWNER, other_enterprise=MISSING, department=MISSING)
DEPT_DRAFT = those((*OWNER, "other_enterprise"), MISSING)
OWN_DRAFT_DONE = only(*OWNER, answer=DONE, other_enterprise=MISSING, department=MISSING)
ROWS = [
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
