#!/usr/bin/env python
"""Command line of the market; starts the embedded database when no DATABASE_URL is set."""

import os
import sys

from django.core.management import execute_from_command_line

from config import embedded


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    with embedded.database():
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
