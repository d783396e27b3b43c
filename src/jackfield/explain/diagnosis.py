"""Checks one request of the text with the rules that the server goes by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from jackfield.catalog import Catalog
from jackfield.domain.action import ActionState
from jackfield.domain.catalogue import found
from jackfield.domain.finding import Finding
from jackfield.domain.integration import (
    Integration,
)
from jackfield.domain.json_nodes import Node, ObjectNode, StringNode
from jackfield.domain.json_reader import Reading
from jackfield.explain.assumed import assumed_action, assumed_integration
from jackfield.explain.facts import Facts, entity_id
from jackfield.explain.models import guess
from jackfield.explain.pieces import Piece
from jackfield.explain.type_choice import USUAL, TypeChoice, choose_type
from jackfield.rules.action_updates import check_publish, check_update
from jackfield.rules.actions import ActionFacts, check_new_action
from jackfield.rules.configurations import MEMBERS as CONFIGURATION_MEMBERS
from jackfield.rules.configurations import ConfigurationFacts, check_configuration, credential_ids
from jackfield.rules.credentials import check_credential
from jackfield.rules.data_tables import check_data_table
from jackfield.rules.groups import check_group, check_group_search, check_new_members
from jackfield.rules.integrations import check_integration_patch, check_new_integration
from jackfield.rules.members import body_object
from jackfield.rules.oauth_clients import check_oauth_client
from jackfield.rules.roles import check_role, check_user_ids
from jackfield.rules.users import check_user

_ANSWERS: Final = {
    "EntityListing": (
        "the answer of a list",
        "one entity of `entities`, with the members that this call takes",
    ),
    "AccessToken": (
        "the answer of the login",
        "the token in the Authorization header, and the body of this call",
    ),
    "ErrorBody": ("an error that another call answered", "the body that was meant"),
    "TestExecutionResult": ("the result of a test run", "the body that was meant"),
}


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What the rules say about a request.

    Args:
        findings: places are those of the body.
        choice: the integration type it was judged by; None where none is needed.
    """

    findings: tuple[Finding, ...]
    choice: TypeChoice | None = None


@dataclass(frozen=True, slots=True)
class Bench:
    """What requests are judged by.

    Args:
        catalog: types and routes.
        facts: what the text tells.
        type_id: the integration type that the reader named, "" if none.
    """

    catalog: Catalog
    facts: Facts
    type_id: str = ""


def diagnose(piece: Piece, bench: Bench) -> Diagnosis:
    """Check a request's body by the rules of its operation; without rules, only that it can be read."""
    body = piece.body
    if body is None or piece.route is None:
        elsewhere = "/api/v2/" not in piece.url and bool(piece.url)
        return Diagnosis(body.faults if body is not None and not elsewhere else ())
    passed_on = _passed_on(piece, body)
    if passed_on is not None:
        return Diagnosis((*body.faults, passed_on))
    check = _CHECKS.get(piece.route.operation_id)
    if check is None:
        return Diagnosis(body.faults)
    return check(piece, body, bench)


def _passed_on(piece: Piece, body: Reading) -> Finding | None:
    """Return the finding about an answer of another call that was sent on as the body, None if it is none."""
    guessed = guess(body.root) if body.root is not None else None
    what = _ANSWERS.get(guessed.model if guessed is not None else "")
    if what is None or piece.route is None or not is_checked(piece.route.operation_id):
        return None
    words, advice = what
    owner = piece.route.request_model
    return found("RESPONSE_SENT_AS_BODY", body.place(body.root, ""), what=words, owner=owner, advice=advice)


def is_checked(operation_id: str) -> bool:
    """Tell if there are rules for an operation's body."""
    return operation_id in _CHECKS


def _configuration(piece: Piece, body: Reading, bench: Bench) -> Diagnosis:
    integration_id = entity_id(piece)
    root = body_object(body, CONFIGURATION_MEMBERS)
    choice = choose_type(root, integration_id, bench.facts, bench.catalog)
    if bench.type_id:
        kind = bench.catalog.integration_types[bench.type_id]
        foreign = choice.of_properties if choice.of_properties != kind.id else ""
        choice = TypeChoice(kind, True, of_properties=foreign)
    ids = credential_ids(body)
    stored = bench.facts.credentials
    known = bool(ids) and all(one in stored for one in ids)
    facts = ConfigurationFacts(
        integration_type=choice.kind,
        current_version=bench.facts.versions.get(integration_id),
        credential=stored.get if known else None,
        catalog=bench.catalog,
    )
    return Diagnosis(check_configuration(body, facts).findings, choice)


def _new_integration(_piece: Piece, body: Reading, bench: Bench) -> Diagnosis:
    return Diagnosis(check_new_integration(body, bench.catalog).findings)


def _patch(piece: Piece, body: Reading, bench: Bench) -> Diagnosis:
    root = body_object(body, ("intendedState", "name", "id"))
    told = bench.type_id or bench.facts.integration_types.get(entity_id(piece)) or _type_in(root)
    # Who sends the whole answer back does not hope to rename; who sends a name on its own does.
    whole = root is not None and ("selfUri" in root.names or "id" in root.names)
    current = assumed_integration(entity_id(piece), told or USUAL, _text(root, "name") if whole else "")
    return Diagnosis(check_integration_patch(body, current).findings)


def _credential(_piece: Piece, body: Reading, bench: Bench) -> Diagnosis:
    return Diagnosis(check_credential(body, bench.catalog).findings)


def _action(body: Reading, bench: Bench, *, draft: bool) -> Diagnosis:
    known = bench.facts.integration_types

    def owner(integration_id: str) -> Integration | None:
        told = bench.type_id or known.get(integration_id) or USUAL
        return assumed_integration(integration_id, told, bench.catalog.integration_types[told].name)

    facts = ActionFacts(integration=owner if bench.type_id or known else None, catalog=bench.catalog)
    return Diagnosis(check_new_action(body, facts, draft=draft).findings)


def _new_action(_piece: Piece, body: Reading, bench: Bench) -> Diagnosis:
    return _action(body, bench, draft=False)


def _new_draft(_piece: Piece, body: Reading, bench: Bench) -> Diagnosis:
    return _action(body, bench, draft=True)


def _changed_action(piece: Piece, body: Reading, bench: Bench) -> Diagnosis:
    return _change(piece, body, bench, ActionState.PUBLISHED)


def _changed_draft(piece: Piece, body: Reading, bench: Bench) -> Diagnosis:
    return _change(piece, body, bench, ActionState.DRAFT)


def _change(piece: Piece, body: Reading, bench: Bench, state: ActionState) -> Diagnosis:
    identifier = entity_id(piece)
    old = assumed_action(identifier, body, state, bench.facts.versions.get(identifier))
    kind = bench.catalog.integration_types.get(bench.type_id)
    frozen = state is ActionState.PUBLISHED
    return Diagnosis(check_update(body, old, kind, frozen=frozen).findings)


def _published(piece: Piece, body: Reading, bench: Bench) -> Diagnosis:
    identifier = entity_id(piece)
    draft = assumed_action(identifier, body, ActionState.DRAFT, bench.facts.versions.get(identifier))
    return Diagnosis(check_publish(body, draft, None).findings)


def _run(_piece: Piece, body: Reading, _bench: Bench) -> Diagnosis:
    if body.root is not None and not isinstance(body.root, ObjectNode):
        finding = found("INPUT_NOT_OBJECT", body.place(body.root, ""), kind=f"a {body.root.kind}")
        return Diagnosis((*body.faults, finding))
    return Diagnosis(body.faults)


def _role(_piece: Piece, body: Reading, bench: Bench) -> Diagnosis:
    return Diagnosis(check_role(body, bench.catalog.permissions).findings)


def _user_ids(_piece: Piece, body: Reading, _bench: Bench) -> Diagnosis:
    return Diagnosis(check_user_ids(body).findings)


def _user(_piece: Piece, body: Reading, _bench: Bench) -> Diagnosis:
    return Diagnosis(check_user(body).findings)


def _group(_piece: Piece, body: Reading, _bench: Bench) -> Diagnosis:
    return Diagnosis(check_group(body).findings)


def _group_members(_piece: Piece, body: Reading, _bench: Bench) -> Diagnosis:
    return Diagnosis(check_new_members(body).findings)


def _group_search(_piece: Piece, body: Reading, _bench: Bench) -> Diagnosis:
    return Diagnosis(check_group_search(body).findings)


def _oauth_client(_piece: Piece, body: Reading, _bench: Bench) -> Diagnosis:
    return Diagnosis(check_oauth_client(body, None).findings)


def _data_table(_piece: Piece, body: Reading, _bench: Bench) -> Diagnosis:
    return Diagnosis(check_data_table(body).findings)


_CHECKS: Final[dict[str, Callable[[Piece, Reading, Bench], Diagnosis]]] = {
    "put_integration_config_current": _configuration,
    "post_integrations": _new_integration,
    "patch_integration": _patch,
    "post_integrations_credentials": _credential,
    "put_integrations_credential": _credential,
    "post_integrations_actions": _new_action,
    "post_integrations_actions_drafts": _new_draft,
    "patch_integrations_action": _changed_action,
    "patch_integrations_action_draft": _changed_draft,
    "post_integrations_action_draft_publish": _published,
    "post_integrations_action_execute": _run,
    "post_integrations_action_test": _run,
    "post_integrations_action_draft_test": _run,
    "post_authorization_roles": _role,
    "put_authorization_role": _role,
    "put_authorization_role_users_add": _user_ids,
    "put_authorization_role_users_remove": _user_ids,
    "post_users": _user,
    "post_groups": _group,
    "post_group_members": _group_members,
    "post_groups_search": _group_search,
    "post_oauth_clients": _oauth_client,
    "put_oauth_client": _oauth_client,
    "post_flows_datatables": _data_table,
}


def _type_in(root: ObjectNode | None) -> str:
    kind = root.get("integrationType") if root is not None else None
    return _text(kind, "id") if isinstance(kind, ObjectNode) else ""


def _text(node: Node | None, name: str) -> str:
    inner = node.get(name) if isinstance(node, ObjectNode) else None
    return inner.value if isinstance(inner, StringNode) else ""
