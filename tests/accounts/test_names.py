"""Names lose what cannot be seen and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.rules.names import tidy


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  廊坊市  清源环境\u3000咨询有限公司 ", "廊坊市 清源环境 咨询有限公司"),
        ("证书\u202egnp.exe", "证书gnp.exe"),
        ("a\x00b\r\nc", "a b c"),
        ("李䶮㛃𬭎", "李䶮㛃𬭎"),
        ("\u200b\ufeff", ""),
    ],
)
def test_invisible_characters_go_and_rare_ones_stay(typed, kept):
    assert tidy(typed) == kept


@given(st.text())
def test_tidying_is_done_once(typed):
    assert tidy(tidy(typed)) == tidy(typed)
