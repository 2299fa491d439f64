"""Supervision: cases, appeals and flags, clocks, inspections and lists."""

from datetime import datetime
from zoneinfo import ZoneInfo

from tests.accounts import people
from tests.site.answers import (
    AGENCIES,
    DONE,
    MISSING,
    MOVED,
    NO_GET,
    NO_POST,
    NOT_YOURS,
    OK,
    OPERATOR,
    OTHER_BUYERS,
    OWNER,
    PARTIES,
    SIGNED_IN,
    SUPERVISORS,
    UNFIT,
    Row,
    everybody,
    only,
    those,
)
from tests.site.listing import a_list

WITH_CASES = (*OWNER, *OTHER_BUYERS, *AGENCIES, *SUPERVISORS)
OWN_COMPLAINT = only(*OWNER, others=MISSING, nobody=NOT_YOURS)
OWN_CASE = only("supplier", others=MISSING, nobody=NOT_YOURS)
NO_COMPLAINT_FILE = only(*WITH_CASES, answer=MISSING)
CASES = [
    Row("supervision:complaint_door", "", everybody(), everybody(UNFIT)),
    Row("supervision:complaint_new", "", everybody(), everybody(UNFIT)),
    Row("supervision:complaint", "number=complaint", everybody(MOVED), everybody(MOVED)),  # nobody shows the secret
    Row("supervision:complaint_file", "number=complaint file_id=complaint_proof", everybody(MISSING), NO_POST),
    Row("supervision:complaint_receipt", "number=complaint", everybody(MISSING), NO_POST),
    Row("supervision:letter", "number=letter_noticed",
        everybody(MISSING, supplier=OK, **those(SUPERVISORS, OK)), NO_POST),
    Row("supervision:letter", "number=letter_published", everybody(MOVED), NO_POST),
    Row("supervision:objections", "pk=supplier", everybody(), NO_POST),
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
VERDICT = {"outcome": "upheld", "reasons": "往来函件表明记录与事实不符。"}
SUPERVISION = [
    Row("supervision:appeals", "", only(*SUPERVISORS), NO_POST),
    Row("supervision:appeal", "pk=objection", only(*SUPERVISORS), only(*SUPERVISORS, answer=DONE), VERDICT),
    Row("supervision:appeal", "pk=appeal", only(*SUPERVISORS), only(*SUPERVISORS, answer="409 appeal.not_heard"),
        VERDICT),
    Row("supervision:rating", "pk=rating", only(*PARTIES, *SUPERVISORS, others=MISSING), NO_POST),
    Row("supervision:rating_case", "pk=rating", NO_GET, only("regulator", answer=DONE),
        {"subject": "=supplier", "ground": "service_complaint", "facts": "评价反映报告一再延误，已向双方核实。"}),
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
    Row("supervision:cards", "", only(*SUPERVISORS), NO_POST, names=True),
    Row("supervision:cards_csv", "", only(*SUPERVISORS), NO_POST, names=True),
    Row("supervision:cards_xlsx", "", only(*SUPERVISORS), NO_POST, names=True),
    Row("supervision:card", "pk=card", only(*STEP_READERS, others=MISSING), NO_POST),
    Row("supervision:stop", "pk=card", NO_GET, only("supplier", answer=DONE, others=MISSING, **NOT_THEIRS),
        {"ground": "waiting_for_other", "reason": "等待委托方提供资料"}),
    Row("supervision:card_case", "pk=card", NO_GET, only("regulator", answer=UNFIT),  # it is yellow
        {"subject": "=supplier", "ground": "late_delivery", "facts": "初稿逾期十日仍未提交，已经催办。"}),
    Row("supervision:excuse", "pk=card", NO_GET, only("supplier", answer=DONE, others=MISSING, **NOT_THEIRS),
        {"reason": "现场连日降雨，无法踏勘。"}),
    Row("supervision:stop_answer", "pk=stop", NO_GET,
        only(*OWNER, answer=DONE, others=MISSING, supplier=NOT_YOURS, **those(SUPERVISORS, NOT_YOURS)),
        {"answer": "yes"}),
    Row("supervision:stop_end", "pk=stop", NO_GET,
        only(*PARTIES, answer=DONE, others=MISSING, **those(SUPERVISORS, NOT_YOURS))),
    Row("supervision:stop_evidence", "pk=stop", only(*STEP_READERS, others=MISSING), NO_POST),
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
LIST_TERMS = {"case_number": "=listing_case", "ground": "拒不签约", "legal_basis": "条例", "months": "6"}
LISTS = [
    *[Row(f"supervision:{page}", "", everybody(), NO_POST) for page in ("blacklist", "imported", "redlist")],
    Row("supervision:imported_entry", "pk=entry_on_list", everybody(), NO_POST),
    *[Row("supervision:public_listing", f"number={place}", everybody(), NO_POST) for place in ("listed_case", "wrong")],
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
    Row("supervision:listing", "number=listed_case", only(*SUPERVISORS), only("regulator", answer=UNFIT),
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
SAID = {"text": "建议把受理期限延长到五个工作日。"}
DRAFTED = {"title": "延长期限", "reasons": "来不及核实，拟延长期限。", "days": "15"}
CONSULTATIONS = [
    Row("supervision:consultations", "", everybody(), NO_POST),
    Row("supervision:consultations_feed", "", everybody(), NO_POST),
    Row("supervision:consultation", "number=draft_rule", everybody(), everybody(DONE), SAID),
    Row("supervision:consultation", "number=draft_over", everybody(), everybody(UNFIT), SAID),
    Row("supervision:consultations_desk", "", only(*SUPERVISORS), NO_POST),
    Row("supervision:consultation_new_text", "", only(*SUPERVISORS), only(*SUPERVISORS, answer=DONE),
        DRAFTED | {"text": "第一条 报价为含税价，平台记录全部过程，任何人可以查阅。"}),
    Row("supervision:consultation_new", "name=cases", only(*SUPERVISORS), only(*SUPERVISORS, answer=UNFIT), DRAFTED),
    Row("supervision:consultation_desk", "number=draft_rule", only(*SUPERVISORS),
        only("regulator", answer=DONE, operator=MISSING),
        {"act": "withdraw", "withdraw-reasons": "上位规定即将出台，另行起草。"}),
    Row("supervision:consultation_desk", "number=draft_over", only(*SUPERVISORS),
        only("regulator", answer=UNFIT, operator=MISSING), {"act": "adopt", "adopt-starts_on": "2099-01-01"}),
]  # fmt: skip
CLAUSE = {"outcome": "fixed", "new_text": "须提供营业执照扫描件。", "reasons": "改为写明材料的具体名称。"}
PUBLISHERS = ("enterprise", "clerk", "other_enterprise", "department", *SUPERVISORS)
CLAUSES = [
    Row("supervision:clauses", "", everybody(), NO_POST),
    Row("supervision:clause", "number=vague", only(*PUBLISHERS, answer=MISSING, operator=OK),
        only(*PUBLISHERS, answer=MISSING, operator=DONE), CLAUSE),
]  # fmt: skip
OFFICES = ("department", *SUPERVISORS)
QUESTIONS = [
    Row("supervision:questions", "", everybody(), NO_POST),
    Row("supervision:question_new", "", everybody(), everybody(DONE),
        {"office": "=operator", "title": "过期的环评报告还能用吗", "text": "报告过期以后，还能继续办理审批吗？"}),
    Row("supervision:question_door", "", everybody(), everybody(UNFIT)),
    # Nobody shows the secret.
    Row("supervision:own_question", "number=answered_question", everybody(MOVED), everybody(MOVED)),
    Row("supervision:question", "number=answered_question", everybody(), NO_POST),
    Row("supervision:question", "number=open_question", everybody(MISSING), NO_POST),
    Row("supervision:questions_desk", "", only(*OFFICES), NO_POST),
    Row("supervision:question_desk", "number=open_question", only(*OFFICES, answer=MISSING, operator=OK),
        only(*OFFICES, answer=MISSING, operator=DONE),
        {"act": "answer", "answer-text": "报告超过五年未开工的须重新报批。"}),
]  # fmt: skip
ROWS = [*CASES, *SUPERVISION, *CLOCKS, *INSPECTIONS, *LISTS, *CONSULTATIONS, *QUESTIONS, *CLAUSES]
