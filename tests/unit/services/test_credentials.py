"""Credentials through the service."""

from __future__ import annotations

import asyncio

import pytest

from jackfield.domain.errors import NotFound, Refused
from jackfield.domain.ports import SealPlace
from support.services import Workshop, body


def _body(kind: object = "basicAuth", **fields: str) -> dict[str, object]:
    return {"name": "c", "type": kind, "credentialFields": fields or {"userName": "u", "password": "p"}}


@pytest.mark.parametrize(
    "kind",
    [
        "basicAuth",
        {"name": "basicAuth"},
        {
            "name": "basicAuth",
            "properties": {"userName": {"type": "string"}, "password": {"type": "string", "sensitive": True}},
            "displayOrder": ["userName", "password"],
            "required": ["userName"],
        },
    ],
)
def test_the_type_in_three_forms(workshop: Workshop, kind: object) -> None:
    """A bare string, a name, and the whole schema all make the same credential."""
    made = asyncio.run(workshop.services.credentials.create(workshop.caller, body(_body(kind)))).value
    assert made.type_name == "basicAuth"
    assert made.version == 1


def test_only_what_is_not_sensitive_comes_back(workshop: Workshop) -> None:
    """The user name is shown, the password never is."""
    service = workshop.services.credentials
    made = asyncio.run(service.create(workshop.caller, body(_body(userName="ada", password="hush")))).value
    view = asyncio.run(service.get(workshop.caller, made.id))
    assert view.visible == {"userName": "ada"}
    assert set(view.credential.sealed) == {"userName", "password"}


def test_replacing_seals_for_the_new_version(workshop: Workshop) -> None:
    """A replacement is sealed for version 2, and cannot be opened as version 1."""
    service = workshop.services.credentials
    made = asyncio.run(service.create(workshop.caller, body(_body()))).value
    new = asyncio.run(
        service.replace(workshop.caller, made.id, body(_body(userName="u", password="new")))
    ).value
    assert (new.version, new.created) == (2, made.created)
    place = SealPlace(new.organization_id, new.id, "password", 2)
    assert workshop.vault.open(new.sealed["password"], place).reveal() == "new"


@pytest.mark.parametrize("method", ["get", "delete"])
def test_an_unknown_id_is_said_to_be_unknown(workshop: Workshop, method: str) -> None:
    """The refusal names the id and the list to look into."""
    with pytest.raises(NotFound) as missing:
        asyncio.run(getattr(workshop.services.credentials, method)(workshop.caller, "nope"))
    assert "`nope`" in missing.value.message
    assert "credentials/listing" in missing.value.findings[0].fix


def _attached(workshop: Workshop) -> str:
    made = asyncio.run(workshop.services.credentials.create(workshop.caller, body(_body()))).value
    services = workshop.services.integrations
    wanted = body({"integrationType": {"id": "custom-smtp-server"}})
    integration = asyncio.run(services.create(workshop.caller, wanted)).value.integration
    configuration = {
        "name": "mail",
        "version": 1,
        "properties": {"smtpHost": "mail.example.com"},
        "advanced": {},
        "notes": "",
        "credentials": {"basicAuth": {"id": made.id}},
    }
    asyncio.run(services.replace_configuration(workshop.caller, integration.id, body(configuration)))
    return made.id


def test_deleting_what_is_in_use_warns_and_strict_refuses(workshop: Workshop) -> None:
    """The warning lists the integrations; strict refuses and deletes nothing."""
    identifier = _attached(workshop)
    with pytest.raises(Refused) as refused:
        asyncio.run(workshop.services.credentials.delete(workshop.strict(), identifier))
    assert refused.value.findings[0].code == "CREDENTIAL_IN_USE"
    outcome = asyncio.run(workshop.services.credentials.delete(workshop.caller, identifier))
    assert [finding.code for finding in outcome.warnings] == ["CREDENTIAL_IN_USE"]
    assert "`mail`" in outcome.warnings[0].message


def test_a_type_that_no_longer_fits_its_slot_is_refused(workshop: Workshop) -> None:
    """A credential in a slot that takes only basicAuth cannot become userDefined."""
    identifier = _attached(workshop)
    wanted = body(_body("userDefined", key="k"))
    with pytest.raises(Refused) as refused:
        asyncio.run(workshop.services.credentials.replace(workshop.caller, identifier, wanted))
    told = [finding.code for finding in refused.value.findings]
    assert "SLOT_NO_LONGER_FITS" in told
    assert "TYPE_CHANGED_UNDER_USE" in told
