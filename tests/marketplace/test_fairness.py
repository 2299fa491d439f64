"""What the fair-competition check finds, and what it leaves alone."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.rules import fairness
from marketplace.rules.fairness import BLOCK, RULES, WARN, check
from marketplace.wording import FAIRNESS

FIRES = {
    "vague.materials": ["提交其他材料", "提供其它相关材料", "并附有关材料。", "相关证明材料", "其他必要手续"],
    "vague.scope": ["编制报告表等工作", "踏勘、监测等相关资料", "其他事项另行商定", "视情况而定", "完成甲方交办的任务"],
    "locality": [
        "须为本市注册的企业",
        "本地注册公司",
        "仅限本县企业参与",
        "优先选择本地机构",
        "本地企业优先",
        "要求在我市设立分支机构",
        "须在廊坊市设有固定的办事处",
        "注册地须在河北省",
        "外地企业不得参加",
        "具有本地纳税证明",
    ],
    "designation": [
        "指定廊坊清源环境咨询有限公司承担",
        "推荐某设计院编制",
        "由委托方指定的机构完成",
        "只能由清源公司承担",
    ],
    "closed_list": ["仅限名录库内机构", "从市财政局中介机构库中选取", "须进入入围名单"],
    "threshold.size": ["注册资本不低于500万元", "注册资金 100 万以上", "职工人数不少于30人", "年营业额不低于一千万"],
    "threshold.age": ["成立满3年", "成立时间不少于五年", "公司成立三年以上", "从业年限满10年"],
    "threshold.record": ["近三年有同类项目业绩", "类似业绩两项", "荣获省级奖项"],
    "ownership": ["仅限国有企业", "优先国企", "国有企业优先", "民营企业不得参加"],
    "brand": ["指定某品牌", "必须使用A品牌监测仪"],
    "entry_fee": ["报名时缴纳报名费200元", "收取标书费"],
}
DEPARTMENTS_ONLY = {
    "fee_shifting": ["评审费用由申请人承担", "费用由建设单位支付", "向企业收取评估费用，费用由企业承担"],
    "splitting": ["将项目拆分采购", "分3个合同签订", "分为两个项目委托"],
}
CLEAN = [
    "新建日处理 2 万吨污水处理厂二期，编制环境影响报告表，提交报批版纸质 4 份、电子版 1 份。",
    "不得指定任何公司，不限本地企业，不设注册资本要求。",
    "成果须符合环评导则的相关要求，承接机构须具有测绘资质。",
    "必须由具有工程勘察资质的机构承担",
    "由注册测绘师签字，注册环评工程师不少于两名。",
    "到本市不动产登记中心调取宗地图。",
    "按委托方指定地点提交成果，指定时间到场踏勘。",
    "项目分三个阶段交付，每个阶段提交一份报告。",
    "收集当地气象部门近二十年资料。",
    "新设立的机构同样可以参加。",
    "参与选取不收取报名费。",
]


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, texts in FIRES.items() for text in texts])
def test_fires(code, text):
    found = check(text)
    assert code in {finding.rule_code for finding in found}
    assert all(text[finding.start : finding.end] == finding.excerpt for finding in found)


@pytest.mark.parametrize(("code", "text"), [(c, t) for c, texts in DEPARTMENTS_ONLY.items() for t in texts])
def test_some_rules_bind_departments_only(code, text):
    assert code in {finding.rule_code for finding in check(text, department=True)}
    assert code not in {finding.rule_code for finding in check(text)}


@pytest.mark.parametrize("text", CLEAN)
def test_leaves_honest_texts_alone(text):
    assert [finding for finding in check(text, department=True) if finding.severity == BLOCK] == []


@pytest.mark.parametrize(
    "text", ["指 定 清源公司", "指\u200b定清源公司", "指　定清源公司", "本 市 注 册", "注册资本不低于５００万"]
)
def test_spaces_and_odd_widths_do_not_hide_anything(text):
    assert fairness.blocking(check(text))


def test_a_line_ends_a_clause():
    assert check("指定\n地点由公司自定") == []


def test_a_registered_agency_may_not_be_named():
    found = check("由廊坊清源环境咨询有限公司完成", names=["廊坊清源环境咨询有限公司"])
    assert ("designation", "廊坊清源环境咨询有限公司") in {(one.rule_code, one.excerpt) for one in found}


def test_every_rule_has_words_and_every_word_a_rule():
    assert {rule.code for rule in RULES} == set(FAIRNESS)
    assert {rule.severity for rule in RULES} == {BLOCK, WARN}
    assert set(FIRES) | set(DEPARTMENTS_ONLY) == set(FAIRNESS)


@given(st.text(max_size=400))
def test_places_point_into_the_text(text):
    for finding in check(text, department=True):
        assert text[finding.start : finding.end] == finding.excerpt
        assert finding.excerpt


@pytest.mark.parametrize("text", ["仅限" * 5000, "注册资本" * 5000, "费用由" * 7000, "在" * 20_000, "本地" * 10_000])
def test_long_texts_are_read_quickly(text):
    started = time.process_time()
    check(text, department=True)
    assert time.process_time() - started < 5
