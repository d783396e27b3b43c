"""Integrations, their configuration and their types on the wire."""

from __future__ import annotations

from typing import Any

from jackfield.api.json_bytes import Raw
from jackfield.api.shapes.credentials import CREDENTIALS, credential_info
from jackfield.api.shapes.times import fine_stamp
from jackfield.domain.finding import Finding
from jackfield.domain.integration import IntegrationType, ReportedState
from jackfield.services.integrations import IntegrationView

INTEGRATIONS = "/api/v2/integrations"
TYPES = "/api/v2/integrations/types"
CURRENT = "current"
EFFECTIVE = {
    ReportedState.ACTIVE: "Active",
    ReportedState.ACTIVATING: "Activating",
    ReportedState.INACTIVE: "Inactive",
    ReportedState.DEACTIVATING: "Deactivating",
    ReportedState.ERROR: "Error",
}


def integration_type(kind: IntegrationType) -> dict[str, Any]:
    """Return an IntegrationType."""
    uri = f"{TYPES}/{kind.id}"
    shape: dict[str, Any] = {
        "id": kind.id,
        "name": kind.name,
        "description": kind.description,
        "provider": kind.provider,
        "category": kind.category,
        "images": [],
        "configPropertiesSchemaUri": f"{uri}/configschemas/properties",
        "configAdvancedSchemaUri": f"{uri}/configschemas/advanced",
        "credentials": {
            slot.name: {
                "required": slot.required,
                "title": slot.title,
                "credentialTypes": list(slot.credential_types),
            }
            for slot in kind.slots.values()
        },
        "nonInstallable": kind.non_installable,
        "userPermissions": list(kind.user_permissions),
        "selfUri": uri,
    }
    optional = {"helpUri": kind.help_uri, "vendorName": kind.vendor_name, "maxInstances": kind.max_instances}
    return shape | {name: value for name, value in optional.items() if value}


def integration(view: IntegrationView, *, expand_configuration: bool = False) -> dict[str, Any]:
    """Return an Integration, with `config.current` if asked for."""
    item = view.integration
    shape: dict[str, Any] = {
        "id": item.id,
        "name": item.name,
        "integrationType": integration_type(view.type),
        "notes": item.configuration.notes,
        "intendedState": str(item.intended_state),
        "reportedState": _reported(view),
        "attributes": attributes(view),
        "selfUri": f"{INTEGRATIONS}/{item.id}",
    }
    if expand_configuration:
        shape["config"] = {"current": configuration(view)}
    return shape


def attributes(view: IntegrationView) -> dict[str, str]:
    """Return the attributes: of a webhook where its events go, of others none."""
    if not view.webhook_id:
        return {}
    return {"webhookId": view.webhook_id, "invocationUrl": view.invocation_url}


def configuration(view: IntegrationView) -> dict[str, Any]:
    """Return an IntegrationConfiguration; `properties` and `advanced` are the caller's own text."""
    item = view.integration.configuration
    return {
        "id": CURRENT,
        "name": item.name,
        "version": item.version,
        "properties": Raw(item.properties),
        "advanced": Raw(item.advanced),
        "notes": item.notes,
        "credentials": {slot: _attached(view, slot, id_) for slot, id_ in item.credentials.items()},
        "selfUri": f"{INTEGRATIONS}/{view.integration.id}/config/{CURRENT}",
    }


def _reported(view: IntegrationView) -> dict[str, Any]:
    state = view.reported_state
    shape: dict[str, Any] = {
        "code": str(state),
        "effective": EFFECTIVE[state],
        "lastUpdated": fine_stamp(view.integration.modified),
    }
    if state is ReportedState.ERROR:
        shape["detail"] = _message(view.faults[0])
    return shape


def _message(finding: Finding) -> dict[str, Any]:
    """Return a MessageInfo; what clients show is `message`."""
    return {
        "localizableMessageCode": finding.code,
        "message": f"{finding.message} {finding.fix}",
        "messageWithParams": finding.message,
        "messageParams": {"pointer": finding.place.pointer, "seen": finding.seen, "fix": finding.fix},
    }


def _attached(view: IntegrationView, slot: str, credential_id: str) -> dict[str, Any]:
    attached = view.credentials.get(slot)
    if attached is None:
        return {"id": credential_id, "selfUri": f"{CREDENTIALS}/{credential_id}"}
    return credential_info(attached)
