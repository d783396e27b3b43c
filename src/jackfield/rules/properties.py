"""Checks of `properties` and `advanced` against the integration type's draft-04 schema."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from jackfield.catalog import Catalog
from jackfield.domain.integration import IntegrationType
from jackfield.domain.json_nodes import ArrayNode, Member, Node, ObjectNode
from jackfield.rules.contracts import Validator, Violation, compile_contract
from jackfield.rules.members import Members, nearest

OPTIONS_SHOWN = 12


def check_properties(inner: Members, name: str, kind: IntegrationType, catalog: Catalog) -> None:
    """Check one document.

    Args:
        inner: the document's members.
        name: `properties` or `advanced`.
        kind: the integration's type.
        catalog: all types, to say where properties belong that this one does not have.
    """
    schema_text = kind.properties_schema if name == "properties" else kind.advanced_schema
    misplaced: list[str] = []
    for violation in _compiled(schema_text).violations(inner.node.plain()):
        if violation.keyword == "additionalProperties" and not violation.pointer:
            misplaced += violation.names
        else:
            _report(inner, violation)
    if misplaced:
        _report_misplaced(inner, name, kind, catalog, misplaced)


def _report(inner: Members, violation: Violation) -> None:
    target = find(inner.node, violation.pointer)
    node = target.value if isinstance(target, Member) else target
    shown = ", ".join(json.dumps(option) for option in violation.expected[:OPTIONS_SHOWN])
    inner.log.add(
        "PROPERTY_INVALID",
        node,
        f"{inner.pointer}{violation.pointer}",
        seen=inner.log.reading.seen(node),
        reason=violation.message,
        accepted=f"{violation.keyword}: {shown}" if shown else "",
        owner=inner.owner,
    )


def _report_misplaced(
    inner: Members, name: str, kind: IntegrationType, catalog: Catalog, names: list[str]
) -> None:
    """Say where the members belong: one finding if another type has them all, else one for each."""
    own = _property_names(kind.properties_schema if name == "properties" else kind.advanced_schema)
    homes = _homes(catalog, name, names) if len(names) > 1 else []
    if homes:
        shown = ", ".join(f"`{home.id}`" for home in homes[:4])
        inner.log.add(
            "PROPERTIES_OF_ANOTHER_TYPE",
            inner.node.member(names[0]),
            inner.pointer,
            seen=", ".join(names),
            names=", ".join(f"`{one}`" for one in names),
            type_id=kind.id,
            homes=shown,
            own=", ".join(own) or "none",
            name=name,
            kind=homes[0].name,
        )
        return
    for one in names:
        near = nearest(one, own)
        inner.log.add(
            "PROPERTY_UNKNOWN",
            inner.node.member(one),
            inner.at(one),
            seen=one,
            name=one[:80],
            type_id=kind.id,
            own=", ".join(own) or "none",
            hint=f" Did you mean `{near}`?" if near else "",
        )


def _homes(catalog: Catalog, name: str, names: list[str]) -> list[IntegrationType]:
    """Return the types that have all these members, those with the fewest others first."""
    wanted = set(names)
    sized = []
    for kind in catalog.integration_types.values():
        own = set(_property_names(kind.properties_schema if name == "properties" else kind.advanced_schema))
        if wanted <= own:
            sized.append((len(own), kind.id, kind))
    return [kind for _, _, kind in sorted(sized, key=lambda item: item[:2])]


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


@lru_cache(maxsize=256)
def _compiled(schema_text: str) -> Validator:
    return compile_contract(schema_text)


@lru_cache(maxsize=256)
def _property_names(schema_text: str) -> tuple[str, ...]:
    schema: Any = json.loads(schema_text)
    return tuple(schema.get("properties", {}))
