"""The cache of compiled actions."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from jackfield.domain.action import ActionState
from jackfield.engine.templates import CompiledActions
from support.runs import CannedUpstream, make_action, make_engine, make_run

URL = "https://service.example/"


def test_an_action_is_compiled_once() -> None:
    """The hot path does not compile."""

    async def scenario() -> int:
        engine = make_engine(CannedUpstream())
        action = make_action(URL + "${input.a}", success="${rawResult} ")
        for _ in range(5):
            assert (await engine.run(make_run(action, {"a": 1}))).success
            assert (await engine.run(make_run(replace(action, name="other"), {"a": 1}))).success
        return engine.actions.compilations

    assert asyncio.run(scenario()) == 1


def test_version_state_and_content_make_another_entry() -> None:
    """A draft is not its published action, and a changed configuration is never served from the cache."""
    cache = CompiledActions(10)
    action = make_action(URL)
    first = cache.get(action)
    assert cache.get(replace(action, version=2)) is not first
    assert cache.get(replace(action, state=ActionState.DRAFT)) is not first
    assert cache.get(action) is first
    changed = make_action(URL + "other")
    assert cache.get(changed).url.text == URL + "other"
    assert cache.compilations == 4


def test_the_least_recently_run_action_goes_first() -> None:
    """The cache is bounded."""
    cache = CompiledActions(2)
    one, two, three = (replace(make_action(URL), id=f"custom_-_{name}") for name in ("1", "2", "3"))
    cache.get(one)
    cache.get(two)
    cache.get(one)
    cache.get(three)
    assert cache.compilations == 3
    cache.get(one)
    assert cache.compilations == 3
    cache.get(two)
    assert cache.compilations == 4
