"""The table of routes in `docs/wire.md`, made out of the catalog and the handlers.

`write_route_table(path, routes)` brings the page up to date; a test tells when that is due.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jackfield.api.routes import HANDLERS
from jackfield.catalog import Route

BEGIN = "<!-- routes -->"
END = "<!-- /routes -->"
HEAD = "| Method | Path | Here | Permission (any of) |\n| --- | --- | --- | --- |\n"


def route_table(routes: Sequence[Route]) -> str:
    """Return the Markdown table of all routes, with a line of counts before it."""
    done = sum(route.operation_id in HANDLERS for route in routes)
    rows = "".join(_row(route) for route in routes)
    return f"{done} of {len(routes)} routes are implemented; the others answer 501.\n\n{HEAD}{rows}"


def with_route_table(page: str, routes: Sequence[Route]) -> str:
    """Return a page with what stands between its two marks replaced by the table.

    Raises:
        ValueError: the page lacks a mark.
    """
    before, opening, rest = page.partition(BEGIN)
    _, closing, after = rest.partition(END)
    if not opening or not closing:
        raise ValueError(f"the page lacks the marks {BEGIN} and {END}")
    return f"{before}{BEGIN}\n{route_table(routes)}{END}{after}"


def write_route_table(path: Path, routes: Sequence[Route]) -> None:
    """Bring a page's table up to date."""
    path.write_text(with_route_table(path.read_text(encoding="utf-8"), routes), encoding="utf-8")


def _row(route: Route) -> str:
    here = "yes" if route.operation_id in HANDLERS else "501"
    if route.public:
        needs = "(no token)"
    else:
        needs = ", ".join(f"`{name}`" for name in route.permissions) or "(any token)"
    path = route.path.replace("/api/v2/integrations", "…", 1)
    return f"| {route.method} | `{path}` | {here} | {needs} |\n"
