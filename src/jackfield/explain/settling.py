"""Finds the operation that a request was meant for, where its address or method is wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from jackfield.catalog import Route
from jackfield.explain.models import ROUTE_OF_MODEL, guess
from jackfield.explain.pieces import Piece
from jackfield.explain.routing import MISSPELT, Routes, address_of, is_id

ABOUT_INTEGRATIONS: Final = "/api/v2/integration"


def settled(piece: Piece, routes: Routes) -> Piece:
    """Return a request with the operation that it was meant for and an address that leads there."""
    address = address_of(piece.url)
    if piece.is_request and piece.body is not None and piece.method in ("GET", "HEAD"):
        # A body shows that something was to be written.
        return _written(piece, routes.at(address.path))
    if piece.route is not None or not piece.is_request or not address.path.startswith("/api/v2/"):
        return piece
    route = _by_method(piece, routes.at(address.path)) or _by_path(piece, address.path, routes)
    if route is None:
        return piece
    query = f"?{address.query}" if address.query else ""
    url = f"https://{address.host}" if address.host else ""
    return replace(
        piece, route=route, model=route.request_model, url=url + _filled(route, address.path) + query
    )


def _written(piece: Piece, there: tuple[Route, ...]) -> Piece:
    route = _by_method(piece, there)
    if route is None or not route.request_model:
        return piece
    return replace(piece, method=route.method, route=route, model=route.request_model)


def model_of(piece: Piece) -> str:
    """Return the model that a request's body looks like, "" if it looks like none."""
    guessed = guess(piece.body.root) if piece.body is not None and piece.body.root is not None else None
    return guessed.model if guessed is not None else ""


def _by_method(piece: Piece, there: tuple[Route, ...]) -> Route | None:
    """Return what a path takes instead of a method that it does not take."""
    if not there:
        return None
    model = model_of(piece)
    if piece.body is None:
        return next((route for route in there if route.method == "GET"), there[0])
    writing = [route for route in there if route.request_model]
    return next((route for route in writing if route.request_model == model), writing[0] if writing else None)


def _by_path(piece: Piece, path: str, routes: Routes) -> Route | None:
    misspelt = routes.nearest(path, piece.method, likeness=MISSPELT)
    if misspelt:
        # A letter or two are wrong; what the body looks like could only mislead.
        return routes.find(piece.method, misspelt)
    if not path.startswith(ABOUT_INTEGRATIONS):
        # The cloud has many more routes than are known here.
        return None
    method, usual = ROUTE_OF_MODEL.get(model_of(piece), ("", ""))
    near = routes.nearest(path, piece.method)
    by_model = routes.find(method, usual) if method else None
    by_path = routes.find(piece.method, near) if near else None
    if by_path is None or (by_model is not None and by_path.request_model != by_model.request_model):
        return by_model or by_path
    return by_path


def _filled(route: Route, path: str) -> str:
    """Return a route's path with the ids of the path that was sent."""
    ids = iter([part for part in path.split("/") if is_id(part)])
    parts = (next(ids, part) if part.startswith("{") else part for part in route.path.split("/"))
    return "/".join(parts)
