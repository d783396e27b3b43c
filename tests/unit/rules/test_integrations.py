"""Checks of creation and change of state of integrations."""

from __future__ import annotations

from typing import Any

import pytest

from jackfield.domain.integration import IntendedState, NewIntegration
from jackfield.rules.integrations import check_integration_patch, check_new_integration
from support.checks import CATALOG, codes, integration, reading, the


@pytest.mark.parametrize("name", [None, "Web services"])
def test_a_new_integration(name: str | None) -> None:
    """A type by its id is enough; the name is optional."""
    body: dict[str, Any] = {"integrationType": {"id": "custom-rest-actions"}}
    checked = check_new_integration(reading(body if name is None else {**body, "name": name}), CATALOG)

    assert checked.findings == ()
    assert checked.value == NewIntegration("custom-rest-actions", name)


@pytest.mark.parametrize(
    ("type_id", "advice"),
    [
        ("custom-rest-action", 'Send "id": "custom-rest-actions".'),
        ("Web Services Data Actions", 'Send "id": "custom-rest-actions".'),
        ("purecloud_data_actions", 'Send "id": "purecloud-data-actions".'),
        ("premium-app-vendor", "--catalog DIR"),
        ("zebra", "Send an id from GET /api/v2/integrations/types."),
    ],
)
def test_an_unknown_type(type_id: str, advice: str) -> None:
    """The nearest id is proposed, also for a display name; a vendor's own type can be added."""
    checked = check_new_integration(reading({"integrationType": {"id": type_id}}), CATALOG)
    fault = the(checked, "INTEGRATION_TYPE_UNKNOWN")

    assert checked.value is None
    assert fault.place.pointer == "/integrationType/id"
    assert advice in fault.fix


@pytest.mark.parametrize(
    ("body", "code", "fix"),
    [
        ({}, "MEMBER_MISSING", '"integrationType": {"id": "custom-rest-actions"}'),
        ({"integrationType": "custom-rest-actions"}, "MEMBER_WRONG_KIND", '{"id": "custom-rest-actions"}'),
        ({"integrationType": "Webhook"}, "MEMBER_WRONG_KIND", '{"id": "webhook"}'),
        ({"integrationType": '{"id": "webhook"}'}, "MEMBER_ENCODED_TWICE", "serialize the whole body once"),
        ({"integrationType": ["x"]}, "MEMBER_WRONG_KIND", '{"id": "custom-rest-actions"}'),
        (
            {"integrationType": {"name": "AWS Lambda Data Actions"}},
            "MEMBER_MISSING",
            '"aws-lambda-data-actions"',
        ),
        ({"integrationType": {"id": 3}}, "MEMBER_WRONG_KIND", "custom-rest-actions"),
    ],
)
def test_a_type_in_the_wrong_form(body: dict[str, Any], code: str, fix: str) -> None:
    """The type is an object with an id; a display name is answered with the id that belongs to it."""
    checked = check_new_integration(reading(body), CATALOG)

    assert codes(checked) == [code]
    assert fix in checked.findings[0].fix


@pytest.mark.parametrize("state", list(IntendedState))
def test_each_state(state: IntendedState) -> None:
    """Every declared state is taken."""
    checked = check_integration_patch(reading({"intendedState": state.value}), integration())

    assert checked.value is state
    assert checked.findings == ()


@pytest.mark.parametrize(
    ("value", "code", "fix"),
    [
        ("ACTIVE", "INTENDED_STATE_UNKNOWN", '"intendedState": "ENABLED"'),
        ("INACTIVE", "INTENDED_STATE_UNKNOWN", '"intendedState": "DISABLED"'),
        ("ON", "INTENDED_STATE_UNKNOWN", '"intendedState": "ENABLED"'),
        ("ENABLE", "INTENDED_STATE_UNKNOWN", '"intendedState": "ENABLED"'),
        ("zebra", "INTENDED_STATE_UNKNOWN", '"intendedState": "ENABLED"'),
        (True, "MEMBER_WRONG_KIND", '"intendedState": "ENABLED"'),
        (None, "MEMBER_MISSING", '"intendedState": "ENABLED"'),
    ],
)
def test_what_is_no_state(value: Any, code: str, fix: str) -> None:
    """Reported states, booleans and typing mistakes are answered with the state that was meant."""
    checked = check_integration_patch(reading({"intendedState": value}), integration())

    assert codes(checked) == [code]
    assert fix in checked.findings[0].fix
    assert checked.value is None


def test_a_state_in_lower_case_is_taken_with_a_warning() -> None:
    """Whether the cloud takes another case is not known, so it is a warning."""
    checked = check_integration_patch(reading({"intendedState": "enabled"}), integration())

    assert checked.value is IntendedState.ENABLED
    assert codes(checked) == ["INTENDED_STATE_CASE"]


def test_hopes_to_rename_or_to_change_the_type() -> None:
    """A name or type that differs from the stored one is ignored, and that is said."""
    body = {"intendedState": "ENABLED", "name": "New name", "integrationType": {"id": "webhook"}}
    checked = check_integration_patch(reading(body), integration())

    assert checked.value is IntendedState.ENABLED
    assert sorted(codes(checked)) == ["INTEGRATION_TYPE_FIXED", "NAME_SET_BY_CONFIGURATION"]
