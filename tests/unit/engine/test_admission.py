"""Counting runs: those under way, and those of a minute."""

from __future__ import annotations

import pytest

from jackfield.domain.errors import LimitReached
from jackfield.domain.limits import CONCURRENCY, TOTAL, VOLUME, settled_limits
from jackfield.engine.limits import Admission, EngineLimits
from support.clocks import StandingClock

USUAL = {CONCURRENCY: 50, VOLUME: 2_500, TOTAL: 500}


def _begin(admission: Admission, count: int) -> None:
    for _ in range(count):
        admission.enter()
        admission.leave()


def test_a_minute_begins_with_its_first_run() -> None:
    """So many runs in 60 s; the rest is told how long to wait, and does not count for the next minute."""
    clock = StandingClock(seconds=100.0)
    admission = Admission(EngineLimits(volume=3), clock)
    _begin(admission, 2)
    clock.seconds += 59
    _begin(admission, 1)
    for _ in range(10):
        with pytest.raises(LimitReached) as refused:
            admission.enter()
    assert (refused.value.key, refused.value.value, refused.value.retry_after) == (VOLUME, 3, 1)
    assert refused.value.findings[0].code == "EXECUTIONS_PER_MINUTE"
    clock.seconds += 1
    _begin(admission, 3)
    with pytest.raises(LimitReached) as later:
        admission.enter()
    assert later.value.retry_after == 60
    assert admission.running == 0


def test_runs_beside_too_many_others_do_not_count() -> None:
    """What concurrency refuses is no run of the minute."""
    admission = Admission(EngineLimits(concurrency=1, volume=2), StandingClock())
    admission.enter()
    for _ in range(5):
        with pytest.raises(LimitReached) as refused:
            admission.enter()
        assert refused.value.key == CONCURRENCY
    admission.leave()
    _begin(admission, 1)


def test_what_is_enforced() -> None:
    """Off: what protects the server, and what was named. Simulated: everything."""
    off = settled_limits(USUAL, {}, simulated=False)
    assert [off.bound(key) for key in USUAL] == [50, None, None]
    named = settled_limits(USUAL, {VOLUME: 5}, simulated=False)
    assert [named.bound(key) for key in USUAL] == [50, 5, None]
    cloud = settled_limits(USUAL, {VOLUME: 5}, simulated=True)
    assert [cloud.bound(key) for key in USUAL] == [50, 5, 500]
    assert off.values == USUAL
