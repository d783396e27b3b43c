"""Checks of config/current: the founding post, and every other way to get it wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest

from jackfield.domain.finding import Checked, Severity
from jackfield.domain.integration import Configuration
from jackfield.rules.configurations import ConfigurationFacts, check_configuration, credential_ids
from support.checks import CATALOG, CREDENTIAL_ID, codes, everything, kind, reading, stored, the

RIGHT: dict[str, Any] = {
    "name": "Ticket lookup",
    "version": 3,
    "properties": {},
    "advanced": {},
    "notes": "",
    "credentials": {"basicAuth": {"id": CREDENTIAL_ID}},
}
# As in the founding post: the answer of POST credentials in `credentials`, three quotes, the version as text,
# and the properties of a premium app.
POSTED = f"""{{
"name": "Ticket lookup",
"version": "3",
"properties": {{
"url": "https://apps.example.com",
"sandbox": "allow-forms,allow-modals,allow-scripts",
"displayType": "standalone",
"featureCategory": "",
"groupFilter": [
"1301c6da-0000-4000-8000-04572bba22d8"
]
}},
"advanced": {{}},
"notes": \"\"\",
"credentials": {{
"id": "{CREDENTIAL_ID}",
"name": "Integration-1",
"createdDate": "2019-12-17T16:16:21Z",
"modifiedDate": "2019-12-17T16:16:21Z",
"type": {{
"name": "basicAuth"
}},
"selfUri": "/api/v2/integrations/credentials/{CREDENTIAL_ID}"
}}
}}"""


def check(
    body: Any, type_id: str = "custom-rest-actions", *, current: int | None = 3, strict: bool = False
) -> Checked[Configuration]:
    """Check a body against the type's facts, with one stored basicAuth credential."""
    facts = ConfigurationFacts(kind(type_id), current, stored(), CATALOG)
    return check_configuration(reading(body), facts, strict=strict)


def test_the_right_configuration() -> None:
    """The corrected request of the post is taken without a word."""
    checked = check(RIGHT)

    assert checked.findings == ()
    assert checked.value == Configuration("Ticket lookup", 3, credentials={"basicAuth": CREDENTIAL_ID})


def test_all_faults_of_the_post_in_one_answer() -> None:
    """Syntax, cause, foreign properties and version come together, each at its line and column."""
    checked = check(POSTED)

    assert codes(checked) == [
        "JSON_STRAY_QUOTE",
        "PROPERTIES_OF_ANOTHER_TYPE",
        "CREDENTIALS_BARE_INFO",
        "VERSION_AS_TEXT",
    ]
    assert [(finding.place.line, finding.place.column) for finding in checked.findings] == [
        (14, 12),
        (5, 1),
        (15, 16),
        (3, 12),
    ]
    assert [finding.after_repair for finding in checked.findings] == [False, True, True, True]
    assert checked.value is None
    assert not checked.conflict

    cause = the(checked, "CREDENTIALS_BARE_INFO")
    assert f'"credentials": {{"basicAuth": {{"id": "{CREDENTIAL_ID}"}}}}' in cause.fix
    assert "slot `basicAuth` (takes `basicAuth`, `userDefined` or `userDefinedOAuth`)" in cause.message

    foreign = the(checked, "PROPERTIES_OF_ANOTHER_TYPE")
    assert "premium-app-example" in foreign.message
    assert "`groupFilter`" in foreign.message
    assert "takes no credentials" in foreign.fix
    assert '"properties": {}' in foreign.fix


def test_the_same_request_to_a_premium_app() -> None:
    """Where the properties are right, the credentials have no slot, and it is said which types have one."""
    checked = check(POSTED, "premium-app-example")
    cause = the(checked, "CREDENTIALS_BARE_INFO")

    assert codes(checked) == ["JSON_STRAY_QUOTE", "CREDENTIALS_BARE_INFO", "VERSION_AS_TEXT"]
    assert "declare no slot" in cause.message
    assert '"credentials": {} here' in cause.fix
    assert "`custom-rest-actions` (slot `basicAuth`)" in cause.accepted


def test_the_version_as_a_text_is_a_warning() -> None:
    """A version between quotes is taken as the number it says."""
    checked = check({**RIGHT, "version": "3"})

    assert codes(checked) == ["VERSION_AS_TEXT"]
    assert checked.findings[0].severity is Severity.WARNING
    assert checked.value is not None
    assert checked.value.version == 3
    assert check({**RIGHT, "version": "3"}, strict=True).value is None


@pytest.mark.parametrize("version", ["three", "", "3.0", "-3", True, [3], 3.5, {"a": 1}])
def test_what_is_no_version(version: Any) -> None:
    """Anything but a whole number is refused, with the current version as the example."""
    fault = the(check({**RIGHT, "version": version}), "MEMBER_WRONG_KIND")

    assert fault.place.pointer == "/version"
    assert '"version": 3' in fault.fix


@pytest.mark.parametrize("version", [2, 4, 0, "2", 10**30])
def test_a_stale_version_alone_is_a_conflict(version: Any) -> None:
    """A version that is not current is a 409 where nothing else is wrong, in words that clients know."""
    checked = check({**RIGHT, "version": version})

    assert checked.conflict
    assert checked.value is None
    assert "does not match the current version, 3" in the(checked, "VERSION_STALE").message


@pytest.mark.parametrize(
    "change",
    [{"notes": 3}, {"properties": {"zebra": 1}}, {"credentials": "x"}, {"name": None}],
)
def test_a_stale_version_beside_another_fault_is_no_conflict(change: dict[str, Any]) -> None:
    """Retrying would not help, so the words that make clients retry do not appear."""
    checked = check({**RIGHT, "version": 2, **change})

    assert not checked.conflict
    assert len(checked.errors) == 2
    assert all("does not match the current version" not in finding.message for finding in checked.findings)
    assert "3" in the(checked, "VERSION_STALE").message


def test_a_warning_beside_a_stale_version_keeps_the_conflict_unless_strict() -> None:
    """Only errors stand in the way of a 409; strict mode makes errors of warnings."""
    body = {**RIGHT, "version": 2, "zebra": 1}

    assert check(body).conflict
    assert not check(body, strict=True).conflict


def test_nothing_is_known_but_the_body() -> None:
    """Without a version and credentials to compare with, only the body itself is judged."""
    facts = ConfigurationFacts(kind("custom-rest-actions"), None, None, CATALOG)
    checked = check_configuration(reading({**RIGHT, "version": 77}), facts)

    assert checked.findings == ()
    assert checked.value is not None
    bare = check_configuration(reading({**RIGHT, "credentials": {"id": "some-id"}}), facts)
    assert '{"basicAuth": {"id": "some-id"}}' in the(bare, "CREDENTIALS_BARE_INFO").fix


@pytest.mark.parametrize("name", list(RIGHT))
def test_each_member_is_required(name: str) -> None:
    """A replacement takes the whole configuration; each missing member is named with an example."""
    body = {key: value for key, value in RIGHT.items() if key != name}
    fault = the(check(body), "MEMBER_MISSING")

    assert fault.place.pointer == f"/{name}"
    assert f'"{name}":' in fault.fix


def test_all_missing_members_at_once() -> None:
    """An empty object misses six members."""
    assert codes(check({})) == ["MEMBER_MISSING"] * 6


def test_properties_and_advanced_keep_the_callers_text() -> None:
    """Numbers are not rounded, blanks and order stay."""
    text = '{"b": 1.10,  "a": 12345678901234567890}'
    body = json.dumps({**RIGHT, "credentials": {}}).replace('"advanced": {}', f'"advanced": {text}')
    checked = check(body)

    assert checked.value is not None
    assert checked.value.advanced == text


def test_long_notes_are_a_warning() -> None:
    """More than 500 characters may be refused elsewhere, so it is only said."""
    checked = check({**RIGHT, "notes": "x" * 501})

    assert codes(checked) == ["NOTES_LONG"]
    assert checked.value is not None
    assert check({**RIGHT, "notes": "x" * 500}).findings == ()


def test_duplicate_keys_are_refused_at_the_second() -> None:
    """A key that stands twice would lose one of its values."""
    body = json.dumps(RIGHT).replace('"notes": ""', '"notes": "", "notes": "again"')
    fault = the(check(body), "JSON_DUPLICATE_KEY")

    assert fault.place.pointer == "/notes"
    assert fault.is_error


def test_read_only_members_are_ignored() -> None:
    """A configuration that was read can be sent back whole."""
    body = {**RIGHT, "id": "current", "selfUri": "/api/v2/integrations/x/config/current"}

    assert check(body).findings == ()


def test_a_whole_integration_is_looked_into() -> None:
    """The answer of GET integration is recognised, and what is wrong below config.current is found."""
    whole = {"id": "x", "name": "n", "config": {"current": {**RIGHT, "notes": 3}}}
    checked = check(whole)

    assert codes(checked) == ["WHOLE_INTEGRATION_SENT", "MEMBER_WRONG_KIND"]
    assert the(checked, "MEMBER_WRONG_KIND").place.pointer == "/config/current/notes"


def test_the_wrapper_of_the_sdk() -> None:
    """`{"body": …}` is named, and the faults inside are found too."""
    checked = check({"body": {**RIGHT, "version": "3", "credentials": {"id": CREDENTIAL_ID}}})

    assert codes(checked) == ["BODY_WRAPPED", "CREDENTIALS_BARE_INFO", "VERSION_AS_TEXT"]
    assert the(checked, "CREDENTIALS_BARE_INFO").place.pointer == "/body/credentials"


@pytest.mark.parametrize(
    ("body", "ids"),
    [
        (RIGHT, (CREDENTIAL_ID,)),
        ({"body": RIGHT}, (CREDENTIAL_ID,)),
        ({"config": {"current": RIGHT}}, (CREDENTIAL_ID,)),
        ({"credentials": {"id": "a"}}, ("a",)),
        ({"credentials": {"x": "a", "y": {"id": "b"}, "z": {"id": "a"}, "n": None}}, ("a", "b")),
        ({"credentials": ["a", {"id": "b"}, 3]}, ("a", "b")),
        ({"credentials": "a"}, ("a",)),
        ({"credentials": {"x": {"id": "a b"}, "y": {"id": "a\x00"}}}, ()),
        ({"credentials": {f"s{index}": {"id": f"i{index}"} for index in range(200)}}, 50),
        ({}, ()),
        ("nothing", ()),
    ],
)
def test_the_ids_that_a_body_names(body: Any, ids: tuple[str, ...] | int) -> None:
    """Ids are found in whatever form they are given, a bounded number of them, and only plausible ones."""
    found = credential_ids(reading(body))

    assert len(found) == ids if isinstance(ids, int) else found == ids


def test_no_secret_in_any_finding() -> None:
    """Secrets that were put into the configuration are not repeated."""
    for credentials in (
        {"userName": "hunter2", "password": "hunter2"},
        {"basicAuth": {"userName": "hunter2", "password": "hunter2"}},
        {"basicAuth": {"credentialFields": {"userName": "hunter2"}}},
    ):
        checked = check({**RIGHT, "credentials": credentials})
        assert "CREDENTIALS_HOLD_SECRETS" in codes(checked)
        assert "hunter2" not in everything(checked)
