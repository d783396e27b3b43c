"""The limit on requests per token."""

from __future__ import annotations

import pytest

from jackfield.api.limiter import CloudLimiter
from jackfield.domain.errors import LimitReached
from jackfield.domain.identity import Principal
from support.clocks import StandingClock

ONE = Principal("org", "one", None, frozenset())
TWO = Principal("org", "two", None, frozenset())


def test_the_limit_is_per_client_and_minute() -> None:
    """The request over the limit is refused, another client's is not, and the next minute starts anew."""
    clock = StandingClock()
    limiter = CloudLimiter(clock, per_minute=3)
    for count in (1, 2, 3):
        headers = dict(limiter.admit(ONE))
        assert headers[b"inin-ratelimit-count"] == str(count).encode()
        assert headers[b"inin-ratelimit-allowed"] == b"3"
    clock.seconds = 20.5
    with pytest.raises(LimitReached) as reached:
        limiter.admit(ONE)
    assert reached.value.retry_after == 40
    assert (reached.value.key, reached.value.value) == ("client.credentials.token.rate.per.minute", 3)
    limiter.admit(TWO)
    clock.seconds = 60.0
    assert dict(limiter.admit(ONE))[b"inin-ratelimit-count"] == b"1"


def test_forgotten_callers_do_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """When too many callers are known, those whose minute is over are dropped."""
    monkeypatch.setattr("jackfield.api.limiter.KNOWN_CALLERS", 10)
    clock = StandingClock()
    limiter = CloudLimiter(clock)
    for number in range(50):
        clock.seconds = number * 61.0
        limiter.admit(Principal("org", f"client-{number}", None, frozenset()))
    assert len(limiter._windows) <= 10
