"""Checks of `config/current`: the founding story's request.

`credentials` maps the slots that the integration type declares to credentials, of which only the id counts.
What people send instead is the bare answer of POST credentials.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from jackfield.catalog import Catalog
from jackfield.domain.credential import Credential
from jackfield.domain.finding import Checked
from jackfield.domain.integration import Configuration, IntegrationType
from jackfield.domain.json_nodes import ObjectNode
from jackfield.domain.json_reader import Reading
from jackfield.rules import mending
from jackfield.rules.members import FindingLog, Members, body_object, open_body
from jackfield.rules.properties import check_properties
from jackfield.rules.slots import check_slots, named_ids
from jackfield.rules.versions import read_version

MEMBERS = ("name", "version", "properties", "advanced", "notes", "credentials", "id", "selfUri")
KNOWN = (*MEMBERS, "config")
NOTES_LIMIT = 500


@dataclass(frozen=True, slots=True)
class ConfigurationFacts:
    """What a configuration is judged by besides its own text.

    Args:
        integration_type: of the integration.
        current_version: of the stored configuration; None if nothing is at hand but the body.
        credential: returns a stored credential, None if there is none of that id; None in its place if it
            is not known which credentials there are.
        catalog: all types, to say where a misplaced property or credential belongs.
    """

    integration_type: IntegrationType
    current_version: int | None
    credential: Callable[[str], Credential | None] | None
    catalog: Catalog


def credential_ids(body: Reading) -> tuple[str, ...]:
    """Return every credential id that the body names, in whatever form, for the caller to look up."""
    root = _unpacked(body_object(body, KNOWN))
    return named_ids(root.get("credentials")) if root else ()


def check_configuration(
    body: Reading, facts: ConfigurationFacts, *, strict: bool = False
) -> Checked[Configuration]:
    """Check the body of PUT config/current.

    Args:
        body: as it was sent.
        facts: the integration's type and version, and the credentials the body names.
        strict: warnings refuse.

    Returns:
        The configuration with the version that was sent. `conflict` is set where a stale version is all
        that is wrong.
    """
    log = FindingLog(body, strict=strict)
    members = open_body(log, "configuration", _example(facts), KNOWN)
    if members is None:
        return log.checked(None)
    members = _out_of_integration(members)
    members.unknown(MEMBERS)
    name = members.text("name", required=True, example='"name": "…"')
    version = read_version(members, facts.current_version)
    properties = _document(members, "properties", facts)
    advanced = _document(members, "advanced", facts)
    notes = _notes(members)
    credentials = check_slots(members, facts.integration_type, facts.credential, facts.catalog)
    stale = None not in (version, facts.current_version) and version != facts.current_version
    conflict = stale and not log.errors
    if stale:
        _stale(members, version, facts.current_version, conflict)
    value = Configuration(
        name=name or "",
        version=version or 0,
        properties=properties,
        advanced=advanced,
        notes=notes,
        credentials=credentials,
    )
    checked = log.checked(value)
    return Checked(checked.value, checked.findings, conflict)


def _unpacked(root: ObjectNode | None) -> ObjectNode | None:
    """Return the configuration inside of a whole integration, or the object itself."""
    config = root.get("config") if root is not None and root.get("version") is None else None
    current = config.get("current") if isinstance(config, ObjectNode) else None
    return current if isinstance(current, ObjectNode) else root


def _out_of_integration(members: Members) -> Members:
    """Return the members of the configuration where a whole integration was sent, which is noted."""
    inner = _unpacked(members.node)
    if inner is None or inner is members.node:
        return members
    pointer = f"{members.at('config')}/current"
    edits = mending.unwrapped(pointer)
    members.log.add(
        "WHOLE_INTEGRATION_SENT", members.node.member("config"), members.at("config"), edits=edits
    )
    members.log.unwrapped()
    return Members(members.log, inner, pointer, "configuration")


def _stale(members: Members, sent: int | None, current: int | None, conflict: bool) -> None:
    # Clients retry on these very words, so they stand only where the version is all that is wrong.
    phrase = "it does not match the current version," if conflict else "the configuration is now at version"
    node = members.get("version")
    members.log.add(
        "VERSION_STALE",
        node,
        members.at("version"),
        seen=members.log.reading.seen(node),
        sent=sent,
        current=current,
        phrase=phrase,
        edits=mending.replaced(members.at("version"), current),
    )


def _document(members: Members, name: str, facts: ConfigurationFacts) -> str:
    """Return the caller's JSON text of `properties` or `advanced`, checked against the type's schema."""
    inner = members.object(name, owner=f"`{name}`", required=True, example=f'"{name}": {{}}')
    if inner is None:
        return "{}"
    check_properties(inner, name, facts.integration_type, facts.catalog)
    return members.log.reading.raw(inner.node)


def _notes(members: Members) -> str:
    text = members.text("notes", required=True, example='"notes": ""')
    if text is not None and len(text) > NOTES_LIMIT:
        node = members.get("notes")
        members.log.add(
            "NOTES_LONG",
            node,
            members.at("notes"),
            seen=f"{len(text)} characters",
            limit=NOTES_LIMIT,
            edits=mending.replaced(members.at("notes"), text[:NOTES_LIMIT]),
        )
    return text or ""


def _example(facts: ConfigurationFacts) -> str:
    slots = ", ".join(f'"{slot}": {{"id": "…"}}' for slot in facts.integration_type.slots)
    return (
        f'{{"name": "…", "version": {facts.current_version or 1}, "properties": {{}}, "advanced": {{}},'
        f' "notes": "", "credentials": {{{slots}}}}}'
    )
