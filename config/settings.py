"""Settings. Everything that differs between places comes from the environment; nothing else needs changing.

No DATABASE_URL means the embedded default: one process, demo people, no outside service. A real database switches
the demo off.
"""

import secrets
from pathlib import Path
from typing import Any

from celery.schedules import schedule
from django.utils.translation import gettext_lazy as _
from environs import Env

from config.paths import BASE, DATA
from config.pool import ask_again, lasting
from config.schedule import PERIODIC

env = Env()


def _local_secret() -> str:
    """A secret of this data folder's own, made at first start."""
    path = DATA / "secret.key"
    if not path.exists():
        DATA.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


EMBEDDED = not env.str("DATABASE_URL", "")
DEMO = EMBEDDED and env.bool("MARKET_DEMO", True)
SIMULATE = DEMO and env.bool("MARKET_SIMULATE", True)
DEBUG = False
SECRET_KEY = env.str("SECRET_KEY", "") or _local_secret()
SIGNING_KEY = env.str("SIGNING_KEY", "")
SIGNING_KEY_FILE = DATA / "signing.key"
PAST_SIGNING_KEYS: list[str] = env.list("PAST_SIGNING_KEYS", [])
FLOOR_KEY = env.str("FLOOR_KEY", "")
FLOOR_KEY_FILE = DATA / "floor.key"
PAST_FLOOR_KEYS: list[str] = env.list("PAST_FLOOR_KEYS", [])
IDENTITY_KEY = env.str("IDENTITY_KEY", "")
IDENTITY_KEY_FILE = DATA / "identity.key"
PAST_IDENTITY_KEYS: list[str] = env.list("PAST_IDENTITY_KEYS", [])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
SITE_URL = env.str("SITE_URL", "http://localhost:8000")
SECURE = SITE_URL.startswith("https://")

INSTALLED_APPS = [
    "portal.apps.OperatorAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "config.static.CollectedConfig",
    "channels",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_filters",
    "django_htmx",
    "servestatic",
    "core",
    "accounts",
    "agencies",
    "payments",
    "marketplace",
    "bidding",
    "contracts",
    "ratings",
    "supervision",
    "portal.apps.PortalConfig",
    "config.apps.ConfigConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "servestatic.middleware.ServeStaticMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.ActorMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "core.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "csp.context_processors.nonce",
                "portal.context.site",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "core.templatetags.ui"],
        },
    },
]

_database = env.dj_db_url("DATABASE_URL", env.str("MARKET_EMBEDDED_URL", "postgresql://postgres@/postgres"))
DATABASES: dict[str, Any] = {
    "default": {
        **_database,
        "ENGINE": "config.postgresql",  # tries a pooled connection before it hands it out
        # Under ASGI every request has a thread of its own; connections outlive it in a pool.
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": False,
        "ATOMIC_REQUESTS": False,
        # After a fault the pool waits twice as long before each new attempt; soon given up, whoever waits or comes next
        # makes one.
        "OPTIONS": {
            **lasting(_database.get("OPTIONS", {})),
            "pool": {
                "min_size": 1,
                "max_size": 40,
                "timeout": 10,
                "reconnect_timeout": 3,
                "reconnect_failed": ask_again,
            },
        },
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", "")
CHANNEL_LAYERS: dict[str, Any] = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        "CONFIG": {"hosts": [{"address": REDIS_URL, "socket_timeout": None}], "capacity": 2000},
    }
    if REDIS_URL
    else {"BACKEND": "channels.layers.InMemoryChannelLayer", "CONFIG": {"capacity": 2000}},
}
# Clocks of two processes may differ by this much; beyond it readers are warned. Far below the grace of a close.
CLOCK_LIMIT_MS = env.int("CLOCK_LIMIT_MS", 250)
# Live rooms open at once from one address without signing in, and of one person who is, in each process.
SOCKETS_PER_ADDRESS = env.int("SOCKETS_PER_ADDRESS", 200)
CACHES: dict[str, Any] = {
    "default": {
        "BACKEND": "config.caches.PatientCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    }
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

# Escrow: with a key through Stripe, in the demo through a Stripe of our own; otherwise there is none, and pages say so.
STRIPE_SECRET_KEY = env.str("STRIPE_SECRET_KEY", "")
STRIPE_WEBHOOK_SECRETS: list[str] = env.list("STRIPE_WEBHOOK_SECRETS", [])
STRIPE_PAYMENT_METHODS: list[str] = env.list("STRIPE_PAYMENT_METHODS", ["card", "alipay", "wechat_pay"])
STRIPE_COUNTRY = env.str("STRIPE_COUNTRY", "HK")
STRIPE_TIMEOUT = env.int("STRIPE_TIMEOUT", 10)
STRIPE_DOUBLE = "payments.stripe_double.database.Database" if DEMO and not STRIPE_SECRET_KEY else ""
STRIPE_PAGES = ["https://checkout.stripe.com", "https://connect.stripe.com"] if STRIPE_SECRET_KEY else []

# Jobs: rows in the database. With a broker Celery executes them, without one the web process's runner threads do.
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TIMEZONE = "Asia/Shanghai"
# A worker that was away need not run what beat asked for meanwhile: the next beat asks again.
CELERY_BEAT_SCHEDULE = {
    name: {"task": name, "schedule": schedule(every), "options": {"expires": 2 * every}}
    for name, every in PERIODIC.items()
}
JOB_RUNNERS = env.int("JOB_RUNNERS", 0 if CELERY_BROKER_URL else 2)

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:desk"
ACCOUNT_LOGOUT_REDIRECT_URL = "portal:home"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a changed password or second factor is told to its owner
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SECURE else "http"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("English"))]
LOCALE_PATHS = sorted(path for path in (BASE / "locale").glob("*") if path.is_dir())
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATICFILES_DIRS = [BASE / "static", *([built] if (built := DATA / "assets").is_dir() else [])]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(DATA / "files"), "base_url": None},
    },
    "staticfiles": {"BACKEND": f"config.static.{'HashedStorage' if EMBEDDED else 'CompressedStorage'}"},
}
FONTS_FOLDER = DATA / "fonts"
SERVESTATIC_MAX_AGE = 3600
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
FILE_UPLOAD_TEMP_DIR: Path | None = None

CSRF_FAILURE_VIEW = "portal.errors.csrf"
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "style-src": ["'self'"],
        "script-src": ["'self'"],
        "connect-src": ["'self'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'", *STRIPE_PAGES],  # a form's answer may lead there
        "base-uri": ["'self'"],
        "object-src": ["'none'"],
    },
}

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_TIMEOUT = 10  # seconds for each answer of the mail server: a notice is sent while its row is held
if email_url := env.str("EMAIL_URL", ""):
    _mail = env.dj_email_url("EMAIL_URL", email_url)
    EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_HOST"], _mail["EMAIL_PORT"]
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"], _mail["EMAIL_HOST_PASSWORD"]
    EMAIL_USE_TLS = _mail["EMAIL_USE_TLS"]
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(DATA / "mail")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "market@localhost")

# Text messages: "console" writes them to the log, "http" posts JSON to SMS_URL.
SMS_DRIVER = env.str("SMS_DRIVER", "console")
SMS_URL = env.str("SMS_URL", "")
SMS_TOKEN = env.str("SMS_TOKEN", "")
# Where the authority's list is fetched from once a day: an address or a path. Empty: files are uploaded by hand.
LISTS_URL = env.str("LISTS_URL", "")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "WARNING")},
    "loggers": {"market": {"level": env.str("MARKET_LOG_LEVEL", "INFO")}},
}
