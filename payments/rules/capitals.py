"""Amounts in Chinese capitals, as bills and receipts must be written so that nobody adds a stroke.

支付结算办法 (银发〔1997〕393号) 附一 二: the unit is 元, then 角 and 分; 整 closes an amount that ends at 元 (after
角 it may, and is left out here); a zero between digits is 零, several in a row one 零; a zero at 元 before a 角 that is
not zero may be written 零 after 元, and is here. Its worked examples stand in tests/payments/test_capitals.py.
"""

from decimal import Decimal

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("仟", "佰", "拾", "")
GROUPS = ("亿", "万", "")
LIMIT = Decimal(10) ** 12


def capitals(amount: Decimal) -> str:
    """An amount in yuan, 0 up to below 10^12 with at most two places. Raises ValueError for anything else."""
    if not 0 <= amount < LIMIT or amount != amount.quantize(Decimal("0.01")):
        raise ValueError("amounts from 0 to below 10^12 with two places")
    fen = int(amount * 100)
    whole, jiao, cents = fen // 100, fen // 10 % 10, fen % 10
    if not fen:
        return "零元整"
    yuan = f"{_whole(whole)}元" if whole else ""
    if not jiao and not cents:
        return f"{yuan}整"
    gap = "零" if yuan and (not jiao or whole % 10 == 0) else ""
    return yuan + gap + (f"{DIGITS[jiao]}角" if jiao else "") + (f"{DIGITS[cents]}分" if cents else "")


def _whole(number: int) -> str:
    """Groups of four digits; a group that does not fill its place, after a higher one, begins with 零."""
    said = ""
    for place, unit in enumerate(GROUPS):
        group = number // 10_000 ** (len(GROUPS) - 1 - place) % 10_000
        if group:
            said += ("零" if said and group < 1000 else "") + _group(group) + unit
    return said


def _group(group: int) -> str:
    said, gap = "", False
    for digit, unit in zip(f"{group:04d}", PLACES, strict=True):
        if digit == "0":
            gap = bool(said)
        else:
            said += ("零" if gap else "") + DIGITS[int(digit)] + unit
            gap = False
    return said
