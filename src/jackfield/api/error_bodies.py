"""The one form of every refusal: the cloud's ErrorBody, with one nested error per finding."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from jackfield.domain.catalogue import CATALOGUE
from jackfield.domain.errors import (
    ActionFailed,
    JackfieldError,
    LimitExhausted,
    LimitReached,
    Refused,
    VersionConflict,
)
from jackfield.domain.finding import Finding, Rank

# CX as Code reads a 400 with these words as a stale version and sends the same body ten times more.
STALE_VERSION_WORDS = "does not match the current version"
DOCUMENT = "docs/findings.md"
WARNINGS_HEADER = b"jackfield-findings"
_INVALID_SCHEMA = "invalid.schema"
_DEFINITION_CLASS = "ACTION.PROCESSING"
# Common clients and proxies refuse header lines above 8 KiB.
WARNINGS_HEADER_BYTES = 4_096


def error_body(error: JackfieldError, correlation_id: str) -> dict[str, Any]:
    """Return the ErrorBody of an error.

    Args:
        error: its status and code are the cloud's, its findings become `errors`.
        correlation_id: becomes `contextId`.
    """
    body: dict[str, Any] = {
        "message": _headline(error),
        "code": error.code,
        "status": error.status,
        "contextId": correlation_id,
        "messageParams": {},
        "details": _details(error),
        "errors": [
            _nested(finding, error, correlation_id, first=place == 0)
            for place, finding in enumerate(error.findings)
        ],
    }
    if isinstance(error, LimitReached | LimitExhausted):
        body["limit"] = {"key": error.key, "namespace": error.namespace, "value": error.value}
    return body


def finding_body(finding: Finding, correlation_id: str) -> dict[str, Any]:
    """Return the ErrorBody of one finding that is an answer and not a refusal, as a validation has it."""
    return _nested(finding, Refused(finding), correlation_id, first=False)


def doc_anchor(code: str) -> str:
    """Return where a finding code is documented."""
    return f"{DOCUMENT}#{code.lower()}"


def warnings_header(findings: Sequence[Finding]) -> str:
    """Return warnings as ASCII JSON for the `Jackfield-Findings` header, cut at a whole finding."""
    return listed(
        {
            "code": finding.code,
            "pointer": finding.place.pointer,
            "message": finding.message,
            "fix": finding.fix,
        }
        for finding in findings
    )


def listed(entries: Iterable[Mapping[str, str]]) -> str:
    """Return findings, already taken apart, as ASCII JSON for a header, cut at a whole finding."""
    shown: list[Mapping[str, str]] = []
    size = 2
    for entry in entries:
        size += len(json.dumps(entry)) + 1
        if size > WARNINGS_HEADER_BYTES:
            break
        shown.append(entry)
    return json.dumps(shown, separators=(",", ":"))


def _headline(error: JackfieldError) -> str:
    errors = [finding for finding in error.findings if finding.is_error] or list(error.findings)
    if not errors:
        return error.message
    if not isinstance(error, VersionConflict) and error.status == 400:
        errors.sort(key=_is_beside_the_point)
    message = errors[0].message
    if len(errors) == 1:
        return message
    return f"{message} ({len(errors)} faults in all; see errors.)"


def _ending_in(message: str, ending: str) -> str:
    return message if message.endswith(ending) else message + ending


def _is_beside_the_point(finding: Finding) -> bool:
    """Mending the version or a paste artefact alone would not help: a cause makes the better headline."""
    entry = CATALOGUE[finding.code]
    about_version = STALE_VERSION_WORDS in finding.message or entry.wire_code == VersionConflict.code
    return about_version or entry.rank is not Rank.CAUSE


def _details(error: JackfieldError) -> list[dict[str, str]]:
    if isinstance(error, ActionFailed):
        return [{"errorCode": error.detail}] if error.detail else []
    # The one refusal of a definition whose class is known.
    return [{"errorCode": _DEFINITION_CLASS}] if error.code == _INVALID_SCHEMA else []


def _nested(finding: Finding, error: JackfieldError, correlation_id: str, *, first: bool) -> dict[str, Any]:
    message, details = finding.message, {"fieldName": finding.place.pointer}
    if isinstance(error, ActionFailed):
        # The cloud's nested error and our finding are one entry: its message, our code and parameters.
        details = {"errorCode": error.detail, **details} if error.detail else details
        message = _ending_in((error.nested if first else "") or message, f" [{correlation_id}]")
    return {
        "message": message,
        "code": finding.code,
        "status": error.status,
        "contextId": correlation_id,
        "messageParams": _parameters(finding),
        "details": [details],
        "errors": [],
    }


def _parameters(finding: Finding) -> dict[str, str]:
    place = finding.place
    parameters = {
        "seen": finding.seen,
        "accepted": finding.accepted,
        "fix": finding.fix,
        "line": "" if place.line is None else str(place.line),
        "column": "" if place.column is None else str(place.column),
        "doc": doc_anchor(finding.code),
        "severity": str(finding.severity),
        "grade": str(finding.grade),
    }
    if place.excerpt and place.column is not None:
        parameters["excerpt"] = place.excerpt
        parameters["caret"] = place.caret().rpartition("\n")[2]
    if finding.after_repair:
        parameters["afterRepair"] = "true"
    return parameters
