"""Checks of a role's body, and of the lists of users that a role is given to or taken from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from jackfield.domain.finding import Checked
from jackfield.domain.identity import Policy, covered
from jackfield.domain.json_nodes import ArrayNode, Node, ObjectNode, StringNode
from jackfield.domain.json_reader import Reading
from jackfield.rules.members import KINDS, FindingLog, Members, open_body

MEMBERS: Final = (
    "name",
    "description",
    "permissions",
    "permissionPolicies",
    "id",
    "selfUri",
    "defaultRoleId",
    "unusedPermissions",
    "userCount",
    "roleNeedsUpdate",
    "baseLicense",
    "addonLicenses",
    "dateLicenseLastUpdated",
    "default",
    "base",
)
POLICY_MEMBERS: Final = (
    "domain",
    "entityName",
    "actionSet",
    "allowConditions",
    "policyName",
    "policyDescription",
    "namedResources",
    "resourceConditionNode",
)
LONGEST_NAME: Final = 256
EXAMPLE: Final = (
    '{"name": "…", "permissionPolicies": [{"domain": "integrations", "entityName": "integration",'
    ' "actionSet": ["view"]}]}'
)
_PART: Final = re.compile(r"[\w.-]{1,64}|\*", re.ASCII)


@dataclass(frozen=True, slots=True)
class NewRole:
    """A role as it was written. `permissions` holds those of the policies too."""

    name: str
    description: str
    permissions: tuple[str, ...]
    policies: tuple[Policy, ...]


def check_role(body: Reading, known: Sequence[str], *, strict: bool = False) -> Checked[NewRole]:
    """Check the body of POST or PUT of a role.

    Args:
        body: as it was sent; read-only members of a whole role are ignored.
        known: the permissions that routes ask for; a policy for another one is a warning.
        strict: warnings refuse.
    """
    log = FindingLog(body, strict=strict)
    members = open_body(log, "role", EXAMPLE, MEMBERS)
    if members is None:
        return log.checked(None)
    members.unknown(MEMBERS)
    name = members.text("name", example='"name": "…"', required=True, longest=LONGEST_NAME) or ""
    if not name.strip() and members.get("name") is not None:
        members.missing("name", '"name": "…"')
    description = members.text("description") or ""
    plain = members.strings("permissions") or ()
    policies = tuple(_policies(members))
    granted = dict.fromkeys((*plain, *(one for policy in policies for one in policy.permissions)))
    _warn_about_strangers(members, policies, known)
    return log.checked(NewRole(name, description, tuple(granted), policies))


def check_user_ids(body: Reading, *, strict: bool = False) -> Checked[tuple[str, ...]]:
    """Check a body that is a bare list of user ids.

    Args:
        strict: warnings refuse.
    """
    log = FindingLog(body, strict=strict)
    root = body.root
    if root is None:
        return log.checked(None)
    if not isinstance(root, ArrayNode):
        kind = KINDS.get(root.kind, root.kind)
        log.add("BODY_NOT_ID_LIST", root, "", seen=body.seen(root), kind=kind)
        return log.checked(None)
    ids = []
    for index, node in enumerate(root.items):
        if isinstance(node, StringNode) and node.value:
            ids.append(node.value)
        else:
            _not_an_id(log, node, f"/{index}")
    return log.checked(tuple(dict.fromkeys(ids)))


def _not_an_id(log: FindingLog, node: Node, pointer: str) -> None:
    kind = KINDS.get(node.kind, node.kind)
    log.add(
        "LIST_ENTRY_INVALID",
        node,
        pointer,
        seen=log.reading.seen(node),
        name="body",
        kind=kind,
        wanted="a user id",
    )


def _policies(members: Members) -> list[Policy]:
    example = '"permissionPolicies": []'
    policies = []
    for node, pointer in members.list("permissionPolicies", example=example) or ():
        if not isinstance(node, ObjectNode):
            members.log.add(
                "LIST_ENTRY_INVALID",
                node,
                pointer,
                seen=members.log.reading.seen(node),
                name="permissionPolicies",
                kind=KINDS.get(node.kind, node.kind),
                wanted="a policy",
            )
            continue
        policies.append(_policy(Members(members.log, node, pointer, "policy")))
    return policies


def _policy(members: Members) -> Policy:
    members.unknown(POLICY_MEMBERS)
    domain = members.text("domain", example='"domain": "integrations"', required=True)
    entity = members.text("entityName", example='"entityName": "integration"', required=True)
    actions = members.strings("actionSet", example='"actionSet": ["view"]', required=True)
    for part, name, values in (
        ("domain", "domain", (domain,)),
        ("entity", "entityName", (entity,)),
        ("action", "actionSet", actions or ()),
    ):
        for value in values:
            if value is not None and not _PART.fullmatch(value):
                members.log.add(
                    "PERMISSION_PART_INVALID",
                    members.node.get(name),
                    members.at(name),
                    seen=value[:60],
                    part=part,
                    value=value[:60],
                )
    policy = Policy(domain or "", entity or "", actions or (), members.flag("allowConditions"))
    if members.get("resourceConditionNode") is not None:
        shown = f"{policy.domain}:{policy.entity}"
        members.log.add(
            "CONDITION_NOT_ENFORCED",
            members.node.get("resourceConditionNode"),
            members.at("resourceConditionNode"),
            value=shown,
        )
    return policy


def _warn_about_strangers(members: Members, policies: Sequence[Policy], known: Sequence[str]) -> None:
    for index, policy in enumerate(policies):
        for permission in policy.permissions:
            if not any(covered(one, (permission,)) for one in known):
                members.log.add(
                    "PERMISSION_UNKNOWN",
                    members.get("permissionPolicies"),
                    f"{members.at('permissionPolicies')}/{index}",
                    seen=permission[:120],
                    value=permission[:120],
                )
