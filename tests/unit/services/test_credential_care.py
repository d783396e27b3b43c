"""Uses, checks and rotations of credentials, on a real store and a real vault."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import pytest

from jackfield.domain.credential_care import PREVIOUS, Check, CheckOutcome
from jackfield.domain.errors import Conflict, NotFound, Refused
from jackfield.domain.page import PageRequest
from jackfield.engine.upstream import Fault
from jackfield.services.credentials import open_field
from jackfield.services.outcome import Outcome
from support.services import Workshop, body

T = TypeVar("T")
URL = "https://service.example.com/me?key=hidden"
BASIC = {"userName": "ada", "password": "old-secret"}


async def stored(shop: Workshop, type_name: str = "basicAuth", **fields: str) -> str:
    """Store a credential and return its id."""
    wanted = {"name": "c", "type": {"name": type_name}, "credentialFields": fields or BASIC}
    return (await shop.services.credentials.create(shop.caller, body(wanted))).value.id


async def opened(shop: Workshop, credential_id: str) -> dict[str, str]:
    """Read what is in a credential, past all services."""
    organization = shop.caller.organization_id
    credential = await shop.store.read(lambda t: t.credentials.get(organization, credential_id))
    assert credential is not None
    return {name: open_field(shop.vault, credential, name).reveal() for name in credential.sealed}


async def attached(shop: Workshop, credential_id: str, name: str) -> str:
    """Create an integration that uses a credential, with a data action; return its id."""
    kind = {"integrationType": {"id": "custom-rest-actions"}, "name": name}
    made = (await shop.services.integrations.create(shop.caller, body(kind))).value.integration.id
    configuration = {
        "name": name,
        "version": 1,
        "properties": {},
        "advanced": {},
        "notes": "",
        "credentials": {"basicAuth": {"id": credential_id}},
    }
    await shop.services.integrations.replace_configuration(shop.caller, made, body(configuration))
    draft = {"name": f"Draft of {name}", "integrationId": made}
    await shop.services.drafts.create(shop.caller, body(draft))
    return made


def checked(shop: Workshop, type_name: str, url: str, *statuses: int | Fault, **fields: str) -> Check:
    """Verify a new credential against a service that answers these statuses."""

    async def work() -> Check:
        identifier = await stored(shop, type_name, **fields)
        shop.upstream.statuses = list(statuses)
        return await shop.services.checks.verify(shop.caller, identifier, url)

    return asyncio.run(work())


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, CheckOutcome.VERIFIED),
        (302, CheckOutcome.VERIFIED),
        (401, CheckOutcome.FAILING),
        (403, CheckOutcome.FAILING),
        (404, CheckOutcome.UNDECIDED),
        (500, CheckOutcome.UNDECIDED),
        (Fault.REFUSED, CheckOutcome.UNDECIDED),
        (Fault.ADDRESS_BLOCKED, CheckOutcome.UNDECIDED),
    ],
)
def test_basic_credentials_are_tried_on_a_url(
    workshop: Workshop, status: int | Fault, outcome: CheckOutcome
) -> None:
    """A GET with the header; only 401 and 403 speak against the credential; no secret is told."""
    check = checked(workshop, "basicAuth", URL, status, **BASIC)
    assert check.outcome is outcome
    sent = workshop.upstream.sent[0]
    assert sent.method == "GET"
    assert dict(sent.headers)["Authorization"] == f"Basic {base64.b64encode(b'ada:old-secret').decode()}"
    assert "hidden" not in check.what + check.reason
    assert "old-secret" not in repr(check)


def test_what_cannot_be_tried(workshop: Workshop) -> None:
    """Without a URL, or where nothing harmless is known, nothing is sent and nothing claimed."""
    for kind, fields in (
        ("basicAuth", BASIC),
        ("userDefined", {"key": "k"}),
        ("userDefinedOAuth", {"login": "x"}),
        ("userDefinedOAuth", {"loginUrl": URL, "user": "x"}),
        ("salesforce", {"username": "u", "password": "p"}),
        ("audioHook", {"apiKey": "k", "clientSecret": ""}),
        ("amazonWebServicesARN", {"ARN": "arn:aws:iam::123456789012:role/name"}),
    ):
        assert checked(workshop, kind, "", **fields).outcome is CheckOutcome.UNDECIDED, kind
    assert workshop.upstream.sent == []
    assert checked(workshop, "amazonWebServicesARN", "", ARN="role/name").outcome is CheckOutcome.FAILING
    assert checked(workshop, "basicAuth", "ftp://x", **BASIC).outcome is CheckOutcome.UNDECIDED


def test_oauth_clients_ask_for_a_token(workshop: Workshop) -> None:
    """At the login URL, or at a platform; of this server without any request."""
    login = {"loginUrl": "https://login.example.com/token", "clientId": "i", "clientSecret": "s"}
    assert checked(workshop, "userDefinedOAuth", "", 200, **login).outcome is CheckOutcome.VERIFIED
    assert checked(workshop, "userDefinedOAuth", "", 400, **login).outcome is CheckOutcome.FAILING
    client = {"clientId": "i", "clientSecret": "s"}
    assert checked(workshop, "pureCloudOAuthClient", "https://p.example", 401, **client).outcome is (
        CheckOutcome.FAILING
    )
    assert [one.target.path for one in workshop.upstream.sent] == ["/token", "/token", "/oauth/token"]
    assert {one.body for one in workshop.upstream.sent} == {b"grant_type=client_credentials"}
    assert checked(workshop, "pureCloudOAuthClient", "", **client).outcome is CheckOutcome.FAILING
    first = workshop.first_start
    assert first.client_secret is not None
    own = {"clientId": first.client_id, "clientSecret": first.client_secret.reveal()}
    assert checked(workshop, "pureCloudOAuthClient", "", **own).outcome is CheckOutcome.VERIFIED
    assert len(workshop.upstream.sent) == 3


def test_the_last_check_is_kept(workshop: Workshop) -> None:
    """With the time since when it fails, which a success ends."""

    async def work() -> None:
        identifier = await stored(workshop)
        checks = workshop.services.checks
        assert await checks.last(workshop.caller, identifier) is None
        workshop.upstream.statuses = [401, 401, 200, 401]
        first = await checks.verify(workshop.caller, identifier, URL)
        workshop.later(hours=1)
        again = await checks.verify(workshop.caller, identifier, URL)
        assert (again.since, again.at) == (first.at, first.at.replace(hour=first.at.hour + 1))
        assert await checks.last(workshop.caller, identifier) == again
        assert (await checks.verify(workshop.caller, identifier, URL)).since is None
        assert (await checks.verify(workshop.caller, identifier, URL)).since == workshop.clock.at
        with pytest.raises(NotFound):
            await checks.verify(workshop.caller, "nothing", URL)

    asyncio.run(work())


def test_uses(workshop: Workshop) -> None:
    """Integrations with their slots and actions; what nothing uses is an orphan."""

    async def work() -> None:
        used, orphan = await stored(workshop), await stored(workshop)
        made = await attached(workshop, used, "Parcels")
        _, uses = await workshop.services.uses.uses(workshop.caller, used)
        assert [(use.integration.id, use.slots) for use in uses] == [(made, ("basicAuth",))]
        assert [action.name for action in uses[0].actions] == ["Draft of Parcels"]
        page = await workshop.services.uses.orphans(workshop.caller, PageRequest())
        assert [one.id for one in page.entities] == [orphan]
        with pytest.raises(NotFound):
            await workshop.services.uses.uses(workshop.caller, "nothing")

    asyncio.run(work())


def test_what_is_affected_is_listed(workshop: Workshop) -> None:
    """Deleting a credential in use names integrations and slots; strict refuses."""

    async def work() -> None:
        used = await stored(workshop)
        made = await attached(workshop, used, "Parcels")
        with pytest.raises(Refused) as caught:
            await workshop.services.credentials.delete(workshop.strict(), used)
        assert made in caught.value.findings[0].message
        changed = {"type": {"name": "userDefined"}, "credentialFields": {"k": "v"}}
        with pytest.raises(Refused):
            await workshop.services.credentials.replace(workshop.strict(), used, body(changed))
        outcome = await workshop.services.credentials.replace(workshop.caller, used, body(changed))
        assert [one.code for one in outcome.warnings] == ["TYPE_CHANGED_UNDER_USE"]
        gone = await workshop.services.credentials.delete(workshop.caller, used)
        assert "in slot `basicAuth`" in gone.warnings[0].message

    asyncio.run(work())


async def rotated(shop: Workshop, identifier: str, **members: Any) -> Outcome[Any]:
    """Rotate the password to `new-secret`, unless the members say something else."""
    wanted = {"credentialFields": {"password": "new-secret"}, "url": URL} | members
    return await shop.services.rotations.rotate(shop.caller, identifier, body(wanted))


def test_a_rotation_is_tested_swapped_and_undone(workshop: Workshop) -> None:
    """The new value is tried before the swap, other fields stay, and the old value comes back."""

    async def work() -> None:
        identifier = await stored(workshop)
        done = (await rotated(workshop, identifier)).value
        sent = dict(workshop.upstream.sent[0].headers)["Authorization"]
        assert base64.b64decode(sent.removeprefix("Basic ")) == b"ada:new-secret"
        assert done.check.outcome is CheckOutcome.VERIFIED
        assert await opened(workshop, identifier) == BASIC | {"password": "new-secret"}
        last = await workshop.services.checks.last(workshop.caller, identifier)
        assert last == done.check
        until = await workshop.services.rotations.kept_until(workshop.caller, identifier)
        assert until == done.until
        await workshop.services.rotations.undo(workshop.caller, identifier)
        assert await opened(workshop, identifier) == BASIC
        with pytest.raises(Conflict):
            await workshop.services.rotations.undo(workshop.caller, identifier)

    asyncio.run(work())


@pytest.mark.parametrize(
    ("statuses", "members", "code"),
    [
        ([401], {}, "ROTATION_FAILED"),
        ([401], {"untested": True}, "ROTATION_FAILED"),
        ([500], {}, "ROTATION_UNTESTED"),
        ([], {"url": ""}, "ROTATION_UNTESTED"),
    ],
)
def test_values_that_do_not_work(
    workshop: Workshop, statuses: list[int | Fault], members: dict[str, Any], code: str
) -> None:
    """A refused or untried value changes nothing."""

    async def work() -> None:
        identifier = await stored(workshop)
        workshop.upstream.statuses = list(statuses)
        with pytest.raises(Conflict) as caught:
            await rotated(workshop, identifier, **members)
        assert caught.value.findings[0].code == code
        assert "new-secret" not in repr(caught.value.findings)
        assert await opened(workshop, identifier) == BASIC
        assert await workshop.services.rotations.kept_until(workshop.caller, identifier) is None

    asyncio.run(work())


async def wait(shop: Workshop, _: str) -> None:
    """Let the time pass in which it could be undone."""
    shop.later(hours=3)


async def confirm(shop: Workshop, identifier: str) -> None:
    """Say that the new value is right."""
    await shop.services.rotations.confirm(shop.caller, identifier)


async def put(shop: Workshop, identifier: str) -> None:
    """Replace the whole credential."""
    wanted = {"type": {"name": "basicAuth"}, "credentialFields": {"userName": "third"}}
    await shop.services.credentials.replace(shop.caller, identifier, body(wanted))


@pytest.mark.parametrize("event", [wait, confirm, put])
def test_what_ends_the_way_back(
    workshop: Workshop, event: Callable[[Workshop, str], Awaitable[None]]
) -> None:
    """Time, a confirmation and a PUT: after each there is nothing to take back."""

    async def work() -> None:
        identifier = await stored(workshop)
        await rotated(workshop, identifier, keepHours=2)
        before = await workshop.services.rotations.kept_until(workshop.caller, identifier)
        assert before is not None
        await event(workshop, identifier)
        for forbidden in (workshop.services.rotations.undo, workshop.services.rotations.confirm):
            with pytest.raises(Conflict) as caught:
                await forbidden(workshop.caller, identifier)
            assert caught.value.findings[0].code == "ROTATION_NOT_KEPT"

    asyncio.run(work())


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"credentialFields": {}}, "MEMBER_MISSING"),
        ({"credentialFields": {"userName": ""}}, "CREDENTIAL_FIELD_EMPTY"),
        ({"credentialFields": {"password": 3}}, "CREDENTIAL_FIELD_NOT_TEXT"),
        ({"keepHours": 0}, "MEMBER_WRONG_KIND"),
        ({"keepHours": 721}, "MEMBER_WRONG_KIND"),
        ({"untested": "yes"}, "MEMBER_WRONG_KIND"),
    ],
)
def test_bodies_that_are_refused(workshop: Workshop, members: dict[str, Any], code: str) -> None:
    """Each fault is named; nothing is sent to the service."""

    async def work() -> None:
        identifier = await stored(workshop)
        with pytest.raises(Refused) as caught:
            await rotated(workshop, identifier, **members)
        assert code in [one.code for one in caught.value.findings]
        assert workshop.upstream.sent == []

    asyncio.run(work())


def test_an_unknown_field_is_a_warning(workshop: Workshop) -> None:
    """As in a credential's own body; the nearest name is told."""

    async def work() -> None:
        identifier = await stored(workshop)
        outcome = await rotated(workshop, identifier, credentialFields={"pasword": "x"})
        assert [one.code for one in outcome.warnings] == ["CREDENTIAL_FIELD_UNKNOWN"]
        assert "`password`" in outcome.warnings[0].message

    asyncio.run(work())


def test_expired_values_are_removed(workshop: Workshop) -> None:
    """What can no longer be taken back is not kept either: the next login after an hour cleans up."""

    async def work() -> None:
        identifier = await stored(workshop)
        await rotated(workshop, identifier, keepHours=2)
        organization, first = workshop.caller.organization_id, workshop.first_start
        assert first.client_secret is not None
        kept = []
        for hours in (1, 3):
            workshop.later(hours=hours)
            workshop.clock.seconds += hours * 3600
            await workshop.services.identity.token_for_client(first.client_id, first.client_secret)
            kept.append(
                await workshop.store.read(lambda t: t.documents.get(organization, identifier, PREVIOUS))
            )
        assert kept[0] is not None
        assert kept[1] is None

    asyncio.run(work())
