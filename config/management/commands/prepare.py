"""manage.py prepare: everything between an installed program and one that can serve. Safe to repeat."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from config import preparation


class Command(BaseCommand):
    help = "Compile texts, collect static files, migrate, ship rules and catalogue, seed the demo; only what changed."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="run every part, changed or not")

    def handle(self, *_args: Any, **options: Any) -> None:
        parts = preparation.PARTS if options["all"] else preparation.due()
        for part in parts:
            self.stdout.write(f"… {part.label}")
            self.stdout.flush()
            preparation.run(part)
