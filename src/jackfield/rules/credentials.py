"""Checks of a credential's body."""

from __future__ import annotations

from jackfield.catalog import Catalog
from jackfield.domain.credential import CredentialType, NewCredential
from jackfield.domain.finding import Checked
from jackfield.domain.json_nodes import ObjectNode, StringNode
from jackfield.domain.json_reader import Reading
from jackfield.domain.secret import Secret
from jackfield.rules.members import FindingLog, Members, nearest, open_body

MEMBERS = ("name", "type", "credentialFields", "id", "selfUri", "createdDate", "modifiedDate")
TYPE_MEMBERS = ("name", "id", "properties", "displayOrder", "required")


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
    members.unknown(MEMBERS)
    name = members.text("name")
    kind = _type(members, catalog)
    fields = _fields(members, kind)
    return log.checked(NewCredential(name, kind.name if kind else "", fields))


def _type(members: Members, catalog: Catalog) -> CredentialType | None:
    example = '"type": {"name": "basicAuth"}'
    node = members.get("type")
    if node is None:
        members.missing("type", example)
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
        near = nearest(node.value, catalog.credential_types)
        members.log.add(
            "CREDENTIAL_TYPE_UNKNOWN",
            node,
            pointer,
            seen=members.log.reading.seen(node),
            accepted=", ".join(catalog.credential_types),
            fix=f'Send "type": {{"name": "{near}"}}.' if near else "",
        )
    return kind


def _fields(members: Members, kind: CredentialType | None) -> dict[str, Secret]:
    example = _example_fields(kind)
    inner = members.object(
        "credentialFields", owner="`credentialFields`", example=example, required=bool(kind and kind.required)
    )
    if inner is None:
        return {}
    read: dict[str, Secret] = {}
    for member in inner.node.members:
        if isinstance(member.value, StringNode):
            read[member.name] = Secret(member.value.value)
        elif inner.get(member.name) is not None:
            inner.log.add(
                "CREDENTIAL_FIELD_NOT_TEXT",
                member,
                inner.at(member.name),
                name=member.name,
                kind=member.value.kind,
            )
    if kind is not None:
        _against_type(inner, kind, read)
    return read


def _against_type(inner: Members, kind: CredentialType, read: dict[str, Secret]) -> None:
    names = tuple(field.name for field in kind.fields)
    for name in kind.required:
        if inner.get(name) is None:
            near = next((given for given in read if given not in names and nearest(given, (name,))), "")
            inner.log.add(
                "CREDENTIAL_FIELD_MISSING",
                inner.node.member(near) if near else inner.node,
                inner.at(near) if near else inner.pointer,
                name=name,
                type=kind.name,
                required=", ".join(kind.required),
                hint=f" `{near}` looks like it." if near else "",
            )
        elif name in read and not read[name]:
            inner.log.add(
                "CREDENTIAL_FIELD_EMPTY", inner.get(name), inner.at(name), name=name, type=kind.name
            )
    if kind.open:
        return
    for member in inner.node.members:
        if member.name not in names:
            near = nearest(member.name, names)
            inner.log.add(
                "CREDENTIAL_FIELD_UNKNOWN",
                member,
                inner.at(member.name),
                name=member.name[:80],
                type=kind.name,
                fields=", ".join(names),
                hint=f" Did you mean `{near}`?" if near else "",
            )


def _example_fields(kind: CredentialType | None) -> str:
    names = [field.name for field in kind.fields] if kind and kind.fields else ["userName", "password"]
    return '"credentialFields": {' + ", ".join(f'"{name}": "…"' for name in names) + "}"


def _example(type_name: str) -> str:
    return f'{{"name": "…", "type": {{"name": "{type_name}"}}, {_example_fields(None)}}}'
