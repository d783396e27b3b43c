"""The first start, tokens, permissions."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from jackfield.domain.errors import BadCredentials, NotPermitted, Refused
from jackfield.domain.secret import Secret
from support.services import Workshop


def _token(workshop: Workshop) -> str:
    first = workshop.first_start
    issued = asyncio.run(workshop.services.identity.token_for_client(first.client_id, first.client_secret))
    assert issued.expires_in == 86400
    return issued.access_token.reveal()


def test_the_first_client_may_do_everything(workshop: Workshop) -> None:
    """The first start's client gets a token whose principal holds every permission."""
    principal = asyncio.run(workshop.services.identity.authenticate(_token(workshop)))
    assert principal.allows("integrations:action:execute")
    assert principal.organization_id == workshop.first_start.organization.id


@pytest.mark.parametrize(("client_id", "secret"), [("", "x"), ("unknown", "x"), (None, "wrong"), (None, "")])
def test_wrong_credentials_get_one_answer(workshop: Workshop, client_id: str | None, secret: str) -> None:
    """Unknown client and wrong secret cannot be told apart."""
    wanted = workshop.first_start.client_id if client_id is None else client_id
    with pytest.raises(Refused) as refused:
        asyncio.run(workshop.services.identity.token_for_client(wanted, Secret(secret)))
    assert refused.value.code == "invalid_client"
    assert (
        refused.value.message
        == "The OAuth client id and secret do not belong to an active client of this server."
    )


def test_a_token_expires(workshop: Workshop) -> None:
    """A token is good until its last second, also where it is cached."""
    token = _token(workshop)
    asyncio.run(workshop.services.identity.authenticate(token))
    workshop.later(seconds=86399)
    asyncio.run(workshop.services.identity.authenticate(token))
    workshop.later(seconds=1)
    with pytest.raises(BadCredentials):
        asyncio.run(workshop.services.identity.authenticate(token))


def test_only_what_was_looked_up_is_recognised(workshop: Workshop) -> None:
    """Without a look-up a token is known only after one, until its last second, and until things change."""
    identity, token = workshop.services.identity, _token(workshop)
    assert identity.recognise(token, workshop.clock.now()) is None
    principal = asyncio.run(identity.authenticate(token))
    assert identity.recognise(token, workshop.later(seconds=86399)) is principal
    assert identity.recognise("x", workshop.clock.now()) is None
    assert identity.recognise(token, workshop.later(seconds=1)) is None
    workshop.later(seconds=-10)
    assert identity.recognise(token, workshop.clock.now()) is principal
    identity.forget()
    assert identity.recognise(token, workshop.clock.now()) is None


@pytest.mark.parametrize("token", ["", "x", "ä", "a" * 5000, "Bearer"])
def test_foreign_tokens_are_not_accepted(workshop: Workshop, token: str) -> None:
    """Anything that was not issued is refused the same way."""
    with pytest.raises(BadCredentials):
        asyncio.run(workshop.services.identity.authenticate(token))


def test_a_client_with_few_permissions(workshop: Workshop) -> None:
    """A permission that is not granted is named in the refusal; a wildcard grants its part."""
    identity = workshop.services.identity
    wanted = ("integrations:integration:view", "integrations:action:*")
    client_id, secret = asyncio.run(workshop.store.write(lambda tx: identity.add_client(tx, "few", wanted)))
    issued = asyncio.run(identity.token_for_client(client_id, secret))
    principal = asyncio.run(identity.authenticate(issued.access_token.reveal()))
    identity.require(principal, ("integrations:integration:view",))
    identity.require(principal, ("bridge:actions:execute", "integrations:action:execute"))
    identity.require(principal, ())
    with pytest.raises(NotPermitted) as refused:
        identity.require(principal, ("integrations:integration:add",))
    assert "`integrations:integration:add`" in refused.value.message


def test_nothing_in_clear_is_stored(workshop: Workshop, tmp_path: object) -> None:
    """Neither client secret nor token nor password stands in the database's bytes."""
    token = _token(workshop)
    first = workshop.first_start
    engine = workshop.store
    stored = asyncio.run(engine.read(lambda tx: repr(tx.identities.clients(first.organization.id))))
    for secret in (token, first.client_secret.reveal(), first.admin_password.reveal()):
        assert secret not in stored


def test_what_has_expired_is_removed_with_a_later_login(workshop: Workshop) -> None:
    """Once an hour at most, so that the tables do not grow for ever."""
    token = _token(workshop)
    digest = workshop.vault.digest_token(token)

    def kept() -> bool:
        return asyncio.run(workshop.store.read(lambda tx: tx.identities.token(digest))) is not None

    workshop.later(seconds=86401)
    _token(workshop)
    assert kept()
    workshop.clock.seconds += 3600
    _token(workshop)
    assert not kept()


def test_a_token_that_ends_while_it_is_looked_up(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read before the end is not remembered after it."""
    identity, token = workshop.services.identity, _token(workshop)
    digest = workshop.vault.digest_token(token)
    read = workshop.store.read

    async def read_slowly(work: Any) -> Any:
        seen = await read(work)
        await workshop.store.write(lambda tx: tx.grants.end_token(digest, ""))
        identity.forget()
        return seen

    monkeypatch.setattr(workshop.store, "read", read_slowly)
    asyncio.run(identity.authenticate(token))
    monkeypatch.undo()
    with pytest.raises(BadCredentials):
        asyncio.run(identity.authenticate(token))
