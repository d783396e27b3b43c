"""Which route a path and method mean.

A tree over path segments instead of a list of patterns: the 91 routes of the API overlap (`…/{integrationId}`
and `…/credentials`), a literal segment wins over a parameter, and 404, 405 and 501 all need to know what else
there is.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from jackfield.catalog import Route

API_ROOT = "/api/v2/"
OWN_ROOT = "/jackfield/v1/"
LOGOUT = "/logout"
MAXIMUM_SEGMENTS = 16
# Longer paths are cut before they are compared: the comparison's cost grows with the square of the length.
COMPARED_CHARACTERS = 160
LESS_LIKE = 0.05
# Paths in use are few and hot; all of them are forgotten when there are too many.
REMEMBERED_PATHS = 4_096
REMEMBERED_CHARACTERS = 256


@dataclass(frozen=True, slots=True)
class Target:
    """All methods of one path.

    Args:
        path: with its `{parameter}` names.
        routes: by method.
        names: of the parameters, in path order.
    """

    path: str
    routes: dict[str, Route]
    names: tuple[str, ...]

    @property
    def allowed(self) -> tuple[str, ...]:
        """Methods for the `Allow` header."""
        methods = set(self.routes)
        return tuple(sorted(methods | ({"HEAD"} if "GET" in methods else set()) | {"OPTIONS"}))


@dataclass(slots=True)
class _Node:
    literal: dict[str, _Node] = field(default_factory=dict)
    parameter: _Node | None = None
    target: Target | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A target and the values of its path's parameters."""

    target: Target
    parameters: Mapping[str, str]


class RouteTable:
    """All routes of the server."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self.routes = tuple(routes)
        self._root = _Node()
        self._targets: dict[str, Target] = {}
        self._remembered: dict[str, Match] = {}
        for route in self.routes:
            self._add(route)

    @property
    def remembered(self) -> int:
        """How many paths are remembered."""
        return len(self._remembered)

    def match(self, raw_path: str) -> Match | None:
        """Find the target of a path as it was sent, percent-encoding included.

        Whatever stands before `/api/v2/`, `/oauth/` or `/logout` is ignored: gateway settings put a prefix
        there, and clients with a slash at the end of their host double it.
        """
        known = self._remembered.get(raw_path)
        if known is not None:
            return known
        match = self._found(raw_path)
        if match is not None and len(raw_path) <= REMEMBERED_CHARACTERS:
            if len(self._remembered) >= REMEMBERED_PATHS:
                self._remembered.clear()
            self._remembered[raw_path] = match
        return match

    def nearest(self, raw_path: str, count: int = 3) -> tuple[str, ...]:
        """Return the paths that resemble one that does not exist, the most similar first.

        A path that resembles it clearly less than the first is left out: it would only hide the right one.
        """
        segments = significant(raw_path)
        wanted = "/" + "/".join(segments)[:COMPARED_CHARACTERS]
        # The more literal a path, the later it comes, so that it wins where an id makes two paths alike.
        targets = sorted(self._targets, key=lambda path: -path.count("{"))
        paths = {_filled(path, segments)[:COMPARED_CHARACTERS]: path for path in targets}
        close = difflib.get_close_matches(wanted, paths, n=count, cutoff=0.5)
        likeness = [difflib.SequenceMatcher(None, path, wanted).ratio() for path in close]
        return tuple(
            paths[path] for path, like in zip(close, likeness, strict=True) if like > likeness[0] - LESS_LIKE
        )

    def _found(self, raw_path: str) -> Match | None:
        segments = significant(raw_path)
        if len(segments) > MAXIMUM_SEGMENTS:
            return None
        values: list[str] = []
        target = _find(self._root, segments, 0, values)
        if target is None:
            return None
        return Match(target, dict(zip(target.names, values, strict=True)))

    def _add(self, route: Route) -> None:
        node, names = self._root, []
        for segment in route.path.strip("/").split("/"):
            if segment.startswith("{"):
                names.append(segment[1:-1])
                node.parameter = node = node.parameter or _Node()
            else:
                node = node.literal.setdefault(segment, _Node())
        if node.target is None:
            node.target = self._targets[route.path] = Target(route.path, {}, tuple(names))
        node.target.routes[route.method] = route


def _filled(path: str, segments: list[str]) -> str:
    """Return a route's path with the ids of a request in it, so that an id does not count as a difference."""
    names = path.strip("/").split("/")
    if len(names) != len(segments):
        return path
    return "/" + "/".join(
        given if name.startswith("{") else name for name, given in zip(names, segments, strict=True)
    )


def significant(raw_path: str) -> list[str]:
    """Return the decoded segments of a path from `api/v2` or `oauth` on."""
    start = raw_path.find(API_ROOT)
    if start < 0:
        start = raw_path.find(OWN_ROOT)
    if start < 0:
        start = max(raw_path.rfind("/oauth/"), 0)
    if not start and raw_path.endswith(LOGOUT):
        start = len(raw_path) - len(LOGOUT)
    path = raw_path[start:].lstrip("/")
    return [unquote_to_bytes(segment).decode(errors="replace") for segment in path.split("/")]


def _find(node: _Node, segments: list[str], position: int, values: list[str]) -> Target | None:
    if position == len(segments):
        return node.target
    segment = segments[position]
    following = node.literal.get(segment)
    if following is not None:
        target = _find(following, segments, position + 1, values)
        if target is not None:
            return target
    if node.parameter is None or not segment:
        return None
    values.append(segment)
    target = _find(node.parameter, segments, position + 1, values)
    if target is None:
        values.pop()
    return target
