#!/usr/bin/env python3
"""Writes the tables of routes into docs/wire.md; with --check tells whether that is due."""

from __future__ import annotations

import sys
from pathlib import Path

from jackfield.api.route_page import with_tables, write_tables
from jackfield.catalog import load_catalog

PAGE = Path(__file__).parents[1] / "docs" / "wire.md"


def main() -> int:
    """Write the page, or compare it."""
    routes = load_catalog().routes
    if "--check" not in sys.argv[1:]:
        write_tables(PAGE, routes)
        return 0
    text = PAGE.read_text(encoding="utf-8")
    if text == with_tables(text, routes):
        return 0
    print(f"{PAGE.name} is not what the code gives: run scripts/routes_page.py")
    return 1


if __name__ == "__main__":
    sys.exit(main())
