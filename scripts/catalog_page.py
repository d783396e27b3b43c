#!/usr/bin/env python3
"""Writes the tables of types, limits and permissions into docs/catalog.md."""

from __future__ import annotations

from pathlib import Path

from jackfield.catalog import load_catalog
from jackfield.catalog.tables import write_tables

if __name__ == "__main__":
    write_tables(Path(__file__).parents[1] / "docs" / "catalog.md", load_catalog())
