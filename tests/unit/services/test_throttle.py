"""Slowing down whoever guesses."""

from __future__ import annotations

import pytest

from jackfield.domain.errors import Refused
from jackfield.services.throttle import FREE_PER_ADDRESS, LONGEST_WAIT, REMEMBERED, Throttle
from support.clocks import StandingClock


def wait(throttle: Throttle, account: str = "ada", address: str = "1.1.1.1") -> int:
    """Return how many seconds an attempt has to wait."""
    try:
        throttle.check(account, address)
    except Refused as refused:
        return int(refused.message.split("wait ")[1].split(" ")[0])
    return 0


def test_waits_grow_to_a_minute() -> None:
    """1, 2, 4 … seconds, never longer than the longest."""
    throttle = Throttle(StandingClock())
    waits = []
    for _ in range(13):
        throttle.failed("ada", "1.1.1.1")
        waits.append(wait(throttle))
    assert waits == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert LONGEST_WAIT == 60


def test_accounts_and_addresses_are_apart() -> None:
    """In any case of letters; nobody locks somebody else out."""
    throttle = Throttle(StandingClock())
    for _ in range(6):
        throttle.failed("ada", "1.1.1.1")
    assert wait(throttle, "ADA") > 0
    assert wait(throttle, "bob") == 0
    assert wait(throttle, "ada", "2.2.2.2") == 0


def test_an_address_that_tries_many_accounts() -> None:
    """It waits too, later."""
    throttle = Throttle(StandingClock())
    for number in range(FREE_PER_ADDRESS):
        assert wait(throttle, f"user{number}") == 0
        throttle.failed(f"user{number}", "1.1.1.1")
    assert wait(throttle, "one more") > 0


def test_success_and_time_forget() -> None:
    """A success at once, a quarter of an hour otherwise."""
    clock = StandingClock()
    throttle = Throttle(clock)
    for _ in range(6):
        throttle.failed("ada", "1.1.1.1")
    throttle.succeeded("ada", "1.1.1.1")
    assert wait(throttle) == 0
    for _ in range(6):
        throttle.failed("bob", "1.1.1.1")
    clock.seconds += 901
    throttle.failed("bob", "1.1.1.1")
    assert wait(throttle, "bob") == 0


def test_memory_is_bounded() -> None:
    """Any number of accounts can be tried."""
    throttle = Throttle(StandingClock())
    for number in range(REMEMBERED + 500):
        throttle.failed(f"user{number}", f"address{number}")
    assert len(throttle._known) <= REMEMBERED + 2


def test_the_check_raises_the_login_services_error() -> None:
    """The code and the words that clients wait on."""
    throttle = Throttle(StandingClock())
    for _ in range(5):
        throttle.failed("ada", "1.1.1.1")
    with pytest.raises(Refused) as refused:
        throttle.check("ada", "1.1.1.1")
    assert (refused.value.status, refused.value.code) == (400, "invalid_request")
    assert refused.value.message.startswith("rate limit exceeded;")
