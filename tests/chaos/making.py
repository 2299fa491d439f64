"""What a round needs from the market itself. Runs in children of the nursery, which know Django."""

from datetime import UTC, datetime, timedelta

BIDDERS = 50
# Everything that takes minutes in real life takes seconds here; prices can fall a million times.
QUICK = {
    "step_share": "0.0000001",
    "step_rounding": "0.01",
    "soft_close_seconds": 1,
    "extension_seconds": 1,
    "hard_end_minutes": 0.02,
    "closing_grace_seconds": 0.5,
}


def database():
    """In a database that has its tables: quick rules, a buyer, fifty agencies with a session each."""
    from core.models import RuleSet
    from tests.accounts import people
    from tests.bidding import world

    rules = RuleSet.objects.filter(name="bidding").order_by("version").last()
    RuleSet.objects.create(
        name="bidding", version=99, effective_from=rules.effective_from, parameters=rules.parameters | QUICK
    )
    owner = people.user("bea@example.com")
    buyer = people.organisation("enterprise", 900, owner)
    crowd = [world.agency(number).pk for number in range(1, BIDDERS + 1)]
    from bidding import keys

    people = {"owner": owner.pk, "buyer": buyer.pk, "agencies": crowd}
    return {**people, "cookies": _cookies(crowd), "keys": {keys.key_id(): keys.public()}}


def _cookies(agency_ids):
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from accounts.models import Membership

    made = []
    for agency_id in agency_ids:
        user = Membership.objects.filter(organisation_id=agency_id).select_related("user").first().user
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        made.append(f"sessionid={session.session_key}")
    return made


def competition(*, owner, buyer, agencies, seconds):
    """A running competition that ends in so many seconds, with all agencies entered in their order."""
    from django.db import transaction

    from accounts.models import Organisation, User
    from bidding import services
    from core import clock
    from core.audit import By
    from tests.bidding import world

    starts = datetime.now(UTC) + timedelta(seconds=seconds) - timedelta(minutes=1)
    # In one transaction: to those who close what nobody entered, the start would seem to have passed.
    with clock.at(starts - timedelta(days=3)), transaction.atomic():
        wanted = world.need(Organisation.objects.get(pk=buyer), User.objects.get(pk=owner), starts=starts, minutes=1)
        opened = services.open_competition(need_id=wanted.pk)
        entries = [services.enter(competition_id=opened.pk, agency_id=pk, by=By(None, pk)) for pk in agencies]
    return {"pk": opened.pk, "names": [entry.pseudonym for entry in entries], "ends_at": opened.ends_at.timestamp()}
