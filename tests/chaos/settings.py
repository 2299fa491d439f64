"""The product's settings with what only chaos wants: quick passwords, no static files, a layer that may lose notes."""

from config.settings import *  # noqa: F403
from config.settings import CHANNEL_LAYERS, MIDDLEWARE, REDIS_URL

MIDDLEWARE = [name for name in MIDDLEWARE if not name.startswith("servestatic.")]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
if REDIS_URL:
    CHANNEL_LAYERS = {"default": {**CHANNEL_LAYERS["default"], "BACKEND": "tests.chaos.lossy.LossyRedisLayer"}}
