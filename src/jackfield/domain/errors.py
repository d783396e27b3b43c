"""The errors of the product, each with its HTTP status and the cloud's code.

JackfieldError
├── Refused               400  the request is wrong; carries findings
│   └── LimitExhausted    400  there are as many of something as there may be
├── VersionConflict       409  the version is the sole fault
├── Conflict              409  the state of the target stands in the way
├── NotAuthenticated      401  no, wrong or expired token
├── NotPermitted          403  a permission is missing
│   └── NotAuthorized     403  the permission is there, but not for this
├── SentBack              302  a login goes back to its client with an error
├── NotFound              404  the entity does not exist
├── LimitReached          429  a limit was crossed
├── ActionFailed          ...  a data action's run failed; carries the error body's parts
├── NotImplementedHere    501  known, but without code
├── Unavailable           503  shutting down, store or disk in trouble
├── VaultError            500  a sealed value cannot be opened
├── Replayed              ...  an Idempotency-Key was seen before: answer these bytes again
└── OperationRefused           the server or the command line will not go on; carries one finding
"""

from __future__ import annotations

from dataclasses import dataclass

from jackfield.domain.catalogue import CATALOGUE
from jackfield.domain.finding import Finding


class JackfieldError(Exception):
    """Base of all errors that are answers.

    Args:
        findings: what was found; the first one's message is the error's message.
    """

    status = 500
    code = "internal.server.error"

    def __init__(self, *findings: Finding) -> None:
        super().__init__(findings[0].message if findings else self.code)
        self.findings = findings

    @property
    def message(self) -> str:
        """One sentence a person can act on."""
        return self.findings[0].message if self.findings else self.code


class Refused(JackfieldError):
    """The request is wrong."""

    status = 400
    code = "bad.request"

    def __init__(self, *findings: Finding) -> None:
        super().__init__(*findings)
        errors = [finding for finding in findings if finding.is_error] or list(findings)
        if errors:
            # A stale version counts as one only where it stands alone (VersionConflict): beside another fault
            # a client that retries with a fresh version would not get through.
            entries = [CATALOGUE[finding.code] for finding in errors]
            entry = next((one for one in entries if one.status == self.status), entries[0])
            self.status, self.code = entry.status, entry.wire_code


class LimitExhausted(Refused):
    """There are as many of something as there may be; waiting does not help, so it is no 429.

    Args:
        key: the limit's key, such as `actions.total.max`.
        namespace: such as `dataactions`.
        value: the limit.
    """

    def __init__(self, *findings: Finding, key: str, namespace: str, value: int) -> None:
        super().__init__(*findings)
        self.key, self.namespace, self.value = key, namespace, value


class VersionConflict(JackfieldError):
    """The version in the body is not the current one, and nothing else is wrong."""

    status = 409
    code = "invalid.update.wrong.version"


class Conflict(JackfieldError):
    """Something that exists stands in the way."""

    status = 409
    code = "general.conflict"


class NotAuthenticated(JackfieldError):
    """The token is missing, wrong or expired."""

    status = 401
    code = "authentication.required"


class BadCredentials(NotAuthenticated):
    """A token was sent, but it is not one of ours or no longer valid."""

    code = "bad.credentials"


class NotPermitted(JackfieldError):
    """The principal lacks a permission."""

    status = 403
    code = "missing.permissions"


class NotAuthorized(NotPermitted):
    """The roles would do, but the token's scopes do not, or more would be handed out than the caller has."""

    code = "not.authorized"


class SentBack(JackfieldError):
    """A login cannot go on, and the client that asked for it is told so at its redirect URI.

    Args:
        redirect_uri: a registered one.
        state: what the client wants to get back, "" if it sent none.
        fragment: true for the implicit grant, whose answers stand behind a `#`.
    """

    status = 302

    def __init__(self, finding: Finding, *, redirect_uri: str, state: str, fragment: bool = False) -> None:
        super().__init__(finding)
        self.code = CATALOGUE[finding.code].wire_code
        self.redirect_uri, self.state, self.fragment = redirect_uri, state, fragment


class NotFound(JackfieldError):
    """The entity does not exist."""

    status = 404
    code = "not.found"


class MethodNotAllowed(JackfieldError):
    """The path exists, the method does not."""

    status = 405
    code = "method.not.allowed"


class LimitReached(JackfieldError):
    """A limit was crossed.

    Args:
        key: the limit's key, such as `actions.concurrent.executions.max`.
        namespace: such as `dataactions`.
        value: the limit.
        retry_after: seconds.
        headers: rate headers that the answer carries besides, by name.
    """

    status = 429
    code = "too.many.requests"

    def __init__(
        self,
        *findings: Finding,
        key: str,
        namespace: str,
        value: int,
        retry_after: int = 1,
        headers: tuple[tuple[bytes, bytes], ...] = (),
    ) -> None:
        super().__init__(*findings)
        self.key, self.namespace, self.value, self.retry_after = key, namespace, value, retry_after
        self.headers = headers


class ActionFailed(JackfieldError):
    """A data action's run failed.

    Args:
        finding: what stopped the run; `more` are further findings of the same step.
        status: HTTP status of the answer.
        code: the cloud's top-level code.
        detail: `ACTION.AUTHENTICATION`, `ACTION.PROCESSING` or `ACTION.REMOTE_ENDPOINT`.
        nested: message of the nested error, "" if there is none.
    """

    def __init__(
        self, finding: Finding, *more: Finding, status: int, code: str, detail: str, nested: str = ""
    ) -> None:
        super().__init__(finding, *more)
        self.status, self.code, self.detail, self.nested = status, code, detail, nested


class NotImplementedHere(JackfieldError):
    """A known route or integration type without code."""

    status = 501
    code = "not.implemented"


class Unavailable(JackfieldError):
    """The server cannot answer now."""

    status = 503
    code = "service.unavailable"


class VaultError(JackfieldError):
    """A sealed value was changed, moved, cut, or sealed with a key that the keyring does not hold."""


class OperationRefused(JackfieldError):
    """The server or a command will not go on; a finding says why and what to do.

    Args:
        others: what else is wrong, if it can be told in the same go.
        exit_code: of the command line, as fixed in the README.
    """

    def __init__(self, finding: Finding, *others: Finding, exit_code: int = 3) -> None:
        super().__init__(finding, *others)
        self.exit_code = exit_code


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """The answer an `Idempotency-Key` got the first time."""

    digest: str
    status: int
    body: bytes


class Replayed(JackfieldError):
    """The same `Idempotency-Key` with the same request: the first answer goes out again."""

    def __init__(self, answer: StoredAnswer) -> None:
        super().__init__()
        self.answer = answer
