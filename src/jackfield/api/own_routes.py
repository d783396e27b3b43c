"""Routes of Jackfield's own, below `/jackfield/v1`: what the cloud has no route for.

They pass the same gate as the API. `docs/wire.md` lists them; a test holds that.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from jackfield.api.handlers import presences, webhooks
from jackfield.api.routes import Handler
from jackfield.catalog import QueryParameter, Route
from jackfield.catalog.contents import ParameterKind

ROOT: Final = "/jackfield/v1"
VIEW: Final = ("integrations:integration:view",)
PAGES: Final = (
    QueryParameter("pageNumber", ParameterKind.INTEGER, 1),
    QueryParameter("pageSize", ParameterKind.INTEGER, 25),
)

OWN_ROUTES: Final = (
    Route(
        "GET",
        f"{ROOT}/webhook-events",
        "get_jackfield_webhook_events",
        VIEW,
        200,
        query=(*PAGES, QueryParameter("integrationId")),
    ),
    Route(
        "GET",
        f"{ROOT}/integrations/{{integrationId}}/presences",
        "get_jackfield_presences",
        ("integration:unifiedCommunications:view",),
        200,
    ),
)

OWN_HANDLERS: Final[Mapping[str, Handler]] = MappingProxyType(
    {
        "get_jackfield_webhook_events": Handler(webhooks.list_events),
        "get_jackfield_presences": Handler(presences.list_presences),
    }
)
