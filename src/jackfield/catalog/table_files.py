"""Files of routes, permissions and limits."""

from __future__ import annotations

from jackfield.catalog.contents import Limit, ParameterKind, Permission, QueryParameter, Route
from jackfield.catalog.document import Document
from jackfield.catalog.type_files import GRADES
from jackfield.domain.finding import Grade

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
GROUPS = ("core", "actions", "apps", "bots", "speech", "webhooks", "identity")
_KINDS = tuple(kind.value for kind in ParameterKind)


def read_routes(document: Document) -> tuple[Route, ...]:
    """Read the table of routes."""
    routes = tuple(_read_route(entry) for entry in document.objects("routes"))
    seen: set[tuple[str, str]] = set()
    for position, route in enumerate(routes):
        if (route.method, route.path) in seen:
            document.fault_at(f"/routes/{position}", "is a second route of its method and path", "each once")
        seen.add((route.method, route.path))
    document.close()
    return routes


def read_permissions(document: Document) -> tuple[Permission, ...]:
    """Read the table of permissions."""
    read = []
    for entry in document.objects("permissions"):
        read.append(Permission(name=entry.text("name"), meaning=entry.text("meaning")))
        if read[-1].name.count(":") != 2:
            entry.fault("name", f'is "{read[-1].name}"', "domain:entity:action")
        entry.close()
    document.close()
    return tuple(read)


def read_limits(document: Document) -> tuple[Limit, ...]:
    """Read the table of limits."""
    read = []
    for namespace, keys in document.object("namespaces").entries():
        for key, entry in keys.entries():
            limit = Limit(
                namespace=namespace,
                key=key,
                value=entry.count("value") or 0,
                meaning=entry.text("meaning"),
                grade=Grade(entry.choice("grade", GRADES)),
            )
            if "value" not in entry.members:
                entry.fault("value", "is missing", "a whole number of at least 1")
            entry.close()
            read.append(limit)
    document.close()
    return tuple(read)


def _read_route(document: Document) -> Route:
    route = Route(
        method=document.choice("method", METHODS),
        path=document.text("path"),
        operation_id=document.text("operationId"),
        permissions=document.texts("permissions", required=True),
        success=document.count("success") or 0,
        request_model=document.text("requestModel", required=False),
        response_model=document.text("responseModel", required=False),
        query=tuple(_read_parameter(entry) for entry in document.objects("query", required=False)),
        group=document.choice("group", GROUPS),
        public=document.flag("public"),
        scopes=document.texts("scopes", required=True),
    )
    if route.success not in (200, 204):
        document.fault("success", "is missing or another status", "200 or 204")
    if route.public and route.permissions:
        document.fault(
            "public", "is true on a route that asks for permissions", "a route without permissions"
        )
    document.close()
    return route


def _read_parameter(document: Document) -> QueryParameter:
    parameter = QueryParameter(
        name=document.text("name"),
        kind=ParameterKind(document.choice("kind", _KINDS, required=False) or "string"),
        default=document.plain("default"),
        values=document.texts("values"),
    )
    document.close()
    return parameter
