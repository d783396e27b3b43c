"""From a request as one would write it down to an action's request: placeholders become inputs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from jackfield.domain.action import DEFAULT_REQUEST_TEMPLATE, RequestConfig
from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused
from jackfield.domain.json_nodes import ArrayNode, Node, NumberNode, ObjectNode, StringNode
from jackfield.domain.json_reader import read_json
from jackfield.domain.sensitive import holds_secret, is_template
from jackfield.rules.action_config import METHODS
from jackfield.workbench.authoring.outputs import camel_case
from jackfield.workbench.forms.json_text import laid_out, laid_out_members, quoted

_PLACEHOLDER: Final = re.compile(r"\{([A-Za-z][A-Za-z0-9_]*)(?::(string|integer|number|boolean))?\}")
_FIRST_LINE: Final = re.compile(r"(?:([A-Za-z]+)\s+)?(\S+)(?:\s+HTTP/[\d.]+)?\s*\Z")
_MARKS: Final = re.compile(r"\\+(?=[$#]|\Z)|\$(?=[A-Za-z_{!])|#(?=[A-Za-z_{#*\[@])")
_MARKED: Final = {"$": "${esc.dollar}", "#": "${esc.hash}", "\\": "${esc.backslash}"}
_BEHIND_REFERENCE: Final = (".", "(", "[")
_NOT_SENT: Final = frozenset({"host", "content-length", "connection", "transfer-encoding", "accept-encoding"})
PLATFORM_PATH: Final = "/api/v2/"


@dataclass(frozen=True, slots=True)
class RequestSketch:
    """A request to be.

    Args:
        config: its templates.
        inputs: names of inputs to their types, in the order of their first appearance.
        integration_type: the one that such a URL suggests.
        credentials: names of headers to templates with fields of a credential that replace their secrets.
    """

    config: RequestConfig
    inputs: Mapping[str, str]
    integration_type: str
    credentials: Mapping[str, str]


class _Sketch:
    """A request while it is read."""

    def __init__(self) -> None:
        self.inputs: dict[str, str] = {}

    def filled(self, text: str, escape: str) -> str:
        """Return a template: literal text protected, inputs escaped by a method of `$esc`."""
        parts: list[str] = []
        position = 0
        for match in _PLACEHOLDER.finditer(text):
            behind = text[match.end() : match.end() + 1]
            parts += (_literal(text[position : match.start()]), self._reference(match, escape, behind))
            position = match.end()
        return "".join((*parts, _literal(text[position:])))

    def json(self, node: Node, indent: str = "") -> str:
        """Return a JSON body as a template: typed placeholders stand without quotes."""
        inner = indent + "  "
        if isinstance(node, ObjectNode):
            members = [(member.name, self.json(member.value, inner)) for member in node.members]
            return _literal_keys(members, indent)
        if isinstance(node, ArrayNode):
            items = [self.json(item, inner) for item in node.items]
            return f"[\n{inner}" + f",\n{inner}".join(items) + f"\n{indent}]" if items else "[]"
        if isinstance(node, StringNode):
            whole = _PLACEHOLDER.fullmatch(node.value)
            if whole and whole[2] not in (None, "string"):
                return self._reference(whole, "", "")
            return self.filled(quoted(node.value), "jsonEncode")
        return node.text if isinstance(node, NumberNode) else laid_out(node)

    def _reference(self, match: re.Match[str], escape: str, behind: str) -> str:
        name, kind = match[1], match[2] or "string"
        self.inputs.setdefault(name, kind)
        if not escape or kind != "string":
            return f"${{input.{name}}}"
        # A bare call would take what stands behind it as its own member or index.
        call = f"esc.{escape}(${{input.{name}}})"
        return f"${{{call}}}" if behind in _BEHIND_REFERENCE and behind else f"${call}"


def read_request(text: str) -> RequestSketch:
    """Return the request that a text describes.

    Args:
        text: `METHOD URL`, a URL alone, or a whole HTTP request with headers and body. `{name}` stands for an
            input, `{name:integer}` for one of another type (string, integer, number, boolean).

    Raises:
        OperationRefused: it is no request.
    """
    head, _, body = text.replace("\r\n", "\n").strip().partition("\n\n")
    first, *lines = head.split("\n")
    match = _FIRST_LINE.match(first)
    if match is None:
        raise _refused(first, "its first line is no method and URL")
    method = (match[1] or ("POST" if body else "GET")).upper()
    if method not in METHODS:
        raise _refused(first, f"{method[:20]} is none of {', '.join(METHODS)}")
    headers = dict(_header(line) for line in lines)
    url = _absolute(match[2], headers, first)
    sketch = _Sketch()
    path, mark, query = url.partition("?")
    url_template = sketch.filled(path, "uriEncode") + mark + sketch.filled(query, "uriEncode")
    kept = {name: value for name, value in headers.items() if name.lower() not in _NOT_SENT}
    credentials = {name: _credential(name, value) for name, value in kept.items() if _is_secret(name, value)}
    templates = {name: credentials.get(name) or sketch.filled(value, "") for name, value in kept.items()}
    config = RequestConfig(url_template, method, templates, DEFAULT_REQUEST_TEMPLATE)
    if body:
        config = _with_body(config, body, sketch)
    platform = url.startswith(PLATFORM_PATH)
    kind = "purecloud-data-actions" if platform else "custom-rest-actions"
    return RequestSketch(config, sketch.inputs, kind, credentials)


def _refused(seen: str, reason: str) -> OperationRefused:
    return OperationRefused(found("NEW_REQUEST_UNREADABLE", reason=reason, seen=seen[:80]))


def _header(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon or not name.strip() or " " in name.strip():
        raise _refused(line, "a line between the first one and the body is no header")
    return name.strip(), value.strip()


def _absolute(url: str, headers: Mapping[str, str], first: str) -> str:
    """Return a URL with its host, or a path of the platform."""
    if url.lower().startswith(("https://", "http://")) or url.startswith(PLATFORM_PATH):
        return url
    host = next((value for name, value in headers.items() if name.lower() == "host"), "")
    if url.startswith("/") and host:
        return f"https://{host}{url}"
    raise _refused(first, "its URL has no host")


def _is_secret(name: str, value: str) -> bool:
    return bool(value) and holds_secret(name) and not is_template(value) and not _PLACEHOLDER.search(value)


def _credential(name: str, value: str) -> str:
    """Return a template with a credential's fields instead of a header's secret."""
    scheme = value.partition(" ")[0].lower()
    if scheme == "basic":
        return 'Basic $encoding.base64("${credentials.userName}:${credentials.password}")'
    if name.lower() == "authorization" and " " in value:
        return f"{value.partition(' ')[0]} ${{credentials.token}}"
    return f"${{credentials.{camel_case([name])}}}"


def _with_body(config: RequestConfig, body: str, sketch: _Sketch) -> RequestConfig:
    kind = next((value for name, value in config.headers.items() if name.lower() == "content-type"), "")
    if "form-urlencoded" in kind:
        return replace(config, template=sketch.filled(body.strip(), "urlFormEncode"))
    if not body.lstrip().startswith(("{", "[")) or _PLACEHOLDER.match(body.lstrip()):
        return replace(config, template=sketch.filled(body, ""))
    reading = read_json(body)
    faults = [fault for fault in reading.faults if fault.is_error]
    if faults or reading.root is None:
        finding = found(
            "NEW_REQUEST_UNREADABLE",
            reason="its body is no JSON",
            seen="",
            fix='Mend the body; an input that is no text is written between quotes, too: "{count:integer}".',
        )
        raise OperationRefused(finding, *faults)
    headers = config.headers if kind else {**config.headers, "Content-Type": "application/json"}
    return replace(config, headers=headers, template=sketch.json(reading.root))


def _literal(text: str) -> str:
    """Return text that means itself in a template."""
    return _MARKS.sub(lambda match: _MARKED[match[0][0]] * len(match[0]), text)


def _literal_keys(members: list[tuple[str, str]], indent: str) -> str:
    """Return an object whose keys mean themselves in a template; its values are templates already."""
    marked = [(_literal(name), text) for name, text in members]
    return laid_out_members(marked, indent)
