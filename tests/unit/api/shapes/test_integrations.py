"""Integrations on the wire."""

from __future__ import annotations

import json

from jackfield.api.json_bytes import dump
from jackfield.api.shapes.integrations import configuration, integration, integration_type
from support.stand_ins import CATALOG, VIEW


def test_integration() -> None:
    """State, notes and type; the configuration only if asked for."""
    shape = integration(VIEW)
    assert (shape["id"], shape["name"], shape["notes"]) == ("int-1", "Mine", "a note")
    assert (shape["intendedState"], shape["attributes"]) == ("ENABLED", {})
    assert shape["reportedState"] == {
        "code": "ACTIVE",
        "effective": "Active",
        "lastUpdated": "2026-11-23T18:05:04.321Z",
    }
    assert shape["selfUri"] == "/api/v2/integrations/int-1"
    assert "config" not in shape
    expanded = json.loads(dump(integration(VIEW, expand_configuration=True)))
    assert expanded["config"]["current"]["version"] == 3


def test_configuration() -> None:
    """Every member is there; properties and advanced are the caller's text to the last space."""
    text = dump(configuration(VIEW))
    assert b'"properties":{"n": 1.0},"advanced":{ },' in text
    shape = json.loads(text)
    assert (shape["id"], shape["name"], shape["version"], shape["notes"]) == ("current", "Mine", 3, "a note")
    assert shape["selfUri"] == "/api/v2/integrations/int-1/config/current"
    assert shape["credentials"]["basicAuth"]["type"] == {"name": "basicAuth"}


def test_a_slot_whose_credential_is_gone() -> None:
    """The id stays visible, so that a PUT of the whole configuration does not lose it silently."""
    attached = json.loads(dump(configuration(VIEW)))["credentials"]["other"]
    assert attached == {"id": "gone", "selfUri": "/api/v2/integrations/credentials/gone"}


def test_integration_types() -> None:
    """Slots as specifications, links to both schemas; what is not known is left out."""
    shape = integration_type(CATALOG.integration_types["custom-rest-actions"])
    assert shape["credentials"]["basicAuth"] == {
        "required": False,
        "title": "Web service credentials",
        "credentialTypes": ["basicAuth", "userDefined", "userDefinedOAuth"],
    }
    uri = "/api/v2/integrations/types/custom-rest-actions"
    assert shape["selfUri"] == uri
    assert shape["configPropertiesSchemaUri"] == f"{uri}/configschemas/properties"
    assert shape["configAdvancedSchemaUri"] == f"{uri}/configschemas/advanced"
    assert shape["maxInstances"] == 50
    assert "vendorName" not in shape
