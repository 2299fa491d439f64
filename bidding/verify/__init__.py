"""Checks a published record without trusting anyone: `python -m bidding.verify FILE [--key ID=HEX]`. No Django.

docs/verification.md says what a record is and what is checked, well enough to write another verifier from it. Ours for
the browser is static/js/verify/; tests/vectors hold both to the same answers.

finding   what a check says, and the running of checks
record    the checks of a record, in order, and the first three: form, chain, heads
course    everything happens in its time, under the published rules
floors    what sealed floors held, and the automatic bids they made
decision  bids, identities, draw and awards, each decided again
receipt   a bidder's receipt, alone and against the record
"""

from bidding.verify.finding import Finding
from bidding.verify.receipt import verify_receipt
from bidding.verify.record import verify

__all__ = ["Finding", "verify", "verify_receipt"]
