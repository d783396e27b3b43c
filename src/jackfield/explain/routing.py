"""Which operation of the API a method and an address, or the name of an SDK's method, mean."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from jackfield.catalog import Route

_ROOT: Final = "/api/v2/"
_COMPARED: Final = 160
ALIKE: Final = 0.5
MISSPELT: Final = 0.9
_ID: Final = re.compile(
    r"[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}|\d+|(?:custom|static|customAuth)_-_[\w-]+|[\w-]*\d[\w-]{5,}|[{<:$%].*"
)
_HOST: Final = re.compile(r"(?:(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):)?//(?P<host>[^/?#\s]*)")


@dataclass(frozen=True, slots=True)
class Address:
    """An address taken apart.

    Args:
        host: without user name and password, "" if there is none.
        path: from `/api/v2` on where that occurs, without query.
        query: without the question mark.
    """

    host: str
    path: str
    query: str


def address_of(url: str) -> Address:
    """Take an address apart: a URL, a host with a path, or a path alone."""
    text = url.strip().strip("\"'<>")
    host = ""
    absolute = _HOST.match(text)
    if absolute is not None:
        host, text = absolute["host"], text[absolute.end() :]
    elif not text.startswith("/") and "/api/" in text:
        host, _, rest = text.partition("/")
        text = "/" + rest
    path, _, query = text.partition("#")[0].partition("?")
    start = path.find(_ROOT)
    path = path[start:] if start > 0 else path
    return Address(host.rpartition("@")[2], path or "/", query)


class Routes:
    """The operations of the API.

    Args:
        routes: of the catalog.
    """

    def __init__(self, routes: Sequence[Route]) -> None:
        self._routes = tuple((route, _segments(route.path)) for route in routes)
        self._by_operation = {_folded(route.operation_id): route for route in routes}

    def find(self, method: str, path: str) -> Route | None:
        """Return the operation of a method and path; a literal segment wins over a parameter."""
        fitting = [route for route in self.at(path) if route.method == method.upper()]
        return fitting[0] if fitting else None

    def at(self, path: str) -> tuple[Route, ...]:
        """Return every operation of a path."""
        wanted = _segments(path)
        fitting = [(_literals(parts), route) for route, parts in self._routes if _fits(parts, wanted)]
        best = max((count for count, _ in fitting), default=0)
        return tuple(route for count, route in fitting if count == best)

    def nearest(self, path: str, method: str = "", *, likeness: float = ALIKE) -> str:
        """Return the path that resembles one that does not exist most, "" if none does.

        Args:
            path: with ids or parameters' names in it.
            method: only paths that take it are looked at; "" for all.
            likeness: from 0 to 1, how alike the two have to be.
        """
        wanted = _anonymous(path)[:_COMPARED]
        paths: dict[str, str] = {}
        for route, _ in self._routes:
            if method in ("", route.method):
                paths.setdefault(_anonymous(route.path), route.path)
        near = difflib.get_close_matches(wanted, paths, n=1, cutoff=likeness)
        return paths[near[0]] if near else ""

    def of_operation(self, name: str) -> Route | None:
        """Return the operation of an SDK's method, in the spelling of any SDK."""
        return self._by_operation.get(_folded(name))


def parameters(route: Route, path: str) -> dict[str, str]:
    """Return the values of a route's path parameters in a path."""
    pairs = zip(_segments(route.path), _segments(path), strict=False)
    return {part[1:-1]: unquote(value) for part, value in pairs if part.startswith("{")}


def is_id(segment: str) -> bool:
    """Tell an id, or a placeholder for one, from a word of a path."""
    return _ID.fullmatch(segment) is not None


def _anonymous(path: str) -> str:
    """Return a path with `{}` for every id, so that only its words are compared."""
    return "/" + "/".join("{}" if is_id(part) else part for part in _segments(path))


def _segments(path: str) -> list[str]:
    return [part for part in path.strip("/").split("/") if part]


def _literals(parts: list[str]) -> int:
    return sum(not part.startswith("{") for part in parts)


def _fits(parts: list[str], wanted: list[str]) -> bool:
    if len(parts) != len(wanted):
        return False
    pairs = zip(parts, wanted, strict=True)
    return all(part.startswith("{") or part.lower() == value.lower() for part, value in pairs)


def _folded(name: str) -> str:
    return name.replace("_", "").lower()
