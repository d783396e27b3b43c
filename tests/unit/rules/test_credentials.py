"""Checks of credentials."""

from __future__ import annotations

from typing import Any

import pytest

from jackfield.domain.secret import MASK
from jackfield.rules.credentials import check_credential
from support.checks import CATALOG, codes, everything, reading, the

FIELDS = {"userName": "login-of-mine", "password": "hunter2-hunter2"}
WHOLE_TYPE = {
    "name": "basicAuth",
    "properties": {
        "password": {"type": "string", "title": "Password", "sensitive": True, "confirm": True},
        "userName": {"type": "string", "title": "Username"},
    },
    "displayOrder": ["userName", "password"],
    "required": ["userName"],
}


@pytest.mark.parametrize("form", [WHOLE_TYPE, {"name": "basicAuth"}, "basicAuth", {"id": "basicAuth"}])
def test_the_type_in_every_form_that_clients_send(form: Any) -> None:
    """The whole schema, a name, a bare string: all are taken without a word."""
    checked = check_credential(
        reading({"name": "Integration-1", "type": form, "credentialFields": FIELDS}), CATALOG
    )

    assert checked.findings == ()
    assert checked.value is not None
    assert (checked.value.name, checked.value.type_name) == ("Integration-1", "basicAuth")
    assert {name: secret.reveal() for name, secret in checked.value.fields.items()} == FIELDS
    assert "hunter2" not in repr(checked)


def test_read_only_members_are_ignored() -> None:
    """A credential that was read can be sent back; its name may be null."""
    body = {
        "id": "x",
        "name": None,
        "selfUri": "/x",
        "createdDate": "2019-12-17T16:16:21Z",
        "modifiedDate": "2019-12-17T16:16:21Z",
        "type": {"name": "basicAuth"},
        "credentialFields": FIELDS,
    }
    checked = check_credential(reading(body), CATALOG)

    assert checked.findings == ()
    assert checked.value is not None
    assert checked.value.name is None


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("basicauth", '"type": {"name": "basicAuth"}'),
        ("Basic Auth", '"type": {"name": "basicAuth"}'),
        ("custom-rest-actions", "`custom-rest-actions` is an integration type"),
        ("pureCloudOauthClient", '"name": "pureCloudOAuthClient"'),
        ("salesforceUser", "`salesforceUser` is a slot of `salesforce-datadip`"),
        ("zebra", "another of the accepted names"),
    ],
)
def test_an_unknown_type(name: str, advice: str) -> None:
    """The nearest type is proposed; names of slots and of integration types are told apart."""
    checked = check_credential(reading({"type": {"name": name}, "credentialFields": FIELDS}), CATALOG)
    fault = the(checked, "CREDENTIAL_TYPE_UNKNOWN")

    assert checked.value is None
    assert fault.place.pointer == "/type/name"
    assert fault.seen == f'"{name}"'
    assert advice in fault.fix
    assert "basicAuth" in fault.accepted


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({"credentialFields": FIELDS}, "MEMBER_MISSING", "/type"),
        ({"type": None, "credentialFields": FIELDS}, "MEMBER_MISSING", "/type"),
        ({"type": 3, "credentialFields": FIELDS}, "MEMBER_WRONG_KIND", "/type"),
        ({"type": {"name": 3}, "credentialFields": FIELDS}, "MEMBER_WRONG_KIND", "/type"),
        ({"type": {}, "credentialFields": FIELDS}, "MEMBER_MISSING", "/type/name"),
        ({"type": "basicAuth"}, "MEMBER_MISSING", "/credentialFields"),
        ({"type": "basicAuth", "credentialFields": None}, "MEMBER_MISSING", "/credentialFields"),
        ({"type": "basicAuth", "credentialFields": {}}, "CREDENTIAL_FIELD_MISSING", "/credentialFields"),
        (
            {"type": "basicAuth", "credentialFields": {"userName": None}},
            "CREDENTIAL_FIELD_MISSING",
            "/credentialFields",
        ),
        (
            {"type": "basicAuth", "credentialFields": {**FIELDS, "password": {"x": 1}}},
            "CREDENTIAL_FIELD_NOT_TEXT",
            "/credentialFields/password",
        ),
        (
            {"type": "basicAuth", "credentialFields": {**FIELDS, "password": 1234}},
            "CREDENTIAL_FIELD_NOT_TEXT",
            "/credentialFields/password",
        ),
        ({"name": 3, "type": "basicAuth", "credentialFields": FIELDS}, "MEMBER_WRONG_KIND", "/name"),
    ],
)
def test_what_is_refused(body: dict[str, Any], code: str, pointer: str) -> None:
    """Each fault is refused at its place."""
    checked = check_credential(reading(body), CATALOG)

    assert checked.value is None
    assert codes(checked) == [code]
    assert checked.findings[0].place.pointer == pointer


def test_a_misnamed_required_field() -> None:
    """A required field under another name is recognised, and both findings agree on it."""
    checked = check_credential(
        reading({"type": "basicAuth", "credentialFields": {"username": "x", "password": "y"}}), CATALOG
    )

    missing = the(checked, "CREDENTIAL_FIELD_MISSING")
    assert missing.fix == "Write `userName` instead of `username`."
    assert missing.place.pointer == "/credentialFields/username"
    assert "Did you mean `userName`?" in the(checked, "CREDENTIAL_FIELD_UNKNOWN").message


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({**FIELDS, "realm": "x"}, "CREDENTIAL_FIELD_UNKNOWN"),
        ({**FIELDS, "password": "hunter2-hunter2\n"}, "CREDENTIAL_FIELD_BLANKS"),
        ({**FIELDS, "password": "<password>"}, "MEMBER_PLACEHOLDER"),
    ],
)
def test_what_is_only_suspected(fields: dict[str, str], code: str) -> None:
    """What may be meant is taken with a warning, and kept as it was sent."""
    checked = check_credential(reading({"type": "basicAuth", "credentialFields": fields}), CATALOG)

    assert codes(checked) == [code]
    assert checked.value is not None
    assert {name: secret.reveal() for name, secret in checked.value.fields.items()} == fields
    assert checked.findings[0].seen in ("", MASK)


def test_empty_fields() -> None:
    """An empty value is refused where the field is required, and taken where it is not."""
    empty = {"type": "basicAuth", "credentialFields": {**FIELDS, "userName": ""}}
    assert the(check_credential(reading(empty), CATALOG), "CREDENTIAL_FIELD_EMPTY").is_error
    optional = {"type": "audioHook", "credentialFields": {"apiKey": "k", "clientSecret": ""}}
    assert check_credential(reading(optional), CATALOG).findings == ()


def test_fields_of_ones_own() -> None:
    """The user-defined types take any names; without any field there is nothing to use."""
    named = {"type": "userDefined", "credentialFields": {"anything at all": "x"}}
    assert check_credential(reading(named), CATALOG).findings == ()

    for body in ({"type": "userDefined"}, {"type": "userDefined", "credentialFields": {}}):
        checked = check_credential(reading(body), CATALOG)
        assert codes(checked) == ["CREDENTIAL_FIELDS_EMPTY"]
        assert checked.value is not None
        assert checked.value.fields == {}


def test_fields_beside_credential_fields() -> None:
    """Fields at the top level are recognised as such instead of being unknown members."""
    checked = check_credential(reading({"type": "basicAuth", **FIELDS}), CATALOG)
    fault = the(checked, "CREDENTIAL_FIELDS_OUTSIDE")

    assert codes(checked) == ["CREDENTIAL_FIELDS_OUTSIDE"]
    assert fault.fix == 'Send "credentialFields": {"userName": "…", "password": "…"}.'
    assert "hunter2" not in everything(checked)


def test_no_secret_in_any_finding() -> None:
    """However wrong the body is, no field's value is shown, and no excerpt holds one."""
    texts = [
        '{"type": "basicAuht", "credentialFields": {"userName": "hunter2", "password": "hunter2"}}',
        '{"type": "basicAuth", "credentialFields": {"username": "hunter2", "pass": "hunter2"}, }',
        '{"type": "basicAuth", "credentialFields": {"userName": hunter2, "password": "hunter2"}}',
        '{"type": "basicAuth", "credentialFields": {"userName": ["hunter2"]}}',
        '{"type": "basicAuth", "credentialFields": "hunter2"}',
        '{"type": "basicAuth", "fields": {"userName": "hunter2"}}',
        '{"type": "basicAuth", "userName": "x", "password": "hunter2"}',
        '{"type": "basicAuth", "credentialFields": {"userName": "x", hunter2: "y"}}',
    ]
    for text in texts:
        checked = check_credential(reading(text), CATALOG)
        assert checked.findings
        assert "hunter2" not in everything(checked), text
