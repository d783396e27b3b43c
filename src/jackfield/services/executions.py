"""The log of executions: reading it, and running what stands in it once more."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from jackfield.domain.action import ActionState
from jackfield.domain.catalogue import found
from jackfield.domain.errors import NotFound, Refused
from jackfield.domain.execution_log import ExecutionLog, LoggedRun, LogQuery, RunOutcome
from jackfield.domain.finding import Place
from jackfield.domain.identity import Caller
from jackfield.domain.run import RunResult
from jackfield.engine.pipeline import steps
from jackfield.services.execution import ExecutionService

DIFFERENCES_SHOWN: Final = 100
_MISSING: Final = object()


@dataclass(frozen=True, slots=True)
class Difference:
    """One place in which two results differ. Values are JSON texts, "" where there is none."""

    pointer: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Replay:
    """A logged run and the same inputs run again.

    Args:
        state: of the action that ran now.
        differences: of the results, at most DIFFERENCES_SHOWN; empty if one of the two runs gave none.
    """

    before: LoggedRun
    after: RunResult
    state: ActionState
    differences: Sequence[Difference]


class LoggedExecutionService:
    """What can be done with the log of executions.

    Args:
        log: where runs are kept.
        execution: runs them again.
    """

    def __init__(self, log: ExecutionLog, execution: ExecutionService) -> None:
        self._log, self._execution = log, execution

    @property
    def dropped(self) -> int:
        """How many runs could not be kept since the start."""
        return self._log.dropped

    async def page(self, caller: Caller, query: LogQuery) -> Sequence[LoggedRun]:
        """Return runs, newest first unless `query.after` is given."""
        return await self._log.page(caller.organization_id, query)

    async def get(self, caller: Caller, run_id: str) -> LoggedRun:
        """Return one run.

        Raises:
            NotFound: there is none with this id, or no longer.
        """
        number = int(run_id) if run_id.isascii() and run_id.isdecimal() and len(run_id) < 19 else 0
        run = await self._log.get(caller.organization_id, number) if number else None
        if run is None:
            raise NotFound(found("EXECUTION_NOT_FOUND", Place("path/executionId"), seen=run_id[:64]))
        return run

    async def replayable(self, caller: Caller, run_id: str) -> LoggedRun:
        """Return a run whose inputs were kept just as they came.

        Raises:
            NotFound: there is no such run.
            Refused: its inputs were not kept, or not as they were.
        """
        run = await self.get(caller, run_id)
        if run.inputs is None or not run.whole:
            place = Place("path/executionId")
            raise Refused(found("EXECUTION_NOT_REPLAYABLE", place, seen=run_id, reason=_reason(run)))
        return run

    async def replay(self, caller: Caller, before: LoggedRun, state: ActionState) -> RunResult:
        """Run the inputs of a replayable run again, in test mode.

        Args:
            state: of the action that is to run.

        Raises:
            NotFound: the action has no such state.
        """
        inputs = (before.inputs or "").encode()
        return await self._execution.test(caller, before.action_id, inputs, before.flatten, state)


def compared(before: LoggedRun, after: RunResult, state: ActionState) -> Replay:
    """Return a logged run beside the run of its inputs in another state of the action."""
    return Replay(before, after, state, _differences(before, after))


def steps_of(run: LoggedRun) -> list[tuple[str, bool]]:
    """Return the steps that a run took, and if they succeeded; none if that is not known."""
    if run.outcome is RunOutcome.INTERRUPTED or (run.outcome is RunOutcome.FAILED and not run.failed_step):
        return []
    names = [step.name for step in steps(ActionState(run.state), run.flatten)]
    if run.failed_step in names:
        taken = names[: names.index(run.failed_step)]
        return [*((name, True) for name in taken), (run.failed_step, False)]
    return [(name, True) for name in names]


def _reason(run: LoggedRun) -> str:
    if run.inputs is None:
        return "its inputs were not kept"
    return "its inputs held something that is masked in the log, or were too long to be kept"


def _differences(before: LoggedRun, after: RunResult) -> list[Difference]:
    if not before.result or not after.success:
        return []
    try:
        old, new = json.loads(before.result), json.loads(after.final_result)
    except ValueError:
        # A result that was cut can only be compared as text.
        same = before.result == after.final_result
        return [] if same else [Difference("", before.result, after.final_result)]
    differing = _differing("", old, new)
    return [one for one, _ in zip(differing, range(DIFFERENCES_SHOWN), strict=False)]


def _differing(pointer: str, old: Any, new: Any) -> Iterator[Difference]:
    if isinstance(old, dict) and isinstance(new, dict):
        for name in dict.fromkeys((*old, *new)):
            part = name.replace("~", "~0").replace("/", "~1")
            yield from _differing(f"{pointer}/{part}", old.get(name, _MISSING), new.get(name, _MISSING))
    elif isinstance(old, list) and isinstance(new, list):
        for place in range(max(len(old), len(new))):
            yield from _differing(f"{pointer}/{place}", _item(old, place), _item(new, place))
    elif old is _MISSING or new is _MISSING or old != new or type(old) is not type(new):
        yield Difference(pointer, _text(old), _text(new))


def _item(values: list[Any], place: int) -> Any:
    return values[place] if place < len(values) else _MISSING


def _text(value: Any) -> str:
    return "" if value is _MISSING else json.dumps(value, ensure_ascii=False)
