"""Checks of a credential's body."""

from __future__ import annotations

from jackfield.catalog import Catalog
from jackfield.domain.credential import CredentialType, NewCredential
from jackfield.domain.finding import Checked
from jackfield.domain.json_nodes import ObjectNode, StringNode
from jackfield.domain.json_reader import Reading
from jackfield.domain.secret import MASK, Secret
from jackfield.rules import mending
from jackfield.rules.members import FindingLog, Members, is_placeholder, open_body
from jackfield.rules.nearest import listed, nearest

MEMBERS = ("name", "type", "credentialFields", "id", "selfUri", "createdDate", "modifiedDate")
TYPE_MEMBERS = ("name", "id", "properties", "displayOrder", "required", "title", "description")


def check_credential(body: Reading, catalog: Catalog, *, strict: bool = False) -> Checked[NewCredential]:
    """Check the body of POST or PUT of a credential.

    Args:
        body: as it was sent; `type` may be an object with a name (with or without the type's whole schema)
            or, as the wizard sample sends it, a bare string.
        catalog: knows the credential types.
        strict: warnings refuse.
    """
    log = FindingLog(body, strict=strict)
    members = open_body(log, "credential", _example("basicAuth"), MEMBERS)
    if members is None:
        return log.checked(None)
    name = members.text("name")
    kind = _type(members, catalog)
    outside = _fields_outside(members, kind)
    members.unknown((*MEMBERS, *outside))
    fields = {} if outside else _fields(members, kind)
    return log.checked(NewCredential(name, kind.name if kind else "", fields))


def _type(members: Members, catalog: Catalog) -> CredentialType | None:
    example = '"type": {"name": "basicAuth"}'
    node = members.get("type")
    if node is None:
        members.missing("type", _type_by_fields(members, catalog) or example)
        return None
    pointer = members.at("type")
    if isinstance(node, ObjectNode):
        inner = Members(members.log, node, pointer, "credential type")
        inner.unknown(TYPE_MEMBERS)
        wanted = inner.get("name") or inner.get("id")
        if wanted is None:
            inner.missing("name", '"name": "basicAuth"')
            return None
        node, pointer = wanted, inner.at("name")
    if not isinstance(node, StringNode):
        members.wrong_kind("type", node, "an object with a name, or a string", example)
        return None
    kind = catalog.credential_types.get(node.value)
    if kind is None:
        members.log.add(
            "CREDENTIAL_TYPE_UNKNOWN",
            node,
            pointer,
            seen=members.log.reading.seen(node),
            accepted=", ".join(catalog.credential_types),
            fix=_type_advice(node.value, catalog),
            edits=_type_edits(node.value, pointer, catalog),
        )
    return kind


def _type_by_fields(members: Members, catalog: Catalog) -> str:
    """Return the missing member `type`, as the names of the fields tell it; "" if they do not."""
    fields = members.node.get("credentialFields")
    names = set(fields.names) if isinstance(fields, ObjectNode) else set()
    for kind in catalog.credential_types.values():
        if names and not kind.open and names <= {field.name for field in kind.fields}:
            return f'"type": {{"name": "{kind.name}"}}'
    return ""


def _type_advice(word: str, catalog: Catalog) -> str:
    """Return what to do about an unknown credential type; "" for the general advice."""
    for kind in catalog.integration_types.values():
        taken = [name for slot in kind.slots.values() for name in slot.credential_types]
        if word == kind.id and taken:
            return f"`{word}` is an integration type. Send a type that it takes: {listed(taken, 'or')}."
        if word in kind.slots:
            taken = list(kind.slots[word].credential_types)
            return f"`{word}` is a slot of `{kind.id}`. Send a type that it takes: {listed(taken, 'or')}."
    near = nearest(word, catalog.credential_types)
    return f'Send "type": {{"name": "{near}"}}.' if near else ""


def _type_edits(word: str, pointer: str, catalog: Catalog) -> mending.Edits:
    """Return the edit to the credential type that was meant: by name, or as what a slot takes."""
    taken = [
        name
        for kind in catalog.integration_types.values()
        for slot in kind.slots.values()
        if word in (kind.id, slot.name)
        for name in slot.credential_types
    ]
    meant = taken[0] if taken else nearest(word, catalog.credential_types)
    return mending.replaced(pointer, meant) if meant else mending.NOTHING


def _fields_outside(members: Members, kind: CredentialType | None) -> tuple[str, ...]:
    """Note fields of the type that stand beside `credentialFields`; return their names."""
    if kind is None or members.node.get("credentialFields") is not None:
        return ()
    names = {field.name for field in kind.fields} - set(MEMBERS)
    outside = tuple(name for name in members.node.names if name in names)
    if outside:
        members.log.add(
            "CREDENTIAL_FIELDS_OUTSIDE",
            members.node.member(outside[0]),
            members.at(outside[0]),
            names=listed(outside),
            example=", ".join(f'"{name}": "…"' for name in outside),
            edits=mending.moved(
                members.node, members.pointer, outside, "credentialFields", members.log.reading
            ),
        )
    return outside


def _fields(members: Members, kind: CredentialType | None) -> dict[str, Secret]:
    example = _example_fields(kind)
    inner = members.object(
        "credentialFields", owner="`credentialFields`", example=example, required=bool(kind and kind.required)
    )
    if kind is not None and not kind.required:
        _warn_about_nothing(members)
    if inner is None:
        return {}
    read: dict[str, Secret] = {}
    for member in inner.node.members:
        if isinstance(member.value, StringNode):
            read[member.name] = Secret(member.value.value)
            _check_text(inner, member.name, member.value)
        elif inner.get(member.name) is not None:
            inner.log.add(
                "CREDENTIAL_FIELD_NOT_TEXT",
                member,
                inner.at(member.name),
                name=member.name,
                kind=member.value.kind,
                edits=mending.as_text(inner.at(member.name), member.value, inner.log.reading),
            )
    if kind is not None:
        _against_type(inner, kind, read)
    return read


def _warn_about_nothing(members: Members) -> None:
    """Warn about a credential in which there is nothing."""
    node = members.get("credentialFields")
    if node is None or (isinstance(node, ObjectNode) and not node.members):
        members.log.add("CREDENTIAL_FIELDS_EMPTY", node or members.node, members.at("credentialFields"))


def _check_text(inner: Members, name: str, node: StringNode) -> None:
    """Warn about a value that was likely not meant to be sent as it is."""
    if is_placeholder(node.value):
        inner.log.add("MEMBER_PLACEHOLDER", node, inner.at(name), seen=MASK, name=name)
    elif node.value != node.value.strip():
        edits = mending.replaced(inner.at(name), node.value.strip())
        inner.log.add("CREDENTIAL_FIELD_BLANKS", node, inner.at(name), seen=MASK, name=name, edits=edits)


def _against_type(inner: Members, kind: CredentialType, read: dict[str, Secret]) -> None:
    names = tuple(field.name for field in kind.fields)
    for name in kind.required:
        if inner.get(name) is None:
            near = _alias(inner, name, names)
            inner.log.add(
                "CREDENTIAL_FIELD_MISSING",
                inner.node.member(near) if near else inner.node,
                inner.at(near) if near else inner.pointer,
                name=name,
                type=kind.name,
                required=", ".join(kind.required),
                hint=f" `{near}` looks like it." if near else "",
                fix=f"Write `{name}` instead of `{near}`." if near else "",
                edits=inner.renaming(near, name) if near else mending.added(inner.at(name), f"<{name}>"),
            )
        elif name in read and not read[name]:
            inner.log.add(
                "CREDENTIAL_FIELD_EMPTY", inner.get(name), inner.at(name), name=name, type=kind.name
            )
    if kind.open:
        return
    for member in inner.node.members:
        if member.name not in names and not (member.mended and inner.log.reading.hides(member)):
            near = nearest(member.name, [name for name in names if name not in inner.node.names])
            inner.log.add(
                "CREDENTIAL_FIELD_UNKNOWN",
                member,
                inner.at(member.name),
                name=member.name[:80],
                type=kind.name,
                fields=", ".join(names),
                hint=f" Did you mean `{near}`?" if near else "",
                edits=inner.renaming(member.name, near),
            )


def _alias(inner: Members, wanted: str, names: tuple[str, ...]) -> str:
    """Return the field of another name that was likely meant to be the wanted one."""
    strangers = (member for member in inner.node.members if member.name not in names)
    clean = (member.name for member in strangers if not (member.mended and inner.log.reading.hides(member)))
    return next((name for name in clean if nearest(name, (wanted,))), "")


def _example_fields(kind: CredentialType | None) -> str:
    names = [field.name for field in kind.fields] if kind and kind.fields else ["userName", "password"]
    return '"credentialFields": {' + ", ".join(f'"{name}": "…"' for name in names) + "}"


def _example(type_name: str) -> str:
    return f'{{"name": "…", "type": {{"name": "{type_name}"}}, {_example_fields(None)}}}'
