"""How static files are kept: every name carries its content's hash, also the names by which modules import each other.

Production compresses them once; the embedded default serves its own machine and starts sooner without.
"""

from django.contrib.staticfiles.apps import StaticFilesConfig
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from servestatic.storage import CompressedManifestStaticFilesStorage


class CollectedConfig(StaticFilesConfig):
    """Collects what pages load: of htmx only the second major, without its extensions."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "ht*-4*", "ext", "README*"]


class HashedStorage(ManifestStaticFilesStorage):
    support_js_module_import_aggregation = True


class CompressedStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    support_js_module_import_aggregation = True
