"""Testing a data action without a server: the engine's own pipeline, with replies from wherever one likes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from jackfield.domain.action import Action, ActionState
from jackfield.domain.catalogue import found
from jackfield.domain.credential import CredentialValues
from jackfield.domain.errors import ActionFailed
from jackfield.domain.finding import Finding
from jackfield.domain.login import Login
from jackfield.domain.masking import Masker
from jackfield.domain.run import Operation, Run, RunMode, RunResult
from jackfield.domain.secret import Secret
from jackfield.engine.context import secrets_of
from jackfield.engine.dialect import DOCUMENTED, Dialect
from jackfield.engine.failures import AUTHENTICATION as AUTHENTICATION_CLASS
from jackfield.engine.flattening import flatten
from jackfield.engine.json_text import json_text, read_json_text
from jackfield.engine.pipeline import Engine
from jackfield.engine.upstream import InboundReply, OutboundRequest
from jackfield.workbench.clock import BenchClock
from jackfield.workbench.credentials import MADE_UP_ID, made_up_credentials
from jackfield.workbench.documents import ActionDocument
from jackfield.workbench.inputs import made_up_inputs
from jackfield.workbench.logins import BenchLogin, LoginFailed, log_in, made_up_login, platform_login
from jackfield.workbench.placement import placed
from jackfield.workbench.replies.source import Occasion, Provenance, ReplySource
from jackfield.workbench.samples import parsed_schema
from jackfield.workbench.shaping import Shape, ShapedActions
from jackfield.workbench.trace import AUTHENTICATION, TranslationRow, translation_rows
from jackfield.workbench.treatments import (
    PLATFORM,
    WEB_SERVICES,
    Means,
    Treatment,
    integration_type_of,
    treatment_of,
)

ORGANIZATION: Final = "00000000-0000-4000-8000-000000000000"
CORRELATION: Final = "00000000-0000-4000-8000-00000000c0de"
_ENGINE: Final = "web-services"


@dataclass(frozen=True, slots=True)
class Trial:
    """One test of one action.

    Args:
        document: the action.
        replies: where replies come from.
        inputs: None makes them up from the input contract.
        raw_request: the caller's text; made from the inputs if None. With a text that is no object, `inputs`
            is None, too, and nothing is made up.
        credentials: None makes up what the templates name.
        login: the login action of the integration, run first if the action uses its answer.
        login_replies: where the login's replies come from; `replies` if None.
        platform: address for actions on the platform and for functions; "" for the usual one.
        fetch_token: get a real token from the platform, through `replies`.
        flatten: ask for the flat form.
        state: which of both forms of an action is tested; it names the second step.
    """

    document: ActionDocument
    replies: ReplySource
    inputs: Mapping[str, Any] | None = None
    raw_request: str | None = None
    credentials: CredentialValues | None = None
    login: ActionDocument | None = None
    login_replies: ReplySource | None = None
    platform: str = ""
    fetch_token: bool = False
    flatten: bool = False
    state: ActionState = ActionState.DRAFT


@dataclass(frozen=True, slots=True)
class BenchResult:
    """What a test gave.

    Args:
        document: the action.
        result: what the engine answered, as the wire's test answer; masked.
        inputs: what the action was called with.
        treatment: how its type of integration is tested.
        login: the run of the login action, if there was one.
        provenance: where the reply came from; None if no request was sent.
        method: of the request.
        translation: how each variable came to its value.
        findings: what went wrong, then what is suspected; placed in the author's file.
        made_up: what was made up: `input`, `credentials`, `token`, `login`, `reply`.
        flattened: the flat form of the result, None if the run failed.
    """

    document: ActionDocument
    result: RunResult
    inputs: Mapping[str, Any] | None
    treatment: Treatment
    login: BenchResult | None = None
    provenance: Provenance | None = None
    method: str = ""
    translation: tuple[TranslationRow, ...] = ()
    findings: tuple[Finding, ...] = ()
    made_up: tuple[str, ...] = ()
    flattened: Mapping[str, Any] | None = None

    @property
    def success(self) -> bool:
        """True if every step succeeded."""
        return self.result.success

    @property
    def value(self) -> Any:
        """The final result, None if the run failed."""
        return read_json_text(self.result.final_result.encode()) if self.result.final_result else None


class Bench:
    """Runs tests one after the other; keeps compiled actions between them. A context manager.

    Args:
        clock: the one that sources of replies put forward.
        dialect: how templates are read.
    """

    def __init__(self, clock: BenchClock | None = None, dialect: Dialect = DOCUMENTED) -> None:
        self.clock = clock or BenchClock()
        self._tap = _Tap()
        self._engine = Engine(self._tap, self.clock)
        self._actions = ShapedActions(dialect)
        self._engine.actions = self._actions
        # Not a runner: that takes the interrupt's handler away and back for every single run.
        self._loop = asyncio.new_event_loop()

    def __enter__(self) -> Bench:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the bench's event loop."""
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()

    def run(self, trial: Trial) -> BenchResult:
        """Run one test; a run that fails is a result, too.

        Raises:
            OperationRefused: a source of replies cannot be used at all.
        """
        return self._loop.run_until_complete(self.run_async(trial))

    def finish(self, replies: ReplySource) -> None:
        """Close what a source of replies has open."""
        self._loop.run_until_complete(replies.aclose())

    async def run_async(self, trial: Trial) -> BenchResult:
        """Run one test inside a running event loop; not two at the same time."""
        return (await self._try(trial))[0]

    async def _try(self, trial: Trial) -> tuple[BenchResult, Login | None]:
        """Run one test, and return besides what it gave as a login action."""
        document = trial.document
        credentials = trial.credentials if trial.credentials is not None else made_up_credentials(document)
        if document.is_login and credentials is not None:
            # The login's own templates see the fields; nothing is logged in before it.
            credentials = replace(credentials, type_name="userDefined")
        treatment = treatment_of(integration_type_of(document), credentials.type_name if credentials else "")
        if (
            treatment.native
            and credentials is not None
            and credentials.type_name != treatment.credential_type
        ):
            # A type that web services do not take acts as one of the author's own.
            credentials = replace(credentials, type_name="userDefined")
        inputs = trial.inputs
        if inputs is None and trial.raw_request is None:
            inputs = made_up_inputs(document)
        prepared = _Prepared(trial, treatment, credentials, inputs)
        try:
            login = None if treatment.native else await self._login(prepared)
        except LoginFailed as failure:
            return await self._without_login(prepared, failure), None
        return await self._pass(prepared, login)

    async def _login(self, prepared: _Prepared) -> BenchLogin:
        trial, credentials = prepared.trial, prepared.credentials
        if trial.login is not None and prepared.treatment.integration_type != PLATFORM:
            first, made = await self._try(
                replace(
                    trial,
                    document=trial.login,
                    replies=trial.login_replies or trial.replies,
                    inputs={},
                    raw_request=None,
                    # What was made up for the action lacks what the login's own templates name.
                    credentials=trial.credentials,
                    login=None,
                    flatten=False,
                )
            )
            return log_in(first, made)
        if trial.fetch_token and prepared.treatment.integration_type == PLATFORM:
            trial.replies.begin(prepared.occasion(self.clock, ()))
            return await platform_login(trial.platform, credentials, trial.replies, self.clock)
        return made_up_login(trial.document, prepared.treatment)

    async def _without_login(self, prepared: _Prepared, failure: LoginFailed) -> BenchResult:
        """Return a run that ended with authentication: what comes before it is run, nothing is sent."""
        self._tap.use(None)
        self._actions.shape = prepared.shape()
        without = made_up_login(prepared.trial.document, prepared.treatment)
        result = await self._engine.run(prepared.run(without))
        before = tuple(one for one in result.operations[:3] if one.success)
        if len(before) == 3:
            error = ActionFailed(
                failure.finding, status=400, code="invalid.credentials", detail=AUTHENTICATION_CLASS
            )
            step = Operation(4, AUTHENTICATION, False, prepared.shown_authentication(None), error)
            result = replace(result, success=False, final_result="", operations=(*before, step), error=error)
        return replace(prepared.outcome(result, None, None, self._tap), login=failure.run)

    async def _pass(self, prepared: _Prepared, login: BenchLogin | None) -> tuple[BenchResult, Login | None]:
        trial = prepared.trial
        occasion = prepared.occasion(self.clock, login.login.secrets if login is not None else ())
        trial.replies.begin(occasion)
        self._tap.use(trial.replies)
        self._actions.shape = prepared.shape()
        run, made = prepared.run(login), None
        try:
            if trial.document.is_login:
                result, made = await self._as_login(run)
            else:
                result = await self._engine.run(run)
        finally:
            self._tap.source = None
        return prepared.outcome(result, login, occasion.mask, self._tap), made

    async def _as_login(self, run: Run) -> tuple[RunResult, Login | None]:
        outcome = await self._engine.run_login(run)
        return outcome.result, outcome.login


class _Tap:
    """The engine's upstream: sends through the source of the test and keeps what went to and fro."""

    def __init__(self) -> None:
        self.source: ReplySource | None = None
        self.provenance: Provenance | None = None
        self.request: OutboundRequest | None = None
        self.reply: InboundReply | None = None

    def use(self, source: ReplySource | None) -> None:
        self.source, self.provenance, self.request, self.reply = source, None, None, None

    async def send(self, request: OutboundRequest, *, deadline: float) -> InboundReply:
        if self.source is None:
            raise ActionFailed(
                found("REPLIES_USED_UP", count=0, method=request.method, url=request.target.authority),
                status=502,
                code="bad.gateway",
                detail=AUTHENTICATION_CLASS,
            )
        self.request = request
        self.reply = await self.source.send(request, deadline=deadline)
        self.provenance = self.source.provenance
        return self.reply

    async def aclose(self) -> None:
        """Sources are closed by whoever made them."""


@dataclass(frozen=True, slots=True)
class _Prepared:
    """One test, with all that was made up for it."""

    trial: Trial
    treatment: Treatment
    credentials: CredentialValues | None
    inputs: Mapping[str, Any] | None

    def run(self, login: BenchLogin | None) -> Run:
        trial = self.trial
        raw = trial.raw_request
        return make_run(
            make_action(trial.document, trial.state),
            self.inputs,
            json_text(self.inputs) if raw is None else raw,
            self._for_engine(),
            flatten=trial.flatten,
            given=login.login if login is not None else None,
        )

    def _for_engine(self) -> CredentialValues | None:
        """Return the credentials as the engine applies them; only web services have types of their own."""
        if self.treatment.integration_type == WEB_SERVICES:
            return self.credentials
        fields = self.credentials.fields if self.credentials is not None else {}
        return CredentialValues(MADE_UP_ID, "userDefined", fields)

    def occasion(self, clock: BenchClock, secrets: tuple[Secret, ...]) -> Occasion:
        hidden = [*secrets_of(self.credentials), *(secret.reveal() for secret in secrets)]
        return Occasion(self.trial.document, Masker(hidden), clock, self.inputs or {})

    def shape(self) -> Shape | None:
        """Return what is added to the action; None for web services, which the engine runs as they are."""
        treatment, address = self.treatment, self.trial.platform.rstrip("/")
        if treatment.integration_type == WEB_SERVICES:
            return None
        if treatment.invokes:
            address = f"{address}/2015-03-31/functions/" if address else treatment.address
        elif treatment.integration_type != PLATFORM or not address:
            address = treatment.address
        return Shape(
            address=address,
            invokes=treatment.invokes,
            sees_credentials=treatment.credential_type == "userDefined",
        )

    def shown_authentication(self, login: BenchLogin | None) -> dict[str, Any]:
        """Return what the trace shows of step 4."""
        kind = self.credentials.type_name if self.credentials is not None else "none"
        means = (
            Means.SIMULATED if login is not None and login.login.made_up else self.treatment.authentication
        )
        return {
            "type": kind,
            "fields": sorted(self.credentials.fields) if self.credentials is not None else [],
            "authentication": means.value,
            "how": self.treatment.words,
        }

    def outcome(
        self,
        result: RunResult,
        login: BenchLogin | None,
        mask: Masker | None,
        tap: _Tap,
    ) -> BenchResult:
        mask = mask or Masker(secrets_of(self.credentials))
        if login is not None:
            result = replace(result, operations=tuple(self._shown(one, login) for one in result.operations))
        document = self.trial.document
        errors = result.error.findings if result.error is not None else ()
        value = read_json_text(result.final_result.encode()) if result.final_result else None
        schema = parsed_schema(document.contract.success_schema)
        return BenchResult(
            document=document,
            result=result,
            inputs=self.inputs,
            treatment=self.treatment,
            login=login.run if login is not None else None,
            provenance=tap.provenance,
            method=tap.request.method if tap.request is not None else document.config.request.request_type,
            translation=translation_rows(document, result, tap.reply, mask),
            findings=tuple(placed(one, document) for one in (*errors, *result.warnings)),
            made_up=self._made_up(login, tap),
            flattened=None if not result.success else value if self.trial.flatten else flatten(value, schema),
        )

    def _shown(self, operation: Operation, login: BenchLogin) -> Operation:
        if operation.name != AUTHENTICATION:
            return operation
        return replace(operation, result=self.shown_authentication(login))

    def _made_up(self, login: BenchLogin | None, tap: _Tap) -> tuple[str, ...]:
        made_up = []
        if self.trial.inputs is None and self.trial.raw_request is None and self.inputs:
            made_up.append("input")
        if self.trial.credentials is None and self.credentials is not None and self.credentials.fields:
            made_up.append("credentials")
        if login is not None and login.login.made_up:
            made_up.append(login.login.made_up)
        if tap.provenance is not None and tap.provenance.origin == "synthesized":
            made_up.append("reply")
        return tuple(made_up)


def run(trial: Trial) -> BenchResult:
    """Run one test on a bench of its own."""
    with Bench() as bench:
        return bench.run(trial)


def make_run(
    action: Action,
    inputs: Mapping[str, Any] | None,
    raw_request: str,
    credentials: CredentialValues | None,
    *,
    flatten: bool = False,
    given: Login | None = None,
) -> Run:
    """Return a run in test mode, as the engine takes it."""
    return Run(
        action=action,
        engine=_ENGINE,
        inputs=inputs,
        raw_request=raw_request,
        credentials=credentials,
        correlation_id=CORRELATION,
        mode=RunMode.TEST,
        flatten=flatten,
        given=given,
    )


def make_action(document: ActionDocument, state: ActionState = ActionState.DRAFT) -> Action:
    """Return a document's action as the engine takes it, with the same ids every time."""
    identity = f"{document.action_type}_-_{uuid5(NAMESPACE_URL, str(document.origin.path) + document.name)}"
    moment = BenchClock().now()
    return Action(
        id=identity,
        organization_id=ORGANIZATION,
        integration_id=document.integration_id or ORGANIZATION,
        name=document.name,
        category=document.category,
        version=1,
        secure=document.secure,
        config=document.config,
        contract=document.contract,
        state=state,
        created=moment,
        modified=moment,
    )
