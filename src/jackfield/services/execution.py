"""Running data actions: finds what a run needs, opens its credentials for this run only, and runs it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from jackfield.catalog import Catalog
from jackfield.domain.action import AUTH_PREFIX, Action, ActionState, auth_action_id
from jackfield.domain.catalogue import found
from jackfield.domain.credential import Credential, CredentialValues
from jackfield.domain.errors import JackfieldError, NotFound, NotImplementedHere, Refused
from jackfield.domain.execution_log import ExecutionLog, LoggedRun, NoExecutionLog, RunOutcome
from jackfield.domain.finding import Finding, Place
from jackfield.domain.identity import Caller
from jackfield.domain.integration import Integration, IntendedState
from jackfield.domain.json_reader import read_json
from jackfield.domain.ports import ActionEngine, Clock, Store, Transaction, Vault
from jackfield.domain.run import Run, RunMode, RunResult
from jackfield.domain.secret import Secret
from jackfield.engine.json_text import NotJson, read_json_text
from jackfield.rules.action_hosts import check_host
from jackfield.services.actions import visible
from jackfield.services.auth_actions import CUSTOM_LOGIN
from jackfield.services.credentials import openers
from jackfield.services.logged_runs import finished, unfinished
from jackfield.services.manners import PROMPT, Manners
from jackfield.services.outcome import Outcome, admit
from jackfield.services.prompt_execution import Asker, PromptExecution, outcome_of
from jackfield.services.repeats import Repeats

CACHED_ACTIONS: Final = 2_000
_NO_VALUE: Final = "a text with values that JSON does not have"
_ADVICE: Final = "Send a JSON object"


@dataclass(frozen=True, slots=True)
class Runnable:
    """What runs of one action share: everything but inputs and opened secrets.

    Args:
        at_once: no run has to wait for anything but the web service.
    """

    action: Action
    integration: Integration
    engine: str
    credential: Credential | None
    login: Action | None = None
    revision: str = ""
    suspected: tuple[Finding, ...] = ()
    openers: dict[str, Callable[[], Secret]] = field(default_factory=dict)
    at_once: bool = False

    def opened(self) -> CredentialValues | None:
        """Open the credential's secrets for one run."""
        credential = self.credential
        if credential is None:
            return None
        fields = {name: opened() for name, opened in self.openers.items()}
        return CredentialValues(credential.id, credential.type_name, fields)

    @property
    def waits_for_login(self) -> bool:
        """True while the auth action that it needs is not there."""
        credential = self.credential
        needed = credential is not None and credential.type_name == CUSTOM_LOGIN
        return needed and self.login is None and not self.action.is_login


class ExecutionService:
    """Executes and tests data actions.

    Args:
        store: read only when an action is not cached; the hot path never touches it.
        vault: opens sealed fields, once per run.
        engine: runs them.
        catalog: says which engine runs which integration type.
        clock: for the log.
        log: keeps what ran.
        manners: when an auth action is there.
    """

    def __init__(
        self,
        store: Store,
        vault: Vault,
        engine: ActionEngine,
        catalog: Catalog,
        clock: Clock,
        log: ExecutionLog | None = None,
        manners: Manners = PROMPT,
    ) -> None:
        self._store, self._vault, self._engine = store, vault, engine
        self._catalog, self._clock, self._manners = catalog, clock, manners
        self._log = log or NoExecutionLog()
        self._repeats = Repeats(store, clock)
        self._generation = 0
        self._cache: dict[tuple[str, str, ActionState], Runnable] = {}

    def forget(self) -> None:
        """Drop what is cached; called after every change of this node's data."""
        self._generation += 1
        self._cache.clear()

    async def execute(self, caller: Caller, action_id: str, body: bytes, flatten: bool) -> Outcome[bytes]:
        """Run a published action and return its result's JSON text, with what is suspected about the run.

        Raises:
            NotFound: there is no such action.
            Refused: the body is not JSON, or the action is an auth action.
            ActionFailed: the run failed.
            LimitReached: too many runs at once.
        """
        if action_id.startswith(AUTH_PREFIX):
            place = Place("path/actionId")
            raise Refused(found("AUTH_ACTION_NOT_EXECUTED", place, seen=action_id, action_id=action_id))
        if caller.idempotency is None:
            return outcome_of(
                await self._run(caller, action_id, ActionState.PUBLISHED, body, RunMode.EXECUTE, flatten)
            )

        async def once() -> Outcome[bytes]:
            return outcome_of(
                await self._run(caller, action_id, ActionState.PUBLISHED, body, RunMode.EXECUTE, flatten)
            )

        return await self._repeats.once(caller, once)

    def ready(self, organization_id: str, action_id: str) -> Runnable | None:
        """Return a published action if everything that its runs need is at hand, and none has to wait."""
        runnable = self._cache.get((organization_id, action_id, ActionState.PUBLISHED))
        return runnable if runnable is not None and runnable.at_once else None

    def execute_now(
        self, caller: Caller, runnable: Runnable, body: bytes, asker: Asker, at: datetime
    ) -> PromptExecution:
        """Begin to run a published action without anybody awaiting it; the answer is that of `execute`.

        Args:
            caller: without an Idempotency-Key, which would have to be looked up.
            runnable: what `ready` returned.
            asker: hears what execute answers, perhaps before this returns.
            at: when it was asked for.

        Raises:
            Refused: the body is not JSON.
        """
        suspected = self._admitted(caller, runnable)
        run = self._run_of(caller, runnable, body, RunMode.EXECUTE, flatten=False)
        execution = PromptExecution(self._log, self._clock, caller, run, len(body), suspected, asker, at)
        execution.begin(self._engine)
        return execution

    async def test(
        self,
        caller: Caller,
        action_id: str,
        body: bytes,
        flatten: bool,
        state: ActionState = ActionState.PUBLISHED,
    ) -> RunResult:
        """Run an action in test mode; a failed run is a result too.

        Raises:
            NotFound: there is no such action in this state.
            Refused: the body is not JSON.
        """

        async def run() -> RunResult:
            return await self._run(caller, action_id, state, body, RunMode.TEST, flatten)

        return await self._repeats.once(caller, run)

    async def _run(
        self, caller: Caller, action_id: str, state: ActionState, body: bytes, mode: RunMode, flatten: bool
    ) -> RunResult:
        runnable = self._cache.get((caller.organization_id, action_id, state))
        if runnable is None:
            runnable = await self._load(caller, action_id, state)
        suspected = self._admitted(caller, runnable)
        run = self._run_of(caller, runnable, body, mode, flatten)
        result = await self._logged(caller, run, len(body))
        return replace(result, warnings=(*suspected, *result.warnings)) if suspected else result

    def _admitted(self, caller: Caller, runnable: Runnable) -> tuple[Finding, ...]:
        """Return what is suspected about a run.

        Raises:
            NotImplementedHere: nothing runs actions of this integration type.
            Refused: the caller wants no suspicious run.
        """
        if not runnable.engine:
            raise self._no_engine(runnable.integration)
        return runnable.suspected and admit(runnable.suspected, strict=caller.strict)

    def _run_of(self, caller: Caller, runnable: Runnable, body: bytes, mode: RunMode, flatten: bool) -> Run:
        """Return what the engine is asked for, secrets opened.

        Raises:
            Refused: the body is not JSON.
        """
        inputs, text = _inputs(body)
        return Run(
            action=runnable.action,
            engine=runnable.engine,
            inputs=inputs,
            raw_request=text,
            credentials=runnable.opened(),
            correlation_id=caller.correlation_id,
            mode=mode,
            flatten=flatten,
            login=runnable.login,
            revision=runnable.revision,
            hops=caller.hops,
            kept=self._log.keeps_bodies,
        )

    async def _logged(self, caller: Caller, run: Run, size: int) -> RunResult:
        """Run an action; whatever becomes of it stands in the log."""
        at, begun = self._clock.now(), self._clock.monotonic()
        entry: LoggedRun | None = None
        try:
            result = await self._engine.run(run)
            entry = finished(caller, run, at, size, result)
        except asyncio.CancelledError:
            entry = unfinished(caller, run, at, size, RunOutcome.INTERRUPTED)
            raise
        except JackfieldError as error:
            entry = unfinished(caller, run, at, size, RunOutcome.FAILED, error)
            raise
        finally:
            if entry is not None:
                entry.seconds = self._clock.monotonic() - begun
                self._log.add(entry)
        return result

    async def _load(self, caller: Caller, action_id: str, state: ActionState) -> Runnable:
        before = self._generation
        runnable = await self._store.read(
            lambda transaction: self._runnable(transaction, caller, action_id, state)
        )
        if before != self._generation or runnable.waits_for_login:
            # Something changed while this was read, or will: good for this run, but not to keep.
            return runnable
        if len(self._cache) >= CACHED_ACTIONS:
            self._cache.pop(next(iter(self._cache)))
        self._cache[(caller.organization_id, action_id, state)] = runnable
        return runnable

    def _runnable(
        self, transaction: Transaction, caller: Caller, action_id: str, state: ActionState
    ) -> Runnable:
        action = visible(transaction, caller, action_id, state, self._manners)
        integration = transaction.integrations.get(caller.organization_id, action.integration_id)
        if integration is None:
            raise NotFound(found("INTEGRATION_NOT_FOUND", entity_id=action.integration_id))
        kind = self._catalog.integration_types.get(integration.type_id)
        attached = tuple(integration.configuration.credentials.values())
        credentials = transaction.credentials.get_many(caller.organization_id, attached[:1])
        credential = credentials[0] if credentials else None
        login = None
        if credential is not None and credential.type_name == CUSTOM_LOGIN and not action.is_login:
            login = transaction.actions.get(
                caller.organization_id, auth_action_id(integration.id), ActionState.PUBLISHED
            )
            if login is not None and not self._manners.shows_auth_action(login.created, integration.id):
                login = None
        revision = _revision(integration, credential, login)
        return Runnable(
            action,
            integration,
            kind.engine if kind else "",
            credential,
            login,
            revision,
            (*_warnings(integration), *check_host(action.config, attached=credential is not None)),
            openers(self._vault, credential) if credential is not None else {},
            self._runs_at_once(kind.engine if kind else "", credential),
        )

    def _runs_at_once(self, engine: str, credential: Credential | None) -> bool:
        return self._engine.runs_at_once(engine, None if credential is None else credential.type_name)

    def _no_engine(self, integration: Integration) -> NotImplementedHere:
        engines = ", ".join(
            f"`{kind.id}`" for kind in self._catalog.integration_types.values() if kind.engine
        )
        return NotImplementedHere(found("ENGINE_MISSING", type_id=integration.type_id, engines=engines))


def _revision(integration: Integration, credential: Credential | None, login: Action | None) -> str:
    """Return what a kept login depends on: change any of it, and another login is made."""
    parts = (
        credential.id if credential is not None else "",
        credential.version if credential is not None else 0,
        login.version if login is not None else 0,
        integration.configuration.version,
    )
    return "/".join(str(part) for part in parts)


def _inputs(body: bytes) -> tuple[dict[str, object] | None, str]:
    """Return the caller's object and its text; None where the body is JSON but no object.

    Raises:
        Refused: the body is not JSON; the findings say where and what to write.
    """
    if not body.strip():
        return {}, "{}"
    try:
        value = read_json_text(body)
    except NotJson:
        errors = tuple(fault for fault in read_json(body).faults if fault.is_error)
        raise Refused(*(errors or (found("JSON_NOT_JSON", kind=_NO_VALUE, advice=_ADVICE),))) from None
    return (value if isinstance(value, dict) else None), body.decode()


def _warnings(integration: Integration) -> tuple[Finding, ...]:
    if integration.intended_state is IntendedState.ENABLED:
        return ()
    return (found("INTEGRATION_DISABLED", name=integration.name, integration_id=integration.id),)
