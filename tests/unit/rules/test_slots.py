"""Checks of the map from slots to credentials."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from jackfield.domain.finding import Checked, Grade
from jackfield.domain.integration import Configuration, IntegrationType, Slot
from jackfield.rules.configurations import ConfigurationFacts, check_configuration
from support.checks import CATALOG, CREDENTIAL_ID, codes, kind, reading, stored, the

TWO_SLOTS = replace(
    kind("custom-rest-actions"),
    id="two-slots",
    slots={
        "caller": Slot("caller", "Caller", ("pureCloudOAuthClient",), required=True),
        "remote": Slot("remote", "Remote", ("basicAuth",)),
    },
)


def check(
    credentials: Any, integration_type: IntegrationType | str = "custom-rest-actions"
) -> Checked[Configuration]:
    """Check `credentials` in a configuration that is right otherwise."""
    declared = kind(integration_type) if isinstance(integration_type, str) else integration_type
    body = {
        "name": "x",
        "version": 1,
        "properties": {},
        "advanced": {},
        "notes": "",
        "credentials": credentials,
    }
    lookup = stored(client="pureCloudOAuthClient", own="userDefined")
    return check_configuration(reading(body), ConfigurationFacts(declared, 1, lookup, CATALOG))


@pytest.mark.parametrize(
    ("credentials", "attached"),
    [
        ({}, {}),
        ({"basicAuth": {"id": CREDENTIAL_ID}}, {"basicAuth": CREDENTIAL_ID}),
        ({"basicAuth": {"id": "own", "name": "n", "type": {"name": "userDefined"}}}, {"basicAuth": "own"}),
    ],
)
def test_what_is_right(credentials: Any, attached: dict[str, str]) -> None:
    """Of a slot's value only the id counts; no credential at all is right too."""
    checked = check(credentials)

    assert checked.findings == ()
    assert checked.value is not None
    assert checked.value.credentials == attached


@pytest.mark.parametrize(
    ("credentials", "code", "pointer", "fix"),
    [
        (CREDENTIAL_ID, "CREDENTIALS_NOT_A_MAP", "", f'{{"basicAuth": {{"id": "{CREDENTIAL_ID}"}}}}'),
        ([CREDENTIAL_ID], "CREDENTIALS_NOT_A_MAP", "", f'{{"basicAuth": {{"id": "{CREDENTIAL_ID}"}}}}'),
        (
            [{"id": CREDENTIAL_ID}],
            "CREDENTIALS_NOT_A_MAP",
            "",
            f'{{"basicAuth": {{"id": "{CREDENTIAL_ID}"}}}}',
        ),
        ([], "CREDENTIALS_NOT_A_MAP", "", '"credentials": {"basicAuth": {"id": "…"}}'),
        ("[object Object]", "MEMBER_TYPE_NAME", "", "JSON.stringify"),
        ('{"basicAuth": {}}', "MEMBER_ENCODED_TWICE", "", "serialize the whole body once"),
        ({"id": CREDENTIAL_ID}, "CREDENTIALS_BARE_INFO", "", f'{{"basicAuth": {{"id": "{CREDENTIAL_ID}"}}}}'),
        (
            {"basicAuth": CREDENTIAL_ID},
            "SLOT_VALUE_NOT_OBJECT",
            "/basicAuth",
            f'"basicAuth": {{"id": "{CREDENTIAL_ID}"}}',
        ),
        ({"basicAuth": [{"id": "x"}]}, "SLOT_VALUE_NOT_OBJECT", "/basicAuth", '"basicAuth": {"id": "x"}'),
        ({"basicAuth": ["x", "y"]}, "SLOT_VALUE_NOT_OBJECT", "/basicAuth", '"basicAuth": {"id": "…"}'),
        ({"basicAuth": {"name": "x"}}, "SLOT_ID_MISSING", "/basicAuth", '"basicAuth": {"id": "…"}'),
        ({"basicAuth": {"id": ""}}, "SLOT_ID_MISSING", "/basicAuth", '"basicAuth": {"id": "…"}'),
        ({"basicAuth": {"id": 3}}, "SLOT_ID_MISSING", "/basicAuth", '"basicAuth": {"id": "…"}'),
        ({"basicAuth": {"id": "<id>"}}, "MEMBER_PLACEHOLDER", "/basicAuth/id", "real value"),
        ({"basicAuth": {"id": "gone"}}, "CREDENTIAL_UNKNOWN", "/basicAuth/id", "credentials/listing"),
        ({"basicAuth": {"id": "not an id"}}, "CREDENTIAL_UNKNOWN", "/basicAuth/id", "credentials/listing"),
        ({"basicAuth": {"id": "client"}}, "SLOT_WRONG_CREDENTIAL_TYPE", "/basicAuth/id", "`userDefined`"),
        ({"userDefined": {"id": "own"}}, "SLOT_UNKNOWN", "/userDefined", "Rename the key to `basicAuth`."),
        ({"basicauth": {"id": CREDENTIAL_ID}}, "SLOT_UNKNOWN", "/basicauth", "`basicAuth`"),
        ({"zebra": {"id": CREDENTIAL_ID}}, "SLOT_UNKNOWN", "/zebra", "`basicAuth`"),
        (
            {"password": "x", "userName": "y"},
            "CREDENTIALS_HOLD_SECRETS",
            "",
            '"credentials": {"basicAuth": {"id": "…"}}',
        ),
        (
            {"basicAuth": {"userName": "x", "password": "y"}},
            "CREDENTIALS_HOLD_SECRETS",
            "/basicAuth",
            '"basicAuth": {"id": "…"}',
        ),
        (
            {"type": {"name": "basicAuth"}, "credentialFields": {"userName": "x"}},
            "CREDENTIALS_HOLD_SECRETS",
            "",
            "POST /api/v2/integrations/credentials",
        ),
    ],
)
def test_what_is_refused(credentials: Any, code: str, pointer: str, fix: str) -> None:
    """Each wrong form is refused at its place, with what to send instead for this very type and id."""
    checked = check(credentials)

    assert codes(checked) == [code]
    assert checked.value is None
    assert checked.findings[0].place.pointer == f"/credentials{pointer}"
    assert fix in checked.findings[0].fix


def test_a_credential_types_name_is_no_slot() -> None:
    """Where the key is a credential type's name, the difference is said."""
    fault = the(check({"userDefinedOAuth": {"id": "own"}}), "SLOT_UNKNOWN")

    assert "`userDefinedOAuth` is a credential type; the slot that takes it is `basicAuth`." in fault.message


def test_a_null_slot_is_empty() -> None:
    """null detaches, with a warning."""
    checked = check({"basicAuth": None})

    assert codes(checked) == ["SLOT_NULL"]
    assert checked.value is not None
    assert checked.value.credentials == {}


def test_several_faults_of_one_map() -> None:
    """Every slot is judged, none hides another."""
    checked = check({"basicAuth": {"id": "gone"}, "zebra": "x"})

    assert codes(checked) == ["CREDENTIAL_UNKNOWN", "SLOT_UNKNOWN", "SLOT_VALUE_NOT_OBJECT"]


def test_a_type_without_slots() -> None:
    """A type that takes no credentials says so, and which types take such a credential."""
    checked = check({"basicAuth": {"id": CREDENTIAL_ID}}, "premium-app-example")
    fault = the(checked, "TYPE_WITHOUT_SLOTS")

    assert fault.place.pointer == "/credentials/basicAuth"
    assert "custom-rest-actions" in fault.accepted
    assert check({}, "premium-app-example").findings == ()


def test_a_bare_credential_goes_to_the_slot_that_takes_its_type() -> None:
    """With several slots the correction names the fitting one."""
    fault = the(check({"id": CREDENTIAL_ID, "name": "n"}, TWO_SLOTS), "CREDENTIALS_BARE_INFO")

    assert f'"credentials": {{"remote": {{"id": "{CREDENTIAL_ID}"}}}}' in fault.fix
    assert "slots `caller` (takes `pureCloudOAuthClient`), `remote`" in fault.message


def test_a_bare_credential_that_does_not_exist() -> None:
    """The wrong form and the unknown id are both told."""
    checked = check({"id": "gone", "name": "n", "selfUri": "/x"})

    assert codes(checked) == ["CREDENTIALS_BARE_INFO", "CREDENTIAL_UNKNOWN"]
    assert the(checked, "CREDENTIAL_UNKNOWN").place.pointer == "/credentials/id"


def test_a_required_slot() -> None:
    """A slot that the catalog calls required must be filled."""
    for credentials in ({}, {"caller": None}, {"remote": {"id": CREDENTIAL_ID}}):
        fault = (
            the(check(credentials, TWO_SLOTS), "SLOT_REQUIRED") if credentials != {"caller": None} else None
        )
        assert fault is None or '"caller": {"id": "…"}' in fault.fix
    assert check({"caller": {"id": "client"}}, TWO_SLOTS).findings == ()


def test_what_an_assumed_type_takes_is_a_guess() -> None:
    """Nothing is refused for what is only assumed: the credential is attached, with a warning."""
    guessed = replace(kind("custom-rest-actions"), grade=Grade.ASSUMED)
    checked = check({"basicAuth": {"id": "client"}}, guessed)

    assert codes(checked) == ["SLOT_WRONG_CREDENTIAL_TYPE"]
    assert checked.value is not None
    assert checked.value.credentials == {"basicAuth": "client"}


def test_two_unknown_slots_are_not_told_to_become_one() -> None:
    """The first goes into the slot that was meant; the other one is told that this slot is filled then."""
    first, second = (
        fault
        for fault in check({"basic": {"id": "own"}, "mail": {"id": "own"}}).findings
        if fault.code == "SLOT_UNKNOWN"
    )
    assert first.fix == "Rename the key to `basicAuth`."
    assert second.fix.startswith("Take this key out: the slot `basicAuth` is filled already")


def test_unknown_slots_go_to_different_slots() -> None:
    """Where two slots are free, each key gets one."""
    named = {"zebra": {"id": "client"}, "yak": {"id": "own"}}
    fixes = [fault.fix for fault in check(named, TWO_SLOTS).findings if fault.code == "SLOT_UNKNOWN"]
    assert fixes == ["Rename the key to `caller`.", "Rename the key to `remote`."]
