"""Examples of the rules about requests."""

from __future__ import annotations

from typing import Final

from jackfield.rules.lint.examples.sketches import BODY, FORM, LOGIN, OPTIONAL, PAIR, PLATFORM, POST, rows

EXAMPLES: Final = rows(
    [
        (
            "JSON_INPUT_UNESCAPED",
            POST,
            {"body": '{"note": "${input.note}"}'},
            {"body": BODY},
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
            {**POST, "headers": FORM},
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
            POST,
            {"body": '{"note": "$esc.html(${input.note})"}'},
            {"body": BODY},
        ),
        (
            "ESCAPED_TWICE",
            POST,
            {"body": '{"note": "$esc.jsonEncode($esc.jsonString(${input.note}))"}'},
            {"body": BODY},
        ),
        (
            "ESCAPED_WITHOUT_QUOTES",
            POST,
            {"body": '{"note": $esc.jsonEncode(${input.note})}'},
            {"body": BODY},
        ),
        (
            "OPTIONAL_INPUT_PRINTED",
            OPTIONAL,
            {"body": '{"note": "$esc.jsonEncode(${input.note})"}'},
            {"body": '{"note": "$esc.jsonEncode("$!{input.note}")"}'},
        ),
        ("OPTIONAL_INPUT_IN_PATH", {}, {"required": []}, {"required": ["orderId"]}),
        (
            "OPTIONAL_INPUT_LEAVES_GAP",
            {**POST, "inputs": {"count": "integer"}, "required": []},
            {"body": '{"count": ${input.count}}'},
            {"body": '{#if("$!{input.count}" != "")"count": ${input.count}#end}'},
        ),
        (
            "TEXT_INPUT_BARE",
            POST,
            {"body": '{"note": ${input.note}}'},
            {"body": BODY},
        ),
        (
            "NUMBER_INPUT_QUOTED",
            {**POST, "inputs": {"count": "integer"}},
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
            {**OPTIONAL, "body": '{"note": "$esc.jsonEncode("$!{input.note}")"}'},
            {"inputs": {"note": {"type": "string", "default": "none"}}},
            {"inputs": {"note": {"type": "string"}}},
        ),
        (
            "SECRET_INPUT_NOT_SECURE",
            {**POST, "inputs": {"password": "string"}},
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
            PLATFORM,
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
            PLATFORM,
            {"headers": {"Authorization": "Bearer ${input.orderId}"}},
            {"headers": {}},
        ),
        (
            "BASIC_NOT_ENCODED",
            {},
            {"headers": {"Authorization": "Basic ${credentials.user}:${credentials.password}"}},
            {"headers": {"Authorization": f'Basic $encoding.base64("{PAIR}")'}},
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
            POST,
            {"body": '{"note": "$esc.jsonEncode(${input.note})",}'},
            {"body": BODY},
        ),
        (
            "BODY_OF_ANOTHER_KIND",
            {**POST, "headers": FORM},
            {"body": BODY},
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
            PLATFORM,
            {"headers": {"X-Key": "${credentials.apiKey}"}},
            {"headers": {}},
        ),
        (
            "AUTH_RESPONSE_IN_LOGIN",
            LOGIN,
            {"body": "refresh=${authResponse.refresh}"},
            {"body": "refresh=$esc.uriEncode(${credentials.refresh})"},
        ),
        (
            "LOGIN_WITH_INPUTS",
            LOGIN,
            {"body": "user=$esc.uriEncode(${input.user})", "inputs": {"user": "string"}},
            {"body": "user=$esc.uriEncode(${credentials.user})"},
        ),
        ("AUTH_ACTION_FIXED", LOGIN, {"timeout": 10}, {}),
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
