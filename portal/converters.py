"""Path pieces of our own: paper numbers and rule-set names."""


class PaperNumber:
    """Such as ZX-2026-000123."""

    regex = "[A-Z]{1,6}-[0-9]{4}-[0-9]{6,9}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class RuleName(PaperNumber):
    """Such as bidding or credit_score."""

    regex = "[a-z][a-z0-9_]{0,39}"
