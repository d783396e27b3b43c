"""Data actions between files and a server, without loss in either direction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from jackfield.client.actions import REQUEST_TEMPLATE, SUCCESS_TEMPLATE, Action, Actions, WholeAction
from jackfield.client.errors import ApiError
from jackfield.client.integrations import Integration
from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Place
from jackfield.domain.json_reader import read_json
from jackfield.workbench.documents import CUSTOM_AUTH, ActionDocument
from jackfield.workbench.forms.json_form import read_actions
from jackfield.workbench.forms.writing import change_of, json_of

LOGIN_PREFIX: Final = "customAuth_-_"
BUILT_IN_PREFIX: Final = "static"
_USAGE: Final = 3
_LISTED: Final = 8


@dataclass(frozen=True, slots=True)
class Import:
    """An action on its way to a server.

    Args:
        document: the action.
        integration: where it goes to.
        category: "" for the integration's name.
    """

    document: ActionDocument
    integration: Integration
    category: str = ""

    @property
    def integration_id(self) -> str:
        """Id of the integration."""
        return str(self.integration.get("id") or "")

    @property
    def body(self) -> bytes:
        """The body that creates the action; numbers of the contract keep their digits."""
        named = self.category or self.document.category or str(self.integration.get("name") or "")
        document = replace(self.document, integration_id=self.integration_id, category=named)
        return json_of(document, "api", plain=True).encode("utf-8", "surrogatepass")


def document_of(whole: WholeAction, integration_type: str) -> ActionDocument:
    """Return a server's action as a document.

    Args:
        whole: the action as it was read.
        integration_type: id of its integration's type, which actions do not say themselves.

    Raises:
        OperationRefused: the answer holds no action that could be kept in a file.
    """
    identity = str(whole.members.get("id") or "action")
    (document,) = read_actions(read_json(whole.text), Path(identity))
    config = document.config
    request = replace(config.request, template=whole.templates.get(REQUEST_TEMPLATE, config.request.template))
    response = replace(
        config.response,
        success_template=whole.templates.get(SUCCESS_TEMPLATE, config.response.success_template),
    )
    return replace(
        document,
        integration_type=integration_type,
        action_type=CUSTOM_AUTH if identity.startswith(LOGIN_PREFIX) else document.action_type,
        config=replace(config, request=request, response=response),
        # Members of an answer that files do not have are no fault of the author's.
        findings=(),
    )


def fitting(document: ActionDocument, integrations: Iterable[Integration]) -> tuple[Integration, ...]:
    """Return the integrations that an action can go to: all, if its form does not name a type."""
    return tuple(one for one in integrations if document.integration_type in ("", type_of(one)))


def type_of(integration: Integration) -> str:
    """Return the id of an integration's type."""
    return str((integration.get("integrationType") or {}).get("id") or "")


def check_type(document: ActionDocument, integration: Integration) -> None:
    """Check that an action fits an integration.

    Raises:
        OperationRefused: the action was made for another type.
    """
    if document.integration_type not in ("", type_of(integration)):
        finding = found(
            "IMPORT_TYPE_DIFFERS",
            document.origin.place("/integrationType"),
            name=document.name,
            type=document.integration_type,
            integration=integration.get("name"),
            other=type_of(integration),
            seen=type_of(integration),
        )
        raise OperationRefused(finding, exit_code=_USAGE)


def integration_open(document: ActionDocument, candidates: Sequence[Integration]) -> OperationRefused:
    """Return the refusal where nothing tells which integration is meant."""
    shown = [f"`{one.get('name')}` ({one.get('id')})" for one in candidates[:_LISTED]]
    more = f" and {len(candidates) - _LISTED} more" if len(candidates) > _LISTED else ""
    kind = f" of type `{document.integration_type}`" if document.integration_type else ""
    finding = found(
        "IMPORT_INTEGRATION_OPEN",
        Place(file=str(document.origin.path)),
        name=document.name,
        kind=kind,
        count=f"there are {len(candidates)} to choose from" if shown else "there is none",
        candidates=(", ".join(shown) + more) if shown else f"An integration{kind}.",
        advice="Give --integration ID|NAME." if shown else "Create the integration first.",
    )
    return OperationRefused(finding, exit_code=_USAGE)


def send(calls: Actions, item: Import, *, publish: bool) -> Action:
    """Create an action as a draft, or published; a login becomes a draft of the login that is there.

    Raises:
        ApiError: the server refuses it; of a login, the draft made for it is gone again.
        OperationRefused: the integration has no login that could be changed.
    """
    if item.document.is_login:
        return _send_login(calls, item, publish=publish)
    return calls.create(item.body) if publish else calls.create_draft(item.body)


def _send_login(calls: Actions, item: Import, *, publish: bool) -> Action:
    identity = f"{LOGIN_PREFIX}{item.integration_id}"
    try:
        draft = calls.copy_to_draft(identity)
    except ApiError as error:
        if error.status != 404:
            raise
        name = item.integration.get("name")
        raise OperationRefused(found("IMPORT_LOGIN_MISSING", name=name, seen=identity)) from error
    try:
        changed = calls.change(identity, change_of(item.document, _version(draft)), draft=True)
        return calls.publish(identity, _version(changed)) if publish else changed
    except ApiError:
        calls.delete(identity, draft=True)
        raise


def _version(action: Any) -> int:
    return int(action.get("version") or 0)
