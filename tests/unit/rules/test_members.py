"""Bodies and their members: wrappers, lists, damage done by serializers, wrong kinds."""

from __future__ import annotations

import json
from typing import Any

import pytest

from jackfield.rules.credentials import check_credential
from jackfield.rules.integrations import check_integration_patch, check_new_integration
from jackfield.rules.members import is_placeholder, is_plausible_id, is_type_name
from support.checks import CATALOG, codes, integration, reading, the

NEW = {"integrationType": {"id": "custom-rest-actions"}, "name": "Web services"}


@pytest.mark.parametrize("wrapper", ["body", "data", "payload"])
def test_a_wrapped_body_is_read_inside(wrapper: str) -> None:
    """The calling form of an SDK is named, and what is wrong inside of it is found in the same answer."""
    checked = check_new_integration(reading({wrapper: {"integrationType": {"id": "custom-rest"}}}), CATALOG)

    assert codes(checked) == ["BODY_WRAPPED", "INTEGRATION_TYPE_UNKNOWN"]
    inside = the(checked, "INTEGRATION_TYPE_UNKNOWN")
    assert inside.place.pointer == f"/{wrapper}/integrationType/id"
    assert inside.after_repair
    assert "JavaScript SDK" in the(checked, "BODY_WRAPPED").message


def test_a_member_called_body_beside_others_is_no_wrapper() -> None:
    """Only an object without any member of the model is taken for a wrapper."""
    checked = check_new_integration(reading({**NEW, "body": {}}), CATALOG)

    assert codes(checked) == ["MEMBER_UNKNOWN"]
    assert checked.value is not None


def test_an_object_in_a_list_is_read_inside() -> None:
    """A list of one object is named and looked into."""
    checked = check_new_integration(reading([{"name": 3}]), CATALOG)

    assert codes(checked) == ["BODY_IN_A_LIST", "MEMBER_MISSING", "MEMBER_WRONG_KIND"]
    assert the(checked, "MEMBER_WRONG_KIND").place.pointer == "/0/name"


def test_a_body_serialized_twice() -> None:
    """A JSON string that holds JSON says so."""
    checked = check_new_integration(reading(json.dumps(json.dumps(NEW))), CATALOG)

    assert codes(checked) == ["BODY_ENCODED_TWICE"]
    assert checked.value is None


@pytest.mark.parametrize(
    ("text", "code"), [("[object Object]", "JSON_TYPE_NAME"), ('"[object Object]"', "MEMBER_TYPE_NAME")]
)
def test_a_type_name_for_a_body(text: str, code: str) -> None:
    """What a program prints for an object is no JSON in a string, with quotes around it or without."""
    assert codes(check_new_integration(reading(text), CATALOG)) == [code]


@pytest.mark.parametrize("body", ["null", "3", '"text"', "[]", "[1, 2]", "true"])
def test_a_body_that_is_no_object(body: str) -> None:
    """Any other value is refused with an example of what is taken."""
    checked = check_new_integration(reading(body), CATALOG)

    assert codes(checked) == ["BODY_NOT_OBJECT"]
    assert '"integrationType": {"id": "custom-rest-actions"}' in checked.findings[0].accepted


def test_a_body_that_is_no_json_says_only_that() -> None:
    """Where nothing can be read there is one finding and no value."""
    checked = check_new_integration(reading(""), CATALOG)

    assert codes(checked) == ["JSON_EMPTY_BODY"]
    assert checked.value is None


def test_faults_of_the_text_come_first() -> None:
    """What makes the text unreadable stands before what is wrong with its content, wherever it stands."""
    checked = check_new_integration(reading('{"name": 1, "integrationType": 2,}'), CATALOG)

    assert codes(checked) == ["JSON_TRAILING_COMMA", "MEMBER_WRONG_KIND", "MEMBER_WRONG_KIND"]
    assert [finding.after_repair for finding in checked.findings] == [False, True, True]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("[object Object]", "MEMBER_TYPE_NAME"),
        ("System.Collections.Hashtable", "MEMBER_TYPE_NAME"),
        ("@{userName=x; password=y}", "MEMBER_TYPE_NAME"),
        ("java.util.HashMap@1a2b3c", "MEMBER_TYPE_NAME"),
        ("map[userName:x]", "MEMBER_TYPE_NAME"),
        ('{"userName": "x"}', "MEMBER_ENCODED_TWICE"),
        ("x", "MEMBER_WRONG_KIND"),
        (3, "MEMBER_WRONG_KIND"),
        ([{"userName": "x"}], "MEMBER_WRONG_KIND"),
    ],
)
def test_what_happened_to_an_object_on_the_way(value: Any, code: str) -> None:
    """A text in the place of an object is told what a serializer did to it."""
    body = {"type": "basicAuth", "credentialFields": value}

    assert codes(check_credential(reading(body), CATALOG)) == [code]


def test_null_is_missing() -> None:
    """A required member that is null counts as missing, and its place is that of the null."""
    fault = the(check_new_integration(reading({"integrationType": None}), CATALOG), "MEMBER_MISSING")

    assert (fault.place.pointer, fault.seen) == ("/integrationType", "null")
    assert fault.fix.startswith('Send "integrationType"')
    assert fault.fix.endswith("instead of null.")


def test_an_unknown_member_is_warned_about_with_the_nearest_name() -> None:
    """A mistyped optional member is ignored by the cloud, so its loss is told."""
    checked = check_new_integration(reading({**NEW, "nmae": "x"}), CATALOG)
    warning = the(checked, "MEMBER_UNKNOWN")

    assert checked.value is not None
    assert not warning.is_error
    assert "Did you mean `name`?" in warning.message


def test_strict_turns_warnings_into_refusals() -> None:
    """What is only suspected refuses in strict mode."""
    body = reading({**NEW, "nmae": "x"})

    assert check_new_integration(body, CATALOG, strict=True).value is None
    assert check_new_integration(body, CATALOG, strict=True).errors


def test_nul_characters_are_refused_at_their_place() -> None:
    """A text that no database can hold is refused where it stands."""
    fault = the(check_new_integration(reading({**NEW, "name": "a\x00b"}), CATALOG), "TEXT_NOT_STORABLE")

    assert fault.place.pointer == "/name"


def test_a_whole_integration_may_be_sent_back() -> None:
    """Read-only members of a GET are taken without a word."""
    whole = {
        "id": "x",
        "name": "Web services",
        "integrationType": {"id": "custom-rest-actions", "name": "Web Services Data Actions"},
        "notes": "",
        "intendedState": "ENABLED",
        "reportedState": {"code": "INACTIVE"},
        "config": {"current": {}},
        "attributes": {},
        "selfUri": "/api/v2/integrations/x",
    }

    assert check_integration_patch(reading(whole), integration()).findings == ()


@pytest.mark.parametrize(
    "text", ["{{id}}", "<credential id>", "${ID}", "$(id)", "%ID%", "your-id-here", "...", "xxxx"]
)
def test_placeholders(text: str) -> None:
    """Placeholders of all sorts of tools are known."""
    assert is_placeholder(text)


@pytest.mark.parametrize("text", ["", "97f652b5-0000-4000-8000-9ed9d6cd5fed", "a < b", "{", "xylophone"])
def test_no_placeholders(text: str) -> None:
    """Ordinary texts are none."""
    assert not is_placeholder(text)


def test_ids_worth_looking_up() -> None:
    """What cannot be an id is never handed to the store."""
    assert is_plausible_id("custom_-_97f652b5-0000-4000-8000-9ed9d6cd5fed")
    assert not any(is_plausible_id(text) for text in ("", "a b", "a\x00b", "x" * 200, "<id>", "é\n"))
    assert not is_type_name("plain text")
