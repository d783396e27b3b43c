"""What is done before an action is run: its integration's login, a token of the platform, or neither."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from jackfield.domain.catalogue import found
from jackfield.domain.credential import CredentialValues
from jackfield.domain.finding import Finding
from jackfield.domain.ports import Clock
from jackfield.domain.secret import Secret
from jackfield.engine.json_text import NotJson, read_json_text
from jackfield.engine.target import TargetRefused, parse_target
from jackfield.engine.upstream import OutboundRequest, Upstream, UpstreamFailure
from jackfield.workbench.credentials import login_fields, needs_login
from jackfield.workbench.documents import ActionDocument
from jackfield.workbench.trace import failed_step
from jackfield.workbench.treatments import WEB_SERVICES, Treatment

if TYPE_CHECKING:
    from jackfield.workbench.bench import BenchResult

_SECONDS: Final = 15.0
_MADE_UP_TOKEN: Final = "made-up-token"
# Parts of a login's answer shorter than this are words such as `bearer`, and no secrets.
_SHORTEST_SECRET: Final = 9


@dataclass(frozen=True, slots=True)
class Login:
    """What a login gave.

    Args:
        response: what templates see as `authResponse`; None if there is none.
        authorization: value of the Authorization header; None for none.
        secrets: what no trace may show.
        made_up: `login` or `token` if nothing was logged in, "" if something was.
        run: the run of the login action.
    """

    response: Mapping[str, Any] | None = None
    authorization: Secret | None = None
    secrets: tuple[Secret, ...] = ()
    made_up: str = ""
    run: BenchResult | None = None


class LoginFailed(Exception):
    """The login did not succeed; the finding says why.

    Args:
        run: the run of the login action, if there was one.
    """

    def __init__(self, finding: Finding, run: BenchResult | None = None) -> None:
        super().__init__(finding.code)
        self.finding, self.run = finding, run


def log_in(first: BenchResult) -> Login:
    """Return what the run of a login action gave.

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
    response = first.value if isinstance(first.value, dict) else {}
    return Login(response, secrets=tuple(_secrets(response)), run=first)


def made_up_login(document: ActionDocument, treatment: Treatment) -> Login:
    """Return a login that nobody made, so that the rest of the action can be tested."""
    if treatment.invokes:
        return Login()
    if treatment.integration_type == WEB_SERVICES:
        if not needs_login(document):
            return Login()
        fields = login_fields(document)
        return Login(fields, secrets=tuple(_secrets(fields)), made_up="login")
    token = Secret(_MADE_UP_TOKEN)
    return Login(authorization=Secret(f"Bearer {_MADE_UP_TOKEN}"), secrets=(token,), made_up="token")


async def platform_login(
    address: str, credentials: CredentialValues | None, upstream: Upstream, clock: Clock
) -> Login:
    """Return a token of the platform for an OAuth client (grant client credentials).

    Args:
        address: of the API; the login is at `login.` where the API is at `api.`, else at the same address.
        credentials: with `clientId` and `clientSecret`.
        upstream: sends the request.

    Raises:
        LoginFailed: no token came.
    """
    fields = credentials.fields if credentials is not None else {}
    pair = ":".join(fields[name].reveal() if name in fields else "" for name in ("clientId", "clientSecret"))
    base = address.rstrip("/").replace("://api.", "://login.", 1)
    try:
        target = parse_target(f"{base}/oauth/token")
    except TargetRefused as refused:
        raise LoginFailed(refused.finding) from None
    request = OutboundRequest(
        "POST",
        target,
        (
            ("Accept", "application/json"),
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("Authorization", f"Basic {base64.b64encode(pair.encode()).decode()}"),
        ),
        b"grant_type=client_credentials",
        buffered=True,
    )
    try:
        reply = await upstream.send(request, deadline=clock.monotonic() + _SECONDS)
    except UpstreamFailure as failure:
        raise _no_token(target.host, failure.reason or failure.fault.value) from None
    try:
        answer = read_json_text(reply.body)
    except NotJson:
        answer = {}
    token = answer.get("access_token") if isinstance(answer, dict) else None
    if reply.status != 200 or not isinstance(token, str):
        raise _no_token(target.host, f"it answered with status {reply.status}")
    return Login(authorization=Secret(f"Bearer {token}"), secrets=(Secret(token),))


def _no_token(host: str, reason: str) -> LoginFailed:
    return LoginFailed(found("BENCH_LOGIN_REFUSED", host=host, reason=reason))


def _secrets(value: Any) -> Iterator[Secret]:
    """Yield every text of a login's answer that may be a secret."""
    if isinstance(value, Mapping):
        for item in value.values():
            yield from _secrets(item)
    elif isinstance(value, list):
        for item in value:
            yield from _secrets(item)
    elif isinstance(value, str) and len(value) >= _SHORTEST_SECRET:
        yield Secret(value)
