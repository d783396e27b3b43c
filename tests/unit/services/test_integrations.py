"""Integrations and their configuration through the service."""

from __future__ import annotations

import asyncio

import pytest

from jackfield.domain.errors import NotFound, Refused, VersionConflict
from jackfield.domain.integration import IntegrationQuery, IntendedState, ReportedState
from jackfield.domain.json_reader import read_json
from jackfield.domain.page import PageRequest
from jackfield.services.integrations import IntegrationView
from support.services import Workshop, body


def _create(workshop: Workshop, type_id: str = "custom-rest-actions", **more: object) -> IntegrationView:
    wanted = body({"integrationType": {"id": type_id}, **more})
    return asyncio.run(workshop.services.integrations.create(workshop.caller, wanted)).value


def _configuration(version: object = 1, **changes: object) -> dict[str, object]:
    base = {"name": "n", "version": version, "properties": {}, "advanced": {}, "notes": "", "credentials": {}}
    return {**base, **changes}


def _put(workshop: Workshop, identifier: str, configuration: object) -> IntegrationView:
    service = workshop.services.integrations
    return asyncio.run(service.replace_configuration(workshop.caller, identifier, body(configuration))).value


def test_a_new_integration_is_disabled_and_named_like_its_type(workshop: Workshop) -> None:
    """DISABLED, INACTIVE, version 1, empty configuration, the type's name."""
    integration = _create(workshop).integration
    assert integration.name == "Web Services Data Actions"
    assert integration.intended_state is IntendedState.DISABLED
    assert integration.reported_state is ReportedState.INACTIVE
    configuration = integration.configuration
    assert (configuration.version, configuration.properties, configuration.notes) == (1, "{}", "")


def test_the_configuration_is_kept_as_it_was_sent(workshop: Workshop) -> None:
    """Properties come back as the caller's own text: order, blanks and numbers unchanged."""
    identifier = _create(workshop, "imap-server").integration.id
    text = '{"imapPort": 993,   "imapHost":"mail.example.com"}'
    head = '{"name": "n", "version": 1, "advanced": {}, "notes": "", "credentials": {}, "properties": '
    reading = read_json(f"{head}{text}}}")
    service = workshop.services.integrations
    view = asyncio.run(service.replace_configuration(workshop.caller, identifier, reading)).value
    assert view.integration.configuration.properties == text
    assert view.integration.configuration.version == 2
    assert asyncio.run(service.get(workshop.caller, identifier)).integration.configuration.properties == text


def test_a_stale_version_is_a_conflict_that_names_both(workshop: Workshop) -> None:
    """The second PUT with version 1 is refused and says that version 2 is current."""
    identifier = _create(workshop).integration.id
    _put(workshop, identifier, _configuration(1))
    with pytest.raises(VersionConflict) as conflict:
        _put(workshop, identifier, _configuration(1))
    assert conflict.value.status == 409
    assert "2" in conflict.value.message
    assert "does not match the current version" in conflict.value.message


def test_two_at_the_same_time_cannot_both_win(workshop: Workshop) -> None:
    """Of ten concurrent PUTs with the same version exactly one is taken."""
    identifier = _create(workshop).integration.id
    service = workshop.services.integrations

    async def all_at_once() -> list[object]:
        puts = [
            service.replace_configuration(
                workshop.caller, identifier, body(_configuration(1, name=f"n{number}"))
            )
            for number in range(10)
        ]
        return list(await asyncio.gather(*puts, return_exceptions=True))

    results = asyncio.run(all_at_once())
    assert sum(isinstance(result, VersionConflict) for result in results) == 9
    assert asyncio.run(service.get(workshop.caller, identifier)).integration.configuration.version == 2


def test_a_put_renames_the_integration(workshop: Workshop) -> None:
    """The configuration's name is the integration's name."""
    identifier = _create(workshop, name="before").integration.id
    assert _put(workshop, identifier, _configuration(name="after")).integration.name == "after"


@pytest.mark.parametrize(
    ("state", "reported"), [("ENABLED", ReportedState.ACTIVE), ("DISABLED", ReportedState.INACTIVE)]
)
def test_a_patch_changes_the_intended_state(workshop: Workshop, state: str, reported: ReportedState) -> None:
    """The reported state follows the intended one; the configuration's version does not change."""
    identifier = _create(workshop).integration.id
    service = workshop.services.integrations
    wanted = body({"intendedState": state})
    view = asyncio.run(service.patch(workshop.caller, identifier, wanted)).value
    assert (view.integration.intended_state, view.integration.reported_state) == (state, reported)
    assert view.integration.configuration.version == 1


def test_a_deleted_integration_is_gone(workshop: Workshop) -> None:
    """DELETE answers the integration as DELETED; a second read says not found."""
    identifier = _create(workshop).integration.id
    service = workshop.services.integrations
    gone = asyncio.run(service.delete(workshop.caller, identifier))
    assert gone.integration.intended_state is IntendedState.DELETED
    with pytest.raises(NotFound):
        asyncio.run(service.get(workshop.caller, identifier))


def test_lists_filter_by_type_and_credential(workshop: Workshop) -> None:
    """`integrationType` and `credentialId` narrow the list; the page counts what matches."""
    credential_body = body({"name": "c", "type": "basicAuth", "credentialFields": {"userName": "u"}})
    credential = asyncio.run(workshop.services.credentials.create(workshop.caller, credential_body)).value
    used = _create(workshop).integration.id
    _create(workshop)
    _create(workshop, "webhook")
    _put(workshop, used, _configuration(credentials={"basicAuth": {"id": credential.id}}))
    service = workshop.services.integrations
    for query, expected in (
        (IntegrationQuery(), 3),
        (IntegrationQuery(type_id="webhook"), 1),
        (IntegrationQuery(credential_id=credential.id), 1),
        (IntegrationQuery(ids=(used, "nope")), 1),
    ):
        page = asyncio.run(service.list(workshop.caller, query, PageRequest()))
        assert page.total == len(page.entities) == expected


def test_more_instances_than_documented_is_a_warning(workshop: Workshop) -> None:
    """The eleventh AWS Lambda integration is let through with a warning; strict refuses it."""
    for _ in range(10):
        _create(workshop, "aws-lambda-data-actions")
    wanted = body({"integrationType": {"id": "aws-lambda-data-actions"}})
    service = workshop.services.integrations
    outcome = asyncio.run(service.create(workshop.caller, wanted))
    assert [finding.code for finding in outcome.warnings] == ["MAX_INSTANCES"]
    with pytest.raises(Refused):
        asyncio.run(service.create(workshop.strict(), wanted))
