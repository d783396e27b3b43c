"""Checks of changes to stored data actions: updates, drafts, and publishing a draft.

Bodies are often whole actions as they were read: members that a change cannot touch are ignored as long as
they say what is stored.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, TypeVar

from jackfield.domain.action import Action, ActionChange, ActionConfig, ActionState, Contract
from jackfield.domain.finding import Checked, Finding, Place, Severity
from jackfield.domain.integration import IntegrationType
from jackfield.domain.json_nodes import LiteralNode, ObjectNode, StringNode
from jackfield.domain.json_reader import Reading, read_json
from jackfield.rules import mending
from jackfield.rules.action_config import read_config
from jackfield.rules.action_templates import check_templates
from jackfield.rules.actions import MEMBERS, TEXT_LIMIT, read_contract
from jackfield.rules.members import FindingLog, Members, open_body
from jackfield.rules.versions import read_version

T = TypeVar("T")

# What the SDKs know of a schema: they drop the rest (`items`) from an action that they read and send back.
_MODELLED: Final = frozenset(
    ("id", "$schema", "title", "description", "type", "required", "properties", "additionalProperties")
)
_SIDES: Final = (("input", "inputSchema"), ("output", "successSchema"))


def check_update(
    body: Reading, old: Action, kind: IntegrationType | None, *, frozen: bool, strict: bool = False
) -> Checked[ActionChange]:
    """Check the body of PATCH of an action or of a draft.

    Args:
        body: as it was sent; read-only members are ignored.
        old: the stored action or draft.
        kind: type of its integration; None if it is not known.
        frozen: the action is published, so its contract and `secure` may not change.
        strict: warnings refuse.

    Returns:
        What the action becomes. `conflict` is set where a stale version is all that is wrong.
    """
    log = FindingLog(body, strict=strict)
    members = open_body(log, "data action", f'{{"version": {old.version}, "name": "…"}}', MEMBERS)
    if members is None:
        return log.checked(None)
    members.unknown(MEMBERS)
    version = read_version(members, old.version)
    name = members.text("name", longest=TEXT_LIMIT)
    category = members.text("category", longest=TEXT_LIMIT)
    contract, secure, inputs = old.contract, old.secure, None
    if frozen:
        _check_frozen(members, old)
    else:
        contract, inputs = read_contract(members, required=False, kept=old.contract)
        secure = members.flag("secure") if members.get("secure") is not None else old.secure
    config = _config(members, old, kind)
    if old.is_login:
        _check_login(members, old, config)
    check_templates(members, config, inputs if inputs is not None else input_names(contract))
    change = ActionChange(
        name=old.name if name is None else name,
        category=old.category if category is None else category,
        config=config,
        contract=contract,
        secure=secure,
    )
    return _settled(log, members, version, old, change)


def check_publish(
    body: Reading,
    draft: Action,
    kind: IntegrationType | None,
    *,
    published: Action | None = None,
    strict: bool = False,
) -> Checked[Action]:
    """Check the body of publishing a draft, and the draft.

    Args:
        body: as it was sent; of a whole action only `version` counts.
        draft: the stored draft.
        kind: type of its integration; None if it is not known.
        published: the action that it replaces, if it has been published before.
        strict: warnings refuse.
    """
    log = FindingLog(body, strict=strict)
    members = open_body(log, "request to publish", f'{{"version": {draft.version}}}', MEMBERS)
    if members is None:
        return log.checked(None)
    members.unknown(MEMBERS)
    version = read_version(members, draft.version)
    judged = check_draft(draft, kind, published=published, strict=strict)
    if any(finding.is_error for finding in judged):
        checked = _settled(log, members, version, draft, draft, alone=False)
        return Checked(None, tuple(sorted((*judged, *checked.findings), key=lambda one: not one.is_error)))
    checked = _settled(log, members, version, draft, draft)
    return Checked(checked.value, (*checked.findings, *judged), checked.conflict)


def check_draft(
    draft: Action, kind: IntegrationType | None, *, published: Action | None = None, strict: bool = False
) -> tuple[Finding, ...]:
    """Return what is wrong with a draft, as its publication would find it.

    Args:
        draft: the stored draft.
        kind: type of its integration; None if it is not known.
        published: the action that it replaces, if it has been published before.
        strict: warnings are errors.

    Returns:
        Findings that point into the draft's members.
    """
    log = FindingLog(read_json(json.dumps(_document(draft))), strict=strict)
    members = open_body(log, "draft", "{}", MEMBERS)
    if members is None:
        return log.findings
    members.text("name", required=True, example='"name": "…"', longest=TEXT_LIMIT)
    check_whole(members, kind, login=draft.is_login)
    if kind is not None and kind.drafts_only:
        log.add("ACTION_FUNCTION_MISSING", None, "", type_id=kind.id)
    if published is not None and published.modified > draft.created:
        log.add(
            "PUBLISHED_SINCE_DRAFT",
            None,
            "",
            changed=_moment(published.modified),
            made=_moment(draft.created),
            version=published.version,
            seen=f"version {published.version}",
        )
    # Lines and columns would be those of a text that nobody wrote.
    return tuple(replace(finding, place=Place(finding.place.pointer)) for finding in log.findings)


def check_whole(members: Members, kind: IntegrationType | None, *, login: bool) -> None:
    """Check configuration, contract and templates of an action that is all there: a draft, or a file.

    Args:
        members: the action's members.
        kind: type of its integration; None if it is not known.
        login: it is the login of an integration.
    """
    config = read_config(members, kind, required=True)
    if login and config.timeout_seconds is not None:
        _refuse_fixed(members, "config", "/config/timeoutSeconds")
    _, inputs = read_contract(members, required=True)
    check_templates(members, config, inputs)


def suspect_draft(draft: Action, kind: IntegrationType | None) -> tuple[Finding, ...]:
    """Return what lint warns of in a draft; none of it stands in the way of publishing it.

    Args:
        draft: the stored draft.
        kind: type of its integration; None if it is not known.
    """
    # Only here: the server starts without lint, and most of its runs never need it.
    from jackfield.rules.lint import ActionParts, lint_action

    parts = ActionParts(
        name=draft.name,
        integration_type=kind.id if kind is not None else "",
        is_login=draft.is_login,
        secure=draft.secure,
        config=draft.config,
        contract=draft.contract,
        place=_pointed,
    )
    found = (one.finding for one in lint_action(parts))
    # Where the credential goes is judged by whoever knows if there is one.
    return tuple(one for one in found if one.severity is Severity.WARNING and one.code != "HOST_FROM_INPUT")


def _pointed(pointer: str, offset: int = 0, width: int = 1) -> Place:  # noqa: ARG001 - as PlaceIn has it
    """Return a place without line and column: they would be those of a text that nobody wrote."""
    return Place(pointer)


def input_names(contract: Contract) -> tuple[str, ...] | None:
    """Return the names of a stored contract's inputs; None if it names none at all."""
    schema = json.loads(contract.input_schema)
    properties = schema.get("properties") if isinstance(schema, dict) else None
    return tuple(properties) if isinstance(properties, dict) else None


def _config(members: Members, old: Action, kind: IntegrationType | None) -> ActionConfig:
    """Return the configuration that replaces the stored one, or the stored one if none is given."""
    if members.get("config") is None:
        return old.config
    published = old.state is ActionState.PUBLISHED
    config = read_config(members, kind, required=published)
    outer = members.node.get("config")
    request, response = config.request, config.response
    if _names_file_only(outer, "request", "requestTemplate"):
        request = replace(request, template=old.config.request.template)
    if _names_file_only(outer, "response", "successTemplate"):
        response = replace(response, success_template=old.config.response.success_template)
    return replace(config, request=request, response=response)


def _names_file_only(config: object, side: str, name: str) -> bool:
    """Tell if a template is given by the address of its file alone, as an action may be read."""
    inner = config.get(side) if isinstance(config, ObjectNode) else None
    if not isinstance(inner, ObjectNode):
        return False
    return inner.get(name) is None and inner.get(f"{name}Uri") is not None


def _check_frozen(members: Members, old: Action) -> None:
    node = members.get("secure")
    if isinstance(node, LiteralNode) and node.value is not None and node.value != old.secure:
        _refuse_frozen(members, "secure")
    given = members.get("contract")
    if given is None:
        return
    try:
        sent = json.loads(members.log.reading.raw(given))
    except ValueError:
        # The text itself is damaged, which is a finding already.
        return
    stored = (json.loads(old.contract.input_schema), json.loads(old.contract.success_schema))
    changed = []
    for (side, name), schema in zip(_SIDES, stored, strict=True):
        holder = sent.get(side) if isinstance(sent, dict) else None
        wanted = holder.get(name) if isinstance(holder, dict) else None
        if wanted is not None and not _same_schema(wanted, schema):
            changed.append(f"contract.{side}.{name}{_difference(wanted, schema)}")
    if changed:
        _refuse_frozen(members, "contract", "`, `".join(changed))


def _refuse_frozen(members: Members, name: str, changed: str = "") -> None:
    members.log.add(
        "CONTRACT_FROZEN",
        members.node.member(name),
        members.at(name),
        name=name,
        changed=changed or name,
        edits=mending.removed(members.at(name)),
    )


def _difference(sent: object, stored: object) -> str:
    """Return the way to the first member in which two schemas differ, as `.name.name`."""
    if not isinstance(sent, dict) or not isinstance(stored, dict):
        return ""
    for name in (*sent, *(name for name in stored if name in _MODELLED)):
        if sent.get(name) != stored.get(name):
            return f".{name}{_difference(sent.get(name), stored.get(name))}"
    return ""


def _check_login(members: Members, old: Action, config: ActionConfig) -> None:
    """Check that only name and configuration of an auth action change; it has no timeout of its own."""
    category = members.get("category")
    if isinstance(category, StringNode) and category.value != old.category:
        _refuse_fixed(members, "category", "/category")
    if config.timeout_seconds is not None:
        _refuse_fixed(members, "config", "/config/timeoutSeconds")


def _refuse_fixed(members: Members, member: str, pointer: str) -> None:
    name = pointer.rpartition("/")[2]
    members.log.add(
        "AUTH_ACTION_FIXED", members.get(member), pointer, name=name, edits=mending.removed(pointer)
    )


def _same_schema(sent: object, stored: object) -> bool:
    if not isinstance(sent, dict) or not isinstance(stored, dict):
        return sent == stored
    given = {name: value for name, value in sent.items() if value is not None}
    known = {name: value for name, value in stored.items() if name in given or name in _MODELLED}
    return given == known


def _settled(
    log: FindingLog, members: Members, version: int | None, old: Action, value: T, *, alone: bool = True
) -> Checked[T]:
    stale = version is not None and version != old.version
    conflict = stale and alone and not log.errors
    if stale:
        draft = old.state is ActionState.DRAFT
        noun = "draft" if draft else "action"
        # Clients retry on these very words, so they stand only where the version is all that is wrong.
        phrase = "it does not match the current version," if conflict else f"the {noun} is now at version"
        log.add(
            "ACTION_VERSION_STALE",
            members.get("version"),
            members.at("version"),
            seen=log.reading.seen(members.get("version")),
            sent=version,
            current=old.version,
            phrase=phrase,
            noun=noun,
            edits=mending.replaced(members.at("version"), old.version),
        )
    checked = log.checked(value)
    return Checked(checked.value, checked.findings, conflict)


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _document(draft: Action) -> Mapping[str, Any]:
    """Return a draft as the body that would create it; what was never given is left out."""
    request, response = draft.config.request, draft.config.response
    shown: dict[str, Any] = {
        "requestType": request.request_type,
        "headers": dict(request.headers),
        "requestTemplate": request.template,
    }
    if request.url_template:
        shown["requestUrlTemplate"] = request.url_template
    config: dict[str, Any] = {
        "request": shown,
        "response": {
            "translationMap": dict(response.translation_map),
            "translationMapDefaults": dict(response.translation_map_defaults),
            "successTemplate": response.success_template,
        },
    }
    if draft.config.timeout_seconds is not None:
        config["timeoutSeconds"] = draft.config.timeout_seconds
    document: dict[str, Any] = {"name": draft.name, "category": draft.category, "config": config}
    given, empty = draft.contract, Contract()
    contract: dict[str, Any] = {}
    if given.input_schema != empty.input_schema:
        contract["input"] = {"inputSchema": json.loads(given.input_schema)}
    if given.success_schema != empty.success_schema:
        contract["output"] = {"successSchema": json.loads(given.success_schema)}
    if contract:
        document["contract"] = contract
    return document
