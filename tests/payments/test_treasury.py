"""The treasury's files: what docs/treasury.md shows is what the code writes and reads, and nothing else is read."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import Money
from payments.rules import budget, treasury
from payments.rules.treasury import Batch, Instruction, Result
from tests.repository.files import BASE

DOCUMENT = (BASE / "docs" / "treasury.md").read_text()
EXAMPLES = {kind: re.findall(rf"```{kind}\n(.*?)```", DOCUMENT, re.DOTALL) for kind in ("csv", "xml")}
BATCH = Batch(
    "GK-2026-000007", "廊坊市生态环境局", "11131000MAA0000018", "2026-06-15T09:00:00+08:00", 1, "48500.00",
    [Instruction(1, "ZF-2026-000031", "2026", "2010301-01", "行政审批技术审查与评估", "廊坊清源环境技术咨询有限公司",
                 "中国建设银行廊坊分行", "13050170893600000123", "48500.00", "技术服务费")],
)  # fmt: skip
RESULTS = [
    Result("GK-2026-000007", 1, "ZF-2026-000031", Decimal("48500.00"), "PAID", "", "20260618-0001"),
    Result("GK-2026-000007", 2, "ZF-2026-000032", Decimal("9000.00"), "REJECTED", "账号与户名不符", ""),
]


def unix(text):
    return text.replace("\r\n", "\n")


def test_the_documented_files_are_the_written_ones():
    assert [unix(treasury.as_csv(BATCH)), unix(treasury.results_csv(RESULTS))] == EXAMPLES["csv"]
    assert [treasury.as_xml(BATCH), treasury.results_xml("GK-2026-000007", RESULTS)] == EXAMPLES["xml"]


def test_the_documented_returns_are_read():
    for text in (EXAMPLES["csv"][1], EXAMPLES["xml"][1], "\ufeff" + EXAMPLES["csv"][1]):
        assert treasury.read(text.encode()) == RESULTS


TEXT = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=20).map(str.strip)
LINES = st.lists(
    st.builds(
        Result,
        batch_number=st.just("GK-2026-000001"),
        position=st.integers(1, 999999),
        order_number=TEXT,
        amount=st.decimals("0.01", "9999999999.99", places=2),
        result=st.just("REJECTED"),
        reason=TEXT.filter(bool),
        treasury_reference=TEXT,
    ),
    min_size=1, max_size=5, unique_by=lambda one: one.position,
)  # fmt: skip


@given(LINES)
def test_what_is_written_is_read_back(results):
    assert treasury.read(treasury.results_csv(results).encode()) == results
    assert treasury.read(treasury.results_xml("GK-2026-000001", results).encode()) == results


@given(st.binary(max_size=300))
def test_any_other_bytes_are_refused_in_words(content):
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - its arguments are a key of the words and a detail
        treasury.read(content)
    assert len(refused.value.args) == 2


@given(st.dictionaries(st.sampled_from(budget.STAGES), st.decimals("0.00", "9999999999.99", places=2)))
def test_a_bar_is_as_wide_as_its_whole_and_shows_everything_that_is_there(balances):
    bar = budget.bar(balances)
    assert sum(part.width for part in bar) == (budget.WIDE if any(balances.values()) else 0)
    assert {part.stage for part in bar} == {stage for stage, amount in balances.items() if amount}
    assert all(part.width > 0 for part in bar)
    ends = [part.x + part.width for part in bar]
    assert [part.x for part in bar][1:] == ends[:-1]


def test_a_price_is_divided_into_what_is_bound_and_what_returns():
    assert budget.award(Decimal(50000), Decimal("48500.25")) == budget.Award(Decimal("48500.25"), Decimal("1499.75"))
    assert Money.of("1499.75") + Money.of("48500.25") == Money.of(50000)
