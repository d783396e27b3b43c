"""Does the success template print JSON, and the result that the contract promises?"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from jackfield.domain.finding import Severity
from jackfield.domain.json_reader import escaped
from jackfield.rules.lint.parts import (
    DEFAULTS,
    OUTPUT,
    SUCCESS,
    ActionParts,
    Entry,
    TemplateText,
    kinds_of,
    members_of,
)
from jackfield.rules.lint.pieces import Hole, Leaf, Printed, holes, leaves
from jackfield.rules.lint.positions import Position, landings
from jackfield.rules.lint.report import Splice, Suspicion, suspect, suspect_text
from jackfield.rules.lint.skeletons import Form, Skeleton, form_of, skeletons
from jackfield.velocity.nodes import Binary, Call, Node, Reference, StringLiteral, walk

_SCALARS: Final = frozenset(("string", "integer", "number", "boolean"))
_RAW: Final = "rawResult"


def json_form(parts: ActionParts) -> Iterator[Suspicion]:
    """What the success template and the body print is JSON, and nothing stands behind it."""
    yield from _form(parts, parts.success, "SUCCESS_TEMPLATE_NOT_JSON")
    if parts.sends_body and parts.body_kind == "json" and not parts.has_usual_body:
        yield from _form(parts, parts.body, "BODY_NOT_JSON")


def _form(parts: ActionParts, template: TemplateText, code: str) -> Iterator[Suspicion]:
    forms = _forms(template)
    if not forms or not template.text.strip():
        return
    faults = [one for one in forms if one.fault is not None]
    # Conditions that belong together cannot be told from ones that do not; one alone can.
    if faults and (len(faults) == len(forms) or template.text.count("#if") == 1):
        fault = faults[0].fault
        assert fault is not None, "it was picked for having one"
        which = "" if len(forms) == 1 or len(faults) == len(forms) else _branch(faults[0] is forms[0])
        yield suspect(parts, code, template.pointer, offset=fault.offset, reason=fault.reason, when=which)
    for form in forms:
        if form.rest is not None:
            yield _text_after(parts, template, form.rest)
            return


def _branch(first: bool) -> str:
    return " when the condition is true" if first else " when the condition is not true"


def _text_after(parts: ActionParts, template: TemplateText, rest: tuple[int, str]) -> Suspicion:
    offset, text = rest
    behind = template.text[offset:].rstrip()
    # Taken away only where it is plain text up to the end.
    right = "" if behind == text and "$" not in text and "#" not in text else None
    return suspect_text(
        parts, "TEXT_AFTER_RESULT", template, offset, behind or text, right=right, name=template.name
    )


def quotes(parts: ActionParts) -> Iterator[Suspicion]:
    """Quotes around values that bring their own."""
    for landing in landings(parts, parts.success):
        hole = landing.hole
        if landing.position is not Position.JSON_STRING or _outer(hole).startswith("esc."):
            continue
        value = _value_of(parts, hole)
        if value is None:
            continue
        leaf, entry = value
        if landing.alone and entry is not None and _is_number(entry.default_value):
            continue
        certain = landing.alone and entry is not None and isinstance(entry.default_value, str)
        start, text = hole.offset, hole.text
        splices: tuple[Splice, ...] = ()
        if certain and parts.success.text[start - 1 : start + len(text) + 1] == f'"{text}"':
            splices = (Splice(SUCCESS, start - 1, start + len(text) + 1, text),)
        yield suspect(
            parts,
            "QUOTES_AROUND_JSON_TEXT",
            SUCCESS,
            offset=start,
            width=len(text),
            splices=splices,
            name=leaf.root,
            right=text,
            seen=f'"{text}"' if landing.alone else text,
        )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float)


def _outer(hole: Hole) -> str:
    node = hole.node
    first = node.parts[0] if node.parts else None
    return f"{node.root}.{getattr(first, 'name', '')}"


def _value_of(parts: ActionParts, hole: Hole) -> tuple[Leaf, Entry | None] | None:
    """Return the variable of the map that a hole prints by itself or through firstFromArray."""
    for leaf in leaves(hole):
        entry = parts.entry(leaf.root)
        if (entry is not None or leaf.root == _RAW) and not leaf.node.parts:
            return leaf, entry
    return None


def compared(parts: ActionParts) -> Iterator[Suspicion]:
    """Conditions that compare JSON text with a text that has no quotes of its own."""
    compiled = parts.success.compiled
    for node in walk(list(compiled.nodes)) if compiled is not None else ():
        if not isinstance(node, Binary) or node.operator not in ("==", "!="):
            continue
        for one, other in ((node.left, node.right), (node.right, node.left)):
            reference = _the_reference(one)
            if reference is None or not isinstance(other, StringLiteral):
                continue
            known = parts.entry(reference.root) is not None and not reference.parts
            if known and not other.content and not _is_json(other.text):
                right = f"'{json.dumps(other.text, ensure_ascii=False)}'"
                yield suspect_text(
                    parts,
                    "JSON_TEXT_COMPARED",
                    parts.success,
                    other.place.offset,
                    other.source,
                    name=reference.root,
                    right_text=right,
                )


def _the_reference(node: Node) -> Reference | None:
    """Return a reference that stands for itself, or alone between double quotes."""
    if isinstance(node, StringLiteral) and node.content and len(node.content) == 1:
        node = node.content[0]
    return node if isinstance(node, Reference) else None


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def firsts(parts: ActionParts) -> Iterator[Suspicion]:
    """firstFromArray without an answer for an empty array."""
    for hole in holes(parts.success.pieces):
        for node in walk([hole.node]):
            if isinstance(node, Call) and node.name == "firstFromArray" and len(node.arguments) == 1:
                yield suspect_text(parts, "FIRST_OF_EMPTY_ARRAY", parts.success, hole.offset, hole.text)


def contract(parts: ActionParts) -> Iterator[Suspicion]:
    """What the template makes against what the output contract promises."""
    forms = [one for one in _forms(parts.success) if one.fault is None]
    if not forms or parts.is_login:
        return
    values = [one.value for one in forms]
    if any(form.skeleton.the_hole(form.value) is not None for form in forms):
        yield from _of_one_value(parts, forms[0])
        return
    wanted = kinds_of(parts.output_schema)
    for form in forms:
        kind = "array" if isinstance(form.value, list) else "object"
        if wanted and isinstance(form.value, dict | list) and kind not in wanted:
            yield suspect(
                parts, "RESULT_OF_ANOTHER_SHAPE", SUCCESS, kind=kind, wanted=" or ".join(wanted), seen=kind
            )
            return
    made = [value for value in values if isinstance(value, dict)]
    if len(made) == len(forms):
        yield from _members(parts, forms, made)


def _of_one_value(parts: ActionParts, form: Form) -> Iterator[Suspicion]:
    """A template that is one variable alone."""
    hole = form.skeleton.the_hole(form.value)
    if hole is not None:
        yield from _hole_against(parts, hole, parts.output_schema, "")


def _members(parts: ActionParts, forms: list[Form], made: list[dict[str, Any]]) -> Iterator[Suspicion]:
    declared = dict(members_of(parts.output_schema))
    names = {name for value in made for name in value}
    if any("\ue000" in name for name in names):
        return
    required = parts.output_schema.get("required")
    needed = required if isinstance(required, list) else []
    for name in declared:
        if name not in names:
            code = "OUTPUT_REQUIRED_NOT_PRODUCED" if name in needed else "OUTPUT_NOT_PRODUCED"
            yield suspect(parts, code, f"{OUTPUT}/properties/{escaped(name)}", name=name, seen=name)
    closed = parts.output_schema.get("additionalProperties") is False
    for name in sorted(names - set(declared)) if declared or closed else ():
        offset = max(parts.success.text.find(f'"{name}"'), 0)
        yield suspect(
            parts,
            "OUTPUT_UNDECLARED",
            SUCCESS,
            offset=offset,
            width=len(name) + 2,
            name=name,
            seen=name,
            what="the result is refused" if closed else "Architect does not see it",
            severity=Severity.WARNING if closed else None,
        )
    done: set[str] = set()
    for form, value in zip(forms, made, strict=True):
        for name, inner in value.items():
            if name in declared and name not in done:
                done.add(name)
                yield from _value_against(parts, form.skeleton, inner, declared[name], name)


def _value_against(
    parts: ActionParts, skeleton: Skeleton, value: Any, schema: Mapping[str, Any], name: str
) -> Iterator[Suspicion]:
    hole = skeleton.the_hole(value)
    wanted = kinds_of(schema)
    if hole is not None:
        yield from _hole_against(parts, hole, schema, name)
    elif wanted and not _fits(value, wanted):
        kind = _kind(value)
        offset = max(parts.success.text.find(f'"{name}"'), 0)
        yield suspect(
            parts,
            "OUTPUT_OF_ANOTHER_TYPE",
            SUCCESS,
            offset=offset,
            width=len(name) + 2,
            name=name,
            kind=kind,
            wanted=" or ".join(wanted),
            seen=kind,
        )


def _hole_against(
    parts: ActionParts, hole: Hole, schema: Mapping[str, Any], name: str
) -> Iterator[Suspicion]:
    """A variable that stands alone where the contract wants a value of some type."""
    wanted = kinds_of(schema)
    entry = parts.entry(hole.node.root) if not hole.node.parts else None
    if entry is None or not wanted:
        return
    called = f"`{name}`" if name else "the result"
    if entry.path is not None and not entry.path.is_definite and set(wanted) <= _SCALARS:
        right = f'${{successTemplateUtils.firstFromArray("${{{entry.name}}}", "$esc.quote$esc.quote")}}'
        yield suspect_text(
            parts,
            "LIST_FOR_ONE_VALUE",
            parts.success,
            hole.offset,
            hole.text,
            name=entry.name,
            called=called,
            wanted=" or ".join(wanted),
            right_text=right if "string" in wanted else right.replace("$esc.quote$esc.quote", "0"),
        )
    default = entry.default_value
    if entry.default is not None and _is_json(entry.default) and not _fits(default, wanted):
        if default is None and "null" not in wanted:
            return
        yield suspect(
            parts,
            "DEFAULT_OF_ANOTHER_TYPE",
            f"{DEFAULTS}/{escaped(entry.name)}",
            name=entry.name,
            called=called,
            kind=_kind(default),
            wanted=" or ".join(wanted),
            seen=entry.default[:60],
        )


def promises(parts: ActionParts) -> Iterator[Suspicion]:
    """Contracts that promise nothing, too much, or what cannot be told apart afterwards."""
    declared = dict(members_of(parts.output_schema))
    raw = [one.node.root for one in holes(parts.success.pieces)] == [_RAW] and not any(
        isinstance(one, Printed) and one.text.strip() for one in parts.success.pieces
    )
    closed = parts.output_schema.get("additionalProperties") is False
    if raw and closed and not parts.is_login:
        yield suspect(parts, "OUTPUT_CLOSED", f"{OUTPUT}/additionalProperties")
    if not declared and not parts.is_login and "array" not in kinds_of(parts.output_schema):
        yield suspect(parts, "OUTPUT_EMPTY", OUTPUT)
    for name in declared:
        pointer = f"{OUTPUT}/properties/{escaped(name)}"
        if "." in name:
            yield suspect(parts, "OUTPUT_NAME_WITH_DOT", pointer, name=name, seen=name)
        if name == "statusCode":
            yield suspect(parts, "RESULT_HAS_STATUS_CODE", pointer)


def _forms(template: TemplateText) -> list[Form]:
    return [form_of(one) for one in skeletons(template.pieces)]


def _fits(value: Any, wanted: tuple[str, ...]) -> bool:
    kind = _kind(value)
    return kind in wanted or (kind == "integer" and "number" in wanted)


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float):
        return "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"
