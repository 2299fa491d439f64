"""The authority's list as rows of text, turned into entries or faults, and compared with what is known.

A file is the authority's complete list: what it no longer holds has been taken off it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from accounts.rules import credit_code
from accounts.rules.names import tidy

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": ("名称", "主体名称", "企业名称", "name"),
    "credit_code": ("统一社会信用代码", "信用代码", "credit_code"),
    "ground": ("列入事由", "失信行为", "事由", "ground"),
    "authority": ("决定机关", "认定机关", "列入机关", "authority"),
    "legal_basis": ("法律依据", "列入依据", "依据", "legal_basis"),
    "listed_on": ("列入日期", "listed_on"),
    "ends_on": ("截止日期", "有效期至", "ends_on"),
}
OPTIONAL = frozenset({"ends_on"})
LONGEST = {"name": 120, "ground": 300, "authority": 120, "legal_basis": 300}
EXCEL_EPOCH = date(1899, 12, 30)


@dataclass(frozen=True)
class Fault:
    """What is wrong with one cell. `row`: as a spreadsheet counts, the column names are row 1."""

    row: int
    column: str
    code: str
    value: str = ""


@dataclass(frozen=True)
class Line:
    """An entry as the authority publishes it."""

    name: str
    credit_code: str
    ground: str
    authority: str
    legal_basis: str
    listed_on: date
    ends_on: date | None

    @property
    def key(self) -> tuple[str, str, date]:
        """The same entry has the same key in every file."""
        return self.credit_code, self.authority, self.listed_on

    @property
    def words(self) -> tuple[str, str, str]:
        return self.name, self.ground, self.legal_basis


@dataclass(frozen=True)
class Difference:
    added: tuple[Line, ...]
    kept: tuple[Line, ...]
    gone: tuple[tuple[str, str, date], ...]

    def vanishing(self, known: int) -> int:
        """How many percent of what is known the file no longer holds."""
        return 100 * len(self.gone) // known if known else 0


def heads(found: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """Which of the file's columns is which, and the names of those that are missing."""
    tidied = {tidy(head).lower(): head for head in found}
    columns = {
        name: next((tidied[alias] for alias in aliases if alias in tidied), "") for name, aliases in COLUMNS.items()
    }
    missing = [COLUMNS[name][0] for name, head in columns.items() if not head and name not in OPTIONAL]
    return {name: head for name, head in columns.items() if head}, missing


def check(rows: Iterable[Mapping[str, str]], *, today: date) -> tuple[list[Line], list[Fault]]:
    """All rows, and every fault at once: rows by their column's own name, empty text where a cell is empty."""
    lines: list[Line] = []
    faults: list[Fault] = []
    seen: dict[tuple[str, str, date], int] = {}
    for number, row in enumerate(rows, 2):
        line, wrong = _line(row, number, today)
        faults += wrong
        if line is None:
            continue
        if line.key in seen:
            faults.append(Fault(number, "credit_code", "twice", str(seen[line.key])))
        seen.setdefault(line.key, number)
        lines.append(line)
    return lines, faults


def _line(row: Mapping[str, str], number: int, today: date) -> tuple[Line | None, list[Fault]]:
    faults: list[Fault] = []
    words = {name: tidy(row.get(name, "")) for name in LONGEST}
    for name, value in words.items():
        if not value:
            faults.append(Fault(number, name, "blank"))
        elif len(value) > LONGEST[name]:
            faults.append(Fault(number, name, "long", str(LONGEST[name])))
    code = credit_code.normalise(row.get("credit_code", ""))
    if wrong := credit_code.fault(code):
        faults.append(Fault(number, "credit_code", wrong if code else "blank", code[:40]))
    listed, ends = (_day(row.get(name, ""), number, name, faults) for name in ("listed_on", "ends_on"))
    if listed and listed > today:
        faults.append(Fault(number, "listed_on", "future", listed.isoformat()))
    if listed and ends and ends < listed:
        faults.append(Fault(number, "ends_on", "before", ends.isoformat()))
    if faults or listed is None:
        return None, faults
    return Line(credit_code=code, listed_on=listed, ends_on=ends, **words), []


def _day(typed: str, number: int, name: str, faults: list[Fault]) -> date | None:
    """2026-01-31, 2026/1/31, 2026.1.31, 2026年1月31日, 20260131, or a spreadsheet's own number of days."""
    text = tidy(typed)
    if not text:
        if name not in OPTIONAL:
            faults.append(Fault(number, name, "blank"))
        return None
    found = day_of(text)
    if found is None:
        faults.append(Fault(number, name, "date", text[:40]))
    return found


def day_of(text: str) -> date | None:
    plain = (
        text.split("T", maxsplit=1)[0]
        .split(" ", maxsplit=1)[0]
        .replace("年", "-")
        .replace("月", "-")
        .removesuffix("日")
    )
    plain = plain.replace("/", "-").replace(".", "-")
    for shape in ("%Y-%m-%d", "%Y%m%d"):
        try:
            return datetime.strptime(plain, shape).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return EXCEL_EPOCH + timedelta(days=int(plain)) if plain.isdigit() and len(plain) == 5 else None


def compare(lines: Sequence[Line], known: Mapping[tuple[str, str, date], tuple[str, str, str]]) -> Difference:
    """What a complete list changes. An entry whose words have changed goes and comes anew."""
    same = [line for line in lines if known.get(line.key) == line.words]
    held = {line.key for line in same}
    return Difference(
        added=tuple(line for line in lines if line.key not in held),
        kept=tuple(same),
        gone=tuple(key for key in known if key not in held),
    )
