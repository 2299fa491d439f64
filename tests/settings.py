"""The product's settings with what only tests want: files served straight from their folders, quick passwords."""

from config.settings import *  # noqa: F403
from config.settings import DATABASES, MIDDLEWARE, STORAGES
from tests import template

STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
SERVESTATIC_USE_FINDERS = True
MIDDLEWARE = [
    "tests.static.OnceServeStaticMiddleware" if name.startswith("servestatic.") else name for name in MIDDLEWARE
]
# A thread that ends without closing takes its connection with it and the pool counts it for ever: tests end many.
DATABASES["default"]["OPTIONS"]["pool"] |= {"max_size": 1000, "timeout": 30}
DATABASES["default"]["TEST"] = {"TEMPLATE": template.NAME}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Job runners start only where a test asks for a living market (tests/live.py).
JOB_RUNNERS = 2
# The simulated market would move what tests look at; its own tests call it step by step.
SIMULATE = False
# Stripe's double keeps what it knows in memory; tests of money start it anew (tests/payments/conftest.py).
STRIPE_SECRET_KEY, STRIPE_DOUBLE = "", "payments.stripe_double.shelf.Memory"
