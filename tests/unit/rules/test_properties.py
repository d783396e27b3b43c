"""Checks of properties and advanced against the integration type's schema."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from jackfield.domain.finding import Checked, Grade
from jackfield.domain.integration import Configuration, IntegrationType
from jackfield.rules.configurations import ConfigurationFacts, check_configuration
from support.checks import CATALOG, codes, kind, reading, the


def check(
    properties: Any, integration_type: IntegrationType | str, name: str = "properties"
) -> Checked[Configuration]:
    """Check one document in a configuration that is right otherwise."""
    declared = kind(integration_type) if isinstance(integration_type, str) else integration_type
    body = {"name": "x", "version": 1, "properties": {}, "advanced": {}, "notes": "", "credentials": {}}
    facts = ConfigurationFacts(declared, 1, None, CATALOG)
    return check_configuration(reading({**body, name: properties}), facts)


@pytest.mark.parametrize(
    ("type_id", "properties"),
    [
        ("custom-rest-actions", {}),
        (
            "premium-app-example",
            {
                "url": "https://apps.example.com",
                "sandbox": "allow-forms",
                "groupFilter": ["x"],
                "permissions": None,
            },
        ),
        ("embedded-client-app", {"url": "https://apps.example.com", "groups": ["123456789"]}),
        ("imap-server", {"imapHost": "imap.example.com", "imapPort": 993}),
    ],
)
def test_what_is_right(type_id: str, properties: dict[str, Any]) -> None:
    """Properties as their clients send them are taken."""
    assert check(properties, type_id).findings == ()


def test_properties_of_another_type_are_one_finding() -> None:
    """Members that another type has together are named together, with that type."""
    checked = check({"url": "https://x", "groupFilter": []}, "custom-rest-actions")
    fault = the(checked, "PROPERTIES_OF_ANOTHER_TYPE")

    assert fault.seen == "url, groupFilter"
    assert "premium-app" in fault.message
    assert checked.value is None


def test_what_no_type_has_is_found_beside_them() -> None:
    """A member that nobody knows is a finding of its own."""
    checked = check({"url": "https://x", "groupFilter": [], "zebra": 1}, "custom-rest-actions")

    assert codes(checked) == ["PROPERTIES_OF_ANOTHER_TYPE", "PROPERTY_UNKNOWN"]
    assert the(checked, "PROPERTY_UNKNOWN").place.pointer == "/properties/zebra"


def test_a_mistyped_property() -> None:
    """A single stranger gets the nearest name of the type itself."""
    fault = the(check({"groupsFilter": []}, "premium-app-acme"), "PROPERTY_UNKNOWN")

    assert "Did you mean `groupFilter`?" in fault.message
    assert "configschemas/properties" in fault.fix


def test_a_single_property_of_another_type() -> None:
    """Where no name is near, the type that has the property is named."""
    fault = the(check({"imapHost": "x"}, "custom-rest-actions"), "PROPERTY_UNKNOWN")

    assert "`imap-server`" in fault.message


@pytest.mark.parametrize(
    ("properties", "pointer", "seen"),
    [
        ({"url": "http://insecure.example.com"}, "/properties/url", '"http://insecure.example.com"'),
        ({"displayType": "sideways"}, "/properties/displayType", '"sideways"'),
        ({"groupFilter": "x"}, "/properties/groupFilter", '"x"'),
        ({"groupFilter": ["x", 3]}, "/properties/groupFilter/1", "3"),
    ],
)
def test_a_value_against_the_schema(properties: dict[str, Any], pointer: str, seen: str) -> None:
    """A wrong value is refused at its own place with what the schema says about it."""
    fault = the(check(properties, "premium-app-example"), "PROPERTY_INVALID")

    assert (fault.place.pointer, fault.seen) == (pointer, seen)
    assert fault.accepted


def test_advanced_has_a_schema_too() -> None:
    """`advanced` is checked like `properties`."""
    fault = the(
        check({"lifecycle": {"ephemeral": "no"}}, "premium-app-example", "advanced"), "PROPERTY_INVALID"
    )

    assert fault.place.pointer == "/advanced/lifecycle/ephemeral"


def test_nothing_is_refused_for_an_assumed_schema() -> None:
    """The schema of a type that is only assumed warns."""
    guessed = replace(kind("premium-app-example"), grade=Grade.ASSUMED)
    checked = check({"url": 3, "zebra": 1}, guessed)

    assert sorted(codes(checked)) == ["PROPERTY_INVALID", "PROPERTY_UNKNOWN"]
    assert checked.value is not None
