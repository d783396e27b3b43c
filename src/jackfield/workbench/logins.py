"""What is done before an action is run: its integration's login, a token of the platform, or neither."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jackfield.domain.catalogue import found
from jackfield.domain.credential import CredentialValues
from jackfield.domain.finding import Finding
from jackfield.domain.login import Login, secrets_in
from jackfield.domain.ports import Clock
from jackfield.engine.platform import Platform, TokenRefused, fetch_token, made_up_token
from jackfield.engine.target import TargetRefused
from jackfield.engine.upstream import Upstream, UpstreamFailure
from jackfield.workbench.credentials import login_fields, needs_login
from jackfield.workbench.documents import ActionDocument
from jackfield.workbench.trace import failed_step
from jackfield.workbench.treatments import WEB_SERVICES, Treatment

if TYPE_CHECKING:
    from jackfield.workbench.bench import BenchResult

_SECONDS: Final = 15.0


@dataclass(frozen=True, slots=True)
class BenchLogin:
    """What was done before an action.

    Args:
        login: what it gave.
        run: the run of the login action, if there was one.
    """

    login: Login
    run: BenchResult | None = None


class LoginFailed(Exception):
    """The login did not succeed; the finding says why.

    Args:
        run: the run of the login action, if there was one.
    """

    def __init__(self, finding: Finding, run: BenchResult | None = None) -> None:
        super().__init__(finding.code)
        self.finding, self.run = finding, run


def log_in(first: BenchResult, made: Login | None) -> BenchLogin:
    """Return what the run of a login action gave.

    Args:
        first: the run.
        made: the login, as the engine has it.

    Raises:
        LoginFailed: the run failed.
    """
    step = failed_step(first.result)
    if step is not None:
        raise LoginFailed(
            found(
                "BENCH_LOGIN_FAILED",
                first.findings[0].place if first.findings else None,
                name=first.document.name,
                step=step.name,
                reason=first.findings[0].message if first.findings else "",
                path=first.document.origin.path,
            ),
            first,
        )
    if made is None:
        raise LoginFailed(found("ACTION_LOGIN_NOT_OBJECT", name=first.document.name), first)
    return BenchLogin(made, first)


def made_up_login(document: ActionDocument, treatment: Treatment) -> BenchLogin:
    """Return a login that nobody made, so that the rest of the action can be tested."""
    if treatment.invokes:
        return BenchLogin(Login())
    if treatment.integration_type == WEB_SERVICES:
        if not needs_login(document):
            return BenchLogin(Login())
        fields = login_fields(document)
        return BenchLogin(Login(fields, secrets=tuple(secrets_in(fields)), made_up="login"))
    return BenchLogin(made_up_token())


async def platform_login(
    address: str, credentials: CredentialValues | None, upstream: Upstream, clock: Clock
) -> BenchLogin:
    """Return a token of the platform for an OAuth client, fetched as the server does it.

    Args:
        address: of the API; the login is at `login.` where the API is at `api.`, else at the same address.
        credentials: with `clientId` and `clientSecret`.
        upstream: sends the request.

    Raises:
        LoginFailed: no token came.
    """
    base = address.rstrip("/")
    platform = Platform(base, base.replace("://api.", "://login.", 1), upstream)
    now = clock.monotonic()
    try:
        return BenchLogin(await fetch_token(platform, credentials, now=now, deadline=now + _SECONDS))
    except TargetRefused as refused:
        raise LoginFailed(refused.finding) from None
    except UpstreamFailure as failure:
        raise _no_token(platform.login, failure.reason or failure.fault.value) from None
    except TokenRefused as refused:
        raise _no_token(platform.login, f"it answered with status {refused.reply.status}") from None


def _no_token(address: str, reason: str) -> LoginFailed:
    host = address.partition("://")[2]
    return LoginFailed(found("BENCH_LOGIN_REFUSED", host=host, reason=reason))
