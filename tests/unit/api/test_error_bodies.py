"""The envelope of errors."""

from __future__ import annotations

import json

from jackfield.api.error_bodies import STALE_VERSION_WORDS, error_body, warnings_header
from jackfield.domain.catalogue import found
from jackfield.domain.errors import ActionFailed, LimitReached, NotFound, Refused, VersionConflict
from jackfield.domain.finding import Finding, Grade, Place, Severity

CONTEXT = "c0ffee"


def finding(message: str, severity: Severity = Severity.ERROR, place: Place | None = None) -> Finding:
    """Return a finding with a message of its own."""
    return Finding(
        "BODY_TOO_LARGE", message, place or Place("/a"), "1", "2", "send 2", Grade.OBSERVED, severity
    )


def test_one_finding() -> None:
    """The top tells the cloud's code, the nested error the finding with everything to act on."""
    place = Place("/version", 3, 12, '"version": "3",', 3)
    body = error_body(Refused(finding("The version is a text.", place=place)), CONTEXT)
    assert (body["status"], body["code"], body["contextId"]) == (413, "request.entity.too.large", CONTEXT)
    assert body["message"] == "The version is a text."
    nested = body["errors"][0]
    assert (nested["code"], nested["details"]) == ("BODY_TOO_LARGE", [{"fieldName": "/version"}])
    assert nested["messageParams"] == {
        "seen": "1",
        "accepted": "2",
        "fix": "send 2",
        "line": "3",
        "column": "12",
        "doc": "docs/findings.md#body_too_large",
        "severity": "error",
        "grade": "observed",
        "excerpt": '"version": "3",',
        "caret": " " * 11 + "^^^",
    }


def test_several_findings_are_counted() -> None:
    """The headline is the first error, not a warning, and says that there is more."""
    warning = finding("Odd.", Severity.WARNING)
    body = error_body(Refused(warning, finding("Wrong."), finding("Wrong too.")), CONTEXT)
    assert body["message"] == "Wrong. (2 faults in all; see errors.)"
    assert [nested["message"] for nested in body["errors"]] == ["Odd.", "Wrong.", "Wrong too."]


def test_a_400_never_talks_of_a_stale_version_first() -> None:
    """Clients take those words in a 400 for a conflict and repeat the body for nothing."""
    stale = finding(f"The version 2 {STALE_VERSION_WORDS}, 3.")
    refused = Refused(stale, finding("Wrong."))
    refused.status = 400
    assert STALE_VERSION_WORDS not in error_body(refused, CONTEXT)["message"]
    conflict = error_body(VersionConflict(stale), CONTEXT)
    assert (conflict["status"], conflict["code"]) == (409, "invalid.update.wrong.version")
    assert STALE_VERSION_WORDS in conflict["message"]


def test_failed_actions_keep_their_class() -> None:
    """`details[0].errorCode` tells the class, above and below; only the first carries the cloud's text."""
    error = ActionFailed(
        finding("It failed."),
        finding("And this."),
        status=400,
        code="bad.request",
        detail="ACTION.PROCESSING",
        nested="Transform failed",
    )
    body = error_body(error, CONTEXT)
    assert body["details"] == [{"errorCode": "ACTION.PROCESSING"}]
    assert body["errors"][0]["details"] == [{"errorCode": "ACTION.PROCESSING", "fieldName": "/a"}]
    assert [nested["message"] for nested in body["errors"]] == [
        f"Transform failed [{CONTEXT}]",
        f"And this. [{CONTEXT}]",
    ]


def test_limits_are_named() -> None:
    """A limit has its key, namespace and value."""
    error = LimitReached(
        finding("Too many."), key="requests.volume.max", namespace="dataactions", value=2500, retry_after=7
    )
    body = error_body(error, CONTEXT)
    assert body["status"] == 429
    assert body["limit"] == {"key": "requests.volume.max", "namespace": "dataactions", "value": 2500}


def test_an_error_without_findings() -> None:
    """Even then there is a message."""
    body = error_body(NotFound(), CONTEXT)
    assert (body["message"], body["errors"]) == ("not.found", [])


def test_warnings_in_a_header() -> None:
    """Warnings are ASCII JSON on one line."""
    text = warnings_header([found("QUERY_UNKNOWN", Place("query/é"), name="é", names="a")])
    assert text.isascii()
    assert text.isprintable()
    assert json.loads(text)[0] == {
        "code": "QUERY_UNKNOWN",
        "pointer": "query/é",
        "message": "The route has no query parameter `é`; it was ignored.",
        "fix": "Leave it out, or use one of: a.",
    }


def test_warnings_are_cut_at_a_whole_one() -> None:
    """However many there are, the header stays readable and below what clients take."""
    text = warnings_header([finding("x" * 500, Severity.WARNING)] * 100)
    assert len(text) < 4_200
    assert 1 < len(json.loads(text)) < 100
