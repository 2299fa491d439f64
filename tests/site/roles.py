"""The table: every address, every role, and what it answers. A new address needs a row before it ships: in the file of
its room in tests/site/rows, with the words of tests/site/answers.py.
"""

from tests.site.answers import OWNER, Answers, everybody, those
from tests.site.rows import (
    accounts,
    agencies,
    bidding,
    contracts,
    marketplace,
    payments,
    portal,
    ratings,
    supervision,
)

TABLE = [*accounts.ROWS, *agencies.ROWS, *marketplace.ROWS, *bidding.ROWS, *contracts.ROWS, *payments.ROWS,
         *ratings.ROWS, *supervision.ROWS, *portal.ROWS]  # fmt: skip

# Addresses of others' making, as groups: django-allauth's pages about one's own account, and the admin.
PERSONAL = ("account_reauthenticate", "account_email", "account_change_password", "account_set_password",
            "mfa_index", "mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp", "mfa_view_recovery_codes",
            "mfa_generate_recovery_codes", "mfa_download_recovery_codes", "mfa_list_webauthn", "mfa_add_webauthn",
            "mfa_reauthenticate_webauthn", "mfa_remove_webauthn", "mfa_edit_webauthn")  # fmt: skip
DOORS = ("account_login", "account_logout", "account_inactive", "account_signup", "account_email_verification_sent",
         "account_reset_password", "account_confirm_login_code", "account_confirm_email",
         "account_reset_password_from_key_done", "account_reset_password_from_key", "account_reset_password_done",
         "mfa_authenticate", "mfa_login_webauthn")  # fmt: skip

# Over the socket, by command and competition: the frame that answers, with its code or what it says of the visitor.
ROLE_IN_ROOM = everybody("hello watcher", **those(OWNER, "hello owner"), bidder="hello bidder")
SOCKET: dict[tuple[str, str], Answers] = {
    ("connect", "live"): ROLE_IN_ROOM,
    ("connect", "entry"): ROLE_IN_ROOM,
    ("connect", "draw"): everybody("hello watcher", department="hello owner", bidder="hello bidder"),
    ("connect", "closed"): everybody(
        "hello watcher", **those(OWNER, "hello owner"), **those(("supplier", "agency"), "hello bidder")
    ),
    ("connect", "nowhere"): everybody("closed 4404"),
    ("bid", "live"): everybody("refused bid.not_entered", bidder="receipt"),
    ("bid", "entry"): everybody("refused bid.not_entered", bidder="refused bid.early"),
    ("bid", "draw"): everybody("refused bid.not_entered", bidder="refused bid.not_live"),
    ("bid", "closed"): everybody("refused bid.not_entered", **those(("supplier", "agency"), "refused bid.closed")),
    ("floor", "live"): everybody("refused bid.not_entered", bidder="receipt"),
    ("floor", "entry"): everybody("refused bid.not_entered", bidder="receipt"),
    ("floor", "draw"): everybody("refused bid.not_entered", bidder="refused bid.not_live"),
    ("floor", "closed"): everybody("refused bid.not_entered", **those(("supplier", "agency"), "refused bid.closed")),
    **{("my_floor", place): everybody("my_floor") for place in ("live", "entry", "draw", "closed")},
    **{("replay", place): everybody("events") for place in ("live", "entry", "draw", "closed")},
    **{("ping", place): everybody("pong") for place in ("live", "entry", "draw", "closed")},
}
