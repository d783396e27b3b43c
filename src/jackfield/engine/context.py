"""What templates see.

The request's templates see `input` (with the engine's own `rawRequest`, `orgId` and `integrationId`) and, for
user-defined credential types, `credentials`. The success template sees the translated variables and
`rawResult`, never credentials. If it names `input`, it sees that too, with a warning: one third-party source
says that the cloud does not show it there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jackfield.domain.credential import CredentialValues
from jackfield.domain.run import Run
from jackfield.engine.templates import CompiledAction
from jackfield.velocity.tools import standard_tools

_TOOLS: dict[str, Any] = {**standard_tools()}
OPEN_TYPES = frozenset({"userDefined", "userDefinedOAuth"})
# Fields that are shown wherever the credential is shown; everything else is a secret.
_VISIBLE = {"basicAuth": frozenset({"userName"}), "pureCloudOAuthClient": frozenset({"clientId"})}


def request_context(run: Run, compiled: CompiledAction) -> dict[str, Any]:
    """Return the context of URL, header and body templates."""
    action = run.action
    given = run.inputs
    inputs: dict[str, Any] = dict(given) if given is not None else {}
    for written, name in compiled.leniency.aliases:
        if name in inputs and written not in inputs:
            inputs[written] = inputs[name]
    # The engine's own values come last: contracts may not declare these names.
    inputs["rawRequest"] = run.raw_request
    inputs["orgId"] = action.organization_id
    inputs["integrationId"] = action.integration_id
    context = _TOOLS.copy()
    context["input"] = inputs
    for root in compiled.leniency.roots:
        context[root] = inputs
    credentials = run.credentials
    if credentials is not None and credentials.type_name in OPEN_TYPES:
        context["credentials"] = {name: secret.reveal() for name, secret in credentials.fields.items()}
    return context


def success_context(
    compiled: CompiledAction, variables: Mapping[str, str], result: str, inputs: Any
) -> dict[str, Any]:
    """Return the context of the success template.

    Args:
        compiled: the action.
        variables: the translated variables as JSON text.
        result: the reply's body as JSON text.
        inputs: what the request's templates saw as `input`.
    """
    context = _TOOLS.copy()
    context["rawResult"] = result
    if compiled.leniency.success_sees_input:
        context["input"] = inputs
        context.update(dict.fromkeys(compiled.leniency.roots, inputs))
    context.update(variables)
    return context


def variable_names(context: Mapping[str, Any]) -> list[str]:
    """Return the names in a context that are not tools, sorted."""
    return sorted(name for name in context if name not in _TOOLS)


def secrets_of(credentials: CredentialValues | None) -> list[str]:
    """Return the values that no trace may show."""
    if credentials is None:
        return []
    visible = _VISIBLE.get(credentials.type_name, frozenset())
    return [secret.reveal() for name, secret in credentials.fields.items() if name not in visible]
