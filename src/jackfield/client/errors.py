"""What a server's refusal says, read out of its error body.

ApiError            the API answered with an error
└── LoginError      the login refused the OAuth client
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from jackfield.domain.catalogue import CATALOGUE, found
from jackfield.domain.errors import JackfieldError
from jackfield.domain.finding import Finding, Grade, Place, Severity

VERSION_PHRASE = "does not match the current version"
_GRADES: Mapping[str, Grade] = {str(grade): grade for grade in Grade}
_SEVERITIES: Mapping[str, Severity] = {str(severity): severity for severity in Severity}
_ADVICE: Mapping[int, str] = {
    400: "Send the same request to a Jackfield server: its answer names every fault.",
    401: "Get a new token: GENESYSCLOUD_ACCESS_TOKEN may have expired.",
    403: "Grant the missing permission to a role of the OAuth client.",
    404: "Check the id and that it belongs to this organization and region.",
    409: "Read the current state again and repeat the change on it.",
    429: "Wait as long as Retry-After says and try again.",
    501: "This route has no code here yet; the cloud has it.",
}


class ApiError(JackfieldError):
    """The API answered with an error.

    Args:
        status: HTTP status.
        code: the top-level code, such as `bad.request`.
        text: the top-level message.
        context_id: correlation id of the request.
        findings: single faults; never empty.
        retry_after: seconds, None if the server did not say.
        limit: the limit that was crossed (`key`, `namespace`, `value`), if any.
    """

    def __init__(
        self,
        *findings: Finding,
        status: int,
        code: str,
        text: str,
        context_id: str = "",
        retry_after: int | None = None,
        limit: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(*findings)
        self.status, self.code, self.text = status, code, text
        self.context_id, self.retry_after, self.limit = context_id, retry_after, limit

    @property
    def message(self) -> str:
        """The server's own sentence."""
        return self.text or super().message

    @property
    def is_version_conflict(self) -> bool:
        """True if the version that was sent is not the current one.

        Clients meet it as 409, as 408, or as a 400 with a fixed phrase; all three are recognised.
        """
        if self.status == 400:
            return VERSION_PHRASE in self.text
        return self.status == 408 or (self.status == 409 and self.code != "general.conflict")


class LoginError(ApiError):
    """The login refused the OAuth client."""


def read_error(status: int, headers: Mapping[str, str], body: bytes) -> ApiError:
    """Make an error of an answer with a status of 400 or more; any body at all is understood."""
    parsed = _object(body)
    code, text = _text(parsed, "code"), _text(parsed, "message")
    findings = tuple(_nested(parsed)) or (_unnamed(status, code, text, parsed, body),)
    limit = parsed.get("limit")
    return ApiError(
        *findings,
        status=status,
        code=code or f"http.{status}",
        text=text,
        context_id=_text(parsed, "contextId") or headers.get("inin-correlation-id", ""),
        retry_after=seconds(headers.get("retry-after", "")),
        limit=limit if isinstance(limit, dict) else None,
    )


def read_login_error(status: int, body: bytes, login_url: str) -> LoginError:
    """Make an error of the login's refusal, whose body is that of OAuth 2."""
    parsed = _object(body)
    reason = _text(parsed, "error_description") or _text(parsed, "description") or _text(parsed, "message")
    name = _text(parsed, "error") or _text(parsed, "code")
    words = ", ".join(part for part in (name, reason) if part) or f"status {status}"
    finding = found("LOGIN_REFUSED", login_url=login_url, reason=words, seen=f"HTTP {status}")
    return LoginError(finding, status=401, code=name or "bad.credentials", text=finding.message)


def read_warnings(header: str) -> tuple[Finding, ...]:
    """Read the `Jackfield-Findings` header of a successful answer; other servers send none."""
    if not header:
        return ()
    try:
        entries = json.loads(header)
    except (ValueError, RecursionError):
        return ()
    return tuple(_warning(entry) for entry in entries if isinstance(entry, dict))


def seconds(text: str) -> int | None:
    """Read a Retry-After header; its date form is not used by the API and reads as None."""
    return int(text) if text.strip().isdecimal() else None


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _nested(parsed: Mapping[str, Any]) -> list[Finding]:
    errors = parsed.get("errors")
    return [_finding(item) for item in errors if isinstance(item, dict)] if isinstance(errors, list) else []


def _finding(item: Mapping[str, Any]) -> Finding:
    raw = item.get("messageParams")
    params = raw if isinstance(raw, dict) else {}
    code = _text(item, "code") or "REMOTE_REFUSED"
    caret = _text(params, "caret")
    place = Place(
        _field_name(item),
        _number(params.get("line")),
        _number(params.get("column")),
        _text(params, "excerpt"),
        width=max(1, caret.count("^")),
        caret_column=caret.index("^") + 1 if "^" in caret else None,
    )
    return Finding(
        code=code,
        message=_text(item, "message") or code,
        place=place,
        seen=_text(params, "seen"),
        accepted=_text(params, "accepted"),
        fix=_text(params, "fix"),
        grade=_grade(code, _text(params, "grade")),
        severity=_severity(_text(params, "severity")),
        after_repair=params.get("afterRepair") == "true",
    )


def _warning(entry: Mapping[str, Any]) -> Finding:
    code = _text(entry, "code")
    return Finding(
        code=code,
        message=_text(entry, "message"),
        place=Place(_text(entry, "pointer")),
        seen="",
        accepted="",
        fix=_text(entry, "fix"),
        grade=_grade(code, ""),
        severity=Severity.WARNING,
    )


def _grade(code: str, text: str) -> Grade:
    """What the cloud answers is observed; a Jackfield tells its own grade."""
    entry = CATALOGUE.get(code)
    return _GRADES.get(text) or (entry.grade if entry else Grade.OBSERVED)


def _severity(text: str) -> Severity:
    return _SEVERITIES.get(text, Severity.ERROR)


def _unnamed(status: int, code: str, text: str, parsed: Mapping[str, Any], body: bytes) -> Finding:
    """The cloud's own refusals name no single fault: say what there is."""
    details = parsed.get("details")
    named = [_detail(item) for item in details if isinstance(item, dict)] if isinstance(details, list) else []
    reason = text or body[:200].decode("utf-8", "replace").strip() or "it gave no reason"
    return found(
        "REMOTE_REFUSED",
        Place(_field_name(parsed)),
        status=status,
        answer_code=code or "without a code",
        reason=reason,
        details="; ".join(part for part in named if part) or "The server did not say.",
        advice=_ADVICE.get(status, "Try again later; if it stays, report the context id to the operator."),
    )


def _detail(item: Mapping[str, Any]) -> str:
    return ", ".join(f"{key} {value}" for key, value in item.items() if isinstance(value, str) and value)


def _field_name(item: Mapping[str, Any]) -> str:
    details = item.get("details")
    if isinstance(details, Sequence) and details and isinstance(details[0], dict):
        return _text(details[0], "fieldName")
    return ""


def _number(value: object) -> int | None:
    text = str(value) if value is not None else ""
    return int(text) if text.isdecimal() else None


def _text(parsed: Mapping[str, Any], name: str) -> str:
    value = parsed.get(name)
    return value if isinstance(value, str) else ""
