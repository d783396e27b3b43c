"""Is the template language used so that it does what it looks like?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from jackfield.rules.lint.parts import ActionParts, TemplateText
from jackfield.rules.lint.pieces import Hole, Piece, Printed, is_printing
from jackfield.rules.lint.report import Suspicion, suspect_text
from jackfield.rules.nearest import nearest
from jackfield.velocity.members import method_names
from jackfield.velocity.nodes import Call, Directive, Property, Reference, Set, StringLiteral, walk
from jackfield.velocity.tools import standard_tools

_CALL: Final = re.compile(r"\.([a-z][A-Za-z]*)\(((?:[^()\"']|\"[^\"$#]*\"|'[^']*')*)\)")
_REFERENCE: Final = re.compile(r"\$!?\{?(?:input|credentials|authResponse|rawResult)\b")
_MISSPELT: Final = {
    "endif": "#end",
    "elif": "#elseif",
    "elsif": "#elseif",
    "elseIf": "#elseif",
    "fi": "#end",
    "endfor": "#end",
    "endforeach": "#end",
    "for": "#foreach",
}
_ELSE_IF: Final = re.compile(r"#(?:else|\{else\})\s+if\s*\(")
_TYPES: Final = {"salesforce": "salesforce-datadip", "msdynamics": "microsoft-dynamics-data-actions"}
_JSON_VALUES: Final = (str, int, float, bool, list, dict)


def calls(parts: ActionParts) -> Iterator[Suspicion]:
    """Methods that are called outside of the braces, so that they are text."""
    for template in parts.templates:
        yield from _outside(parts, template, template.pieces)


def _outside(parts: ActionParts, template: TemplateText, pieces: tuple[Piece, ...]) -> Iterator[Suspicion]:
    for index, piece in enumerate(pieces):
        for branch in getattr(piece, "branches", ()):
            yield from _outside(parts, template, branch)
        behind = pieces[index + 1] if index + 1 < len(pieces) else None
        if not (isinstance(piece, Hole) and isinstance(behind, Printed) and piece.text.endswith("}")):
            continue
        match = _CALL.match(behind.text)
        if match is None or match[1] not in _methods():
            continue
        right = f"{piece.text.removesuffix('}')}{match[0]}}}"
        yield suspect_text(
            parts,
            "CALL_OUTSIDE_BRACES",
            template,
            piece.offset,
            piece.text + match[0],
            right=right,
            call=match[0],
            right_text=right,
        )


def members(parts: ActionParts) -> Iterator[Suspicion]:
    """Methods and macros that do not exist, or belong to another type of integration."""
    tools = {name: method_names(type(tool)) for name, tool in standard_tools().items()}
    for template in parts.templates:
        for node in walk(list(template.compiled.nodes)) if template.compiled is not None else ():
            if not isinstance(node, Reference) or not is_printing(node):
                continue
            if node.root in tools:
                yield from _of_tool(parts, template, node, tools[node.root])
            elif node.root in ("input", "credentials", "authResponse") or parts.entry(node.root):
                yield from _of_value(parts, template, node)


def _of_tool(
    parts: ActionParts, template: TemplateText, node: Reference, known: frozenset[str]
) -> Iterator[Suspicion]:
    wanted = _TYPES.get(node.root)
    if wanted and parts.integration_type and parts.integration_type != wanted:
        yield suspect_text(
            parts,
            "TOOL_OF_ANOTHER_TYPE",
            template,
            node.place.offset,
            node.source,
            tool=node.root,
            type_id=wanted,
        )
        return
    first = node.parts[0] if node.parts else None
    if not isinstance(first, Call | Property) or first.name in known:
        return
    near = nearest(first.name, known)
    right = None
    if near.lower() == first.name.lower():
        right = node.source.replace(f"{node.root}.{first.name}", f"{node.root}.{near}", 1)
    yield suspect_text(
        parts,
        "MACRO_UNKNOWN",
        template,
        node.place.offset,
        node.source,
        right=right,
        macro=f"{node.root}.{first.name}",
        hint=f" Did you mean `${node.root}.{near}`?" if near else "",
    )


def _of_value(parts: ActionParts, template: TemplateText, node: Reference) -> Iterator[Suspicion]:
    for part in node.parts:
        if isinstance(part, Call) and part.name not in _methods():
            near = nearest(part.name, _methods())
            right = None
            if near.lower() == part.name.lower():
                right = node.source.replace(f".{part.name}(", f".{near}(", 1)
            yield suspect_text(
                parts,
                "METHOD_UNKNOWN",
                template,
                node.place.offset,
                node.source,
                right=right,
                method=part.name,
                hint=f" Did you mean `{near}`?" if near else "",
            )


@lru_cache(maxsize=1)
def _methods() -> frozenset[str]:
    return frozenset().union(*(method_names(kind) for kind in _JSON_VALUES))


def single_quotes(parts: ActionParts) -> Iterator[Suspicion]:
    """References in single quotes, which are not filled in."""
    for template in parts.templates:
        for node in walk(list(template.compiled.nodes)) if template.compiled is not None else ():
            if not isinstance(node, StringLiteral) or not node.source.startswith("'"):
                continue
            own = any(f"${{{entry.name}}}" in node.text for entry in parts.entries)
            if _REFERENCE.search(node.text) or (own and template.kind == "success"):
                right = f'"{node.source[1:-1]}"' if '"' not in node.source else None
                yield suspect_text(
                    parts, "SINGLE_QUOTES_NOT_FILLED", template, node.place.offset, node.source, right=right
                )


def directives(parts: ActionParts) -> Iterator[Suspicion]:
    """Directives that are text because they are spelt otherwise."""
    for template in parts.templates:
        for node in walk(list(template.compiled.nodes)) if template.compiled is not None else ():
            name = node.name if isinstance(node, Directive) else ""
            if name in _MISSPELT:
                yield suspect_text(
                    parts,
                    "DIRECTIVE_MISSPELT",
                    template,
                    node.place.offset,
                    f"#{name}",
                    written=f"#{name}",
                    right_text=_MISSPELT[name],
                )
        match = _ELSE_IF.search(template.text)
        if match is not None:
            yield suspect_text(
                parts,
                "DIRECTIVE_MISSPELT",
                template,
                match.start(),
                match[0],
                written=match[0],
                right_text="#elseif(",
            )


def assignments(parts: ActionParts) -> Iterator[Suspicion]:
    """Variables that hide something, and variables that nothing reads."""
    taken = {"input", "credentials", "authResponse", *standard_tools()}
    for template in parts.templates:
        compiled = template.compiled
        if compiled is None:
            continue
        known = taken | (
            {entry.name for entry in parts.entries} | {"rawResult"} if template is parts.success else set()
        )
        read = {use.root for use in compiled.references if not use.assigned}
        for node in walk(list(compiled.nodes)):
            if not isinstance(node, Set) or node.target.parts:
                continue
            name, at = node.target.root, node.target.place.offset
            if name in known:
                yield suspect_text(parts, "SET_HIDES_VALUE", template, at, node.target.source, name=name)
            elif name not in read:
                yield suspect_text(parts, "SET_NOT_READ", template, at, node.target.source, name=name)
