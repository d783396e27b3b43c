"""A corrected request in the forms in which people send it."""

from __future__ import annotations

import json
import re
from typing import Final
from urllib.parse import unquote

from jackfield.explain.explanation import CorrectedRequest
from jackfield.explain.json_edits import compact

WIDTH: Final = 96
SHORT_WIDTH: Final = 86
_API_CLASS: Final = "IntegrationsApi"
_LITERAL: Final = re.compile(r'"(?:[^"\\]|\\.)*"|\b(?:true|false|null)\b')
_PYTHON: Final = {"true": "True", "false": "False", "null": "None"}


def as_http(request: CorrectedRequest) -> list[str]:
    """Return the lines of the HTTP request, without headers that every client adds."""
    lines = [f"{request.method} https://{request.host}{request.path}"]
    return [*lines, *request.body_text.split("\n")] if request.body_text else lines


def as_curl(request: CorrectedRequest) -> list[str]:
    """Return the lines of a curl command for bash."""
    lines = [
        f'curl -X {request.method} -H "Authorization: Bearer $TOKEN"'
        " -H 'Content-Type: application/json' \\",
        f"  'https://{request.host}{request.path}'",
    ]
    if request.body_text:
        lines[-1] += " \\"
        body = compact(request.body_text).replace("'", "'\\''")
        lines += _wrapped(f"  --data-raw '{body}'", "   ")
    return lines


def as_python(request: CorrectedRequest) -> list[str]:
    """Return the lines of a call of the Python SDK, PureCloudPlatformClientV2."""
    arguments = [json.dumps(one) for one in _path_values(request)]
    call = f"PureCloudPlatformClientV2.{_API_CLASS}()"
    lines: list[str] = []
    if request.body_text:
        body = _LITERAL.sub(lambda match: _PYTHON.get(match[0], match[0]), compact(request.body_text))
        lines = _wrapped(f"body = {body}", "    ")
        arguments.append("body=body")
    return [*lines, f"api = {call}", f"api.{request.operation_id}({', '.join(arguments)})"]


def as_javascript(request: CorrectedRequest) -> list[str]:
    """Return the lines of a call of the JavaScript SDK, in which the body is named or stands alone.

    Operations whose body is optional take it inside of an object of options; for those the calling form is
    `{body: …}`.
    """
    arguments = [json.dumps(one) for one in _path_values(request)]
    lines: list[str] = []
    if request.body_text:
        lines = _wrapped(f"const body = {compact(request.body_text)};", "  ")
        arguments.append("{ body }" if takes_options(request.operation_id) else "body")
    name = camel_case(request.operation_id)
    return [
        *lines,
        f"const api = new platformClient.{_API_CLASS}();",
        f"api.{name}({', '.join(arguments)});",
    ]


def in_short(request: CorrectedRequest) -> list[tuple[str, list[str]]]:
    """Return all forms by title; the body is written once, and named `body` or `body.json` in the others."""
    values = [json.dumps(one) for one in _path_values(request)]
    body = _wrapped(compact(request.body_text), " ", SHORT_WIDTH) if request.body_text else []
    python = ", ".join([*values, *(["body=body"] if body else [])])
    options = "{ body }" if takes_options(request.operation_id) else "body"
    javascript = ", ".join([*values, *([options] if body else [])])
    data = " --json @body.json" if body else ""
    return [
        ("HTTP", [f"{request.method} {request.path} HTTP/1.1", f"Host: {request.host}", *body]),
        (
            "curl",
            [
                f'curl -X {request.method}{data} -H "Authorization: Bearer $TOKEN" \\',
                f"  https://{request.host}{request.path}",
            ],
        ),
        ("Python SDK", [f"api.{request.operation_id}({python})"]),
        ("JavaScript", [f"api.{camel_case(request.operation_id)}({javascript});"]),
    ]


def takes_options(operation_id: str) -> bool:
    """Tell if the JavaScript SDK takes the body of an operation in an object of options.

    The API description declares the bodies of actions as required, all others as optional.
    """
    return "_action" not in operation_id


def camel_case(operation_id: str) -> str:
    """Return an operation's name as the JavaScript SDK spells it."""
    first, *others = operation_id.split("_")
    return first + "".join(part.capitalize() for part in others)


def _path_values(request: CorrectedRequest) -> list[str]:
    """Return the values of the path's parameters, in order."""
    parts = zip(request.route_path.split("/"), request.path.partition("?")[0].split("/"), strict=False)
    return [unquote(value) for name, value in parts if name.startswith("{")]


def _wrapped(text: str, indent: str, width: int = WIDTH) -> list[str]:
    """Break a line of code behind commas; never inside of a string."""
    if len(text) <= width:
        return [text]
    lines: list[str] = []
    current = ""
    for part in _parts(text):
        if current.strip() and len(current) + len(part) > width:
            lines.append(current.rstrip())
            current = indent + part.lstrip()
        else:
            current += part
    return [*lines, current]


def _parts(text: str) -> list[str]:
    """Split behind the commas and colons that stand outside of double quotes."""
    parts, start = [], 0
    for match in re.finditer(r'"(?:[^"\\]|\\.)*"|, ', text):
        if match[0] == ", ":
            parts.append(text[start : match.end()])
            start = match.end()
    return [*parts, text[start:]]
