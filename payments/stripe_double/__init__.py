"""A Stripe of our own: stateful, in this process, handed to the SDK as its HTTP client.

Demo and tests pay through it, so the SDK's real code runs: forms, idempotency keys, versions, errors, signatures. It
keeps to what Stripe documents for the calls we use and refuses what it does not know. It is never used beside a key.
"""
