"""Joining, one's organisation and its members; the admin's door."""

from tests.accounts import people
from tests.site.answers import (
    DONE,
    MISSING,
    MOVED,
    NEWCOMER,
    NO_GET,
    OWNER,
    OWNERS,
    OWNERS_ONLY,
    SIGNED_IN,
    Row,
    everybody,
    only,
)

ROWS = [
    Row("accounts:join", "", everybody(), everybody()),
    Row("accounts:join_enterprise", "", everybody(), everybody(DONE), NEWCOMER),
    Row("accounts:organisation", "", only(*SIGNED_IN), only(*SIGNED_IN)),
    Row("accounts:switch", "", NO_GET, only(*OWNER, answer=MOVED, others=MISSING), {"organisation": "=enterprise"}),
    Row("accounts:contact", "", NO_GET, only(*OWNERS, answer=DONE, clerk=OWNERS_ONLY),
        {"contact-contact_name": "李梅", "contact-contact_phone": people.PHONE}),
    Row("accounts:add_member", "", NO_GET, only(*OWNERS, answer=DONE, clerk=OWNERS_ONLY),
        {"member-email": "nobody@example.com", "member-role": "member"}),
    Row("accounts:remove_member", "user_id=clerk", NO_GET,
        only(*OWNERS, answer=MOVED, enterprise=DONE, clerk=DONE)),  # others: nobody of theirs, nothing happens
    Row("admin:login", "", only(), only()),
    Row("accounts:demo_sign_in", "", NO_GET, everybody(MISSING), {"email": "operator@example.com"}),
]  # fmt: skip
