"""Step 4 where it takes a login: the auth action of a web services integration, or a token of the platform.

A login is made once and its result used by all runs of the integration. It is made again when the credential,
the auth action or the configuration changes, when it says itself that it has expired, and, once per run, when
the service answers 401 to a login that was kept.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from http import HTTPStatus
from typing import Any, Final

from jackfield.domain.catalogue import CATALOGUE, found
from jackfield.domain.errors import ActionFailed
from jackfield.domain.finding import Finding
from jackfield.domain.login import Login, secrets_in
from jackfield.domain.masking import Masker
from jackfield.domain.ports import Clock
from jackfield.domain.run import Run, RunMode, RunResult
from jackfield.engine.context import secrets_of
from jackfield.engine.failures import AUTHENTICATION, HIDDEN, SHOWN
from jackfield.engine.passage import Passage
from jackfield.engine.platform import Platform, TokenRefused, expiry, fetch_token
from jackfield.engine.sessions import LoginTimeout, Sessions
from jackfield.engine.target import TargetRefused
from jackfield.engine.upstream import Fault, InboundReply, UpstreamFailure

PLATFORM_ENGINE: Final = "genesys-cloud"
PLATFORM_CREDENTIAL: Final = "pureCloudOAuthClient"
CUSTOM_LOGIN: Final = "userDefinedOAuth"
_SECONDS: Final = 60.0
_SHOWN: Final = 2_000
_TIMED_OUT: Final = frozenset({Fault.TIMEOUT.value})


@dataclass(frozen=True, slots=True)
class LoginRun:
    """The run of an auth action.

    Args:
        result: as a test answers it, masked.
        login: what it gave, not masked; None if it failed.
        status: of the service's reply; None if none came.
        body: the beginning of that reply, masked.
    """

    result: RunResult
    login: Login | None = None
    status: int | None = None
    body: str = ""


class LoginFailed(Exception):
    """A login gave nothing. Every run that waited for it makes its own error of this.

    Args:
        finding: what happened; says nothing of a remote body.
        more: the findings of the auth action's own step; may show what the service answered.
        status: HTTP status of the answer.
        code: the cloud's top-level code.
        reason: for the nested message where nothing was answered.
        body: what was answered, masked; None if nothing was.
    """

    def __init__(
        self,
        finding: Finding,
        *more: Finding,
        status: int | None = None,
        code: str = "",
        reason: str = "",
        body: str | None = None,
    ) -> None:
        super().__init__(finding.code)
        entry = CATALOGUE[finding.code]
        self.finding, self.more = finding, more
        self.status, self.code = status or entry.status, code or entry.wire_code
        self.reason, self.body = reason, body

    def error(self, run: Run) -> ActionFailed:
        """Return the error of one run; in execute mode it says nothing of what the service answered."""
        testing = run.mode is RunMode.TEST
        if self.body is None:
            nested, more = self.reason or self.finding.message, self.more
        else:
            nested, more = (f"{SHOWN}{self.body}", self.more) if testing else (HIDDEN, ())
        return ActionFailed(
            self.finding,
            *more,
            status=self.status,
            code=self.code,
            detail=AUTHENTICATION,
            nested=f"{nested} [{run.correlation_id}]",
        )


class Logins:
    """Logs runs in.

    Args:
        run_login: runs an auth action.
        clock: for deadlines and what expires.
        platform: the one whose tokens are fetched; None if none was named.
    """

    def __init__(
        self, run_login: Callable[[Run], Awaitable[LoginRun]], clock: Clock, platform: Platform | None
    ) -> None:
        self._run_login, self._clock, self._platform = run_login, clock, platform
        self._sessions = Sessions(clock)

    async def log_in(self, passage: Passage) -> None:
        """Give a run its login, a kept one if there is one.

        Raises:
            ActionFailed: there is none to be had.
        """
        run = passage.run
        if run.given is not None:
            passage.use(run.given, kept=False)
            return
        key = (run.action.organization_id, run.action.integration_id)
        make = self._token if run.engine == PLATFORM_ENGINE else self._custom
        try:
            login, kept = await self._sessions.get(key, run.revision, partial(make, run), passage.deadline)
        except LoginTimeout:
            seconds = passage.compiled.timeout
            raise LoginFailed(found("ACTION_LOGIN_TIMEOUT", seconds=seconds)).error(run) from None
        except LoginFailed as failure:
            raise failure.error(run) from None
        passage.use(login, kept=kept)

    async def log_in_again(self, passage: Passage) -> None:
        """Give a run another login in the place of the one that was refused.

        Raises:
            ActionFailed: there is none to be had.
        """
        action, login = passage.run.action, passage.login
        assert login is not None, "only a run with a login is refused for it"
        self._sessions.drop((action.organization_id, action.integration_id), login)
        await self.log_in(passage)
        passage.login_kept = False

    def forget(self) -> None:
        """Forget all logins; the next runs make new ones."""
        self._sessions.forget()

    async def aclose(self) -> None:
        """End logins that are under way."""
        await self._sessions.aclose()

    async def _custom(self, run: Run) -> Login:
        action = run.login
        if action is None:
            raise LoginFailed(found("AUTH_ACTION_MISSING", integration_id=run.action.integration_id))
        # Always in test mode: whoever waits decides by its own mode what of it is shown.
        wanted = replace(
            run, action=action, inputs={}, raw_request="{}", mode=RunMode.TEST, flatten=False, login=None
        )
        outcome = await self._run_login(wanted)
        if outcome.login is None:
            raise login_failure(outcome, action.name)
        return outcome.login

    async def _token(self, run: Run) -> Login:
        platform, credentials = self._platform, run.credentials
        assert platform is not None, "checked before the run began"
        if credentials is None or credentials.type_name != PLATFORM_CREDENTIAL:
            raise LoginFailed(found("PLATFORM_CREDENTIAL_MISSING"))
        now = self._clock.monotonic()
        try:
            return await fetch_token(platform, credentials, now=now, deadline=now + _SECONDS)
        except TokenRefused as refused:
            raise _token_refused(platform, refused.reply, Masker(secrets_of(credentials))) from None
        except UpstreamFailure as failure:
            raise _unanswered(platform, failure) from None
        except TargetRefused as refused:
            raise LoginFailed(refused.finding) from None


def login_of(value: Any, now: float) -> Login | None:
    """Return the login that an auth action's result is; None if it is no object.

    Args:
        value: the result.
        now: when it came, in the clock's monotonic seconds.
    """
    if not isinstance(value, dict):
        return None
    return Login(value, secrets=tuple(secrets_in(value)), expires=expiry(value, now))


def login_failure(outcome: LoginRun, name: str) -> LoginFailed:
    """Return why the run of an auth action gave no login.

    Args:
        outcome: the run.
        name: of the auth action.
    """
    error = outcome.result.error
    if error is None:
        return LoginFailed(found("ACTION_LOGIN_NOT_OBJECT", name=name))
    step = outcome.result.operations[-1].name
    body = outcome.body if outcome.status is not None else None
    first = error.findings[0]
    if first.code in _TIMED_OUT:
        return LoginFailed(found("ACTION_LOGIN_TIMEOUT", seconds=int(_SECONDS)), *error.findings)
    # What was answered is not for everybody.
    reason = "a test of it shows the answer" if body is not None else first.message.rstrip(".")
    if outcome.status is not None and not 200 <= outcome.status < 300:
        return LoginFailed(_refused(outcome.status, name), *error.findings, body=body)
    return LoginFailed(
        found("ACTION_LOGIN_FAILED", name=name, step=step, reason=reason),
        *error.findings,
        status=error.status,
        code=error.code,
        reason=error.nested.rpartition(" [")[0] or first.message,
        body=body,
    )


def _refused(status: int, name: str) -> Finding:
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "(no standard status)"
    return found("ACTION_LOGIN_REFUSED", name=name, status=status, phrase=phrase)


def _token_refused(platform: Platform, reply: InboundReply, mask: Masker) -> LoginFailed:
    # What a login answers with 200 may hold a token even if it is not the expected one.
    shown = reply.body.decode("utf-8", "replace") if reply.status != HTTPStatus.OK else "(not shown)"
    name = f"{platform.login}/oauth/token"
    return LoginFailed(_refused(reply.status, name), body=mask.cut(shown, _SHOWN))


def _unanswered(platform: Platform, failure: UpstreamFailure) -> LoginFailed:
    if failure.fault is Fault.TIMEOUT:
        return LoginFailed(found("ACTION_LOGIN_TIMEOUT", seconds=int(_SECONDS)))
    entry = CATALOGUE[failure.fault.value]
    reason = failure.reason or failure.phase or entry.title
    return LoginFailed(
        found("ACTION_LOGIN_FAILED", name=f"{platform.login}/oauth/token", step="Execute", reason=reason),
        status=entry.status,
        code=entry.wire_code,
        reason=reason,
    )
