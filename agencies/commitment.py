"""The commitment every agency makes. A new wording gets a new version and a template of its own; old ones stay."""

VERSION = "2026-1"
VERSIONS = (VERSION,)


def template(version: str) -> str:
    """Where a version's text is."""
    return f"agencies/commitment/{version}.html"
