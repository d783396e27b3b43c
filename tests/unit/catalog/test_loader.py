"""The catalog that is shipped, and the folder that `--catalog` adds."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from jackfield.catalog import Catalog, load_catalog
from jackfield.catalog.document import read_document
from jackfield.catalog.loader import SHIPPED
from jackfield.catalog.type_files import check_schemas
from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Finding, Grade

SHIPPED_TYPES = {
    "amazon-eventbridge-source",
    "audio-connector",
    "audiohook",
    "aws-lambda-data-actions",
    "custom-rest-actions",
    "custom-smtp-server",
    "embedded-client-app",
    "embedded-client-app-interaction-widget",
    "function-data-actions",
    "genesys-tts-connector",
    "google-data-actions",
    "imap-server",
    "microsoft-dynamics-data-actions",
    "okta-sso",
    "premium-app-acme",
    "premium-app-example",
    "premium-widget-acme",
    "premium-widget-example",
    "purecloud-data-actions",
    "salesforce-datadip",
    "webhook",
    "zendesk-data-actions",
}
SLOTS = {
    "custom-rest-actions": {"basicAuth": ("basicAuth", "userDefined", "userDefinedOAuth")},
    "purecloud-data-actions": {"pureCloudOAuthClient": ("pureCloudOAuthClient",)},
    "aws-lambda-data-actions": {"AmazonWebServicesARN": ("amazonWebServicesARN",)},
    "function-data-actions": {"functionCredentials": ("userDefined",)},
    "salesforce-datadip": {"salesforceUser": ("salesforce",)},
    "custom-smtp-server": {"basicAuth": ("basicAuth",)},
    "imap-server": {"basicAuth": ("basicAuth",)},
    "audiohook": {"audioHook": ("audioHook",)},
    "audio-connector": {"audioHook": ("audioHook",)},
    "genesys-tts-connector": {"basicAuth": ("userDefined",)},
    "premium-app-example": {},
    "embedded-client-app": {},
    "webhook": {},
}
FIELDS = {
    "basicAuth": ({"userName": False, "password": True}, ("userName",)),
    "userDefined": ({}, ()),
    "userDefinedOAuth": ({}, ()),
    "pureCloudOAuthClient": ({"clientId": False, "clientSecret": True}, ("clientId", "clientSecret")),
    "amazonWebServicesARN": ({"ARN": False}, ("ARN",)),
    "salesforce": (
        {"username": False, "password": True, "securityToken": True, "loginUrl": False},
        ("username", "password"),
    ),
    "audioHook": ({"apiKey": True, "clientSecret": True}, ("apiKey",)),
}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    """The shipped catalog."""
    return load_catalog()


def test_every_type_is_shipped(catalog: Catalog) -> None:
    """The catalog has exactly the types that are known, listed by id."""
    assert set(catalog.integration_types) == SHIPPED_TYPES
    assert list(catalog.integration_types) == sorted(SHIPPED_TYPES)


@pytest.mark.parametrize("type_id", sorted(SLOTS))
def test_slots_take_their_credential_types(catalog: Catalog, type_id: str) -> None:
    """Slot names and the credential types they take are those of the real types."""
    slots = catalog.integration_types[type_id].slots
    assert {name: slot.credential_types for name, slot in slots.items()} == SLOTS[type_id]


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_credential_fields(catalog: Catalog, name: str) -> None:
    """Fields, which of them are secret, and which are required."""
    kind = catalog.credential_types[name]
    fields, required = FIELDS[name]
    assert {field.name: field.sensitive for field in kind.fields} == fields
    assert kind.required == required
    assert kind.open is name.startswith("userDefined")


def test_open_types_keep_every_field_secret(catalog: Catalog) -> None:
    """A field that a credential type does not list is never shown."""
    assert catalog.credential_types["userDefined"].is_sensitive("loginUrl")


def test_engines(catalog: Catalog) -> None:
    """Only the two kinds of data actions that Jackfield executes name an engine."""
    engines = {kind.id: kind.engine for kind in catalog.integration_types.values() if kind.engine}
    assert engines == {"custom-rest-actions": "web-services", "purecloud-data-actions": "genesys-cloud"}


def test_function_actions_begin_as_drafts(catalog: Catalog) -> None:
    """Only functions have to be uploaded before their actions can be published."""
    assert [kind.id for kind in catalog.integration_types.values() if kind.drafts_only] == [
        "function-data-actions"
    ]


def test_types_with_unpublished_definitions_are_assumed(catalog: Catalog) -> None:
    """Types whose definition nobody published say so."""
    assumed = {kind.id for kind in catalog.integration_types.values() if kind.grade is Grade.ASSUMED}
    assert assumed == {"microsoft-dynamics-data-actions", "zendesk-data-actions", "google-data-actions"}


@pytest.mark.parametrize("path", sorted((SHIPPED / "integration_types").glob("*.json")), ids=lambda p: p.stem)
def test_shipped_schemas_are_draft_04(path: Path) -> None:
    """Both schemas of every shipped type are valid and stay inside their file."""
    faults: list[Any] = []
    document = read_document(path, path.name, faults)
    assert document is not None
    check_schemas(document)
    assert faults == []


REFUSED_PROPERTIES = [
    ("custom-rest-actions", {"url": "https://a.example"}),
    ("premium-app-acme", {"url": "https://a.example", "sandbox": "allow-forms"}),
    ("premium-app-acme", {"permissions": "camera"}),
    ("premium-widget-acme", {"sandbox": "allow-forms"}),
    ("premium-app-example", {"groups": []}),
    ("premium-widget-example", {"groupFilter": []}),
    ("embedded-client-app", {"groupFilter": []}),
    ("embedded-client-app", {"url": "http://a.example"}),
    ("embedded-client-app", {"displayType": "window"}),
    ("embedded-client-app", {"sandbox": "allow-forms,allow-everything"}),
    ("embedded-client-app", {"permissions": "camera microphone"}),
    ("embedded-client-app-interaction-widget", {"communicationTypeFilter": "call, message"}),
    ("embedded-client-app-interaction-widget", {"communicationTypeFilter": "call,"}),
    ("imap-server", {"imapPort": "993"}),
]
TAKEN_PROPERTIES = [
    ("custom-rest-actions", {}),
    ("premium-app-acme", {"url": "https://a.example", "displayType": "widget", "groupFilter": ["1"]}),
    (
        "premium-app-example",
        {"sandbox": "allow-forms, allow-scripts", "permissions": None, "featureCategory": ""},
    ),
    ("premium-widget-example", {"communicationTypeFilter": "call, chat, email", "queueIdFilterList": []}),
    ("embedded-client-app", {"url": "https://a.example/?l={{gcLangTag}}", "groups": ["123456789"]}),
    ("embedded-client-app-interaction-widget", {"communicationTypeFilter": "", "sandbox": ""}),
    ("embedded-client-app-interaction-widget", {"communicationTypeFilter": "open,webmessaging"}),
    ("custom-smtp-server", {"smtpHost": "mail.example", "anythingElse": 1}),
    ("okta-sso", {"whatever": True}),
]


@pytest.mark.parametrize(("type_id", "properties"), REFUSED_PROPERTIES)
def test_properties_that_are_refused(catalog: Catalog, type_id: str, properties: dict[str, Any]) -> None:
    """Schemas refuse what the service is known to refuse."""
    schema = json.loads(catalog.schema_text(type_id, "properties"))
    assert not jsonschema_rs.Draft4Validator(schema).is_valid(properties)


@pytest.mark.parametrize(("type_id", "properties"), TAKEN_PROPERTIES)
def test_properties_that_are_taken(catalog: Catalog, type_id: str, properties: dict[str, Any]) -> None:
    """Schemas take what the service is known to take."""
    schema = json.loads(catalog.schema_text(type_id, "properties"))
    assert jsonschema_rs.Draft4Validator(schema).is_valid(properties)


def test_client_app_advanced_schema(catalog: Catalog) -> None:
    """Client applications have names by language, life-cycle hooks and icons in `advanced`."""
    schema = json.loads(catalog.schema_text("premium-app-example", "advanced"))
    validator = jsonschema_rs.Draft4Validator(schema)
    lifecycle = {"ephemeral": False, "hooks": {"stop": True}}
    assert validator.is_valid({"i10n": {"de": {"name": "Prüfung"}}, "lifecycle": lifecycle})
    assert validator.is_valid(
        {"icon": {"48x48": "https://a.example/i.png"}, "monochromicIcon": {"vector": "x"}}
    )
    assert not validator.is_valid({"lifecycle": {"hooks": {"stop": "yes"}}})
    assert not validator.is_valid({"i10n": {"de": "Prüfung"}})


def test_schema_text_of_the_unknown(catalog: Catalog) -> None:
    """A type or schema that does not exist is a KeyError."""
    with pytest.raises(KeyError):
        catalog.schema_text("no-such-type", "properties")
    with pytest.raises(KeyError):
        catalog.schema_text("webhook", "current")


def test_limits_and_permissions(catalog: Catalog) -> None:
    """The limits of data actions are there by key; permissions have three parts."""
    assert catalog.limits == {
        "actions.concurrent.executions.max": 50,
        "requests.volume.max": 2500,
        "actions.total.max": 500,
        "actions.integration.max": 100,
    }
    assert "integrations:integration:view" in catalog.permissions
    assert all(name.count(":") == 2 for name in catalog.permissions)


# --- the operator's folder ---------------------------------------------------------------------------------


def integration_type(**changes: Any) -> dict[str, Any]:
    """A right file of an integration type, with members changed; None leaves a member out."""
    members: dict[str, Any] = {
        "id": "sample",
        "name": "Sample",
        "category": "Samples",
        "provider": "samples",
        "grade": "assumed",
        "slots": {"login": {"title": "Login", "credentialTypes": ["basicAuth"]}},
        "properties": {"type": "object"},
        "advanced": {"type": "object"},
    }
    return {name: value for name, value in (members | changes).items() if value is not None}


def credential_type(**changes: Any) -> dict[str, Any]:
    """A right file of a credential type, with members changed; None leaves a member out."""
    members: dict[str, Any] = {
        "name": "sampleLogin",
        "grade": "assumed",
        "fields": [{"name": "key", "title": "Key", "sensitive": True}],
        "required": ["key"],
    }
    return {name: value for name, value in (members | changes).items() if value is not None}


Write = Callable[[str, object], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a file of the folder and returns the folder."""

    def write_file(name: str, content: object) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return tmp_path

    return write_file


def refusals(folder: Path) -> tuple[Finding, ...]:
    """What loading a folder is refused for."""
    with pytest.raises(OperationRefused) as caught:
        load_catalog(folder)
    assert caught.value.exit_code == 3
    return caught.value.findings


def test_a_folder_adds_types(write: Write) -> None:
    """A slot of an added type may take an added credential type."""
    write("credential_types/sampleLogin.json", credential_type())
    slots = {"login": {"title": "Login", "credentialTypes": ["sampleLogin"], "required": True}}
    folder = write("integration_types/sample.json", integration_type(slots=slots, maxInstances=2))
    catalog = load_catalog(folder)
    assert set(catalog.integration_types) == SHIPPED_TYPES | {"sample"}
    added = catalog.integration_types["sample"]
    assert added.slots["login"].required
    assert added.max_instances == 2
    assert catalog.credential_types["sampleLogin"].required == ("key",)


def test_a_file_overrides_a_shipped_type_as_a_whole(write: Write) -> None:
    """Nothing of the shipped type shines through."""
    folder = write("integration_types/custom-rest-actions.json", integration_type(id="custom-rest-actions"))
    overridden = load_catalog(folder).integration_types["custom-rest-actions"]
    assert overridden.name == "Sample"
    assert set(overridden.slots) == {"login"}
    assert overridden.engine == ""
    assert load_catalog().integration_types["custom-rest-actions"].name == "Web Services Data Actions"


def test_other_files_in_the_folder_are_left_alone(write: Write) -> None:
    """A README beside the types does not matter."""
    write("README.md", "About these types")
    folder = write("integration_types/sample.json", integration_type())
    assert "sample" in load_catalog(folder).integration_types


SCHEMA_TO_ELSEWHERE = {"type": "object", "properties": {"a": {"$ref": "http://127.0.0.1:9/schema"}}}
INTEGRATION_FAULTS: list[tuple[dict[str, Any], str, str, str]] = [
    ({"name": None}, "/name", "is missing", "a string"),
    ({"name": 3}, "/name", "is a number", "a string"),
    ({"name": " "}, "/name", "is empty", "a string that is not empty"),
    ({"grade": None}, "/grade", "is missing", '"observed"'),
    ({"grade": "Observd"}, "/grade", 'did you mean "observed"?', '"assumed"'),
    ({"id": "other"}, "/id", "in a file named sample.json", '"sample"'),
    ({"id": "sample/1"}, "/id", 'is "sample/1"', "letters, digits"),
    ({"maxInstance": 3}, "/maxInstance", 'did you mean "maxInstances"?', "only the members"),
    ({"maxInstances": 0}, "/maxInstances", "is 0", "a whole number of at least 1"),
    ({"maxInstances": True}, "/maxInstances", "is true or false", "a whole number"),
    ({"nonInstallable": "yes"}, "/nonInstallable", "is a string", "true or false"),
    (
        {"engine": "web-service", "dataActions": True},
        "/engine",
        'did you mean "web-services"?',
        "genesys-cloud",
    ),
    ({"engine": "web-services"}, "/engine", "without data actions", '"dataActions": true'),
    ({"userPermissions": ["a", "a"]}, "/userPermissions", "repeats", "different strings"),
    ({"slots": []}, "/slots", "is an array", "an object"),
    ({"slots": {"a/b": 1}}, "/slots/a~1b", "is a number", "an object"),
    ({"slots": {"a": {"title": "A"}}}, "/slots/a/credentialTypes", "is missing", "an array"),
    (
        {"slots": {"a": {"title": "A", "credentialTypes": []}}},
        "/slots/a/credentialTypes",
        "is empty",
        "at least one",
    ),
    (
        {"slots": {"a": {"title": "A", "credentialTypes": ["basicauth"]}}},
        "/slots/a/credentialTypes/0",
        'did you mean "basicAuth"?',
        "userDefinedOAuth",
    ),
    (
        {"slots": {"a": {"title": "A", "credentialTypes": ["basicAuth"], "requird": True}}},
        "/slots/a/requird",
        'did you mean "required"?',
        "credentialTypes",
    ),
    ({"properties": None}, "/properties", "is missing", "an object"),
    ({"properties": {}}, "/properties/type", "is missing", '"object"'),
    ({"properties": {"type": "array"}}, "/properties/type", "something else", '"object"'),
    ({"advanced": {"type": "object", "required": []}}, "/advanced/required", "draft-04", "draft 4"),
    ({"advanced": {"type": "object", "pattern": "("}}, "/advanced/pattern", "draft-04", "draft 4"),
    (
        {"advanced": {"type": "object", "$schema": "https://json-schema.org/draft/2020-12/schema"}},
        "/advanced/$schema",
        "2020-12",
        "draft-04",
    ),
    ({"properties": SCHEMA_TO_ELSEWHERE}, "/properties/properties/a/$ref", "another document", "same schema"),
]


@pytest.mark.parametrize(("changes", "pointer", "problem", "accepted"), INTEGRATION_FAULTS)
def test_faults_of_an_integration_type(
    write: Write, changes: dict[str, Any], pointer: str, problem: str, accepted: str
) -> None:
    """Each fault names the file, the place in it, what is wrong, and what is accepted."""
    folder = write("integration_types/sample.json", integration_type(**changes))
    found = refusals(folder)
    assert [finding.place.pointer for finding in found] == [pointer]
    assert str(folder / "integration_types/sample.json") in found[0].message
    assert pointer in found[0].message
    assert problem in found[0].message
    assert accepted in found[0].accepted
    assert found[0].code == "CATALOG_INVALID"


CREDENTIAL_FAULTS: list[tuple[dict[str, Any], str, str, str]] = [
    ({"name": "sample"}, "/name", "in a file named sampleLogin.json", '"sampleLogin"'),
    ({"fields": None, "required": []}, "/fields", "is missing", "an array of objects"),
    ({"fields": [], "required": []}, "/fields", "is empty", '"open": true'),
    ({"fields": ["key"], "required": []}, "/fields/0", "is a string", "an object"),
    ({"fields": [{"name": "key"}]}, "/fields/0/title", "is missing", "a string"),
    (
        {"fields": [{"name": "key", "title": "Key"}, {"name": "key", "title": "Key"}]},
        "/fields/1/name",
        "a second time",
        "each field once",
    ),
    ({"required": ["kye"]}, "/required/0", 'did you mean "key"?', "names of fields"),
    ({"requierd": []}, "/requierd", 'did you mean "required"?', "only the members"),
]


@pytest.mark.parametrize(("changes", "pointer", "problem", "accepted"), CREDENTIAL_FAULTS)
def test_faults_of_a_credential_type(
    write: Write, changes: dict[str, Any], pointer: str, problem: str, accepted: str
) -> None:
    """Each fault names the file, the place in it, what is wrong, and what is accepted."""
    folder = write("credential_types/sampleLogin.json", credential_type(**changes))
    found = refusals(folder)
    assert [finding.place.pointer for finding in found] == [pointer]
    assert "credential_types/sampleLogin.json" in found[0].message
    assert problem in found[0].message
    assert accepted in found[0].accepted


TEXT_FAULTS = [
    ('{"id": "sample",}', "is not JSON at line 1, column 17"),
    ("[]", "holds an array"),
    (b'{"id": "\xff"}', "is not UTF-8 at byte 8"),
    ('{"id": "sample", "id": "sample"}', "names the member id twice"),
    ("[" * 100_000, "is nested too deeply"),
]


@pytest.mark.parametrize(("text", "problem"), TEXT_FAULTS, ids=["comma", "array", "latin", "twice", "deep"])
def test_files_that_are_no_json_object(write: Write, text: str | bytes, problem: str) -> None:
    """A file that cannot be read as one JSON object says why and where."""
    found = refusals(write("integration_types/sample.json", text))
    assert len(found) == 1
    assert problem in found[0].message


def test_every_fault_is_told_at_once(write: Write) -> None:
    """Faults of several files come in one refusal."""
    write("credential_types/sampleLogin.json", credential_type(required=["kye"]))
    folder = write("integration_types/sample.json", integration_type(name=None, grade=None))
    pointers = [finding.place.pointer for finding in refusals(folder)]
    assert pointers == ["/name", "/grade", "/required/0"]


def test_a_missing_member_is_not_taken_for_a_missing_file(write: Write) -> None:
    """The sentence says which member of which file is missing."""
    folder = write("integration_types/mine.json", {"id": "mine"})
    assert any("mine.json`: `/name` is missing" in finding.message for finding in refusals(folder))


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    """A folder that does not exist is refused by name."""
    found = refusals(tmp_path / "nowhere")
    assert "nowhere` does not exist" in found[0].message


def test_an_empty_folder(tmp_path: Path) -> None:
    """A folder without types in it is not what was meant."""
    assert "has neither integration_types nor credential_types" in refusals(tmp_path)[0].message


def test_a_file_outside_the_folders(write: Write) -> None:
    """A type that would not be read is a fault, not silence."""
    write("integration_types/sample.json", integration_type())
    found = refusals(write("other.json", integration_type(id="other")))
    assert "other.json` is outside the folders that are read" in found[0].message
