"""The table of routes in docs/wire.md."""

from __future__ import annotations

from pathlib import Path

import pytest

from jackfield.api.own_routes import OWN_HANDLERS, OWN_ROUTES
from jackfield.api.route_page import own_table, route_table, with_tables
from jackfield.api.routes import HANDLERS
from jackfield.catalog import load_catalog
from jackfield.domain.finding import Grade

PAGE = Path(__file__).parents[3] / "docs" / "wire.md"
ROUTES = load_catalog().routes


def test_the_page_is_current() -> None:
    """docs/wire.md shows what the code implements; `scripts/routes_page.py` brings it up to date."""
    text = PAGE.read_text(encoding="utf-8")
    assert with_tables(text, ROUTES) == text


def test_all_routes_are_in_the_table() -> None:
    """91 rows of the family and all beside it, as many of them implemented as there are handlers."""
    table = route_table(ROUTES)
    family, _, beside = table.partition("Beside the integrations family")
    assert family.count("\n| ") == 93
    assert beside.count("\n| ") == len(ROUTES) - 91 + 2
    assert table.count("| yes |") == len(HANDLERS)


def test_own_routes_are_in_their_table() -> None:
    """Each route of our own has a handler and a row."""
    assert {route.operation_id for route in OWN_ROUTES} == set(OWN_HANDLERS)
    assert all(f"`{route.path}`" in own_table() for route in OWN_ROUTES)


def test_every_behaviour_has_a_grade() -> None:
    """Each row of the page's tables of behaviour ends in a grade."""
    before, _, after = PAGE.read_text(encoding="utf-8").partition("<!-- routes -->")
    after = after.partition("<!-- /own routes -->")[2]
    rows = [
        line.strip("| ").split(" | ")
        for line in (before + after).splitlines()
        if line.startswith("| ") and not line.startswith(("| ---", "| Behaviour"))
    ]
    assert len(rows) > 40
    grades = set(Grade) | {"ours"}
    assert {row[-1].strip() for row in rows} <= grades


def test_a_page_without_marks() -> None:
    """A page that cannot take the table is not overwritten silently."""
    with pytest.raises(ValueError, match="marks"):
        with_tables("no marks", ROUTES)
