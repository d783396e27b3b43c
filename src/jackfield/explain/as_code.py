"""A corrected request in the forms in which people send it."""

from __future__ import annotations

import json
import re
import textwrap
from typing import Final
from urllib.parse import unquote

from jackfield.explain.explanation import CorrectedRequest
from jackfield.explain.json_edits import compact

WIDTH: Final = 96
_API_CLASS: Final = "IntegrationsApi"
_LITERAL: Final = re.compile(r'"(?:[^"\\]|\\.)*"|\b(?:true|false|null)\b')
_PYTHON: Final = {"true": "True", "false": "False", "null": "None"}


def as_http(request: CorrectedRequest) -> list[str]:
    """Return the lines of the HTTP request, without headers that every client adds."""
    lines = [f"{request.method} {request.path} HTTP/1.1", f"Host: {request.host}"]
    lines.append("Authorization: Bearer <token>")
    if request.body_text:
        lines += ["Content-Type: application/json", "", *request.body_text.split("\n")]
    return lines


def as_curl(request: CorrectedRequest) -> list[str]:
    """Return the lines of a curl command for bash."""
    url = f"https://{request.host}{request.path}"
    lines = [f"curl -X {request.method} '{url}' \\", '  -H "Authorization: Bearer $TOKEN"']
    if request.body_text:
        lines[-1] += " -H 'Content-Type: application/json' \\"
        body = compact(request.body_text).replace("'", "'\\''")
        lines += _wrapped(f"  --data-raw '{body}'", "   ")
    return lines


def as_python(request: CorrectedRequest) -> list[str]:
    """Return the lines of a call of the Python SDK, PureCloudPlatformClientV2."""
    arguments = [json.dumps(one) for one in _path_values(request)]
    if not request.body_text:
        return [f"PureCloudPlatformClientV2.{_API_CLASS}().{request.operation_id}({', '.join(arguments)})"]
    body = _LITERAL.sub(lambda match: _PYTHON.get(match[0], match[0]), compact(request.body_text))
    call = ", ".join([*arguments, "body=body"])
    return [
        *_wrapped(f"body = {body}", "    "),
        f"PureCloudPlatformClientV2.{_API_CLASS}().{request.operation_id}({call})",
    ]


def as_javascript(request: CorrectedRequest) -> list[str]:
    """Return the lines of a call of the JavaScript SDK, in which the body is named or stands alone.

    Operations whose body is optional take it inside of an object of options; for those the calling form is
    `{body: …}`.
    """
    arguments = [json.dumps(one) for one in _path_values(request)]
    name = camel_case(request.operation_id)
    if not request.body_text:
        return [f"new platformClient.{_API_CLASS}().{name}({', '.join(arguments)});"]
    wrapped = "{ body }" if takes_options(request.operation_id) else "body"
    return [
        *_wrapped(f"const body = {compact(request.body_text)};", "  "),
        f"new platformClient.{_API_CLASS}().{name}({', '.join([*arguments, wrapped])});",
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
    fixed = {
        "api",
        "v2",
        "integrations",
        "config",
        "current",
        "credentials",
        "actions",
        "draft",
        "drafts",
        "publish",
        "execute",
        "test",
        "types",
        "function",
        "upload",
    }
    path = request.path.partition("?")[0]
    return [unquote(part) for part in path.split("/") if part and part not in fixed]


def _wrapped(text: str, indent: str) -> list[str]:
    """Break a line of code behind commas; never inside of a string."""
    if len(text) <= WIDTH:
        return [text]
    lines: list[str] = []
    current = ""
    for part in _parts(text):
        if current.strip() and len(current) + len(part) > WIDTH:
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


def shortened(text: str, width: int) -> str:
    """Return a text cut at a width."""
    return textwrap.shorten(text, width, placeholder=" …") if len(text) > width else text
