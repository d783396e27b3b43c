"""What a refusal looks like."""

from __future__ import annotations

from jackfield.cli import refusals
from jackfield.client.errors import ApiError
from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Finding, Grade, Place, Severity


def finding(place: Place, **changes: str) -> Finding:
    """Make a finding about one place."""
    words = {"seen": '"""', "accepted": '""', "fix": "Write two.", **changes}
    return Finding(
        code="X_Y",
        message="A quote too many.",
        place=place,
        seen=words["seen"],
        accepted=words["accepted"],
        fix=words["fix"],
        grade=Grade.DOCUMENTED,
        severity=Severity.ERROR,
    )


def error(*findings: Finding) -> ApiError:
    """Make an error of the API."""
    return ApiError(*findings, status=400, code="bad.request", text="Two faults.", context_id="c-1")


def test_a_finding_shows_place_caret_seen_accepted_and_fix() -> None:
    """The whole form, as a person reads it."""
    place = Place("/notes", 2, 12, '  "notes": """,', 3)
    assert refusals.lines(error(finding(place)), width=80) == [
        "error: Two faults.",
        "",
        "error: A quote too many. [X_Y]",
        "  at        /notes, line 2, column 12",
        '              "notes": """,',
        "                       ^^^",
        '  seen      """',
        '  accepted  ""',
        "  fix       Write two.",
        "",
        "context id c-1",
    ]


def test_the_line_comes_from_the_text_that_was_sent() -> None:
    """A server that tells line and column only still gets a caret."""
    lines = refusals.lines(error(finding(Place("", 2, 3))), "{\n  x\n}", width=80)
    assert lines[lines.index("              x") + 1] == "              ^"


def test_a_place_outside_the_text_has_no_caret() -> None:
    """A line number beyond the text is shown without a quote."""
    lines = refusals.lines(error(finding(Place("", 9, 3))), "{}", width=80)
    assert "  at        line 9, column 3" in lines
    assert not any("^" in line for line in lines)


def test_no_line_is_wider_than_the_screen() -> None:
    """Sentences are wrapped, and a long source line is cut around its caret."""
    source = "x" * 300
    lines = refusals.lines(error(finding(Place("/a", 1, 200, source, 5), fix="word " * 60)), width=60)
    assert max(len(line) for line in lines) <= 60
    caret = next(line for line in lines if set(line.strip()) == {"^"})
    assert len(caret.strip()) == 5


def test_other_peoples_text_cannot_steer_the_terminal() -> None:
    """Escape sequences of an answer or a body are not printed."""
    place = Place("/\x1b[2J", 1, 1)
    lines = refusals.lines(error(finding(place, seen="\x1b]0;x\x07")), "\x1b[31m", width=80)
    assert "\x1b" not in "\n".join(lines)


def test_a_refusal_of_our_own_has_no_http_status() -> None:
    """Only what a server answered has a status; our own code is the finding's."""
    refusal = OperationRefused(found("REGION_UNSET"))
    members = refusals.document(refusal, 3)["error"]
    assert (members["status"], members["code"]) == (None, "REGION_UNSET")
    assert refusals.lines(refusal, width=80)[0].startswith("error: No server is named")
