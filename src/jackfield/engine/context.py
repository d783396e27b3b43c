"""What templates see.

The request's templates see `input` (with the engine's own `rawRequest`, `orgId` and `integrationId`) and, for
user-defined credential types, `credentials`. The success template sees the translated variables and
`rawResult`, never credentials. If it names `input`, it sees that too, with a warning: one third-party source
says that the cloud does not show it there.
"""

from __future__ import annotations

from typing import Any

from jackfield.domain.credential import CredentialValues
from jackfield.domain.run import Run
from jackfield.engine.templates import CompiledAction

OPEN_TYPES = frozenset({"userDefined", "userDefinedOAuth"})
# Fields that are shown wherever the credential is shown; everything else is a secret.
_VISIBLE = {"basicAuth": frozenset({"userName"}), "pureCloudOAuthClient": frozenset({"clientId"})}


def request_context(run: Run, compiled: CompiledAction) -> dict[str, Any]:
    """Return the context of URL, header and body templates."""
    action = run.action
    inputs: dict[str, Any] = dict(run.inputs or {})
    for written, name in compiled.leniency.aliases:
        if name in inputs and written not in inputs:
            inputs[written] = inputs[name]
    # The engine's own values come last: contracts may not declare these names.
    inputs["rawRequest"] = run.raw_request
    inputs["orgId"] = action.organization_id
    inputs["integrationId"] = action.integration_id
    context: dict[str, Any] = {"input": inputs}
    for root in compiled.leniency.roots:
        context[root] = inputs
    credentials = run.credentials
    if credentials is not None and credentials.type_name in OPEN_TYPES:
        context["credentials"] = {name: secret.reveal() for name, secret in credentials.fields.items()}
    return context


def secrets_of(credentials: CredentialValues | None) -> list[str]:
    """Return the values that no trace may show."""
    if credentials is None:
        return []
    visible = _VISIBLE.get(credentials.type_name, frozenset())
    return [secret.reveal() for name, secret in credentials.fields.items() if name not in visible]
