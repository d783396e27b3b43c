"""Credentials stay out of traces, errors and warnings, also when the web service echoes them in disguise."""

from __future__ import annotations

import asyncio
import base64
import html
import json
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from urllib.parse import quote, quote_plus

import pytest

from jackfield.domain.credential import CredentialValues
from jackfield.domain.errors import ActionFailed
from jackfield.domain.masking import Masker
from jackfield.domain.run import RunMode, RunResult
from support.byte_scan import scan
from support.runs import basic_auth, make_action, make_run, run_once, user_defined
from support.web_service import Received, WebService, Writer, reply, say

SECRETS = (
    "canary-plain-0123456789",
    'cänary "quoted" \\back/slash\n& <tag> +plus%20',
    "канарейка-密码-🔑-secret",
    "p@ss:w0rd?/#[]=&;' $input",
)

Echo = Callable[[str], str]


def _lower_percent(text: str) -> str:
    return "".join(f"%{byte:02x}" for byte in text.encode())


def _unicode_escapes(text: str) -> str:
    units = text.encode("utf-16-be")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))


def _with_prefix(text: str, size: int) -> str:
    return base64.b64encode(b"x" * size + text.encode() + b"tail").decode()


ECHOES: dict[str, Echo] = {
    "raw": lambda text: text,
    "json": lambda text: json.dumps(text)[1:-1],
    "json of json": lambda text: json.dumps(json.dumps(text))[1:-1],
    "json, no ascii": lambda text: json.dumps(text, ensure_ascii=False)[1:-1].replace("/", "\\/"),
    "unicode escapes": _unicode_escapes,
    "percent": lambda text: quote(text, safe=""),
    "percent, all of it": _lower_percent,
    "form": quote_plus,
    "percent of json": lambda text: quote(json.dumps(text), safe=""),
    "html": html.escape,
    "hex": lambda text: text.encode().hex(),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 at 1": lambda text: _with_prefix(text, 1),
    "base64 at 2": lambda text: _with_prefix(text, 2),
    "base64url": lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
    "percent of base64": lambda text: quote(base64.b64encode(text.encode()).decode(), safe=""),
}


def _echo(spell: Echo, status: str, as_json: bool) -> WebService:
    """A service that answers with all it received and the secret it was told, spelled another way."""

    async def answer(received: Received, writer: Writer) -> None:
        told = received.body.decode()
        said = spell(told) if told else received.headers.get("authorization", "")
        parts = {"said": said, "headers": received.headers, "path": received.path, "body": told}
        text = json.dumps(parts) if as_json else f"<p>{said}</p> {told} {received.headers} {received.path}"
        writer.write(reply(text.encode(), status))
        await writer.drain()

    return WebService(answer)


def _shown(result: RunResult) -> bytes:
    """Everything of a result that leaves the engine, as bytes."""

    def plain(value: object) -> object:
        if isinstance(value, ActionFailed):
            return [value.message, value.nested, str(value), value.findings]
        if is_dataclass(value):
            return {item.name: getattr(value, item.name) for item in fields(value)}
        return repr(value)

    text = json.dumps(plain(result), default=plain, ensure_ascii=False)
    return (text + json.dumps(plain(result), default=plain) + repr(result)).encode()


async def _run(credentials: CredentialValues, service: WebService, mode: RunMode) -> RunResult:
    headers = (
        {"X-Token": "$esc.uriEncode(${credentials.token})"} if credentials.type_name != "basicAuth" else {}
    )
    path = "/$esc.uriEncode(${credentials.token})" if headers else "/"
    body = "${credentials.token}" if headers else ""
    async with service.running():
        action = make_action(
            service.url + path,
            "POST",
            headers=headers,
            body=body,
            paths={"said": "$.said", "all": "$"},
            success='{"said": ${said}, "all": ${all}}',
            timeout=5,
        )
        return await run_once(make_run(action, credentials=credentials, mode=mode))


@pytest.mark.parametrize("spelling", ECHOES)
@pytest.mark.parametrize("secret", SECRETS, ids=range(len(SECRETS)))
def test_an_echoed_secret_is_masked_in_every_trace(secret: str, spelling: str) -> None:
    """A successful test, one whose service refuses and one whose reply is no JSON: no form of the secret."""
    for status, as_json in (("200 OK", True), ("403 Forbidden", True), ("200 OK", False)):
        service = _echo(ECHOES[spelling], status, as_json)
        result = asyncio.run(_run(user_defined(token=secret), service, RunMode.TEST))
        assert result.success is (status == "200 OK" and as_json)
        assert scan({f"{status} {as_json}": _shown(result)}, [secret]) == []


@pytest.mark.parametrize("secret", SECRETS, ids=range(len(SECRETS)))
def test_a_basic_password_is_masked_with_the_header_made_of_it(secret: str) -> None:
    """The password and the base64 of user and password, echoed by the service."""
    service = _echo(ECHOES["raw"], "200 OK", True)
    result = asyncio.run(_run(basic_auth("anna", secret), service, RunMode.TEST))
    assert result.success
    pair = base64.b64encode(f"anna:{secret}".encode()).decode()
    assert scan({"trace": _shown(result)}, [secret, pair]) == []


@pytest.mark.parametrize("secret", SECRETS, ids=range(len(SECRETS)))
def test_errors_of_execute_show_no_secret(secret: str) -> None:
    """The answer of a failed execute carries neither the service's body nor the credential."""
    service = _echo(ECHOES["raw"], "403 Forbidden", True)
    result = asyncio.run(_run(user_defined(token=secret), service, RunMode.EXECUTE))
    assert not result.success
    assert scan({"answer": _shown(result)}, [secret]) == []


@pytest.mark.parametrize("secret", SECRETS, ids=range(len(SECRETS)))
def test_faults_before_the_call_show_no_secret(secret: str) -> None:
    """A credential as URL, as host, and inside a header that is refused."""
    for url, headers in (
        ("${credentials.token}", {}),
        ("http://${credentials.token}/", {}),
        ("http://127.0.0.1:9/${credentials.token}", {}),
        ("http://127.0.0.1:9/", {"X-A": "${credentials.token}\r\n"}),
    ):
        run = make_run(make_action(url, headers=headers, timeout=1), credentials=user_defined(token=secret))
        result = asyncio.run(run_once(run))
        assert not result.success
        assert scan({url: _shown(result)}, [secret]) == []


@pytest.mark.parametrize("before", range(1960, 2001, 4))
@pytest.mark.parametrize("status", ["403 Forbidden", "200 OK"])
def test_a_secret_across_the_end_of_what_is_shown(before: int, status: str) -> None:
    """Long replies are cut for messages; half a secret must not be left at the end."""

    async def scenario() -> RunResult:
        text = b"x" * before + SECRETS[0].encode() + b"y" * 5000
        async with WebService(say(reply(text, status))).running() as service:
            return await run_once(
                make_run(make_action(service.url), credentials=user_defined(token=SECRETS[0]))
            )

    result = asyncio.run(scenario())
    assert not result.success
    assert SECRETS[0][:9].encode() not in _shown(result)


def test_a_large_reply_is_masked_too() -> None:
    """It is masked beside the event loop, with the same result."""

    async def scenario() -> RunResult:
        text = json.dumps({"rows": [f"{number} {SECRETS[0]} \\u0041%41" for number in range(2000)]})
        async with WebService(say(reply(text.encode()))).running() as service:
            return await run_once(
                make_run(make_action(service.url), credentials=user_defined(token=SECRETS[0]))
            )

    result = asyncio.run(scenario())
    assert result.success
    assert scan({"trace": _shown(result)}, [SECRETS[0]]) == []
    assert len(json.loads(result.final_result)["rows"]) == 2000


def test_the_service_itself_gets_the_real_value() -> None:
    """Masking touches what is shown, never what is sent."""
    service = _echo(ECHOES["raw"], "200 OK", True)
    asyncio.run(_run(user_defined(token=SECRETS[0]), service, RunMode.TEST))
    assert service.received[0].body.decode() == SECRETS[0]
    assert service.received[0].path == f"/{SECRETS[0]}"
    assert service.received[0].headers["x-token"] == SECRETS[0]


def test_the_result_of_execute_is_the_service_s_own() -> None:
    """Execute returns what the service answered, unchanged: masking it would falsify data."""
    service = _echo(ECHOES["raw"], "200 OK", True)
    result = asyncio.run(_run(user_defined(token=SECRETS[0]), service, RunMode.EXECUTE))
    assert json.loads(result.final_result)["said"] == SECRETS[0]


def test_credentials_are_unknown_to_the_success_template() -> None:
    """A success template cannot read a credential; the variable is unset there."""

    async def scenario() -> RunResult:
        async with WebService().running() as service:
            action = make_action(service.url, success='{"x": "${credentials.token}"}')
            return await run_once(make_run(action, credentials=user_defined(token=SECRETS[0])))

    result = asyncio.run(scenario())
    assert result.error is not None
    assert result.error.findings[0].code == "TEMPLATE_VARIABLE_UNSET"
    assert "Variable $credentials has not been set" in result.error.message


@pytest.mark.parametrize("spelling", [name for name in ECHOES if name not in ("html", "unicode escapes")])
def test_control_the_scan_finds_what_is_not_masked(spelling: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With masking switched off the same runs are full of hits."""
    monkeypatch.setattr(Masker, "__call__", lambda _self, text: text)
    service = _echo(ECHOES[spelling], "200 OK", True)
    result = asyncio.run(_run(user_defined(token=SECRETS[0]), service, RunMode.TEST))
    assert scan({"trace": _shown(result)}, [SECRETS[0]])
