"""Client apps, user apps and client apps of telephony systems on the wire."""

from __future__ import annotations

from typing import Any

from jackfield.api.json_bytes import Raw
from jackfield.api.shapes.integrations import configuration, integration, integration_type
from jackfield.services.integrations import IntegrationView

CLIENT_APPS = "/api/v2/integrations/clientapps"
USER_APPS = "/api/v2/integrations/userapps"
UC_CLIENT_APPS = "/api/v2/integrations/unifiedcommunications/clientapps"
# A telephone receiver of our own drawing; the cloud's icons are not ours to copy.
ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">'
    '<path d="M4 8a14 14 0 0 1 16 0v4h-5V9H9v3H4z"/></svg>'
)
LANGUAGE = "en-us"


def client_app(view: IntegrationView, *, expand: bool = False) -> dict[str, Any]:
    """Return a ClientApp: an Integration whose configuration also has an effective form."""
    shape = integration(view)
    return shape | {"config": _configurations(view)} if expand else shape


def user_app(view: IntegrationView, *, expand: bool = False) -> dict[str, Any]:
    """Return a UserApp."""
    shape = {
        "id": view.integration.id,
        "name": view.integration.name,
        "integrationType": integration_type(view.type),
        "selfUri": f"/api/v2/integrations/{view.integration.id}",
    }
    return shape | {"config": _configurations(view)} if expand else shape


def telephony_app(view: IntegrationView) -> dict[str, Any]:
    """Return a UnifiedCommunicationsIntegration."""
    item, told = view.integration, view.type.unified_communications
    uri = f"{UC_CLIENT_APPS}/{item.id}"
    return {
        "id": item.id,
        "name": item.name,
        "ucIntegrationKey": {"id": item.id, "selfUri": f"/api/v2/integrations/{item.id}"},
        "integrationPresenceSource": told.presence_source if told else "",
        "pbxPermission": told.permission if told else "",
        "icon": {"vector": ICON},
        "badgeIcons": {"default": {"vector": ICON}},
        "i10n": {LANGUAGE: {"name": view.type.name}},
        "polledPresence": bool(told and told.polled),
        "includeBadge": True,
        "userPermissions": [told.permission] if told else [],
        "selfUri": uri,
    }


def _configurations(view: IntegrationView) -> dict[str, Any]:
    current = configuration(view)
    item = view.integration.configuration
    effective = {name: current[name] for name in ("name", "notes", "credentials")}
    effective |= {"properties": Raw(item.properties), "advanced": Raw(item.advanced)}
    return {"current": current, "effective": effective}
