"""Migrations of the schema. `REVISIONS` lists them, so that a start need not load Alembic to compare."""

from __future__ import annotations

from typing import Final

REVISIONS: Final = ("0001", "0002", "0003", "0004")
HEAD: Final = REVISIONS[-1]
