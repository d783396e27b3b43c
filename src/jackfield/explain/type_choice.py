"""Which integration type a request is about, as far as the text tells."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from jackfield.catalog import Catalog
from jackfield.domain.credential import Credential
from jackfield.domain.integration import IntegrationType
from jackfield.domain.json_nodes import Node, ObjectNode, StringNode
from jackfield.explain.facts import Facts

USUAL: Final = "custom-rest-actions"


@dataclass(frozen=True, slots=True)
class TypeChoice:
    """The type to go by.

    Args:
        kind: the type.
        certain: the reader or an answer in the text named it.
        others: other types that the text speaks for.
        of_properties: the type whose properties the body has, if that is another one.
    """

    kind: IntegrationType
    certain: bool
    others: tuple[str, ...] = ()
    of_properties: str = ""


def choose_type(body: ObjectNode | None, integration_id: str, facts: Facts, catalog: Catalog) -> TypeChoice:
    """Choose the type of the integration that a configuration is for.

    Args:
        body: the configuration.
        integration_id: out of the request's path.
        facts: what the text tells.
        catalog: all types.
    """
    known = catalog.integration_types
    told = facts.integration_types.get(integration_id)
    properties = body.get("properties") if body is not None else None
    homes = homes_of(properties, catalog)
    if told is not None:
        return TypeChoice(known[told], True, of_properties=homes[0] if homes and told not in homes else "")
    credentials = body.get("credentials") if body is not None else None
    takers = takers_of(credentials, facts, catalog)
    spoken = [type_id for type_id in facts.spoken_types if type_id in known]
    agreed = [type_id for type_id in spoken if type_id in takers or type_id in homes]
    ordered = list(dict.fromkeys((*agreed, *takers[:3], *homes[:3], *spoken)))
    if not ordered:
        return TypeChoice(known[USUAL], False)
    # Credentials are what people ask about; properties are what they copy along from a sample.
    chosen = agreed[0] if agreed else takers[0] if takers else ordered[0]
    foreign = homes[0] if homes and chosen not in homes else ""
    others = (foreign,) if foreign else ()
    return TypeChoice(known[chosen], False, others, foreign)


def homes_of(properties: Node | None, catalog: Catalog) -> list[str]:
    """Return the types that have all the properties of a body, those with the fewest others first."""
    if not isinstance(properties, ObjectNode) or not properties.names:
        return []
    wanted = set(properties.names)
    sized = []
    for kind in catalog.integration_types.values():
        own = set(_property_names(kind.properties_schema))
        if wanted <= own:
            sized.append((len(own), kind.id))
    return [type_id for _, type_id in sorted(sized)]


def takers_of(credentials: Node | None, facts: Facts, catalog: Catalog) -> list[str]:
    """Return the types that have the slots, or take the credentials, that a body names."""
    if not isinstance(credentials, ObjectNode) or not credentials.names:
        return []
    types = catalog.integration_types.values()
    slots = set(credentials.names)
    by_slot = [kind.id for kind in types if slots <= set(kind.slots)]
    if by_slot:
        return _usual_first(by_slot)
    wanted = credential_types_in(credentials, facts.credentials, catalog)
    return _usual_first(
        kind.id
        for kind in types
        if any(one in slot.credential_types for slot in kind.slots.values() for one in wanted)
    )


def credential_types_in(
    credentials: ObjectNode, stored: dict[str, Credential] | object, catalog: Catalog
) -> list[str]:
    """Return the credential types that the map, or a bare credential in its place, speaks of."""
    found: list[str] = [name for name in credentials.names if name in catalog.credential_types]
    inner = (
        credentials,
        *(member.value for member in credentials.members if isinstance(member.value, ObjectNode)),
    )
    for node in inner:
        kind = node.get("type")
        name = kind.get("name") if isinstance(kind, ObjectNode) else kind
        if isinstance(name, StringNode) and name.value in catalog.credential_types:
            found.append(name.value)
        identifier = node.get("id")
        if isinstance(identifier, StringNode) and isinstance(stored, dict) and identifier.value in stored:
            found.append(stored[identifier.value].type_name)
    return list(dict.fromkeys(found))


def _usual_first(ids: Iterable[str]) -> list[str]:
    return sorted(ids, key=lambda type_id: type_id != USUAL)


@lru_cache(maxsize=128)
def _property_names(schema_text: str) -> tuple[str, ...]:
    return tuple(json.loads(schema_text).get("properties", {}))
