"""What is told of a service that fails; that each fault ends as documented is held by the fault matrix."""

from __future__ import annotations

import asyncio

from jackfield.domain.run import RunMode, RunResult
from support.misbehaviour import error_of, run_against
from support.web_service import WebService, reply, say


def test_bodies_of_the_service_show_in_test_mode_only() -> None:
    """Execute hides what the service answered, test shows it, in message, finding and trace."""
    service = WebService(say(reply(b'{"reason":"the cupboard is bare"}', "409 Conflict")))

    async def scenario() -> tuple[RunResult, RunResult]:
        async with service.running():
            return await run_against(service, RunMode.EXECUTE), await run_against(service, RunMode.TEST)

    execute, test = asyncio.run(scenario())
    assert "cupboard" not in repr((execute, error_of(execute).findings, error_of(execute).nested))
    assert "To see error details, use test mode" in error_of(execute).nested
    assert "cupboard" in error_of(test).nested
    assert "cupboard" in error_of(test).findings[0].seen
    assert "cupboard" in repr(test.operations[7].result)
