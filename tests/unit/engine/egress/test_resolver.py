"""Names to addresses."""

from __future__ import annotations

import asyncio
import threading

import pytest

from jackfield.engine.egress.resolver import SystemResolver, system_lookup
from jackfield.engine.upstream import Fault, UpstreamFailure


def _refuse(host: str, port: int) -> list[str]:
    raise AssertionError(f"{host}:{port} was looked up")


@pytest.mark.parametrize("address", ["127.0.0.1", "8.8.8.8", "::1", "2001:db8::1"])
def test_a_plain_address_is_its_own_answer(address: str) -> None:
    """No thread is started for it."""
    assert asyncio.run(SystemResolver(lookup=_refuse).resolve(address, 80)) == (address,)


@pytest.mark.parametrize("text", ["127.1", "2130706433", "0x7f000001", "0177.0.0.1"])
def test_other_notations_go_to_the_system(text: str) -> None:
    """What the system makes of them is what the guard judges."""
    assert asyncio.run(SystemResolver().resolve(text, 80)) == ("127.0.0.1",)


def test_answers_come_once_each_in_order() -> None:
    """The system's order of preference stays."""
    answers = system_lookup("localhost", 80)
    assert len(answers) == len(set(answers))
    assert set(answers) <= {"127.0.0.1", "::1"}


@pytest.mark.parametrize("error", [OSError(-2, "Name or service not known"), UnicodeError("label too long")])
def test_a_failed_look_up_is_an_unknown_host(error: Exception) -> None:
    """With the system's reason; and the next look-up works."""
    answers: list[Exception | None] = [error, None]

    def lookup(host: str, port: int) -> list[str]:
        assert (host, port) == ("name", 80)
        failure = answers.pop(0)
        if failure is not None:
            raise failure
        return ["8.8.8.8"]

    async def scenario() -> tuple[str, ...]:
        resolver = SystemResolver(threads=1, waiting=0, lookup=lookup)
        with pytest.raises(UpstreamFailure) as caught:
            await resolver.resolve("name", 80)
        assert caught.value.fault is Fault.UNKNOWN_HOST
        assert caught.value.reason in ("Name or service not known", "label too long")
        return await resolver.resolve("name", 80)

    assert asyncio.run(scenario()) == ("8.8.8.8",)


def test_look_ups_are_bounded_and_come_back() -> None:
    """One at work, one waiting, the third refused; a cancelled one frees its place when its thread ends."""
    release = threading.Event()

    def lookup(host: str, port: int) -> list[str]:
        release.wait(10)
        return [f"10.0.0.{len(host)}", str(port)]

    async def scenario() -> tuple[str, ...]:
        resolver = SystemResolver(threads=1, waiting=1, lookup=lookup)
        first = asyncio.ensure_future(resolver.resolve("a", 1))
        second = asyncio.ensure_future(resolver.resolve("bb", 1))
        await asyncio.sleep(0.05)
        with pytest.raises(UpstreamFailure) as caught:
            await resolver.resolve("ccc", 1)
        assert caught.value.fault is Fault.BUSY
        first.cancel()
        second.cancel()
        await asyncio.gather(first, second, return_exceptions=True)
        release.set()
        await asyncio.sleep(0.1)
        return await resolver.resolve("dddd", 1)

    assert asyncio.run(scenario()) == ("10.0.0.4", "1")


def test_a_look_up_that_ends_after_the_loop_does_no_harm() -> None:
    """A name server may answer when nobody is left to ask."""
    release = threading.Event()
    done = threading.Event()

    def lookup(host: str, port: int) -> list[str]:
        release.wait(10)
        done.set()
        return [host, str(port)]

    async def scenario() -> None:
        task = asyncio.ensure_future(SystemResolver(lookup=lookup).resolve("late", 1))
        await asyncio.sleep(0.05)
        task.cancel()

    asyncio.run(scenario())
    release.set()
    assert done.wait(5)
