"""Kept logins: one at a time, for as long as they are good."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from jackfield.domain.login import Login, secrets_in
from jackfield.engine.sessions import LoginTimeout, Sessions
from support.runs import WallClock

KEY = ("org-1", "int-1")


class Counted:
    """Logs in, and counts how often."""

    def __init__(self, *, fails: int = 0, seconds: float = 0.0) -> None:
        self.count, self.fails, self.seconds = 0, fails, seconds

    async def __call__(self) -> Login:
        """Return a new login, or fail as often as told."""
        self.count += 1
        await asyncio.sleep(self.seconds)
        if self.count <= self.fails:
            raise RuntimeError("no login")
        return Login({"number": self.count})


def later(seconds: float = 5.0) -> float:
    """Return a deadline."""
    return WallClock().monotonic() + seconds


def on(sessions: Callable[[Sessions], Awaitable[None]]) -> None:
    """Run a scenario on sessions of its own."""

    async def scenario() -> None:
        kept = Sessions(WallClock(), size=2)
        await sessions(kept)
        await kept.aclose()

    asyncio.run(scenario())


def test_one_login_for_all() -> None:
    """Fifty callers at once cause one login and get the same; only the later one hears that it was kept."""

    async def scenario(sessions: Sessions) -> None:
        log_in = Counted(seconds=0.01)
        got = await asyncio.gather(*(sessions.get(KEY, "1", log_in, later()) for _ in range(50)))
        assert log_in.count == 1
        assert len({id(login) for login, _ in got}) == 1
        assert not any(kept for _, kept in got)
        assert (await sessions.get(KEY, "1", log_in, later()))[1]

    on(scenario)


def test_a_failure_reaches_all_and_is_not_kept() -> None:
    """Whoever waits fails with it; the next caller tries again."""

    async def scenario(sessions: Sessions) -> None:
        log_in = Counted(fails=1, seconds=0.01)
        got = await asyncio.gather(
            *(sessions.get(KEY, "1", log_in, later()) for _ in range(5)), return_exceptions=True
        )
        assert [type(one) for one in got] == [RuntimeError] * 5
        assert (await sessions.get(KEY, "1", log_in, later()))[0].response == {"number": 2}

    on(scenario)


def test_one_who_cannot_wait_takes_it_from_nobody() -> None:
    """A deadline ends the waiting, not the login; likewise a caller that is cancelled."""

    async def scenario(sessions: Sessions) -> None:
        log_in = Counted(seconds=0.05)
        hasty = asyncio.ensure_future(sessions.get(KEY, "1", log_in, later(0.01)))
        gone = asyncio.ensure_future(sessions.get(KEY, "1", log_in, later()))
        await asyncio.sleep(0)
        gone.cancel()
        with pytest.raises(LoginTimeout):
            await hasty
        assert (await sessions.get(KEY, "1", log_in, later()))[0].response == {"number": 1}

    on(scenario)


def test_another_revision_and_another_key() -> None:
    """A login counts for its revision and its integration alone."""

    async def scenario(sessions: Sessions) -> None:
        log_in = Counted()
        for revision, key in (("1", KEY), ("2", KEY), ("2", ("org-1", "int-2")), ("2", KEY)):
            await sessions.get(key, revision, log_in, later())
        assert log_in.count == 3

    on(scenario)


def test_dropping() -> None:
    """A refused login is forgotten once; a newer one in its place stays."""

    async def scenario(sessions: Sessions) -> None:
        log_in = Counted()
        first, _ = await sessions.get(KEY, "1", log_in, later())
        sessions.drop(KEY, first)
        second, _ = await sessions.get(KEY, "1", log_in, later())
        sessions.drop(KEY, first)
        assert (await sessions.get(KEY, "1", log_in, later())) == (second, True)

    on(scenario)


def test_the_least_used_go_first() -> None:
    """No more logins are kept than the bound says."""

    async def scenario(sessions: Sessions) -> None:
        log_in = Counted()
        for key in (KEY, ("org-1", "int-2"), KEY, ("org-1", "int-3"), KEY):
            await sessions.get(key, "1", log_in, later())
        assert log_in.count == 3
        await sessions.get(("org-1", "int-2"), "1", log_in, later())
        assert log_in.count == 4

    on(scenario)


def test_what_of_an_answer_is_secret() -> None:
    """Tokens are, deep inside too; what RFC 6749 calls public, short words and bare addresses are not."""
    answer = {
        "access_token": "a-long-token",
        "token_type": "bearer-and-more",
        "scope": "read:everything",
        "instance_url": "https://instance.example.com",
        "hook": "https://hooks.example.com/T000/B000",
        "data": [{"key": "nested-secret"}, "short"],
        "expires_in": 3600,
    }
    found = [secret.reveal() for secret in secrets_in(answer)]
    assert found == ["a-long-token", "https://hooks.example.com/T000/B000", "nested-secret"]
