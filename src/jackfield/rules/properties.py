"""Checks of `properties` and `advanced` against the integration type's draft-04 schema."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from jackfield.catalog import Catalog
from jackfield.domain.finding import Grade, Severity
from jackfield.domain.integration import IntegrationType
from jackfield.domain.json_nodes import ArrayNode, Member, Node, ObjectNode, StringNode
from jackfield.rules import mending
from jackfield.rules.contracts import Validator, Violation, compile_contract
from jackfield.rules.members import Members
from jackfield.rules.nearest import listed, nearest

OPTIONS_SHOWN = 12


def check_properties(inner: Members, name: str, kind: IntegrationType, catalog: Catalog) -> None:
    """Check one document.

    Args:
        inner: the document's members.
        name: `properties` or `advanced`.
        kind: the integration's type.
        catalog: all types, to say where properties belong that this one does not have.
    """
    schema = _schema(kind, name)
    misplaced: list[str] = []
    for violation in schema.validator.violations(inner.node.plain()):
        if violation.keyword == "additionalProperties" and not violation.pointer:
            misplaced += violation.names
        else:
            _report(inner, violation, schema, _severity(kind))
    if misplaced:
        _report_misplaced(inner, name, kind, catalog, misplaced)


def _report(inner: Members, violation: Violation, schema: Schema, severity: Severity | None) -> None:
    target = find(inner.node, violation.pointer)
    node = target.value if isinstance(target, Member) else target
    shown = ", ".join(json.dumps(option) for option in violation.expected[:OPTIONS_SHOWN])
    meaning = schema.description(violation.pointer)
    inner.log.add(
        "PROPERTY_INVALID",
        node,
        f"{inner.pointer}{violation.pointer}",
        seen=inner.log.reading.seen(node),
        reason=violation.message,
        accepted=meaning or (f"{violation.keyword}: {shown}" if shown else ""),
        owner=f"`{violation.pointer.rpartition('/')[2]}`" if violation.pointer else inner.owner,
        severity=severity,
        edits=_value_edits(inner, violation, node),
    )


def _value_edits(inner: Members, violation: Violation, node: Node | None) -> mending.Edits:
    """Return the edit to a value that the schema allows, where it can be told."""
    where = f"{inner.pointer}{violation.pointer}"
    if not violation.pointer or node is None:
        return mending.NOTHING
    text = node.value if isinstance(node, StringNode) else ""
    if violation.keyword == "enum":
        words = [one for one in violation.expected if isinstance(one, str)]
        near = nearest(text, words)
        return mending.replaced(where, near) if near else mending.removed(where)
    if violation.keyword == "type":
        return _kind_edits(where, violation.expected, node, inner)
    if violation.keyword == "pattern" and text.startswith("http://"):
        return mending.replaced(where, "https://" + text.removeprefix("http://"))
    return mending.removed(where)


def _kind_edits(where: str, expected: tuple[Any, ...], node: Node, inner: Members) -> mending.Edits:
    """Return the edit to a value of the expected kind."""
    text = node.value.strip() if isinstance(node, StringNode) else ""
    if "boolean" in expected:
        return mending.as_flag(where, node)
    if "integer" in expected and text.lstrip("-").isascii() and text.lstrip("-").isdigit():
        return mending.replaced(where, int(text))
    if "array" in expected and isinstance(node, StringNode):
        if text.startswith("["):
            return mending.decoded(where, text)
        return mending.replaced(where, [part.strip() for part in text.split(",") if part.strip()])
    if "object" in expected and text.startswith("{"):
        return mending.decoded(where, text)
    if "string" in expected and isinstance(node, ArrayNode):
        items = [item.value for item in node.items if isinstance(item, StringNode)]
        return mending.replaced(where, ",".join(items))
    return mending.as_text(where, node, inner.log.reading) if "string" in expected else mending.removed(where)


def _report_misplaced(
    inner: Members, name: str, kind: IntegrationType, catalog: Catalog, names: list[str]
) -> None:
    """Say where the members belong: one finding for those that another type has, else one for each."""
    severity = _severity(kind)
    home, owned = _home(catalog, name, names)
    if home is not None and len(owned) > 1:
        _report_foreign(inner, name, kind, home, owned)
        names = [one for one in names if one not in owned]
    own = _schema(kind, name).names
    for one in names:
        near = nearest(one, own)
        hint = f" Did you mean `{near}`?" if near else ""
        if not near and home is not None and one in owned:
            hint = f" It belongs to `{home.id}`."
        inner.log.add(
            "PROPERTY_UNKNOWN",
            inner.node.member(one),
            inner.at(one),
            seen=one[:80],
            name=one[:80],
            type_id=kind.id,
            own=", ".join(own) or f'none: "{name}": {{}}',
            hint=hint,
            document=name,
            severity=severity,
            edits=inner.renaming(one, near) or mending.removed(inner.at(one)),
        )


def _report_foreign(
    inner: Members, name: str, kind: IntegrationType, home: IntegrationType, owned: list[str]
) -> None:
    """Say that the members are those of another type, and what that means for the credentials."""
    note = "" if home.slots else "; it takes no credentials"
    inner.log.add(
        "PROPERTIES_OF_ANOTHER_TYPE",
        inner.node.member(owned[0]),
        inner.pointer,
        seen=", ".join(owned),
        names=listed(owned),
        type_id=kind.id,
        homes=f"`{home.id}`",
        own=", ".join(_schema(kind, name).names) or "none",
        name=name,
        kind=home.name,
        note=note,
        severity=_severity(kind),
        edits=tuple(edit for one in owned for edit in mending.removed(inner.at(one))),
    )


def _severity(kind: IntegrationType) -> Severity | None:
    """Return what a broken schema does: nothing is refused for the schema of a type that is only assumed."""
    return Severity.WARNING if kind.grade is Grade.ASSUMED else None


def _home(catalog: Catalog, name: str, names: list[str]) -> tuple[IntegrationType | None, list[str]]:
    """Return the type that has most of these members and the fewest others, and those that it has."""
    best: tuple[int, int] = (0, 0)
    home: IntegrationType | None = None
    for kind in catalog.integration_types.values():
        own = _schema(kind, name).names
        score = (len(set(own).intersection(names)), -len(own))
        if score[0] and score > best:
            best, home = score, kind
    return home, [one for one in names if home is not None and one in _schema(home, name).names]


def find(node: Node, pointer: str) -> Node | Member | None:
    """Return what a pointer names inside a node: the member if it ends in one, the node else."""
    found: Node | Member | None = node
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        current = found.value if isinstance(found, Member) else found
        if isinstance(current, ObjectNode):
            found = current.member(name)
        elif isinstance(current, ArrayNode) and name.isdigit() and int(name) < len(current.items):
            found = current.items[int(name)]
        else:
            return current
    return found


class Schema:
    """A type's schema: compiled, with the names of its members and what they mean.

    Args:
        text: JSON text of a draft-04 schema.
    """

    def __init__(self, text: str) -> None:
        self.validator: Validator = compile_contract(text)
        self._document: Any = json.loads(text)
        self.names: tuple[str, ...] = tuple(self._document.get("properties", {}))

    def description(self, pointer: str) -> str:
        """Return what the schema says about the member at a pointer into the value."""
        current = self._document
        for part in pointer.split("/")[1:]:
            if not isinstance(current, dict):
                return ""
            inner = current.get("properties", {}).get(part.replace("~1", "/").replace("~0", "~"))
            current = current.get("items") if inner is None and part.isdigit() else inner
        return str(current.get("description", "")) if pointer and isinstance(current, dict) else ""


def _schema(kind: IntegrationType, name: str) -> Schema:
    return _compiled(kind.properties_schema if name == "properties" else kind.advanced_schema)


@lru_cache(maxsize=256)
def _compiled(schema_text: str) -> Schema:
    return Schema(schema_text)
