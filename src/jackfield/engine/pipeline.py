"""Running one data action. The list of steps below is the wire's `operations[]`.

The first ten names are the cloud's, seen in its test window; step 2 of a published action and the names after
step 10 are ours (assumed). A step that fails ends the run.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

from jackfield.domain.action import ActionState
from jackfield.domain.catalogue import found
from jackfield.domain.errors import ActionFailed, NotImplementedHere
from jackfield.domain.masking import Masker
from jackfield.domain.ports import Clock
from jackfield.domain.run import Run, RunResult
from jackfield.engine import trace
from jackfield.engine.authentication import authenticate
from jackfield.engine.calling import call
from jackfield.engine.failures import masked_failure, masked_finding
from jackfield.engine.flattening import flatten_output
from jackfield.engine.inputs import check_definition, check_input_contract, check_simple_json
from jackfield.engine.json_text import json_text
from jackfield.engine.limits import Admission, EngineLimits
from jackfield.engine.passage import Passage
from jackfield.engine.resolution import resolve_body, resolve_headers, resolve_url
from jackfield.engine.templates import CompiledActions
from jackfield.engine.transformation import check_success_contract, transform
from jackfield.engine.translation import translate
from jackfield.engine.upstream import Upstream

ENGINES = ("web-services",)
_LARGE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a run.

    Args:
        name: as `operations[].name` shows it.
        perform: does it; None for the call to the web service, which the engine itself awaits.
        show: what a trace shows afterwards; None for nothing.
    """

    name: str
    perform: Callable[[Passage], None] | None
    show: trace.Show | None = None


DEFINITION_STEPS = {
    ActionState.DRAFT: Step("Validate draft definition", check_definition),
    ActionState.PUBLISHED: Step("Validate action definition", check_definition),
}
_AFTER_DEFINITION = (
    Step("Validate request body against simple input schema", check_input_contract),
    Step("Perform authentication", authenticate, trace.show_authentication),
    Step("Resolve request URL template", resolve_url, trace.show_url),
    Step("Resolve request header templates", resolve_headers, trace.show_headers),
    Step("Resolve request body template", resolve_body, trace.show_body),
    Step("Execute", None, trace.show_call),
    Step("Resolve translation map", translate, trace.show_variables),
    Step("Apply output transformation", transform, trace.show_output),
    Step("Validate output against success schema", check_success_contract, trace.show_value),
)
FLATTENING = Step("Flatten output", flatten_output, trace.show_value)


@lru_cache
def steps(state: ActionState, flatten: bool) -> tuple[Step, ...]:
    """Return the steps of a run, in order."""
    return (
        Step("Validate request body contains simple json (key-value pairs)", check_simple_json),
        DEFINITION_STEPS[state],
        *_AFTER_DEFINITION,
        *((FLATTENING,) if flatten else ()),
    )


class Engine:
    """Runs data actions of web services integrations.

    Args:
        upstream: where requests go.
        clock: for deadlines and durations.
        limits: bounds.
    """

    def __init__(self, upstream: Upstream, clock: Clock, *, limits: EngineLimits | None = None) -> None:
        self._upstream, self._clock = upstream, clock
        self._limits = limits or EngineLimits()
        self._admission = Admission(self._limits.concurrency)
        self.actions = CompiledActions(self._limits.compiled_actions)

    @property
    def running(self) -> int:
        """How many runs are under way."""
        return self._admission.running

    async def run(self, run: Run) -> RunResult:
        """Run one action; a run that fails is a result with `success` false.

        Raises:
            LimitReached: too many runs are under way.
            NotImplementedHere: the integration's engine or the credential's type has no code yet.
        """
        if run.engine not in ENGINES:
            raise NotImplementedHere(
                found("ACTION_ENGINE_MISSING", engine=run.engine, engines=", ".join(ENGINES))
            )
        self._admission.enter()
        try:
            return await self._pass(run)
        finally:
            self._admission.leave()

    async def aclose(self) -> None:
        """Close upstream connections."""
        await self._upstream.aclose()

    async def _pass(self, run: Run) -> RunResult:
        compiled = self.actions.get(run.action)
        begun = self._clock.monotonic()
        passage = Passage(run, compiled, begun + compiled.timeout)
        notes = trace.Trace() if passage.testing else None
        failure: ActionFailed | None = None
        for step in steps(run.action.state, run.flatten):
            try:
                if step.perform is not None:
                    step.perform(passage)
                else:
                    await call(passage, self._upstream, self._clock, self._limits)
            except ActionFailed as error:
                failure = error
            if notes is not None:
                notes.note(step.name, passage, step.show)
            if failure is not None:
                break
        result = RunResult(
            success=failure is None,
            final_result="" if failure is not None else passage.final,
            error=failure,
            remote_status=passage.reply.status if passage.reply is not None else None,
            durations={"total": self._clock.monotonic() - begun, "upstream": passage.upstream_seconds},
            warnings=tuple(passage.warnings),
        )
        if notes is None and failure is None and not passage.warnings:
            return result
        if passage.size > _LARGE:
            # Reading megabytes through every decoder takes a while; other runs go on meanwhile.
            return await asyncio.to_thread(_masked, result, passage, notes)
        return _masked(result, passage, notes)


def _masked(result: RunResult, passage: Passage, notes: trace.Trace | None) -> RunResult:
    """Return the result as it may leave the engine: with every secret masked, and the steps of a test."""
    mask = passage.masker
    failure = masked_failure(result.error, mask) if result.error is not None else None
    return replace(
        result,
        # What execute answers is the service's own data: masking it would falsify it.
        final_result=_masked_text(passage, mask)
        if notes is not None and failure is None
        else result.final_result,
        operations=notes.operations(mask, failure) if notes is not None else (),
        error=failure,
        warnings=tuple(masked_finding(finding, mask) for finding in result.warnings),
    )


def _masked_text(passage: Passage, mask: Masker) -> str:
    """Return the result's JSON text, masked value by value so that it stays JSON."""
    masked = mask.value(passage.value)
    return passage.final if masked == passage.value else json_text(masked)
