"""One synchronous HTTP client of the API: token, retries, proxies, trust, and errors as findings.

A request goes out with a bearer token, which is fetched when first needed and once more after a 401. It is
repeated where that cannot do harm: after 429 (the server did nothing), and after 502, 503, 504 or a broken
connection if the method is idempotent. `Retry-After` is honoured up to three minutes, as in the official Go
client; beyond that the error is raised.
"""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self

import httpx

from jackfield.client.errors import ApiError, LoginError, read_error, read_login_error, read_warnings, seconds
from jackfield.client.profiles import Connection
from jackfield.client.proxies import Proxy, refused
from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Finding
from jackfield.domain.secret import Secret

IDEMPOTENT = frozenset({"GET", "HEAD", "PUT", "DELETE", "OPTIONS"})
TRANSIENT = frozenset({502, 503, 504})
BROKEN = (httpx.ReadError, httpx.WriteError, httpx.CloseError, httpx.RemoteProtocolError)
UNREACHABLE_EXIT_CODE = 6
JsonValue = dict[str, Any] | list[Any] | str | int | float | bool | None
Query = Mapping[str, str | int | bool | None]


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how long.

    Args:
        attempts: in all, the first included.
        first_pause: seconds before the second attempt; doubled each time.
        longest_pause: seconds between two attempts without `Retry-After`.
        longest_retry_after: seconds; a server that wants more gets its error raised.
    """

    attempts: int = 5
    first_pause: float = 0.5
    longest_pause: float = 8.0
    longest_retry_after: int = 180

    def pause(self, attempt: int, retry_after: int | None = None) -> float | None:
        """Return seconds to wait after the attempt (1-based), or None to give up."""
        if attempt >= self.attempts:
            return None
        if retry_after is not None:
            return float(retry_after) if retry_after <= self.longest_retry_after else None
        return min(self.longest_pause, self.first_pause * float(2 ** (attempt - 1)))


@dataclass(frozen=True, slots=True)
class Answer:
    """A successful answer. Header names are lower-case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What the server accepted but finds suspicious."""
        return read_warnings(self.headers.get("jackfield-findings", ""))

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """Return the parsed body; None for an empty one.

        Raises:
            OperationRefused: the body is not JSON, so it was not the API that answered.
        """
        if not self.body.strip():
            return None
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise _unreadable(self.url, self.status, "it is not JSON") from error

    def object(self) -> dict[str, Any]:
        """Return the parsed body, which must be a JSON object."""
        parsed = self.json()
        if not isinstance(parsed, dict):
            raise _unreadable(self.url, self.status, "it is not a JSON object")
        return parsed


class Client:
    """Talks to one server.

    Args:
        connection: where and as whom.
        transport: replaces the network, for tests.
        sleep: waits so many seconds.
        retries: how often and how long.
        on_wait: told why and how long before each wait.
        on_warnings: told what the server accepted but finds suspicious.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
        retries: RetryPolicy | None = None,
        on_wait: Callable[[str], None] | None = None,
        on_warnings: Callable[[tuple[Finding, ...]], None] | None = None,
    ) -> None:
        self.connection = connection
        self._sleep, self._retries = sleep, retries or RetryPolicy()
        self._on_wait, self._on_warnings = on_wait, on_warnings
        self._token = connection.access_token
        self._http = _open(connection, transport)

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Query | None = None,
        body: JsonValue | bytes = None,
        accept: str = "application/json",
    ) -> Answer:
        """Send one request and return its successful answer.

        Args:
            method: upper-case HTTP method.
            path: begins with `/api/v2/`.
            query: parameters; those that are None are left out.
            body: JSON value, or bytes that go out unchanged.
            accept: media type wanted.

        Raises:
            ApiError: the API refused.
            LoginError: the login refused the OAuth client.
            OperationRefused: the server cannot be reached, or something other than the API answered.
        """
        url = self.connection.addresses.api + path
        content = body if isinstance(body, bytes) else _encoded(body)
        renewed = self._token is None
        while True:
            headers = {"Accept": accept, "Authorization": f"Bearer {self._bearer().reveal()}"}
            if content is not None:
                headers["Content-Type"] = "application/json"
            response = self._send(method, url, headers, content, _params(query))
            if response.status_code == 401 and not renewed and self.connection.can_log_in:
                self._token, renewed = None, True
                continue
            return self._warned(_successful(response, url))

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _warned(self, answer: Answer) -> Answer:
        if self._on_warnings is not None and answer.warnings:
            self._on_warnings(answer.warnings)
        return answer

    def _bearer(self) -> Secret:
        if self._token is None:
            self._token = self._log_in()
        return self._token

    def _log_in(self) -> Secret:
        connection = self.connection
        secret = connection.client_secret
        if not connection.client_id or secret is None:
            raise _nothing_to_log_in_with(connection)
        url = f"{connection.addresses.login}/oauth/token"
        auth = httpx.BasicAuth(connection.client_id, secret.reveal())
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        content = b"grant_type=client_credentials"
        response = self._send("POST", url, headers, content, {}, auth=auth, repeatable=True)
        if response.status_code == 429 or response.status_code >= 500:
            raise read_error(response.status_code, response.headers, response.content)
        if response.status_code != 200:
            raise read_login_error(response.status_code, response.content, url)
        token = _successful(response, url).object().get("access_token")
        if not isinstance(token, str) or not token:
            raise _unreadable(url, 200, "it holds no access_token")
        return Secret(token)

    def _send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        content: bytes | None,
        params: Mapping[str, str],
        *,
        auth: httpx.Auth | None = None,
        repeatable: bool = False,
    ) -> httpx.Response:
        """Send, and send again where that can do no harm."""
        harmless = repeatable or method in IDEMPOTENT
        attempt = 0
        while True:
            attempt += 1
            try:
                response = self._http.request(
                    method, url, headers=headers, content=content, params=params or None, auth=auth
                )
            except httpx.TransportError as failure:
                pause = self._retries.pause(attempt) if harmless and isinstance(failure, BROKEN) else None
                if pause is None:
                    raise _unreachable(url, failure) from failure
                self._wait(f"the connection to {url} broke", pause)
                continue
            if response.status_code != 429 and not (harmless and response.status_code in TRANSIENT):
                return response
            pause = self._retries.pause(attempt, seconds(response.headers.get("retry-after", "")))
            if pause is None:
                return response
            self._wait(f"the server answered {response.status_code}", pause)

    def _wait(self, reason: str, pause: float) -> None:
        if self._on_wait is not None:
            self._on_wait(f"{reason}; trying again in {pause:g} s")
        self._sleep(pause)


def _open(connection: Connection, transport: httpx.BaseTransport | None) -> httpx.Client:
    """Proxies are settled per address, so httpx must not look at the environment by itself."""
    if transport is not None:
        return httpx.Client(transport=transport, timeout=connection.timeout, trust_env=False)
    verify = _trust(connection)
    mounts = {
        f"all://{httpx.URL(url).netloc.decode()}": httpx.HTTPTransport(
            verify=verify, proxy=_httpx_proxy(proxy)
        )
        for url, proxy in (
            (connection.addresses.api, connection.api_proxy),
            (connection.addresses.login, connection.login_proxy),
        )
        if proxy is not None
    }
    return httpx.Client(
        verify=verify,
        mounts=mounts,
        timeout=connection.timeout,
        trust_env=False,
        follow_redirects=False,
        headers={"User-Agent": "jackfield"},
    )


def _trust(connection: Connection) -> ssl.SSLContext | bool:
    """The system's authorities, and those of the named file; nothing at all is loaded for plain HTTP."""
    addresses, proxies = connection.addresses, (connection.api_proxy, connection.login_proxy)
    urls = [addresses.api, addresses.login, *(proxy.url for proxy in proxies if proxy)]
    if not any(url.startswith("https://") for url in urls):
        return False
    context = ssl.create_default_context()
    if connection.ca_bundle is not None:
        try:
            context.load_verify_locations(cafile=connection.ca_bundle)
        except OSError as error:
            raise refused(
                "--ca-bundle", "a PEM file with certificates", seen=str(connection.ca_bundle)
            ) from error
    return context


def _httpx_proxy(proxy: Proxy) -> httpx.Proxy:
    password = proxy.password.reveal() if proxy.password else ""
    return httpx.Proxy(proxy.url, auth=(proxy.username, password) if proxy.username else None)


def _encoded(body: JsonValue) -> bytes | None:
    return None if body is None else json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _params(query: Query | None) -> dict[str, str]:
    given = ((name, value) for name, value in (query or {}).items() if value is not None)
    return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in given}


def _successful(response: httpx.Response, url: str) -> Answer:
    if response.status_code >= 400:
        raise read_error(response.status_code, response.headers, response.content)
    if response.status_code >= 300:
        raise _unreadable(url, response.status_code, "it is a redirect, and the API sends none")
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status_code, headers, response.content, url)


def _nothing_to_log_in_with(connection: Connection) -> LoginError:
    missing = [
        name
        for name, value in (
            ("GENESYSCLOUD_OAUTHCLIENT_ID", connection.client_id),
            ("GENESYSCLOUD_OAUTHCLIENT_SECRET", connection.client_secret),
        )
        if not value
    ]
    finding = found("LOGIN_UNSET", login_url=connection.addresses.login, missing=" and ".join(missing))
    return LoginError(finding, status=401, code="authentication.required", text=finding.message)


def _unreachable(url: str, failure: httpx.TransportError) -> OperationRefused:
    local = "127.0.0.1" in url or "localhost" in url
    timed_out = isinstance(failure, httpx.TimeoutException)
    advice = (
        "Start the server with `jackfield up`, or correct GENESYSCLOUD_REGION."
        if local
        else "Check the address, the network, HTTPS_PROXY and NO_PROXY; --ca-bundle names your own authority."
    )
    finding = found(
        "REMOTE_UNREACHABLE",
        url=httpx.URL(url).copy_with(path="/", query=None),
        reason="no answer in time" if timed_out else str(failure) or type(failure).__name__,
        advice=advice,
    )
    return OperationRefused(finding, exit_code=UNREACHABLE_EXIT_CODE)


def _unreadable(url: str, status: int, reason: str) -> OperationRefused:
    finding = found("REMOTE_ANSWER_UNREADABLE", url=url, status=status, reason=reason)
    return OperationRefused(finding, exit_code=UNREACHABLE_EXIT_CODE)


__all__ = ["Answer", "ApiError", "Client", "JsonValue", "LoginError", "Query", "RetryPolicy"]
