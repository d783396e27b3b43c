"""Checks of the map from credential slots to credentials."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from jackfield.catalog import Catalog
from jackfield.domain.credential import Credential
from jackfield.domain.finding import Grade, Severity
from jackfield.domain.integration import IntegrationType, Slot
from jackfield.domain.json_nodes import ArrayNode, LiteralNode, Member, Node, ObjectNode, StringNode
from jackfield.domain.json_reader import escaped
from jackfield.domain.secret import MASK
from jackfield.rules import mending
from jackfield.rules.members import Members, is_placeholder, is_plausible_id
from jackfield.rules.nearest import folded, listed, nearest

INFO_MEMBERS = frozenset({"name", "createdDate", "modifiedDate", "type", "selfUri", "credentialFields"})
MAX_IDS = 50
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
Lookup = Callable[[str], Credential | None]


def named_ids(node: Node | None) -> tuple[str, ...]:
    """Return every credential id in `credentials`, in whatever form it was given, at most MAX_IDS."""
    values: list[Node | None] = []
    if isinstance(node, ObjectNode):
        values = [node.get("id"), *(_id_node(member.value) for member in node.members)]
    elif isinstance(node, ArrayNode):
        values = [_id_node(item) for item in node.items]
    else:
        values = [node]
    texts = (value.value for value in values if isinstance(value, StringNode))
    return tuple(dict.fromkeys(text for text in texts if is_plausible_id(text)))[:MAX_IDS]


def check_slots(
    members: Members, kind: IntegrationType, credential: Lookup | None, catalog: Catalog
) -> dict[str, str]:
    """Check `credentials` of a configuration.

    Args:
        members: the configuration's members.
        kind: the integration's type, which declares the slots.
        credential: returns a stored credential; None if it is not known which there are.
        catalog: all types, to say where a credential belongs if this type has no slot.

    Returns:
        Slot name to credential id, of those that are as they should be.
    """
    node = members.get("credentials")
    if node is None:
        members.missing("credentials", f'"credentials": {_map_text(kind, "…") if kind.slots else "{}"}')
        return {}
    if not isinstance(node, ObjectNode):
        if isinstance(node, StringNode) and not is_plausible_id(node.value):
            members.wrong_kind("credentials", node, "an object", f'"credentials": {_map_text(kind, "…")}')
        else:
            _not_a_map(members, node, kind)
        return {}
    slots = SlotMap(members, node, kind, credential, catalog)
    if slots.is_bare_info():
        slots.refuse_bare_info()
        return {}
    if slots.holds_secrets(node):
        slots.refuse_secrets(node, slots.pointer, "credentials", next(iter(kind.slots), ""))
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
        credential: returns a stored credential; None if it is not known which there are.
        catalog: all types.
    """

    def __init__(
        self,
        members: Members,
        node: ObjectNode,
        kind: IntegrationType,
        credential: Lookup | None,
        catalog: Catalog,
    ) -> None:
        self.log, self.reading = members.log, members.log.reading
        self.pointer = members.at("credentials")
        self.node, self.kind, self.credential, self.catalog = node, kind, credential, catalog
        self._taken = set(node.names)

    def is_bare_info(self) -> bool:
        """Tell a credential from a slot map: it has an id that is a text, or the members of an answer."""
        names = self.node.names
        if any(name in self.kind.slots for name in names):
            return False
        return isinstance(self.node.get("id"), StringNode) or len(INFO_MEMBERS.intersection(names)) > 2

    def holds_secrets(self, node: ObjectNode) -> bool:
        """Tell if an object holds the fields of a credential instead of a credential's id."""
        if "credentialFields" in node.names:
            return True
        fields = (field.name for kind in self.catalog.credential_types.values() for field in kind.fields)
        known = {folded(field) for field in fields}
        texts = [member.name for member in node.members if isinstance(member.value, StringNode)]
        return any(folded(name) in known and name not in self.kind.slots for name in texts)

    def refuse_secrets(self, node: ObjectNode, where: str, name: str, slot: str) -> None:
        """Say that the secrets themselves stand where a reference to a credential belongs."""
        reference = '{"id": "…"}'
        example = (
            f'"{slot}": {reference}' if name != "credentials" else f'"credentials": {{"{slot}": {reference}}}'
        )
        stored = {"id": "<credential id>"}
        value = stored if name != "credentials" else {slot: stored} if slot else {}
        self.log.add(
            "CREDENTIALS_HOLD_SECRETS",
            node,
            where,
            seen=MASK,
            name=name[:80],
            example=example,
            edits=mending.replaced(where, value),
        )

    def refuse_bare_info(self) -> None:
        """Say that the answer of POST credentials stands where the map belongs."""
        identifier = self.node.get("id")
        known = isinstance(identifier, StringNode) and is_plausible_id(identifier.value)
        shown = identifier.value if isinstance(identifier, StringNode) and known else "<credential id>"
        fix, accepted = self._advice(shown)
        self.log.add(
            "CREDENTIALS_BARE_INFO",
            self.node,
            self.pointer,
            seen=self.reading.seen(self.node),
            accepted=accepted,
            fix=fix,
            slots=_slots_sentence(self.kind),
            edits=mending.replaced(self.pointer, self._map_of(shown)),
        )
        if isinstance(identifier, StringNode):
            self._fits(identifier, f"{self.pointer}/id", self._slot_for(shown))

    def check(self, member: Member) -> str | None:
        """Check one slot and return the credential's id if nothing is wrong with it."""
        slot = self.kind.slots.get(member.name)
        if slot is None:
            self._unknown_slot(member)
        value, where = member.value, f"{self.pointer}/{escaped(member.name)}"
        if isinstance(value, LiteralNode) and value.value is None:
            edits = mending.removed(where)
            self.log.add("SLOT_NULL", value, where, slot=member.name, seen="null", edits=edits)
            return None
        if not isinstance(value, ObjectNode):
            self._not_a_reference(member, where)
            return None
        identifier = value.get("id")
        if identifier is None and self.holds_secrets(value):
            self.refuse_secrets(value, where, member.name, member.name)
            return None
        if not isinstance(identifier, StringNode) or not identifier.value:
            example = f'"{member.name}": {{"id": "…"}}'
            seen = self.reading.seen(identifier) or self.reading.seen(value)
            elsewhere = _id_in(value)
            self.log.add(
                "SLOT_ID_MISSING",
                value,
                where,
                slot=member.name,
                seen=seen,
                example=example,
                edits=mending.replaced(where, {"id": elsewhere}) if elsewhere else mending.NOTHING,
            )
            return None
        fits = self._fits(identifier, f"{where}/id", slot)
        return identifier.value if fits and slot is not None else None

    def check_required(self, attached: dict[str, str]) -> None:
        """Note required slots that stay empty."""
        for slot in self.kind.slots.values():
            if slot.required and slot.name not in attached and self.node.get(slot.name) is None:
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
        seen = self.reading.seen(identifier)
        if is_placeholder(identifier.value):
            severity = Severity.ERROR
            self.log.add("MEMBER_PLACEHOLDER", identifier, where, seen=seen, name="id", severity=severity)
            return False
        if self.credential is None and is_plausible_id(identifier.value):
            return True
        stored = self._stored(identifier.value)
        if stored is None:
            self.log.add("CREDENTIAL_UNKNOWN", identifier, where, seen=seen)
            return False
        if slot is None or stored.type_name in slot.credential_types:
            return True
        guessed = self.kind.grade is Grade.ASSUMED
        self.log.add(
            "SLOT_WRONG_CREDENTIAL_TYPE",
            identifier,
            where,
            seen=seen,
            slot=slot.name,
            type=stored.type_name,
            types=" or ".join(f"`{name}`" for name in slot.credential_types),
            # What a slot of an assumed type takes is only our guess, and nothing is refused for a guess.
            severity=Severity.WARNING if guessed else None,
        )
        return guessed

    def _stored(self, identifier: str) -> Credential | None:
        known = self.credential is not None and is_plausible_id(identifier)
        return self.credential(identifier) if known and self.credential is not None else None

    def _slot_for(self, identifier: str) -> Slot | None:
        """Return the slot that takes a credential; the first one if that is not known."""
        stored = self._stored(identifier)
        slots = tuple(self.kind.slots.values())
        fitting = (slot for slot in slots if stored is not None and stored.type_name in slot.credential_types)
        return next(fitting, slots[0] if slots else None)

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
                edits=mending.removed(where),
            )
            return
        target = self._meant(member.name)
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
            **self._way_out(where, target),
        )

    def _meant(self, name: str) -> str:
        """Return the slot that a key likely means; of several that would do, one that is still free."""
        slots = self.kind.slots
        holders = [slot.name for slot in slots.values() if name in slot.credential_types]
        near = nearest(name, slots)
        likely = holders or ([near] if near else [*slots])
        return next((slot for slot in likely if slot not in self._taken), likely[0])

    def _way_out(self, where: str, target: str) -> dict[str, Any]:
        """Return fix and edits: into the slot that was meant if that one is free; it holds one credential."""
        if target in self._taken:
            fix = (
                f"Take this key out: the slot `{target}` is filled already, and a slot holds one credential."
            )
            return {"fix": fix, "edits": mending.removed(where)}
        self._taken.add(target)
        return {"edits": mending.renamed(where, target)}

    def _not_a_reference(self, member: Member, where: str) -> None:
        value = member.value
        only = value.items[0] if isinstance(value, ArrayNode) and len(value.items) == 1 else value
        named = only.get("id") if isinstance(only, ObjectNode) else only
        text = named.value if isinstance(named, StringNode) and not self.reading.hides(named) else "…"
        self.log.add(
            "SLOT_VALUE_NOT_OBJECT",
            value,
            where,
            slot=member.name,
            seen=self.reading.seen(value),
            fix=f'Send "{member.name}": {{"id": "{text}"}}.',
            edits=mending.replaced(where, {"id": text}) if is_plausible_id(text) else mending.NOTHING,
        )

    def _map_of(self, identifier: str) -> dict[str, dict[str, str]]:
        """Return the map with a credential in the slot that takes it; empty if this type has no slot."""
        slot = self._slot_for(identifier)
        return {slot.name: {"id": identifier}} if slot is not None else {}

    def _advice(self, identifier: str) -> tuple[str, str]:
        """Return the fix and what is accepted, for this type's slots."""
        slot = self._slot_for(identifier)
        if slot is not None:
            text = f'{{"{slot.name}": {{"id": "{identifier}"}}}}'
            return f'Send "credentials": {text}', f"A map from slot to credential: {text}"
        stored = self._stored(identifier)
        wanted = stored.type_name if stored else self._declared_type()
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

    def _declared_type(self) -> str:
        """Return the credential type that a bare credential says it has."""
        kind = self.node.get("type")
        name = kind.get("name") if isinstance(kind, ObjectNode) else kind
        known = isinstance(name, StringNode) and name.value in self.catalog.credential_types
        return name.value if isinstance(name, StringNode) and known else "basicAuth"


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
        slots=_slots_sentence(kind),
        edits=_edits_to_map(members, ids, kind),
    )


def _edits_to_map(members: Members, ids: tuple[str, ...], kind: IntegrationType) -> mending.Edits:
    """Return the edit that puts the first id into the first slot."""
    slot = next(iter(kind.slots), "")
    if slot and not ids:
        return mending.NOTHING
    return mending.replaced(members.at("credentials"), {slot: {"id": ids[0]}} if slot else {})


def _id_in(value: ObjectNode) -> str:
    """Return the id that another member holds, such as `selfUri`; "" if there is none."""
    for member in value.members:
        text = member.value.value if isinstance(member.value, StringNode) else ""
        match = _UUID.search(text)
        if match is not None and not text.startswith("Integration-"):
            return match[0]
    return ""


def _slots_sentence(kind: IntegrationType) -> str:
    """Return a sentence about the slots of a type, with a blank in front."""
    if not kind.slots:
        return f" Integrations of type `{kind.id}` declare no slot: they take no credentials."
    noun = "slot" if len(kind.slots) == 1 else "slots"
    return f" Integrations of type `{kind.id}` have the {noun} {_slots_text(kind)}."


def _id_node(node: Node) -> Node | None:
    return node.get("id") if isinstance(node, ObjectNode) else node


def _map_text(kind: IntegrationType, identifier: str) -> str:
    return "{" + ", ".join(f'"{slot}": {{"id": "{identifier}"}}' for slot in kind.slots) + "}"


def _slots_text(kind: IntegrationType) -> str:
    return ", ".join(
        f"`{slot.name}` (takes {listed(slot.credential_types, 'or')})" for slot in kind.slots.values()
    )
