"""The tables of routes in `docs/wire.md`, made out of the catalog and the handlers.

`scripts/routes_page.py` brings the page up to date; a test tells when that is due.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jackfield.api.own_routes import OWN_ROUTES
from jackfield.api.routes import HANDLERS
from jackfield.catalog import Route

FAMILY = "/api/v2/integrations"
OWN_HEAD = "| Method | Path | Permission (any of) |\n| --- | --- | --- |\n"
HEAD = "| Method | Path | Here | Permission (any of) |\n| --- | --- | --- | --- |\n"


def route_table(routes: Sequence[Route]) -> str:
    """Return the Markdown tables of all routes.

    Those of the integrations family come first, with a line of counts, then those beside it.
    """
    family = [route for route in routes if route.path.startswith(FAMILY)]
    beside = [route for route in routes if not route.path.startswith(FAMILY)]
    done = sum(route.operation_id in HANDLERS for route in family)
    counts = f"{done} of {len(family)} routes are implemented; the others answer 501.\n\n"
    text = counts + HEAD + "".join(_row(route) for route in family)
    if beside:
        text += "\nBeside the integrations family:\n\n" + HEAD + "".join(_row(route) for route in beside)
    return text


def own_table() -> str:
    """Return the Markdown table of the routes that the cloud does not have."""
    rows = "".join(f"| {route.method} | `{route.path}` | {_needs(route)} |\n" for route in OWN_ROUTES)
    return f"{OWN_HEAD}{rows}"


def with_tables(page: str, routes: Sequence[Route]) -> str:
    """Return a page with what stands between its marks replaced by the tables.

    Raises:
        ValueError: the page lacks a mark.
    """
    return _replaced(_replaced(page, "routes", route_table(routes)), "own routes", own_table())


def write_tables(path: Path, routes: Sequence[Route]) -> None:
    """Bring a page's tables up to date."""
    path.write_text(with_tables(path.read_text(encoding="utf-8"), routes), encoding="utf-8")


def _replaced(page: str, name: str, table: str) -> str:
    begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
    before, opening, rest = page.partition(begin)
    _, closing, after = rest.partition(end)
    if not opening or not closing:
        raise ValueError(f"the page lacks the marks {begin.strip()} and {end}")
    return f"{before}{begin}{table}{end}{after}"


def _row(route: Route) -> str:
    here = "yes" if route.operation_id in HANDLERS else "501"
    path = route.path.replace(FAMILY, "…", 1)
    return f"| {route.method} | `{path}` | {here} | {_needs(route)} |\n"


def _needs(route: Route) -> str:
    if route.public:
        return "(no token)"
    return ", ".join(f"`{name}`" for name in route.permissions) or "(any token)"
