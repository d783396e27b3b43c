"""Running one data action. The list of steps below is the wire's `operations[]`.

The first ten names are the cloud's, seen in its test window; step 2 of a published action and the names after
step 10 are ours (assumed). A step that fails ends the run.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from functools import lru_cache
from http import HTTPStatus
from typing import Final

from jackfield.domain.action import ActionState
from jackfield.domain.catalogue import found
from jackfield.domain.errors import ActionFailed, NotImplementedHere
from jackfield.domain.masking import Masker, without_secrets
from jackfield.domain.ports import Clock
from jackfield.domain.run import KeptBodies, Run, RunListener, RunResult
from jackfield.engine import trace
from jackfield.engine.authentication import authenticate, waits_for_login
from jackfield.engine.calling import call, outbound, shown_body, take_reply, unanswered
from jackfield.engine.dialect import DOCUMENTED, Dialect
from jackfield.engine.failures import masked_failure, masked_finding
from jackfield.engine.flattening import flatten_output
from jackfield.engine.inputs import check_definition, check_input_contract, check_simple_json
from jackfield.engine.json_text import json_text
from jackfield.engine.limits import Admission, EngineLimits
from jackfield.engine.logins import PLATFORM_ENGINE, LoginRun, Logins, login_of
from jackfield.engine.passage import Passage
from jackfield.engine.platform import Platform
from jackfield.engine.resolution import resolve_body, resolve_headers, resolve_url
from jackfield.engine.templates import CompiledActions
from jackfield.engine.transformation import check_success_contract, transform
from jackfield.engine.translation import translate
from jackfield.engine.upstream import (
    InboundReply,
    OutboundRequest,
    PromptUpstream,
    Sending,
    Upstream,
    UpstreamFailure,
)

WEB_SERVICES: Final = "web-services"
ENGINES: Final = (WEB_SERVICES, PLATFORM_ENGINE)
_LARGE: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a run.

    Args:
        name: as `operations[].name` shows it.
        perform: does it, and tells if there has to be a login besides; None for the call to the web service.
            Both are awaited by the engine itself.
        show: what a trace shows afterwards; None for nothing.
    """

    name: str
    perform: Callable[[Passage], bool | None] | None
    show: trace.Show | None = None


DEFINITION_STEPS = {
    ActionState.DRAFT: Step("Validate draft definition", check_definition),
    ActionState.PUBLISHED: Step("Validate action definition", check_definition),
}
_BEFORE_CALL: Final[tuple[Step, ...]] = (
    Step("Validate request body against simple input schema", check_input_contract),
    Step("Perform authentication", authenticate, trace.show_authentication),
    Step("Resolve request URL template", resolve_url, trace.show_url),
    Step("Resolve request header templates", resolve_headers, trace.show_headers),
    Step("Resolve request body template", resolve_body, trace.show_body),
)
CALL: Final = Step("Execute", None, trace.show_call)
_AFTER_CALL: Final[tuple[Step, ...]] = (
    Step("Resolve translation map", translate, trace.show_variables),
    Step("Apply output transformation", transform, trace.show_output),
    Step("Validate output against success schema", check_success_contract, trace.show_value),
)
FLATTENING: Final = Step("Flatten output", flatten_output, trace.show_value)
_AFTER_CALL_FLAT: Final[tuple[Step, ...]] = (*_AFTER_CALL, FLATTENING)


@lru_cache
def steps_before_call(state: ActionState) -> tuple[Step, ...]:
    """Return the steps before the call to the web service, in order."""
    return (
        Step("Validate request body contains simple json (key-value pairs)", check_simple_json),
        DEFINITION_STEPS[state],
        *_BEFORE_CALL,
    )


def steps_after_call(flatten: bool) -> tuple[Step, ...]:
    """Return the steps after the call to the web service, in order."""
    return _AFTER_CALL_FLAT if flatten else _AFTER_CALL


@lru_cache
def steps(state: ActionState, flatten: bool) -> tuple[Step, ...]:
    """Return the steps of a run, in order."""
    return (*steps_before_call(state), CALL, *steps_after_call(flatten))


class Engine:
    """Runs data actions of web services integrations and of the platform.

    Args:
        upstream: where requests go.
        clock: for deadlines and durations.
        limits: bounds.
        platform: where actions on the platform go; None if they cannot be run.
        prompt: `upstream` itself if it can send at once; None if every run has to be awaited.
        dialect: how templates are read.
    """

    def __init__(
        self,
        upstream: Upstream,
        clock: Clock,
        *,
        limits: EngineLimits | None = None,
        platform: Platform | None = None,
        prompt: PromptUpstream | None = None,
        dialect: Dialect = DOCUMENTED,
    ) -> None:
        self._upstream, self.clock, self._platform = upstream, clock, platform
        self._prompt = prompt
        self.limits = limits or EngineLimits()
        self.admission = Admission(self.limits, clock)
        self._logins = Logins(self.run_login, clock, platform)
        self.actions = CompiledActions(self.limits.compiled_actions, dialect)

    @property
    def upstream(self) -> Upstream:
        """The way to web services, for single requests outside of a run."""
        return self._upstream

    @property
    def running(self) -> int:
        """How many runs are under way."""
        return self.admission.running

    async def run(self, run: Run) -> RunResult:
        """Run one action; a run that fails is a result with `success` false.

        Raises:
            LimitReached: too many runs are under way.
            NotImplementedHere: the integration's engine or the credential's type has no code, or no platform
                was named.
        """
        if run.engine != WEB_SERVICES:
            self._check_engine(run.engine)
        self.admission.enter()
        try:
            passage, notes = self.begin(run)
            failure = await self._walk(passage, notes)
            result = self.result(passage, failure)
            if notes is None and failure is None and not passage.warnings:
                return result
            return await _shown(result, passage, notes)
        finally:
            self.admission.leave()

    def runs_at_once(self, engine: str, credential_type: str | None) -> bool:
        """Tell if `run_now` can run actions of an engine with a credential of this type, None for none."""
        return (
            self._prompt is not None
            and engine == WEB_SERVICES
            and not waits_for_login(engine, credential_type)
        )

    def run_now(self, run: Run, listener: RunListener) -> Flight:
        """Begin a run that nobody awaits.

        Args:
            run: in execute mode, of an action that `runs_at_once`.
            listener: hears how it ended, perhaps before this returns.

        Raises:
            LimitReached: too many runs are under way.
        """
        prompt = self._prompt
        assert prompt is not None, "asked before"
        self.admission.enter()
        flight = Flight(self, run, prompt, listener)
        flight.begin()
        return flight

    async def run_login(self, run: Run) -> LoginRun:
        """Run an auth action in test mode; not counted as a run of its own.

        Args:
            run: of the auth action.
        """
        passage, notes = self.begin(run)
        failure = await self._walk(passage, notes)
        result = await _shown(self.result(passage, failure), passage, notes)
        reply, login = passage.reply, None
        if result.success:
            login = login_of(passage.value, self.clock.monotonic())
        if reply is None:
            return LoginRun(result, login)
        return LoginRun(result, login, reply.status, shown_body(passage, reply))

    def forget_logins(self) -> None:
        """Forget the logins of all integrations; the next runs make new ones."""
        self._logins.forget()

    async def aclose(self) -> None:
        """Close upstream connections."""
        await self._logins.aclose()
        await self._upstream.aclose()
        if self._platform is not None:
            await self._platform.upstream.aclose()

    def _check_engine(self, engine: str) -> None:
        if engine not in ENGINES:
            raise NotImplementedHere(
                found("ACTION_ENGINE_MISSING", engine=engine, engines=", ".join(ENGINES))
            )
        if engine == PLATFORM_ENGINE and self._platform is None:
            raise NotImplementedHere(found("PLATFORM_UNSET"))

    def begin(self, run: Run) -> tuple[Passage, trace.Trace | None]:
        """Return the state of a run that begins now, and its notes if somebody wants to see them."""
        compiled = self.actions.get(run.action)
        begun = self.clock.monotonic()
        base = self._platform.api if self._platform is not None and run.engine == PLATFORM_ENGINE else ""
        passage = Passage(run, compiled, begun + compiled.timeout, base)
        return passage, trace.Trace() if passage.testing else None

    def result(self, passage: Passage, failure: ActionFailed | None) -> RunResult:
        """Return what a run gave, for this engine's eyes only."""
        begun = passage.deadline - passage.compiled.timeout
        return RunResult(
            success=failure is None,
            final_result="" if failure is not None else passage.final,
            error=failure,
            remote_status=passage.reply.status if passage.reply is not None else None,
            durations={"total": self.clock.monotonic() - begun, "upstream": passage.upstream_seconds},
            warnings=tuple(passage.warnings),
            failed_step=passage.failed_step,
            kept=_kept(passage) if passage.run.kept and not passage.run.action.secure else None,
        )

    async def _walk(self, passage: Passage, notes: trace.Trace | None) -> ActionFailed | None:
        """Take all steps; return what ended them before the last one."""
        for step in steps(passage.run.action.state, passage.run.flatten):
            failure: ActionFailed | None = None
            try:
                if step.perform is None:
                    await self._calling(passage)
                elif step.perform(passage):
                    await self._logins.log_in(passage)
            except ActionFailed as error:
                failure = error
            if notes is not None:
                notes.note(step.name, passage, step.show)
            if failure is not None:
                passage.failed_step = step.name
                return failure
        return None

    def _calling(self, passage: Passage) -> Coroutine[None, None, None]:
        """Return the call to the web service, with a closer look at logins where there are any."""
        platform = self._platform
        upstream = platform.upstream if platform is not None and passage.base else self._upstream
        if passage.login_kept or passage.run.action.is_login:
            return self._call_logged_in(passage, upstream)
        return call(passage, upstream, self.clock, self.limits)

    async def _call_logged_in(self, passage: Passage, upstream: Upstream) -> None:
        try:
            await call(passage, upstream, self.clock, self.limits)
        except ActionFailed:
            if not _went_stale(passage):
                raise
            await self._logins.log_in_again(passage)
            _resolve_again(passage)
            await call(passage, upstream, self.clock, self.limits)
        if passage.run.action.is_login:
            passage.hide_reply()


class Flight:
    """A run without a task: it goes on where its reply comes in.

    A task, its turns of the loop and a chain of coroutines cost as much as all steps of a small run together.
    Whatever takes time for other reasons gets a task all the same.

    Args:
        engine: whose it is.
        run: what was asked, in execute mode.
        upstream: where its request goes.
        listener: hears how it ended.
    """

    __slots__ = (
        "_begun",
        "_engine",
        "_listener",
        "_passage",
        "_run",
        "_sending",
        "_task",
        "_upstream",
    )

    def __init__(self, engine: Engine, run: Run, upstream: PromptUpstream, listener: RunListener) -> None:
        self._engine, self._run, self._upstream = engine, run, upstream
        self._listener: RunListener | None = listener
        self._passage: Passage | None = None
        self._sending: Sending | None = None
        self._task: asyncio.Task[None] | None = None
        self._begun = 0.0

    def begin(self) -> None:
        """Take the steps before the call, and send the request."""
        engine = self._engine
        try:
            passage, _ = engine.begin(self._run)
            self._passage = passage
            failure = taken(steps_before_call(self._run.action.state), passage)
            if failure is None:
                self._send(outbound(passage), passage.deadline)
                return
        except Exception as fault:  # noqa: BLE001 - a caller waits for an answer, whatever it is
            self._break(fault)
            return
        self._land(passage, failure)

    def replied(self, reply: InboundReply) -> None:
        """Take the steps after the call."""
        passage = self._timed()
        try:
            failure = arrived(passage, reply)
        except Exception as fault:  # noqa: BLE001 - as above
            self._break(fault)
            return
        self._land(passage, failure)

    def failed(self, fault: Exception) -> None:
        """Take the call's failure."""
        passage = self._timed()
        if not isinstance(fault, UpstreamFailure):
            self._break(fault)
            return
        passage.failed_step = CALL.name
        try:
            failure = unanswered(passage, fault, self._engine.limits)
        except Exception as mistake:  # noqa: BLE001 - as above
            self._break(mistake)
            return
        self._land(passage, failure)

    def cancel(self) -> None:
        """End the run; its listener hears nothing more."""
        if self._listener is None:
            return
        if self._sending is not None:
            self._sending.cancel()
        if self._task is not None:
            self._task.cancel()
        self._leave()

    def _send(self, request: OutboundRequest, deadline: float) -> None:
        self._begun = self._engine.clock.monotonic()
        sending = self._upstream.send_now(request, deadline=deadline, listener=self)
        if sending is None:
            # Others have to be waited for.
            self._task = asyncio.get_running_loop().create_task(self._send_later(request, deadline))
        elif self._listener is not None:
            self._sending = sending

    async def _send_later(self, request: OutboundRequest, deadline: float) -> None:
        try:
            reply = await self._upstream.send(request, deadline=deadline)
        except Exception as fault:  # noqa: BLE001 - as above
            self.failed(fault)
        else:
            self.replied(reply)

    def _timed(self) -> Passage:
        passage = self._passage
        assert passage is not None, "it was there when the request was sent"
        passage.upstream_seconds = self._engine.clock.monotonic() - self._begun
        return passage

    def _land(self, passage: Passage, failure: ActionFailed | None) -> None:
        """End the run with what it gave."""
        try:
            result = self._engine.result(passage, failure)
            if failure is not None or passage.warnings:
                if passage.size > _LARGE:
                    self._task = asyncio.get_running_loop().create_task(self._land_later(result, passage))
                    return
                result = _masked(result, passage, None)
        except Exception as fault:  # noqa: BLE001 - as above
            self._break(fault)
            return
        self._finish(result)

    def _finish(self, result: RunResult) -> None:
        listener = self._leave()
        if listener is not None:
            listener.finished(result)

    async def _land_later(self, result: RunResult, passage: Passage) -> None:
        try:
            shown = await _shown(result, passage, None)
        except Exception as fault:  # noqa: BLE001 - as above
            self._break(fault)
            return
        self._finish(shown)

    def _break(self, fault: Exception) -> None:
        listener = self._leave()
        if listener is None:
            # It was the listener's own.
            raise fault
        listener.broke(fault)

    def _leave(self) -> RunListener | None:
        """End the run, once; return who is to hear of it.

        Whoever holds whom is let go: what forms a circle would wait for the collector, which takes more time
        than the run.
        """
        listener, self._listener = self._listener, None
        self._sending = None
        if listener is not None:
            self._engine.admission.leave()
        return listener


def taken(steps: tuple[Step, ...], passage: Passage) -> ActionFailed | None:
    """Take steps none of which has to wait; return what ended them before the last one."""
    for step in steps:
        perform = step.perform
        assert perform is not None, "the call is not among them"
        try:
            perform(passage)
        except ActionFailed as failure:
            passage.failed_step = step.name
            return failure
    return None


def arrived(passage: Passage, reply: InboundReply) -> ActionFailed | None:
    """Judge a reply and take the steps after the call; return what ended them before the last one."""
    try:
        take_reply(passage, reply)
    except ActionFailed as failure:
        passage.failed_step = CALL.name
        return failure
    return taken(steps_after_call(passage.run.flatten), passage)


def _went_stale(passage: Passage) -> bool:
    """Tell if the service refused a login that was made before this run: another one may do."""
    reply = passage.reply
    return passage.login_kept and reply is not None and reply.status == HTTPStatus.UNAUTHORIZED


def _resolve_again(passage: Passage) -> None:
    """Render the request once more, with another login; what is suspected about it was said before."""
    said = list(passage.warnings)
    passage.login_renewed = True
    passage.reply = None
    for resolve in (resolve_url, resolve_headers, resolve_body):
        resolve(passage)
    passage.warnings = said


def _kept(passage: Passage) -> KeptBodies:
    """Return inputs and result for the log of executions, masked by value and by name."""
    mask = passage.masker
    inputs = without_secrets(mask.value(passage.run.inputs)) if passage.run.inputs is not None else None
    result = json_text(without_secrets(mask.value(passage.value))) if passage.final else ""
    shown = mask(passage.run.raw_request) if inputs is None else json_text(inputs)
    return KeptBodies(shown, result, whole=inputs is not None and inputs == passage.run.inputs)


async def _shown(result: RunResult, passage: Passage, notes: trace.Trace | None) -> RunResult:
    """Return the result as it may leave the engine."""
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
