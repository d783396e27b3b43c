"""Are inputs escaped for the place where they land?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from jackfield.domain.finding import Severity
from jackfield.rules.lint.parts import ActionParts, Input, TemplateText
from jackfield.rules.lint.pieces import Leaf, leaves
from jackfield.rules.lint.positions import Landing, Position, landings
from jackfield.rules.lint.report import Suspicion, suspect_text

_FOR_URLS: Final = frozenset(("esc.uriEncode", "esc.url", "esc.urlFormEncode", "urlTool.optionalQueryParam"))
_FORM_ENCODERS: Final = frozenset(("esc.url", "esc.urlFormEncode"))
_FOR_JSON: Final = _FOR_URLS | {"esc.jsonEncode", "esc.jsonString", "esc.json", "esc.java", "encoding.base64"}
_JSON_ENCODERS: Final = frozenset(("esc.jsonEncode", "esc.jsonString", "esc.json"))
_FOR_OTHERS: Final = frozenset(
    f"esc.{name}" for name in ("html", "xml", "sql", "propertyKey", "propertyValue", "javascript", "java")
)
_UNESCAPED: Final = {
    Position.JSON_STRING: ("JSON_INPUT_UNESCAPED", "jsonEncode"),
    Position.PATH: ("URL_PATH_INPUT_UNESCAPED", "uriEncode"),
    Position.QUERY: ("URL_QUERY_INPUT_UNESCAPED", "uriEncode"),
    Position.FORM: ("FORM_INPUT_UNESCAPED", "uriEncode"),
    Position.HEADER: ("HEADER_INPUT_UNESCAPED", "uriEncode"),
}
# Identifiers made by programs hold nothing that has to be escaped, as long as nobody else writes them.
_IDENTIFIER: Final = re.compile(
    r"(?:[a-z0-9](?:I[dD]|U?UID|Uuid|G?UID|Guid)|[_-](?:id|Id|ID|uuid|UUID|guid|GUID)"
    r"|^(?:id|ID|Id|uuid|guid))$"
)
# What is called so is meant to bring whole parts of the URL.
_WHOLE_PARTS: Final = re.compile(r"(?:path|query|url|uri|params?|querystring|filter)$", re.IGNORECASE)


def unescaped(parts: ActionParts) -> Iterator[Suspicion]:
    """Inputs that land as the caller wrote them, and inputs escaped for another place."""
    for template in parts.request_templates:
        for landing in landings(parts, template):
            for leaf in leaves(landing.hole):
                given = _given(parts, leaf)
                if given is not None and given.is_text:
                    yield from _judged(parts, template, landing, leaf, given)


def _given(parts: ActionParts, leaf: Leaf) -> Input | None:
    """Return the input that a leaf is; the whole input as JSON text counts as a text, too."""
    if leaf.root.lower() != "input":
        return None
    return Input("rawRequest", ("string",), True, {}) if leaf.name == "rawRequest" else parts.input(leaf.name)


def twice(parts: ActionParts) -> Iterator[Suspicion]:
    """Values that go through two macros that escape for the same place."""
    for template in parts.request_templates:
        for landing in landings(parts, template):
            for leaf in leaves(landing.hole):
                families = [
                    [name for name in leaf.applied if name in family]
                    for family in (_JSON_ENCODERS, _FOR_URLS)
                ]
                for names in families:
                    if len(names) > 1:
                        words = {"first": names[1], "second": names[0], "name": leaf.path}
                        hole = landing.hole
                        yield suspect_text(parts, "ESCAPED_TWICE", template, hole.offset, hole.text, **words)


def without_quotes(parts: ActionParts) -> Iterator[Suspicion]:
    """Texts that are escaped for a JSON string and do not stand in one."""
    sent = (parts.body,) if parts.sends_body and parts.body_kind == "json" else ()
    for template in (*sent, parts.success):
        for landing in landings(parts, template):
            hole = landing.hole
            macro = _outer_macro(hole.text)
            if landing.position is not Position.JSON_VALUE or f"esc.{macro}" not in _JSON_ENCODERS:
                continue
            given = [_given(parts, leaf) for leaf in leaves(hole) if leaf.root == "input"]
            texts = bool(given) and all(one is not None and one.is_text for one in given)
            right = f'"{hole.text}"' if texts and template.kind == "body" else None
            yield suspect_text(
                parts, "ESCAPED_WITHOUT_QUOTES", template, hole.offset, hole.text, right=right, macro=macro
            )


def _outer_macro(text: str) -> str:
    match = re.match(r"\$!?\{?esc\.(\w+)\(", text)
    return match[1] if match else ""


def _judged(
    parts: ActionParts, template: TemplateText, landing: Landing, leaf: Leaf, given: Input
) -> Iterator[Suspicion]:
    position, applied = landing.position, frozenset(leaf.applied)
    hole = landing.hole
    if position is Position.PATH and applied & _FORM_ENCODERS and "esc.uriEncode" not in applied:
        right = re.sub(r"(\besc\.)(?:url|urlFormEncode)\(", r"\1uriEncode(", hole.text)
        yield suspect_text(
            parts, "PATH_FORM_ENCODED", template, hole.offset, hole.text, right=right, name=given.name
        )
        return
    if position not in _UNESCAPED:
        return
    fitting = _FOR_JSON if position is Position.JSON_STRING else _FOR_URLS
    if applied & fitting or (applied and not applied & (_FOR_OTHERS | _JSON_ENCODERS)):
        return
    code, macro = _UNESCAPED[position]
    if applied:
        if position is not Position.HEADER:
            words = {"macro": sorted(applied)[0], "fitting": macro, "name": given.name}
            yield suspect_text(parts, "ESCAPED_FOR_ANOTHER_PLACE", template, hole.offset, hole.text, **words)
        return
    if position is Position.QUERY and _WHOLE_PARTS.search(given.name):
        return
    yield _unescaped(parts, template, landing, leaf, given, code, macro)


def _unescaped(
    parts: ActionParts,
    template: TemplateText,
    landing: Landing,
    leaf: Leaf,
    given: Input,
    code: str,
    macro: str,
) -> Suspicion:
    hole = landing.hole
    loud, quiet = f"$esc.{macro}({hole.text})", f'$esc.{macro}("{hole.text}")'
    # A macro prints its own text for null, so what may be null goes in as a text.
    maybe_null = leaf.is_quiet or (not given.required and landing.position is not Position.PATH)
    right = quiet if maybe_null else loud
    fixable = (
        landing.position is not Position.HEADER and not leaf.calls and leaf.node is hole.node
    ) and not _WHOLE_PARTS.search(given.name)
    harmless = landing.position is not Position.JSON_STRING and _IDENTIFIER.search(given.name)
    return suspect_text(
        parts,
        code,
        template,
        hole.offset,
        hole.text,
        right=right if fixable else None,
        name=given.name,
        header=template.name,
        right_text=right,
        severity=Severity.NOTE if harmless else None,
    )
