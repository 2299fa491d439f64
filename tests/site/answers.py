"""The words of the table of roles: who walks the city, what they may be answered, and a row.

Answers: a status; "sign-in" for being sent there; "done" for a redirect after something was recorded, "302" for one
after nothing was; a refusal as its status and code. `place` names the address' parts: "pk=draft" is the number the
city has under "draft" (tests/site/city.py), any other word stands for itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.accounts import people

# outsider: nobody signed in; nobody: signed in, no organisation; clerk: of the enterprise, but not an owner;
# bidder: entered wherever entry is open or bidding runs; supplier: won and has the contracts; agency: neither.
ROLES = ("outsider", "nobody", "enterprise", "clerk", "other_enterprise", "department", "bidder", "supplier",
         "agency", "regulator", "operator")  # fmt: skip
OWNER = ("enterprise", "clerk")
BUYERS = (*OWNER, "other_enterprise", "department")
OTHER_BUYERS = ("other_enterprise", "department")
AGENCIES = ("bidder", "supplier", "agency")
SUPERVISORS = ("regulator", "operator")
PARTIES = (*OWNER, "supplier")
READERS = (*PARTIES, *SUPERVISORS)
OK, DONE, MOVED, MISSING, WRONG_VERB, UNFIT = "200", "done", "302", "404", "405", "422"
SIGN_IN, NOT_YOURS, OWNERS_ONLY = "sign-in", "403 access.not_yours", "403 member.owners_only"
Answers = Mapping[str, str]


def everybody(answer: str = OK, **but: str) -> Answers:
    return dict.fromkeys(ROLES, answer) | but


def only(*roles: str, answer: str = OK, others: str = NOT_YOURS, **but: str) -> Answers:
    """Strangers are asked to sign in, everybody else is told it is not theirs; `but` says what differs."""
    return dict.fromkeys(ROLES, others) | {"outsider": SIGN_IN} | dict.fromkeys(roles, answer) | but


def those(roles: tuple[str, ...], answer: str) -> dict[str, str]:
    return dict.fromkeys(roles, answer)


@dataclass(frozen=True)
class Row:
    """An address with its answers; `names`: agencies are what the page is about, whatever they take part in."""

    view: str
    place: str
    get: Answers
    post: Answers
    data: Mapping[str, Any] = field(default_factory=dict)
    names: bool = False
    path: str = ""

    def __str__(self) -> str:
        return self.path or f"{self.view} {self.place}".strip()


NO_GET = everybody(WRONG_VERB)
NO_POST = everybody(WRONG_VERB)
OPERATOR = only("operator")
SIGNED_IN = [role for role in ROLES if role != "outsider"]
OWNERS = [role for role in SIGNED_IN if role not in ("nobody", "clerk")]
NEWCOMER = {
    "name": "廊坊新来环境技术有限公司", "credit_code": people.code(777), "region": people.LANGFANG,
    "contact_name": "钱新", "contact_phone": people.PHONE, "commitment": "on",
    "email": "newcomer@example.com", "password": "correct horse battery",
}  # fmt: skip
