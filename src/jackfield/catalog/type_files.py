"""Files of integration types and credential types."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from jackfield.catalog.document import Document, closest, escape
from jackfield.domain.credential import CredentialField, CredentialType
from jackfield.domain.finding import Grade
from jackfield.domain.integration import IntegrationType, Slot, UnifiedCommunications

GRADES = tuple(grade.value for grade in Grade)
PRESENCE_SOURCES = ("MicrosoftTeams", "ZoomPhone", "EightByEight", "RingCentral")
ENGINES = ("web-services", "genesys-cloud")
DRAFT_04 = "http://json-schema.org/draft-04/schema#"
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def read_integration_type(document: Document, stem: str) -> IntegrationType:
    """Read an integration type.

    Args:
        document: the file's object.
        stem: the file's name without `.json`; the id must be the same.

    Returns:
        The type; empty where a fault was noted.
    """
    read = IntegrationType(
        id=_read_id(document, "id", stem),
        name=document.text("name"),
        description=document.text("description", required=False),
        category=document.text("category"),
        provider=document.text("provider"),
        slots=_read_slots(document.object("slots", required=False)),
        properties_schema=_read_schema(document, "properties"),
        advanced_schema=_read_schema(document, "advanced"),
        grade=Grade(document.choice("grade", GRADES)),
        max_instances=document.count("maxInstances"),
        non_installable=document.flag("nonInstallable"),
        engine=document.choice("engine", ENGINES, required=False),
        vendor_name=document.text("vendorName", required=False),
        help_uri=document.text("helpUri", required=False),
        data_actions=document.flag("dataActions"),
        drafts_only=document.flag("draftsOnly"),
        user_permissions=document.texts("userPermissions"),
        webhook=document.flag("webhook"),
        client_app=document.flag("clientApp"),
        bot_connector=document.flag("botConnector"),
        unified_communications=_read_unified_communications(document),
    )
    if read.engine and not read.data_actions:
        document.fault(
            "engine", "is given for a type without data actions", 'no "engine", or "dataActions": true'
        )
    document.close()
    return read


def read_credential_type(document: Document, stem: str) -> CredentialType:
    """Read a credential type.

    Args:
        document: the file's object.
        stem: the file's name without `.json`; the name must be the same.

    Returns:
        The type; empty where a fault was noted.
    """
    read = CredentialType(
        name=_read_id(document, "name", stem),
        description=document.text("description", required=False),
        grade=Grade(document.choice("grade", GRADES)),
        open=document.flag("open"),
        fields=tuple(_read_field(field) for field in document.objects("fields")),
        required=document.texts("required"),
    )
    _check_fields(document, read)
    document.close()
    return read


def check_slot_types(document: Document, read: IntegrationType, known: Iterable[str]) -> None:
    """Note every credential type that a slot names and that does not exist.

    Args:
        document: the file's object.
        read: what was read from it.
        known: names of all credential types, of the server and of the added folder.
    """
    names = sorted(known)
    for slot in read.slots.values():
        for position, name in enumerate(slot.credential_types):
            if name not in names:
                document.fault_at(
                    f"/slots/{escape(slot.name)}/credentialTypes/{position}",
                    f'is "{name}", which is no credential type{closest(name, names)}',
                    "one of " + ", ".join(names),
                )


def check_schemas(document: Document) -> None:
    """Note what is wrong with the two schemas of an integration type as draft-04 schemas."""
    for name in ("properties", "advanced"):
        schema = document.members.get(name)
        if isinstance(schema, dict):
            _check_schema(document, name, schema)


def _read_id(document: Document, member: str, stem: str) -> str:
    value = document.text(member)
    if value and not _ID.fullmatch(value):
        document.fault(member, f'is "{value}"', "letters, digits, dots, hyphens and underscores")
    elif value and value != stem:
        document.fault(
            member,
            f'is "{value}" in a file named {stem}.json',
            f'"{stem}", or the file renamed to {value}.json',
        )
    return value


def _read_slots(document: Document) -> dict[str, Slot]:
    slots = {}
    for name, entry in document.entries():
        types = entry.texts("credentialTypes", required=True)
        if not types and entry.members.get("credentialTypes") == []:
            entry.fault("credentialTypes", "is empty", "the name of at least one credential type")
        slots[name] = Slot(name, entry.text("title"), types, entry.flag("required"))
        entry.close()
    return slots


def _read_unified_communications(document: Document) -> UnifiedCommunications | None:
    if "unifiedCommunications" not in document.members:
        return None
    told = document.object("unifiedCommunications")
    read = UnifiedCommunications(
        presence_source=told.choice("presenceSource", PRESENCE_SOURCES),
        permission=told.text("permission"),
        polled=told.flag("polled"),
    )
    told.close()
    return read


def _read_schema(document: Document, member: str) -> str:
    schema = document.object(member)
    dialect = schema.members.get("$schema", DRAFT_04)
    if dialect != DRAFT_04:
        schema.fault("$schema", f"is {json.dumps(dialect)}", f'"{DRAFT_04}", or no "$schema"')
    if schema.members.get("type") != "object":
        schema.fault("type", "is missing or something else than an object", '"object"')
    return json.dumps(schema.members, ensure_ascii=False)


def _read_field(document: Document) -> CredentialField:
    read = CredentialField(
        name=document.text("name"),
        title=document.text("title"),
        description=document.text("description", required=False),
        sensitive=document.flag("sensitive"),
        confirm=document.flag("confirm"),
    )
    document.close()
    return read


def _check_fields(document: Document, read: CredentialType) -> None:
    names = [field.name for field in read.fields]
    for position, name in enumerate(names):
        if name in names[:position]:
            document.fault_at(f"/fields/{position}/name", f'is "{name}" a second time', "each field once")
    for position, name in enumerate(read.required):
        if name not in names:
            document.fault_at(
                f"/required/{position}",
                f'is "{name}", which is no field{closest(name, names)}',
                "names of fields",
            )
    if document.members.get("fields") == [] and not read.open:
        document.fault("fields", "is empty", 'at least one field, or "open": true for any fields')


def _check_schema(document: Document, name: str, schema: dict[str, Any]) -> None:
    outside = next((pointer for pointer, target in _references(schema, f"/{name}") if target), None)
    if outside is not None:
        # The validator would fetch what a reference names; a catalog never makes the server call anybody.
        document.fault_at(outside, "refers to another document", 'references into the same schema ("#/…")')
        return
    # Imported late: the server's own files are checked by its tests, so most starts never need it here.
    import jsonschema_rs

    try:
        jsonschema_rs.Draft4Validator(schema)
    except (jsonschema_rs.ValidationError, ValueError) as error:
        path = "".join(f"/{escape(str(token))}" for token in getattr(error, "instance_path", ()))
        problem = f"is no valid draft-04 schema ({getattr(error, 'message', error)})"
        document.fault_at(f"/{name}{path}", problem, "a JSON Schema of draft 4")


def _references(value: object, pointer: str) -> Iterable[tuple[str, bool]]:
    """Yield the place of each `$ref` and whether it leaves the document."""
    if isinstance(value, dict):
        target = value.get("$ref")
        if isinstance(target, str):
            yield f"{pointer}/$ref", not target.startswith("#")
        for name, inner in value.items():
            yield from _references(inner, f"{pointer}/{escape(name)}")
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from _references(inner, f"{pointer}/{position}")
