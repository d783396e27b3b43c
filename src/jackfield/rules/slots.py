"""Checks of the map from credential slots to credentials."""

from __future__ import annotations

from collections.abc import Callable

from jackfield.catalog import Catalog
from jackfield.domain.credential import Credential
from jackfield.domain.integration import IntegrationType, Slot
from jackfield.domain.json_nodes import ArrayNode, LiteralNode, Member, Node, ObjectNode, StringNode
from jackfield.domain.json_reader import escaped
from jackfield.rules.members import Members, nearest

INFO_MEMBERS = frozenset({"id", "name", "createdDate", "modifiedDate", "type", "selfUri", "credentialFields"})
Lookup = Callable[[str], Credential | None]


def named_ids(node: Node | None) -> tuple[str, ...]:
    """Return every credential id in `credentials`, in whatever form it was given."""
    if isinstance(node, ObjectNode) and _is_bare_info(node):
        values: list[Node | None] = [node.get("id")]
    elif isinstance(node, ObjectNode):
        values = [_id_node(member.value) for member in node.members]
    elif isinstance(node, ArrayNode):
        values = [_id_node(item) for item in node.items]
    else:
        values = [node]
    return tuple(value.value for value in values if isinstance(value, StringNode))


def check_slots(
    members: Members, kind: IntegrationType, credential: Lookup, catalog: Catalog
) -> dict[str, str]:
    """Check `credentials` of a configuration.

    Args:
        members: the configuration's members.
        kind: the integration's type, which declares the slots.
        credential: returns a stored credential.
        catalog: all types, to say where a credential belongs if this type has no slot.

    Returns:
        Slot name to credential id, of those that are as they should be.
    """
    node = members.get("credentials")
    if node is None:
        members.missing("credentials", f'"credentials": {_map_text(kind, "…") if kind.slots else "{}"}')
        return {}
    if not isinstance(node, ObjectNode):
        _not_a_map(members, node, kind)
        return {}
    slots = SlotMap(members, node, kind, credential, catalog)
    if _is_bare_info(node):
        slots.refuse_bare_info()
        return {}
    attached = {
        member.name: identifier for member in node.members if (identifier := slots.check(member)) is not None
    }
    slots.check_required(attached)
    return attached


class SlotMap:
    """The map from slots to credentials of one configuration.

    Args:
        members: the configuration's members.
        node: its `credentials`.
        kind: the integration's type.
        credential: returns a stored credential.
        catalog: all types.
    """

    def __init__(
        self, members: Members, node: ObjectNode, kind: IntegrationType, credential: Lookup, catalog: Catalog
    ) -> None:
        self.log, self.reading = members.log, members.log.reading
        self.pointer = members.at("credentials")
        self.node, self.kind, self.credential, self.catalog = node, kind, credential, catalog

    def refuse_bare_info(self) -> None:
        """Say that the answer of POST credentials stands where the map belongs."""
        identifier = self.node.get("id")
        shown = identifier.value if isinstance(identifier, StringNode) else "<credential id>"
        fix, accepted = self._advice(shown)
        self.log.add(
            "CREDENTIALS_BARE_INFO",
            self.node,
            self.pointer,
            seen=self.reading.seen(self.node),
            accepted=accepted,
            fix=fix,
        )
        if isinstance(identifier, StringNode):
            self._fits(identifier, f"{self.pointer}/id", next(iter(self.kind.slots.values()), None))

    def check(self, member: Member) -> str | None:
        """Check one slot and return the credential's id if nothing is wrong with it."""
        slot = self.kind.slots.get(member.name)
        if slot is None:
            self._unknown_slot(member)
        value, where = member.value, f"{self.pointer}/{escaped(member.name)}"
        if isinstance(value, LiteralNode) and value.value is None:
            self.log.add("SLOT_NULL", value, where, slot=member.name, seen="null")
            return None
        if not isinstance(value, ObjectNode):
            self._not_a_reference(member, where)
            return None
        identifier = value.get("id")
        if not isinstance(identifier, StringNode) or not identifier.value:
            example = f'"{member.name}": {{"id": "…"}}'
            seen = self.reading.seen(identifier) or self.reading.seen(value)
            self.log.add("SLOT_ID_MISSING", value, where, slot=member.name, seen=seen, example=example)
            return None
        fits = self._fits(identifier, f"{where}/id", slot)
        return identifier.value if fits and slot is not None else None

    def check_required(self, attached: dict[str, str]) -> None:
        """Note required slots that stay empty."""
        for slot in self.kind.slots.values():
            if slot.required and slot.name not in self.node.names:
                self.log.add(
                    "SLOT_REQUIRED",
                    self.node,
                    self.pointer,
                    slot=slot.name,
                    type_id=self.kind.id,
                    types=" or ".join(slot.credential_types),
                    seen=", ".join(attached),
                )

    def _fits(self, identifier: StringNode, where: str, slot: Slot | None) -> bool:
        stored = self.credential(identifier.value)
        seen = self.reading.seen(identifier)
        if stored is None:
            self.log.add("CREDENTIAL_UNKNOWN", identifier, where, seen=seen)
            return False
        if slot is None or stored.type_name in slot.credential_types:
            return True
        self.log.add(
            "SLOT_WRONG_CREDENTIAL_TYPE",
            identifier,
            where,
            seen=seen,
            slot=slot.name,
            type=stored.type_name,
            types=" or ".join(f"`{name}`" for name in slot.credential_types),
        )
        return False

    def _unknown_slot(self, member: Member) -> None:
        where = f"{self.pointer}/{escaped(member.name)}"
        if not self.kind.slots:
            _, elsewhere = self._advice("…")
            self.log.add(
                "TYPE_WITHOUT_SLOTS",
                member,
                where,
                type_id=self.kind.id,
                seen=member.name,
                accepted=elsewhere,
            )
            return
        holders = [slot.name for slot in self.kind.slots.values() if member.name in slot.credential_types]
        target = (holders or [nearest(member.name, self.kind.slots) or next(iter(self.kind.slots))])[0]
        reason = (
            f" `{member.name}` is a credential type; the slot that takes it is `{target}`."
            if member.name in self.catalog.credential_types
            else ""
        )
        self.log.add(
            "SLOT_UNKNOWN",
            member,
            where,
            seen=member.name,
            slot=member.name[:80],
            type_id=self.kind.id,
            reason=reason,
            slots=_slots_text(self.kind),
            right=target,
        )

    def _not_a_reference(self, member: Member, where: str) -> None:
        value = member.value
        text = value.value if isinstance(value, StringNode) and not self.reading.hides(value) else "…"
        self.log.add(
            "SLOT_VALUE_NOT_OBJECT",
            value,
            where,
            slot=member.name,
            seen=self.reading.seen(value),
            fix=f'Send "{member.name}": {{"id": "{text}"}}.',
        )

    def _advice(self, identifier: str) -> tuple[str, str]:
        """Return the fix and what is accepted, for this type's slots."""
        if self.kind.slots:
            text = _map_text(self.kind, identifier)
            return f'Send "credentials": {text}', f"A map from slot to credential: {text}"
        stored = self.credential(identifier)
        wanted = stored.type_name if stored else "basicAuth"
        takers = [
            kind
            for kind in self.catalog.integration_types.values()
            if any(wanted in slot.credential_types for slot in kind.slots.values())
        ]
        listed = ", ".join(f"`{kind.id}` (slot `{next(iter(kind.slots))}`)" for kind in takers[:4])
        return (
            'Send "credentials": {} here; attach the credential to an integration that has a slot for it.',
            f'"credentials": {{}} – `{self.kind.id}` declares no slot. Types that take `{wanted}`: {listed}',
        )


def _is_bare_info(node: ObjectNode) -> bool:
    """Tell a CredentialInfo from a slot map: it has the members of one, and its id is a text."""
    if not isinstance(node.get("id"), StringNode):
        return False
    return all(name in INFO_MEMBERS for name in node.names)


def _not_a_map(members: Members, node: Node, kind: IntegrationType) -> None:
    ids = named_ids(node)
    text = (
        _map_text(kind, ids[0] if ids and not members.log.reading.hides(node) else "…")
        if kind.slots
        else "{}"
    )
    members.log.add(
        "CREDENTIALS_NOT_A_MAP",
        node,
        members.at("credentials"),
        seen=members.log.reading.seen(node),
        accepted=f'"credentials": {text}',
        fix=f'Send "credentials": {text}',
    )


def _id_node(node: Node) -> Node | None:
    return node.get("id") if isinstance(node, ObjectNode) else node


def _map_text(kind: IntegrationType, identifier: str) -> str:
    return "{" + ", ".join(f'"{slot}": {{"id": "{identifier}"}}' for slot in kind.slots) + "}"


def _slots_text(kind: IntegrationType) -> str:
    return ", ".join(
        f"`{slot.name}` (takes {' or '.join(slot.credential_types)})" for slot in kind.slots.values()
    )
