"""A wrong and a right example of each rule, as actions that the tests lint and as text for the documentation."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

Overrides = Mapping[str, Any]

_USUAL: Final[Overrides] = {
    "url": "https://api.example.com/orders/$esc.uriEncode(${input.orderId})",
    "inputs": {"orderId": "string"},
    "paths": {"state": "$.state"},
    "defaults": {"state": '""'},
    "success": '{"state": ${state}}',
    "outputs": {"state": "string"},
}
_POST: Final[Overrides] = {
    "method": "POST",
    "url": "https://api.example.com/orders",
    "inputs": {"note": "string"},
}
_BODY: Final = '{"note": "$esc.jsonEncode(${input.note})"}'
_FORM: Final[Overrides] = {"Content-Type": "application/x-www-form-urlencoded"}
_OPTIONAL: Final[Overrides] = {**_POST, "required": []}
_LOGIN: Final[Overrides] = {
    "login": True,
    "method": "POST",
    "url": "${credentials.loginUrl}",
    "inputs": {},
    "headers": _FORM,
    "body": "grant_type=client_credentials",
    "paths": {},
    "defaults": {},
    "success": "${rawResult}",
    "outputs": {},
}
_PLATFORM: Final[Overrides] = {
    "type": "purecloud-data-actions",
    "url": "/api/v2/users/$esc.uriEncode(${input.orderId})",
}
_LIST: Final[Overrides] = {
    "paths": {"state": "$.orders[*].state"},
    "defaults": {},
    "success": '{"state": ${successTemplateUtils.firstFromArray("${state}", "$esc.quote$esc.quote")}}',
}


@dataclass(frozen=True, slots=True)
class Example:
    """One rule's example.

    Args:
        code: of the finding that the wrong one gives.
        both: what both have besides the usual.
        bad: what the wrong one has.
        good: what the right one has in its place.
    """

    code: str
    both: Overrides
    bad: Overrides
    good: Overrides

    def bad_action(self) -> dict[str, Any]:
        """Return the wrong one as an exported file."""
        return exported({**_USUAL, **self.both, **self.bad})

    def good_action(self) -> dict[str, Any]:
        """Return the right one as an exported file."""
        return exported({**_USUAL, **self.both, **self.good})

    def shown(self) -> tuple[str, str]:
        """Return the parts in which the two differ, as text."""
        return _shown(self.bad), _shown(self.good)


def exported(sketch: Overrides) -> dict[str, Any]:
    """Return a sketch of an action as an exported file."""
    inputs = {name: _schema(one) for name, one in sketch["inputs"].items()}
    required = sketch.get("required", list(inputs))
    outputs = {name: _schema(one) for name, one in sketch["outputs"].items()}
    contract = {
        "input": {"inputSchema": {"type": "object", "properties": inputs, "required": required}},
        "output": {"successSchema": {"type": "object", "properties": outputs, **sketch.get("output", {})}},
    }
    if not required:
        del contract["input"]["inputSchema"]["required"]
    config: dict[str, Any] = {
        "request": {
            "requestUrlTemplate": sketch["url"],
            "requestType": sketch.get("method", "GET"),
            "headers": dict(sketch.get("headers", {})),
            "requestTemplate": sketch.get("body", "${input.rawRequest}"),
        },
        "response": {
            "translationMap": dict(sketch["paths"]),
            "translationMapDefaults": dict(sketch["defaults"]),
            "successTemplate": sketch["success"],
        },
    }
    if "timeout" in sketch:
        config["timeoutSeconds"] = sketch["timeout"]
    return {
        "name": sketch.get("name", "Get order"),
        "integrationType": sketch.get("type", "custom-rest-actions"),
        "actionType": "customAuth" if sketch.get("login") else "custom",
        "config": config,
        "contract": {**contract, "input": sketch.get("input", contract["input"])},
        "secure": sketch.get("secure", False),
    }


def _schema(given: Any) -> Any:
    return {"type": given} if isinstance(given, str) else given


def _shown(overrides: Overrides) -> str:
    parts = []
    for name, value in overrides.items():
        if name in ("url", "body", "success", "method", "name", "type") and isinstance(value, str):
            parts.append(value.replace("\n", "\\n"))
        else:
            parts.append(f"{name}: {json.dumps(value, ensure_ascii=False)}")
    return " ".join(parts)


def _rows(rows: Sequence[tuple[str, Overrides, Overrides, Overrides]]) -> tuple[Example, ...]:
    return tuple(Example(*row) for row in rows)


_REQUESTS: Final = _rows(
    [
        (
            "JSON_INPUT_UNESCAPED",
            _POST,
            {"body": '{"note": "${input.note}"}'},
            {"body": _BODY},
        ),
        (
            "URL_PATH_INPUT_UNESCAPED",
            {"inputs": {"city": "string"}},
            {"url": "https://api.example.com/cities/${input.city}"},
            {"url": "https://api.example.com/cities/$esc.uriEncode(${input.city})"},
        ),
        (
            "URL_QUERY_INPUT_UNESCAPED",
            {"inputs": {"phone": "string"}},
            {"url": "https://api.example.com/orders?phone=${input.phone}"},
            {"url": "https://api.example.com/orders?phone=$esc.uriEncode(${input.phone})"},
        ),
        (
            "FORM_INPUT_UNESCAPED",
            {**_POST, "headers": _FORM},
            {"body": "note=${input.note}"},
            {"body": "note=$esc.uriEncode(${input.note})"},
        ),
        (
            "HEADER_INPUT_UNESCAPED",
            {"inputs": {"orderId": "string", "tenant": "string"}},
            {"headers": {"X-Tenant": "${input.tenant}"}},
            {"headers": {"X-Tenant": "$esc.uriEncode(${input.tenant})"}},
        ),
        (
            "PATH_FORM_ENCODED",
            {"inputs": {"city": "string"}},
            {"url": "https://api.example.com/cities/$esc.url(${input.city})"},
            {"url": "https://api.example.com/cities/$esc.uriEncode(${input.city})"},
        ),
        (
            "ESCAPED_FOR_ANOTHER_PLACE",
            _POST,
            {"body": '{"note": "$esc.html(${input.note})"}'},
            {"body": _BODY},
        ),
        (
            "ESCAPED_TWICE",
            _POST,
            {"body": '{"note": "$esc.jsonEncode($esc.jsonString(${input.note}))"}'},
            {"body": _BODY},
        ),
        (
            "ESCAPED_WITHOUT_QUOTES",
            _POST,
            {"body": '{"note": $esc.jsonEncode(${input.note})}'},
            {"body": _BODY},
        ),
        (
            "OPTIONAL_INPUT_PRINTED",
            _OPTIONAL,
            {"body": '{"note": "$esc.jsonEncode(${input.note})"}'},
            {"body": '{"note": "$esc.jsonEncode("$!{input.note}")"}'},
        ),
        ("OPTIONAL_INPUT_IN_PATH", {}, {"required": []}, {"required": ["orderId"]}),
        (
            "OPTIONAL_INPUT_LEAVES_GAP",
            {**_POST, "inputs": {"count": "integer"}, "required": []},
            {"body": '{"count": ${input.count}}'},
            {"body": '{#if("$!{input.count}" != "")"count": ${input.count}#end}'},
        ),
        (
            "TEXT_INPUT_BARE",
            _POST,
            {"body": '{"note": ${input.note}}'},
            {"body": _BODY},
        ),
        (
            "NUMBER_INPUT_QUOTED",
            {**_POST, "inputs": {"count": "integer"}},
            {"body": '{"count": "${input.count}"}'},
            {"body": '{"count": ${input.count}}'},
        ),
        (
            "INPUT_UNUSED",
            {},
            {"inputs": {"orderId": "string", "language": "string"}},
            {"inputs": {"orderId": "string"}},
        ),
        (
            "INPUT_DEFAULT_NOT_APPLIED",
            {**_OPTIONAL, "body": '{"note": "$esc.jsonEncode("$!{input.note}")"}'},
            {"inputs": {"note": {"type": "string", "default": "none"}}},
            {"inputs": {"note": {"type": "string"}}},
        ),
        (
            "SECRET_INPUT_NOT_SECURE",
            {**_POST, "inputs": {"password": "string"}},
            {"body": '{"pin": "$esc.jsonEncode(${input.password})"}', "secure": False},
            {"body": '{"pin": "$esc.jsonEncode(${input.password})"}', "secure": True},
        ),
        (
            "NAMES_DIFFER_IN_CASE",
            {"url": "https://api.example.com/orders"},
            {"method": "POST", "inputs": {"orderId": "string", "OrderID": "string"}},
            {"method": "POST", "inputs": {"orderId": "string", "parcelId": "string"}},
        ),
        (
            "INPUT_NAME_CASE",
            {},
            {"url": "https://api.example.com/orders/$esc.uriEncode(${Input.orderid})"},
            {"url": "https://api.example.com/orders/$esc.uriEncode(${input.orderId})"},
        ),
        (
            "INPUT_UNKNOWN",
            {},
            {"url": "https://api.example.com/orders/$esc.uriEncode(${input.order})"},
            {"url": "https://api.example.com/orders/$esc.uriEncode(${input.orderId})"},
        ),
        (
            "HOST_FROM_INPUT",
            {"inputs": {"tenant": "string"}},
            {"url": "https://${input.tenant}.example.com/orders"},
            {"url": "https://api.example.com/orders?tenant=$esc.uriEncode(${input.tenant})"},
        ),
        (
            "PLAIN_HTTP",
            {"inputs": {}},
            {"url": "http://api.example.com/orders"},
            {"url": "https://api.example.com/orders"},
        ),
        (
            "URL_CARRIES_USER",
            {"inputs": {}},
            {"url": "https://reader:pass@api.example.com/orders"},
            {"url": "https://api.example.com/orders"},
        ),
        (
            "URL_BLANK",
            {"inputs": {}},
            {"url": "https://api.example.com/orders?state=in transit"},
            {"url": "https://api.example.com/orders?state=in%20transit"},
        ),
        (
            "URL_TWO_QUESTION_MARKS",
            {"inputs": {}},
            {"url": "https://api.example.com/orders?open=true?page=1"},
            {"url": "https://api.example.com/orders?open=true&page=1"},
        ),
        (
            "URL_FRAGMENT",
            {"inputs": {}},
            {"url": "https://api.example.com/orders?color=#333"},
            {"url": "https://api.example.com/orders?color=%23333"},
        ),
        (
            "URL_TEMPLATE_SUSPECT",
            {"inputs": {}},
            {"url": "api.example.com/orders"},
            {"url": "https://api.example.com/orders"},
        ),
        (
            "PLATFORM_PATH_UNKNOWN",
            _PLATFORM,
            {"url": "/users/$esc.uriEncode(${input.orderId})"},
            {"url": "/api/v2/users/$esc.uriEncode(${input.orderId})"},
        ),
        (
            "PLATFORM_CALLED_AS_WEB_SERVICE",
            {"inputs": {}},
            {"url": "https://api.mypurecloud.ie/api/v2/users", "type": "custom-rest-actions"},
            {"url": "/api/v2/users", "type": "purecloud-data-actions"},
        ),
        (
            "PLACEHOLDER_LEFT",
            {"inputs": {}},
            {"url": "https://{{host}}/orders"},
            {"url": "https://api.example.com/orders"},
        ),
        (
            "HEADER_TWICE",
            {},
            {"headers": {"X-Trace": "on", "x-trace": "off"}},
            {"headers": {"X-Trace": "on"}},
        ),
        (
            "HEADER_LINE_BREAK",
            {},
            {"headers": {"X-Trace": "on\n"}},
            {"headers": {"X-Trace": "on"}},
        ),
        (
            "HEADER_NAME_INVALID",
            {},
            {"headers": {"X Trace": "on"}},
            {"headers": {"X-Trace": "on"}},
        ),
        (
            "HEADER_NOT_SETTABLE",
            {},
            {"headers": {"Host": "api.example.com"}},
            {"headers": {}},
        ),
        (
            "ACCEPT_NOT_JSON",
            {},
            {"headers": {"Accept": "text/xml"}},
            {"headers": {"Accept": "application/json"}},
        ),
        (
            "TRANSFER_ENCODING_UNKNOWN",
            {},
            {"headers": {"Transfer-Encoding": "chunked"}},
            {"headers": {"Transfer-Encoding": "buffered"}},
        ),
        (
            "AUTHORIZATION_OF_PLATFORM",
            _PLATFORM,
            {"headers": {"Authorization": "Bearer ${input.orderId}"}},
            {"headers": {}},
        ),
        (
            "BASIC_NOT_ENCODED",
            {},
            {"headers": {"Authorization": "Basic ${credentials.user}:${credentials.password}"}},
            {
                "headers": {
                    "Authorization": 'Basic $encoding.base64("${credentials.user}:${credentials.password}")'
                }
            },
        ),
        (
            "REQUEST_TYPE_UNKNOWN",
            {},
            {"method": "get"},
            {"method": "GET"},
        ),
        (
            "BODY_OF_GET",
            {},
            {"method": "GET", "body": '{"open": true}'},
            {"method": "GET"},
        ),
        (
            "BODY_OF_DELETE",
            {},
            {"method": "DELETE", "body": '{"open": true}'},
            {"method": "DELETE"},
        ),
        (
            "BODY_NOT_JSON",
            _POST,
            {"body": '{"note": "$esc.jsonEncode(${input.note})",}'},
            {"body": _BODY},
        ),
        (
            "BODY_OF_ANOTHER_KIND",
            {**_POST, "headers": _FORM},
            {"body": _BODY},
            {"body": "note=$esc.uriEncode(${input.note})"},
        ),
        (
            "SECRET_IN_LITERAL",
            {},
            {"headers": {"X-Api-Key": "9f8e7d6c5b4a3f2e1d0c"}},
            {"headers": {"X-Api-Key": "${credentials.apiKey}"}},
        ),
        (
            "CREDENTIAL_IN_URL",
            {"inputs": {}},
            {"url": "https://api.example.com/orders?apikey=${credentials.apiKey}"},
            {"url": "https://api.example.com/orders", "headers": {"X-Api-Key": "${credentials.apiKey}"}},
        ),
        (
            "CREDENTIALS_NOT_AVAILABLE",
            _PLATFORM,
            {"headers": {"X-Key": "${credentials.apiKey}"}},
            {"headers": {}},
        ),
        (
            "AUTH_RESPONSE_IN_LOGIN",
            _LOGIN,
            {"body": "refresh=${authResponse.refresh}"},
            {"body": "refresh=$esc.uriEncode(${credentials.refresh})"},
        ),
        (
            "LOGIN_WITH_INPUTS",
            _LOGIN,
            {"body": "user=$esc.uriEncode(${input.user})", "inputs": {"user": "string"}},
            {"body": "user=$esc.uriEncode(${credentials.user})"},
        ),
        ("TIMEOUT_OF_LOGIN", _LOGIN, {"timeout": 10}, {}),
        (
            "TIMEOUT_OF_FUNCTION",
            {"type": "function-data-actions", "url": "orders", "method": "POST"},
            {"timeout": 30},
            {"timeout": 15},
        ),
        ("TIMEOUT_OUT_OF_RANGE", {}, {"timeout": 90}, {"timeout": 60}),
        (
            "NAME_OF_AN_EXPORT",
            {},
            {"name": "Get order - Exported 2026-01-01 @ 9:30"},
            {"name": "Get order"},
        ),
    ]
)

_RESULTS: Final = _rows(
    [
        (
            "TEMPLATE_VARIABLE_UNKNOWN",
            {},
            {"success": '{"state": ${States}}'},
            {"success": '{"state": ${state}}'},
        ),
        (
            "TEMPLATE_DOLLAR_MISSING",
            _POST,
            {"body": '{"note": "{input.note}"}'},
            {"body": _BODY},
        ),
        (
            "TEMPLATE_SYNTAX",
            {},
            {"success": '{#if($state == \'"open"\')"state": ${state}}'},
            {"success": '{"state": ${state}}'},
        ),
        (
            "MAP_VARIABLE_UNUSED",
            {"defaults": {"state": '""', "total": "0"}},
            {"paths": {"state": "$.state", "total": "$.total"}},
            {"paths": {"state": "$.state"}, "defaults": {"state": '""'}},
        ),
        ("MAP_WITHOUT_EFFECT", {}, {"success": "${rawResult}"}, {"success": '{"state": ${state}}'}),
        (
            "MAP_NAME_NOT_A_VARIABLE",
            {},
            {"paths": {"state": "$.state", "order state": "$.state"}},
            {"paths": {"state": "$.state"}},
        ),
        (
            "MAP_NAME_TAKEN",
            {},
            {"paths": {"math": "$.state"}, "defaults": {"math": '""'}, "success": '{"state": ${math}}'},
            {"paths": {"mark": "$.state"}, "defaults": {"mark": '""'}, "success": '{"state": ${mark}}'},
        ),
        (
            "PATH_LEADING_DOT",
            {"outputs": {"state": {"type": "array", "items": {"type": "string"}}}, "defaults": {"state": "[]"}},
            {"paths": {"state": ".state"}},
            {"paths": {"state": "$.state"}},
        ),
        ("PATH_WITHOUT_ROOT", {}, {"paths": {"state": "order.state"}}, {"paths": {"state": "$.order.state"}}),
        (
            "PATH_SUSPICIOUS",
            {**_LIST},
            {"paths": {"state": "$.orders[0:4:2].state"}},
            {"paths": {"state": "$.orders[0:4].state"}},
        ),
        ("PATH_SYNTAX", {}, {"paths": {"state": "$.order state"}}, {"paths": {"state": "$.order.state"}}),
        (
            "DEFAULT_NOT_JSON",
            {},
            {"defaults": {"state": "unknown"}},
            {"defaults": {"state": '"unknown"'}},
        ),
        (
            "DEFAULT_WITHOUT_PATH",
            {},
            {"defaults": {"state": '""', "total": "0"}},
            {"defaults": {"state": '""'}},
        ),
        (
            "DEFAULT_NEVER_APPLIES",
            {**_LIST, "paths": {"state": "$..state"}},
            {"defaults": {"state": "[]"}},
            {"defaults": {}},
        ),
        (
            "DEFAULT_OF_ANOTHER_TYPE",
            {},
            {"defaults": {"state": "0"}},
            {"defaults": {"state": '""'}},
        ),
        ("VARIABLE_WITHOUT_DEFAULT", {}, {"defaults": {}}, {"defaults": {"state": '""'}}),
        (
            "LIST_FOR_ONE_VALUE",
            _LIST,
            {"success": '{"state": ${state}}'},
            {"success": _LIST["success"]},
        ),
        (
            "SUCCESS_TEMPLATE_NOT_JSON",
            {},
            {"success": '{"state": ${state},}'},
            {"success": '{"state": ${state}}'},
        ),
        (
            "TEXT_AFTER_RESULT",
            {},
            {"success": '{"state": ${state}}}'},
            {"success": '{"state": ${state}}'},
        ),
        (
            "QUOTES_AROUND_JSON_TEXT",
            {},
            {"success": '{"state": "${state}"}'},
            {"success": '{"state": ${state}}'},
        ),
        (
            "JSON_TEXT_COMPARED",
            {"outputs": {"open": "boolean"}},
            {"success": '{"open": #if($state == "open")true#{else}false#end}'},
            {"success": '{"open": #if($state == \'"open"\')true#{else}false#end}'},
        ),
        (
            "FIRST_OF_EMPTY_ARRAY",
            _LIST,
            {"success": '{"state": ${successTemplateUtils.firstFromArray("${state}")}}'},
            {"success": _LIST["success"]},
        ),
        (
            "OUTPUT_NOT_PRODUCED",
            {},
            {"outputs": {"state": "string", "total": "number"}},
            {"outputs": {"state": "string"}},
        ),
        (
            "OUTPUT_REQUIRED_NOT_PRODUCED",
            {},
            {"outputs": {"state": "string", "total": "number"}, "output": {"required": ["total"]}},
            {"outputs": {"state": "string"}, "output": {"required": ["state"]}},
        ),
        (
            "OUTPUT_UNDECLARED",
            {},
            {"success": '{"state": ${state}, "raw": ${rawResult}}'},
            {"success": '{"state": ${state}}'},
        ),
        (
            "OUTPUT_OF_ANOTHER_TYPE",
            {"outputs": {"state": "string", "pages": "integer"}},
            {"success": '{"state": ${state}, "pages": "1"}'},
            {"success": '{"state": ${state}, "pages": 1}'},
        ),
        (
            "RESULT_OF_ANOTHER_SHAPE",
            {},
            {"success": '[{"state": ${state}}]'},
            {"success": '{"state": ${state}}'},
        ),
        (
            "OUTPUT_CLOSED",
            {"paths": {}, "defaults": {}, "success": "${rawResult}"},
            {"output": {"additionalProperties": False}},
            {"output": {"additionalProperties": True}},
        ),
        (
            "OUTPUT_EMPTY",
            {"paths": {}, "defaults": {}, "success": "${rawResult}"},
            {"outputs": {}},
            {"outputs": {"state": "string"}},
        ),
        (
            "OUTPUT_NAME_WITH_DOT",
            {},
            {"outputs": {"order.state": "string"}, "success": '{"order.state": ${state}}'},
            {"outputs": {"orderState": "string"}, "success": '{"orderState": ${state}}'},
        ),
        (
            "RESULT_HAS_STATUS_CODE",
            {},
            {"outputs": {"statusCode": "string"}, "success": '{"statusCode": ${state}}'},
            {"outputs": {"state": "string"}, "success": '{"state": ${state}}'},
        ),
        (
            "SUCCESS_TEMPLATE_USES_INPUT",
            {"outputs": {"state": "string", "id": "string"}},
            {"success": '{"state": ${state}, "id": "$esc.jsonEncode(${input.orderId})"}'},
            {"success": '{"state": ${state}, "id": ${id}}', "paths": {"state": "$.state", "id": "$.id"},
             "defaults": {"state": '""', "id": '""'}},
        ),
        (
            "CALL_OUTSIDE_BRACES",
            {"inputs": {"city": "string"}},
            {"url": "https://api.example.com/cities?q=${input.city}.toLowerCase()"},
            {"url": "https://api.example.com/cities?q=$esc.uriEncode(${input.city.toLowerCase()})"},
        ),
        (
            "METHOD_UNKNOWN",
            {"inputs": {"city": "string"}},
            {"url": "https://api.example.com/cities?q=$esc.uriEncode(${input.city.toLower()})"},
            {"url": "https://api.example.com/cities?q=$esc.uriEncode(${input.city.toLowerCase()})"},
        ),
        (
            "MACRO_UNKNOWN",
            {},
            {"url": "https://api.example.com/orders/$esc.uriencode(${input.orderId})"},
            {"url": "https://api.example.com/orders/$esc.uriEncode(${input.orderId})"},
        ),
        (
            "TOOL_OF_ANOTHER_TYPE",
            {"inputs": {"name": "string"}, "type": "custom-rest-actions"},
            {"url": "https://api.example.com/find?q=$esc.uriEncode($salesforce.escReserved(${input.name}))"},
            {"url": "https://api.example.com/find?q=$esc.uriEncode(${input.name})"},
        ),
        (
            "SINGLE_QUOTES_NOT_FILLED",
            {},
            {"headers": {"Authorization": "Basic $encoding.base64('${credentials.user}:${credentials.password}')"}},
            {"headers": {"Authorization": 'Basic $encoding.base64("${credentials.user}:${credentials.password}")'}},
        ),
        (
            "DIRECTIVE_MISSPELT",
            {},
            {"success": '{"state": #if($state)${state}#else if($rawResult)""#end}'},
            {"success": '{"state": #if($state)${state}#{else}""#end}'},
        ),
        (
            "DIRECTIVE_UNPROVEN",
            {},
            {"success": '{"state": #foreach($one in [1])${state}#end}'},
            {"success": '{"state": ${state}}'},
        ),
        (
            "SET_HIDES_VALUE",
            {},
            {"success": '#set($state = \'"x"\'){"state": ${state}}'},
            {"success": '#set($shown = $state){"state": ${shown}}'},
        ),
        (
            "SET_NOT_READ",
            {},
            {"success": '#set($shown = $state){"state": ${state}}'},
            {"success": '#set($shown = $state){"state": ${shown}}'},
        ),
        (
            "REQUIRED_UNDECLARED",
            {},
            {"required": ["orderId", "language"]},
            {"required": ["orderId"]},
        ),
        (
            "CONTRACT_VALUE_OF_ANOTHER_TYPE",
            {},
            {"outputs": {"state": {"type": "string", "enum": ["open", 1]}}},
            {"outputs": {"state": {"type": "string", "enum": ["open", "1"]}}},
        ),
        (
            "CONTRACT_KEYWORD_UNREAD",
            {},
            {"outputs": {"state": {"type": "string", "const": "open"}}},
            {"outputs": {"state": {"type": "string", "enum": ["open"]}}},
        ),
        (
            "CONTRACT_OTHER_DRAFT",
            {},
            {"output": {"$schema": "http://json-schema.org/draft-07/schema#"}},
            {"output": {"$schema": "http://json-schema.org/draft-04/schema#"}},
        ),
        (
            "CONTRACT_INVALID",
            {},
            {"outputs": {"state": {"type": "text"}}},
            {"outputs": {"state": {"type": "string"}}},
        ),
        (
            "CONTRACT_NOT_OBJECT",
            {"inputs": {}, "url": "https://api.example.com/orders"},
            {"input": {"inputSchema": {"type": "array"}}},
            {"input": {"inputSchema": {"type": "object", "properties": {}}}},
        ),
        (
            "CONTRACT_REFERENCE",
            {},
            {"outputs": {"state": {"$ref": "#/definitions/state"}},
             "output": {"definitions": {"state": {"type": "string"}}}},
            {"outputs": {"state": "string"}},
        ),
        (
            "OUTPUT_NESTED_ARRAY",
            {"paths": {"rows": "$.rows"}, "defaults": {"rows": "[]"}, "success": '{"rows": ${rows}}'},
            {"outputs": {"rows": {"type": "array", "items": {"type": "array", "items": {"type": "string"}}}}},
            {"outputs": {"rows": {"type": "array", "items": {"type": "string"}}}},
        ),
        (
            "INPUT_TYPE_MISSING",
            {},
            {"inputs": {"orderId": {}}},
            {"inputs": {"orderId": {"type": "string"}}},
        ),
        (
            "INPUT_TYPE_NOT_SIMPLE",
            {"url": "https://api.example.com/orders", "method": "POST"},
            {"inputs": {"ids": {"type": "array", "items": {"type": "string"}}}},
            {"inputs": {"ids": "string"}},
        ),
        (
            "INPUT_NAME_INVALID",
            {"url": "https://api.example.com/orders", "method": "POST"},
            {"inputs": {"order id": "string"}},
            {"inputs": {"orderId": "string"}},
        ),
        (
            "INPUT_NAME_RESERVED",
            {"url": "https://api.example.com/orders", "method": "POST"},
            {"inputs": {"orgId": "string"}},
            {"inputs": {"organization": "string"}},
        ),
    ]
)  # fmt: skip

EXAMPLES: Final[Mapping[str, Example]] = {one.code: one for one in (*_REQUESTS, *_RESULTS)}
"""By code: those of lint, and those of the server's checks that lint runs too."""
