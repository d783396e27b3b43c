"""The cloud's delays: they pass, and a seed repeats them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from jackfield.domain.action import ActionState, auth_action_id
from jackfield.domain.errors import NotFound, Refused
from jackfield.domain.integration import IntegrationQuery, ReportedState
from jackfield.domain.page import CursorRequest, PageRequest
from jackfield.services.integrations import IntegrationView
from jackfield.services.manners import CloudManners, Delays
from support.clocks import StandingClock
from support.services import Workshop, body, open_workshop

CONTRACT = {"input": {"inputSchema": {"type": "object"}}, "output": {"successSchema": {"type": "object"}}}
ACTION = {
    "name": "a",
    "category": "c",
    "config": {"request": {"requestUrlTemplate": "https://example.com/", "requestType": "GET"}},
    "contract": CONTRACT,
}
EXACT = Delays(listing=(2, 2), transition=(3, 3), actions=(1, 1), auth_action=(15, 15))


def working(tmp_path: Path, work: Callable[[Workshop], Awaitable[None]]) -> None:
    """Run a piece of work on services with the cloud's manners."""

    async def run() -> None:
        workshop = await open_workshop(tmp_path, lambda clock: CloudManners(clock, 1, EXACT))
        try:
            await work(workshop)
        finally:
            workshop.store.close()

    asyncio.run(run())


async def made(shop: Workshop) -> IntegrationView:
    """Create an integration."""
    wanted = body({"name": "Parcels", "integrationType": {"id": "custom-rest-actions"}})
    return (await shop.services.integrations.create(shop.caller, wanted)).value


def test_lists_lag(tmp_path: Path) -> None:
    """What is new is found by its id at once, and in lists, numbered and by cursor, only later."""

    async def work(shop: Workshop) -> None:
        view = await made(shop)
        fields = {"userName": "u", "password": "p"}
        credential = {"name": "c", "type": {"name": "basicAuth"}, "credentialFields": fields}
        await shop.services.credentials.create(shop.caller, body(credential))
        assert (await shop.services.integrations.get(shop.caller, view.integration.id)).integration
        for seconds, count in ((0.0, 0), (1.9, 0), (0.1, 1)):
            shop.later(seconds=seconds)
            page = await shop.services.integrations.list(shop.caller, IntegrationQuery(), PageRequest())
            assert (len(page.entities), page.total) == (count, count)
            assert (await shop.services.credentials.list(shop.caller, PageRequest())).total == count
            run = await shop.services.credentials.listing(shop.caller, CursorRequest())
            assert len(run.value.entities) == count

    working(tmp_path, work)


def test_states_are_reached_later(tmp_path: Path) -> None:
    """ENABLED is ACTIVATING before it is ACTIVE, DISABLED is DEACTIVATING before it is INACTIVE."""

    async def work(shop: Workshop) -> None:
        view = await made(shop)
        identifier = view.integration.id
        assert view.reported_state is ReportedState.INACTIVE
        for state, first, last in (
            ("ENABLED", ReportedState.ACTIVATING, ReportedState.ACTIVE),
            ("DISABLED", ReportedState.DEACTIVATING, ReportedState.INACTIVE),
        ):
            changed = await shop.services.integrations.patch(
                shop.caller, identifier, body({"intendedState": state})
            )
            assert changed.value.reported_state is first
            for seconds, reported in ((2.9, first), (0.1, last)):
                shop.later(seconds=seconds)
                read = await shop.services.integrations.get(shop.caller, identifier)
                assert read.reported_state is reported

    working(tmp_path, work)


def test_the_same_state_again_is_no_way_to_go(tmp_path: Path) -> None:
    """A PATCH that changes nothing leaves the state reached."""

    async def work(shop: Workshop) -> None:
        view = await made(shop)
        wanted = body({"intendedState": "DISABLED"})
        same = await shop.services.integrations.patch(shop.caller, view.integration.id, wanted)
        assert same.value.reported_state is ReportedState.INACTIVE

    working(tmp_path, work)


@pytest.mark.parametrize("noun", ["actions", "drafts"])
def test_a_new_integration_takes_no_actions_yet(tmp_path: Path, noun: str) -> None:
    """Refused at once with a code of its own, taken a second later."""

    async def work(shop: Workshop) -> None:
        view = await made(shop)
        wanted = body(ACTION | {"integrationId": view.integration.id})
        service = getattr(shop.services, noun)
        with pytest.raises(Refused) as refused:
            await service.create(shop.caller, wanted)
        assert [one.code for one in refused.value.findings] == ["INTEGRATION_NOT_READY"]
        shop.later(seconds=1)
        assert (await service.create(shop.caller, wanted)).value.id

    working(tmp_path, work)


def test_the_auth_action_is_late(tmp_path: Path) -> None:
    """It is made at once and works, but is seen only after its time; its draft is seen when it is made."""

    async def work(shop: Workshop) -> None:
        view = await made(shop)
        fields = {"clientId": "c", "clientSecret": "s", "loginUrl": "https://example.com/t"}
        kind = {"name": "c", "type": {"name": "userDefinedOAuth"}, "credentialFields": fields}
        credential = (await shop.services.credentials.create(shop.caller, body(kind))).value
        configuration = {
            "name": "Parcels",
            "version": 1,
            "properties": {},
            "advanced": {},
            "notes": "",
            "credentials": {"basicAuth": {"id": credential.id}},
        }
        integration = view.integration.id
        await shop.services.integrations.replace_configuration(shop.caller, integration, body(configuration))
        action = auth_action_id(integration)
        for call in (shop.services.actions.get, shop.services.drafts.copy):
            with pytest.raises(NotFound):
                await call(shop.caller, action)
        shop.later(seconds=15)
        assert (await shop.services.actions.get(shop.caller, action)).is_login
        assert (await shop.services.drafts.copy(shop.caller, action)).value.is_login
        assert (await shop.services.actions.get(shop.caller, action, ActionState.DRAFT)).is_login

    working(tmp_path, work)


def test_a_seed_repeats_the_delays() -> None:
    """Equal seeds give equal delays, another seed others; all are within their bounds."""
    clock = StandingClock()

    def lags(seed: int) -> list[timedelta]:
        manners = CloudManners(clock, seed)
        until = manners.listed_until()
        assert until is not None
        auth = next(
            seconds
            for seconds in range(17)
            if manners.shows_auth_action(clock.now() - timedelta(seconds=seconds), "5b0e")
        )
        return [clock.now() - until, timedelta(seconds=auth)]

    assert lags(7) == lags(7)
    assert len({str(lags(seed)) for seed in range(20)}) > 15
    for seed in range(20):
        listing, auth = lags(seed)
        assert timedelta(seconds=0.5) <= listing <= timedelta(seconds=2)
        assert timedelta(seconds=1) <= auth <= timedelta(seconds=15)
