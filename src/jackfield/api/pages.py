"""The pages beside the API, which need no token: health, readiness, metrics, description, login."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router

from jackfield.api.json_bytes import dump
from jackfield.api.metrics import MEDIA_TYPE, Metrics
from jackfield.domain.ports import Store

HEALTH: Final = "/health"
READY: Final = "/ready"
METRICS: Final = "/metrics"
OPENAPI: Final = "/openapi.json"
PATHS: Final = (HEALTH, READY, METRICS, OPENAPI)
JSON: Final = "application/json"


def build_pages(store: Store, metrics: Metrics, description: bytes) -> Router:
    """Return the application of the pages.

    A bare router: the whole Starlette application would answer an exception in plain text before ours can
    put it into the envelope.

    Args:
        description: the OpenAPI document.
    """

    async def health(_request: Request) -> Response:
        """The process runs."""
        return Response(dump({"status": "ok"}), media_type=JSON)

    async def ready(_request: Request) -> Response:
        """The store answers; Unavailable becomes a 503 outside."""
        await store.ping()
        return Response(dump({"status": "ready"}), media_type=JSON)

    async def exposition(_request: Request) -> Response:
        """Counters for Prometheus."""
        return Response(metrics.page(), headers={"content-type": MEDIA_TYPE.decode()})

    async def openapi(_request: Request) -> Response:
        """What is implemented."""
        return Response(description, media_type=JSON)

    return Router(
        routes=[
            Route(HEALTH, health),
            Route(READY, ready),
            Route(METRICS, exposition),
            Route(OPENAPI, openapi),
        ]
    )
