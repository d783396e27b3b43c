"""Edits that the checks attach: each, applied, makes the finding go away."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from jackfield.catalog import Catalog, load_catalog
from jackfield.domain.finding import Edit, Finding, Operation
from jackfield.domain.json_reader import read_json
from jackfield.explain.json_edits import Document
from jackfield.rules import mending
from jackfield.rules.actions import ActionFacts, check_new_action
from jackfield.rules.configurations import ConfigurationFacts, check_configuration
from jackfield.rules.credentials import check_credential
from jackfield.rules.integrations import check_new_integration

CATALOG: Catalog = load_catalog()
IDENTIFIER = "5b0e7a52-93cf-4d0c-8f55-60b6a1f7a3d4"
CONFIGURATION: dict[str, Any] = {
    "name": "n",
    "version": 1,
    "properties": {},
    "advanced": {},
    "notes": "",
    "credentials": {},
}
CREDENTIAL: dict[str, Any] = {
    "name": "n",
    "type": {"name": "basicAuth"},
    "credentialFields": {"userName": "u", "password": "p"},
}
ACTION: dict[str, Any] = {
    "name": "n",
    "category": "c",
    "integrationId": IDENTIFIER,
    "config": {
        "request": {"requestUrlTemplate": "https://a.example/${input.id}", "requestType": "GET"},
        "response": {"translationMap": {"tier": "$.tier"}, "successTemplate": '{"t": ${tier}}'},
    },
    "contract": {
        "input": {"inputSchema": {"type": "object", "properties": {"id": {"type": "string"}}}},
        "output": {"successSchema": {"type": "object", "properties": {}}},
    },
}


def configuration(body: Any, type_id: str = "custom-rest-actions") -> tuple[Finding, ...]:
    """Check a configuration of which only the type is known."""
    facts = ConfigurationFacts(CATALOG.integration_types[type_id], None, None, CATALOG)
    return check_configuration(read_json(json.dumps(body)), facts).findings


def application(body: Any) -> tuple[Finding, ...]:
    """Check a configuration of a client application."""
    return configuration(body, "embedded-client-app")


def credential(body: Any) -> tuple[Finding, ...]:
    """Check a credential."""
    return check_credential(read_json(json.dumps(body)), CATALOG).findings


def integration(body: Any) -> tuple[Finding, ...]:
    """Check a new integration."""
    return check_new_integration(read_json(json.dumps(body)), CATALOG).findings


def action(body: Any) -> tuple[Finding, ...]:
    """Check an action of an integration that is not known."""
    return check_new_action(read_json(json.dumps(body)), ActionFacts(None, CATALOG)).findings


def changed(body: dict[str, Any], pointer: str, value: Any) -> dict[str, Any]:
    """Return a copy with another value in a place."""
    copy = json.loads(json.dumps(body))
    *path, last = pointer.strip("/").split("/")
    inner = copy
    for name in path:
        inner = inner[name]
    inner[last] = value
    return dict(copy)


SLOT = {"basicAuth": {"id": IDENTIFIER}}
SCHEMA = "/contract/input/inputSchema"


@pytest.mark.parametrize(
    ("check", "body", "code"),
    [
        (configuration, {"body": CONFIGURATION}, "BODY_WRAPPED"),
        (configuration, [CONFIGURATION], "BODY_IN_A_LIST"),
        (configuration, json.dumps(CONFIGURATION), "BODY_ENCODED_TWICE"),
        (configuration, {"id": "x", "config": {"current": CONFIGURATION}}, "WHOLE_INTEGRATION_SENT"),
        (configuration, changed(CONFIGURATION, "/version", "1"), "VERSION_AS_TEXT"),
        (configuration, changed(CONFIGURATION, "/version", None), "MEMBER_MISSING"),
        (configuration, changed(CONFIGURATION, "/notes", 7), "MEMBER_WRONG_KIND"),
        (configuration, changed(CONFIGURATION, "/notes", "x" * 501), "NOTES_LONG"),
        (configuration, changed(CONFIGURATION, "/properties", "{}"), "MEMBER_ENCODED_TWICE"),
        (configuration, changed(CONFIGURATION, "/properties", {"url": "https://a"}), "PROPERTY_UNKNOWN"),
        (configuration, changed(CONFIGURATION, "/credentials", IDENTIFIER), "CREDENTIALS_NOT_A_MAP"),
        (configuration, changed(CONFIGURATION, "/credentials", SLOT["basicAuth"]), "CREDENTIALS_BARE_INFO"),
        (
            configuration,
            changed(CONFIGURATION, "/credentials", {"userDefined": {"id": IDENTIFIER}}),
            "SLOT_UNKNOWN",
        ),
        (
            configuration,
            changed(CONFIGURATION, "/credentials", {"basicAuth": IDENTIFIER}),
            "SLOT_VALUE_NOT_OBJECT",
        ),
        (configuration, changed(CONFIGURATION, "/credentials", {"basicAuth": None}), "SLOT_NULL"),
        (
            configuration,
            changed(CONFIGURATION, "/credentials", {"basicAuth": {"selfUri": f"/x/{IDENTIFIER}"}}),
            "SLOT_ID_MISSING",
        ),
        (application, changed(CONFIGURATION, "/credentials", SLOT), "TYPE_WITHOUT_SLOTS"),
        (application, changed(CONFIGURATION, "/properties", {"displayType": "Widget"}), "PROPERTY_INVALID"),
        (application, changed(CONFIGURATION, "/properties", {"groups": "a,b"}), "PROPERTY_INVALID"),
        (application, changed(CONFIGURATION, "/properties", {"url": "http://a.example"}), "PROPERTY_INVALID"),
        (
            configuration,
            changed(CONFIGURATION, "/properties", {"url": "https://a", "sandbox": "", "groupFilter": []}),
            "PROPERTIES_OF_ANOTHER_TYPE",
        ),
        (credential, changed(CREDENTIAL, "/type", "basic_auth"), "CREDENTIAL_TYPE_UNKNOWN"),
        (credential, changed(CREDENTIAL, "/type", None), "MEMBER_MISSING"),
        (
            credential,
            changed(CREDENTIAL, "/credentialFields", {"user_name": "u"}),
            "CREDENTIAL_FIELD_MISSING",
        ),
        (credential, changed(CREDENTIAL, "/credentialFields/password", 7), "CREDENTIAL_FIELD_NOT_TEXT"),
        (credential, changed(CREDENTIAL, "/credentialFields/password", "p\n"), "CREDENTIAL_FIELD_BLANKS"),
        (
            credential,
            {"type": {"name": "basicAuth"}, "userName": "u", "password": "p"},
            "CREDENTIAL_FIELDS_OUTSIDE",
        ),
        (integration, {"integrationType": {"id": "custom_rest_actions"}}, "INTEGRATION_TYPE_UNKNOWN"),
        (integration, {"integrationType": "webhook"}, "MEMBER_WRONG_KIND"),
        (integration, {"integration_type": {"id": "webhook"}}, "MEMBER_UNKNOWN"),
        (action, changed(ACTION, "/config/request/requestType", "get"), "REQUEST_TYPE_UNKNOWN"),
        (action, changed(ACTION, "/config/timeoutSeconds", 90), "TIMEOUT_OUT_OF_RANGE"),
        (action, changed(ACTION, "/config/timeoutSeconds", "5"), "TIMEOUT_OUT_OF_RANGE"),
        (action, changed(ACTION, "/config/request/headers", {"Host": "x"}), "HEADER_NOT_SETTABLE"),
        (action, changed(ACTION, "/config/request/headers", {"Accept": "text/xml"}), "ACCEPT_NOT_JSON"),
        (
            action,
            changed(ACTION, "/config/request/headers", [{"name": "A", "value": "b"}]),
            "MEMBER_WRONG_KIND",
        ),
        (
            action,
            changed(ACTION, "/config/response/translationMapDefaults", {"tier": "gold"}),
            "DEFAULT_NOT_JSON",
        ),
        (
            action,
            changed(ACTION, "/config/response/translationMapDefaults", {"Tier": "0"}),
            "DEFAULT_WITHOUT_PATH",
        ),
        (
            action,
            changed(ACTION, "/config/response/successTemplate", "${tiers}"),
            "TEMPLATE_VARIABLE_UNKNOWN",
        ),
        (
            action,
            changed(ACTION, "/config/request/requestUrlTemplate", "https://a/${input.ids}"),
            "INPUT_UNKNOWN",
        ),
        (
            action,
            changed(ACTION, "/config/request/requestUrlTemplate", "https://a/{input.id}"),
            "TEMPLATE_DOLLAR_MISSING",
        ),
        (action, changed(ACTION, f"{SCHEMA}/type", "array"), "CONTRACT_NOT_OBJECT"),
        (action, changed(ACTION, f"{SCHEMA}/properties/id/type", "array"), "INPUT_TYPE_NOT_SIMPLE"),
        (
            action,
            changed(ACTION, f"{SCHEMA}/$schema", "http://json-schema.org/draft-07/schema#"),
            "CONTRACT_OTHER_DRAFT",
        ),
        (
            action,
            changed(ACTION, "/contract/input", {"type": "object", "properties": {"id": {"type": "string"}}}),
            "MEMBER_MISSING",
        ),
        (action, changed(ACTION, "/secure", "true"), "MEMBER_WRONG_KIND"),
    ],
)
def test_what_is_mended_is_not_found_again(
    check: Callable[[Any], tuple[Finding, ...]], body: Any, code: str
) -> None:
    """The finding is there, and after its edits neither it nor a new one is."""
    found = check(body)
    edits = [edit for finding in found if finding.code == code for edit in finding.edits]
    assert edits, [finding.code for finding in found]
    document = Document(read_json(json.dumps(body)))
    document.apply(edit for finding in found for edit in finding.edits)
    left = [finding.code for finding in check(json.loads(document.text()))]
    assert code not in left
    assert set(left) <= {"MEMBER_PLACEHOLDER"}


def test_an_edits_value_is_not_in_its_representation() -> None:
    """What the caller sent may be a secret."""
    assert "hidden" not in repr(mending.replaced("/password", "hidden"))


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        ('"notes": ""', '""'),
        ('"input": {"inputSchema": {…}}', '{"inputSchema": {"type": "object", "properties": {}}}'),
        ("no example", None),
    ],
)
def test_values_of_examples(example: str, expected: str | None) -> None:
    """An example shows the value to add, if it is JSON."""
    edits = mending.from_example(Operation.ADD, "/x", example)
    assert edits == (() if expected is None else (Edit(Operation.ADD, "/x", expected),))
