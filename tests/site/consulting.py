"""Two drafts of the regulator: one that anybody may speak to, with an opinion, and one whose time is over; two
questions to the operator, one of them answered; a clause of the catalogue that somebody finds unclear.
"""

from typing import TYPE_CHECKING

from core import rulesets
from core.audit import SYSTEM
from supervision.models import ClauseReport
from supervision.selectors.complaints import matter
from supervision.services import complaints, consultations, questions
from supervision.services.consultations import Draft

if TYPE_CHECKING:
    from tests.site.city import City

WHY = "受理期限内常常来不及核实，拟延长，并统一用语。"


def settle(city: "City") -> None:
    by = city.actors["regulator"].by
    with city.ago(days=20):
        text = "第一条 报价为含税价。\n第二条 平台记录全部过程，任何人可以查阅。"
        over = consultations.open_on_text(text=text, replaces_id=None, draft=Draft("竞价须知", WHY, 15), by=by)
    with city.ago(days=3):
        parameters = rulesets.current("complaints").parameters | {"accept": {"n": 5, "unit": "working_days"}}
        draft = consultations.open_on_parameters(
            rule_set="complaints", parameters=parameters, draft=Draft("延长投诉受理期限", WHY, 15), by=by
        )
        opinion = consultations.speak(
            consultation_id=draft.pk, text="受理期限延长后，请同时公布进度。", named=False, by=SYSTEM
        )
    _questions(city)
    _clause(city)
    city.ids |= {"draft_rule": draft.number, "draft_over": over.number, "opinion": opinion.pk}


def _questions(city: "City") -> None:
    by = city.actors["operator"].by
    text = "环评报告过期以后，能用原来的报告继续办理审批吗？"
    with city.ago(days=2):
        asked, answered = (
            questions.ask(
                office_id=city.ids["operator"], title="过期的环评报告还能用吗", text=text, public=True
            ).question
            for _ in range(2)
        )
    with city.ago(days=1):
        questions.answer(question_id=answered.pk, text="报告超过五年未开工的须重新报批。", by=by)
    city.ids |= {"open_question": asked.number, "answered_question": answered.number}


def _clause(city: "City") -> None:
    nobody = {"name": "", "phone": "", "email": ""}
    said = "“其他有关材料”没有写明是什么，无法准备，请核查。"
    with city.ago(days=2):
        told = matter("item:01001")
        complaints.file(
            matter=told, statement=said, hidden=True, contact=nobody, by=SYSTEM, clause="须提供其他有关材料。"
        )
    city.ids["vague"] = ClauseReport.objects.get().number
