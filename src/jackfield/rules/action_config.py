"""Reading and checking the configuration of a data action."""

from __future__ import annotations

import json
import re

from jackfield.domain.action import (
    DEFAULT_REQUEST_TEMPLATE,
    DEFAULT_SUCCESS_TEMPLATE,
    ActionConfig,
    RequestConfig,
    ResponseConfig,
)
from jackfield.domain.integration import IntegrationType
from jackfield.domain.json_nodes import Node, NumberNode, StringNode
from jackfield.rules import mending
from jackfield.rules.members import Members
from jackfield.rules.nearest import nearest

METHODS = ("GET", "PUT", "POST", "PATCH", "DELETE")
REQUEST_MEMBERS = (
    "requestUrlTemplate",
    "requestType",
    "headers",
    "requestTemplate",
    "requestTemplateUri",
)
RESPONSE_MEMBERS = ("translationMap", "translationMapDefaults", "successTemplate", "successTemplateUri")
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")
_JSON_MEDIA = re.compile(r"[\w.+*-]+/([\w.+-]*json|\*)\s*(;.*)?\Z", re.IGNORECASE)
_ENGINE_HEADERS = frozenset({"host", "content-length"})


def read_config(members: Members, kind: IntegrationType | None, *, required: bool) -> ActionConfig:
    """Return the configuration of an action's body.

    Args:
        members: the action's members.
        kind: type of the action's integration; None if it is not known.
        required: `config`, its request and its URL have to be given.
    """
    example = '"config": {"request": {"requestUrlTemplate": "https://…", "requestType": "GET"}}'
    config = members.object("config", owner="configuration", required=required, example=example)
    if config is None:
        return ActionConfig()
    config.unknown(("request", "response", "timeoutSeconds"))
    request = config.object("request", owner="request", required=required, example=example.partition(": ")[2])
    response = config.object("response", owner="response")
    return ActionConfig(
        request=_request(request, kind, required=required) if request else RequestConfig(),
        response=_response(response) if response else ResponseConfig(),
        timeout_seconds=_timeout(config),
    )


def _request(request: Members, kind: IntegrationType | None, *, required: bool) -> RequestConfig:
    request.unknown(REQUEST_MEMBERS)
    example = '"requestUrlTemplate": "https://…"'
    # The URL of a function is set by the server.
    own_url = required and (kind is None or not kind.drafts_only)
    url = request.text("requestUrlTemplate", required=own_url, example=example)
    _check_url(request, kind, url or "")
    headers = request.texts("headers")
    _check_headers(request, headers)
    template = request.text("requestTemplate")
    return RequestConfig(
        url_template=url or "",
        request_type=_method(request, required=required),
        headers=headers,
        template=DEFAULT_REQUEST_TEMPLATE if template is None else template,
    )


def _check_url(request: Members, kind: IntegrationType | None, url: str) -> None:
    """Warn about a URL that cannot be right for the kind of integration."""
    start = url.lstrip()
    engine = kind.engine if kind else ""
    if not start or start.startswith(("$", "#")):
        return
    absolute = start.lower().startswith(("https://", "http://"))
    if (engine == "web-services" and not absolute) or (engine == "genesys-cloud" and start[0] != "/"):
        node, where = request.get("requestUrlTemplate"), request.at("requestUrlTemplate")
        form = "https://host/path" if engine == "web-services" else "/api/v2/…, without a host"
        seen = request.log.reading.seen(node)
        request.log.add(
            "URL_TEMPLATE_SUSPECT", node, where, seen=seen, form=form, type_id=kind.id if kind else ""
        )


def _method(request: Members, *, required: bool) -> str:
    text = request.text("requestType", required=required, example='"requestType": "GET"')
    if text is None or text in METHODS:
        return text or "GET"
    right = (
        text.strip().upper() if text.strip().upper() in METHODS else nearest(text.upper(), METHODS) or "GET"
    )
    node = request.get("requestType")
    seen = request.log.reading.seen(node)
    where, edits = request.at("requestType"), mending.replaced(request.at("requestType"), right)
    request.log.add("REQUEST_TYPE_UNKNOWN", node, where, seen=seen, right=right, edits=edits)
    return "GET"


def _check_headers(request: Members, headers: dict[str, str]) -> None:
    inner = request.object("headers", owner="headers") if headers else None
    if inner is None:
        return
    for name, value in headers.items():
        node, where = inner.node.member(name), inner.at(name)
        if not _HEADER_NAME.match(name):
            inner.log.add("HEADER_NAME_INVALID", node, where, name=name[:80], seen=name[:80])
        elif name.lower() in _ENGINE_HEADERS:
            edits = mending.removed(where)
            inner.log.add("HEADER_NOT_SETTABLE", node, where, name=name, seen=name, edits=edits)
        elif name.lower() == "accept" and "$" not in value and not _is_json(value):
            edits = mending.replaced(where, "application/json")
            inner.log.add("ACCEPT_NOT_JSON", inner.node.get(name), where, seen=value[:80], edits=edits)


def _is_json(accept: str) -> bool:
    return all(_JSON_MEDIA.match(part.strip()) for part in accept.split(",") if part.strip())


def _response(response: Members) -> ResponseConfig:
    response.unknown(RESPONSE_MEMBERS)
    translation_map = response.texts("translationMap")
    defaults = response.texts("translationMapDefaults")
    _check_defaults(response, translation_map, defaults)
    template = response.text("successTemplate")
    return ResponseConfig(
        translation_map=translation_map,
        translation_map_defaults=defaults,
        success_template=DEFAULT_SUCCESS_TEMPLATE if template is None else template,
    )


def _check_defaults(response: Members, translation_map: dict[str, str], defaults: dict[str, str]) -> None:
    inner = response.object("translationMapDefaults", owner="translationMapDefaults") if defaults else None
    if inner is None:
        return
    for name, text in defaults.items():
        where = inner.at(name)
        if name not in translation_map:
            near = nearest(name, translation_map)
            hint = f" Did you mean `{near}`?" if near else ""
            inner.log.add(
                "DEFAULT_WITHOUT_PATH",
                inner.node.member(name),
                where,
                name=name[:80],
                hint=hint,
                edits=inner.renaming(name, near),
            )
        if not _is_json_text(text):
            node = inner.node.get(name)
            right = json.dumps(json.dumps(text[:80], ensure_ascii=False), ensure_ascii=False)
            inner.log.add(
                "DEFAULT_NOT_JSON",
                node,
                where,
                name=name[:80],
                right=right,
                seen=inner.log.reading.seen(node),
                edits=mending.replaced(where, json.dumps(text, ensure_ascii=False)),
            )


def _is_json_text(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _timeout(config: Members) -> int | None:
    node = config.get("timeoutSeconds")
    if node is None:
        return None
    if isinstance(node, NumberNode) and node.is_integer and 1 <= node.value <= 60:
        return int(node.value)
    config.log.add(
        "TIMEOUT_OUT_OF_RANGE",
        node,
        config.at("timeoutSeconds"),
        seen=config.log.reading.seen(node),
        edits=_timeout_edits(config.at("timeoutSeconds"), node),
    )
    return None


def _timeout_edits(where: str, node: Node) -> mending.Edits:
    """Return the edit to the nearest number of seconds that is allowed."""
    text = node.value.strip() if isinstance(node, StringNode) else ""
    value = float(text) if text.isascii() and text.isdigit() else node.plain()
    if isinstance(value, bool) or not isinstance(value, int | float):
        return mending.removed(where)
    return mending.replaced(where, max(1, min(60, round(min(max(value, 0), 100)))))
