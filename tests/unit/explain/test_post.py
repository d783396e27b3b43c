"""The founding question: a vendor's developer, an opaque 400, everything of it in one text."""

from __future__ import annotations

import json

import pytest

from jackfield.domain.finding import Rank
from jackfield.explain import ExplainOptions, Explanation, PieceKind, explain
from jackfield.explain.report import report_lines
from support.explain_post import CREDENTIAL, PASSWORD, POST, TOKEN


@pytest.fixture(scope="module")
def told() -> Explanation:
    """What is said about the post."""
    return explain(POST)


def test_every_piece_is_named(told: Explanation) -> None:
    """SDK call, its answer, the PUT and the error, each with its operation or model."""
    assert [piece.kind for piece in told.pieces] == [
        PieceKind.SDK_CALL,
        PieceKind.ANSWER,
        PieceKind.REQUEST,
        PieceKind.ERROR,
    ]
    call, answer, put, error = told.pieces
    assert call.route is not None
    assert call.route.operation_id == "post_integrations_credentials"
    assert answer.model == "CredentialInfo"
    assert put.route is not None
    assert put.model == "IntegrationConfiguration"
    assert error.status == 400


def test_the_cause_comes_first_and_the_artefact_is_none(told: Explanation) -> None:
    """The bare credential is the cause; the quote came with the paste; the rest is no reason for a 400."""
    ranks = [(one.finding.code, one.rank) for one in told.findings]
    assert ranks == [
        ("CREDENTIALS_BARE_INFO", Rank.CAUSE),
        ("PROPERTIES_OF_ANOTHER_TYPE", Rank.CAUSE),
        ("JSON_STRAY_QUOTE", Rank.ARTEFACT),
        ("VERSION_AS_TEXT", Rank.DIFFERENCE),
        ("SDK_CALLING_FORM", Rank.DIFFERENCE),
    ]


def test_the_posts_own_sentence_is_evidence(told: Explanation) -> None:
    """That it works with empty credentials is held against every finding of the PUT."""
    reasons = [one.reason for one in told.findings if one.piece == 2]
    assert all("empty `credentials`" in reason for reason in reasons)


def test_places_are_those_of_the_whole_text(told: Explanation) -> None:
    """Line and caret lead to the very line of the post."""
    lines = POST.split("\n")
    first = told.findings[0].finding.place
    assert first.line is not None
    assert lines[first.line - 1] == '"credentials": {' == first.excerpt
    assert first.column == len('"credentials": {')
    quote = told.findings[2].finding
    assert lines[(quote.place.line or 0) - 1] == '"notes": """,'
    assert not quote.after_repair
    assert told.findings[0].finding.after_repair


def test_the_correction_is_the_slot_map_with_that_very_id(told: Explanation) -> None:
    """To a web services integration: no properties, the id under `basicAuth`, the version as a number."""
    correction = told.corrections[0]
    assert correction.method == "PUT"
    assert correction.path == "/api/v2/integrations/77777777-aaaa-4bbb-8ccc-999999999999/config/current"
    assert json.loads(correction.body_text) == {
        "name": "Lookup",
        "version": 3,
        "properties": {},
        "advanced": {},
        "notes": "",
        "credentials": {"basicAuth": {"id": CREDENTIAL}},
    }


def test_the_open_question_is_asked_and_can_be_settled(told: Explanation) -> None:
    """The type is asked for; told that it is a premium app, the credentials go elsewhere."""
    assert told.question is not None
    assert told.question.answers == ("custom-rest-actions", "premium-app-example")
    app = explain(POST, options=ExplainOptions(type_id="premium-app-example"))
    assert app.question is None
    assert json.loads(app.corrections[0].body_text)["credentials"] == {}
    assert json.loads(app.corrections[0].body_text)["properties"]["displayType"] == "standalone"
    assert any("custom-rest-actions" in one.finding.accepted for one in app.findings)


def test_two_integrations_are_told_apart(told: Explanation) -> None:
    """The advice says whose the properties are and where the credential belongs."""
    assert any("Two integrations" in one.text and "premium-app-example" in one.text for one in told.advice)


def test_secrets_are_warned_about_and_nowhere_to_be_seen(told: Explanation) -> None:
    """Token and password are named with their lines; neither stands in anything that is printed."""
    assert [one.kind for one in told.secrets_seen] == ["password", "bearer token"]
    lines = POST.split("\n")
    assert PASSWORD in lines[told.secrets_seen[0].line - 1]
    assert TOKEN in lines[told.secrets_seen[1].line - 1]
    shown = "\n".join(report_lines(told, forms=("http", "curl", "python", "javascript")))
    shown += repr(told.findings) + repr(told.corrections)
    assert PASSWORD not in shown
    assert TOKEN not in shown


def test_it_fits_on_a_screen(told: Explanation) -> None:
    """No more than 52 lines of a hundred columns; only addresses may be longer."""
    lines = report_lines(told)
    assert len(lines) <= 52
    assert [line for line in lines if len(line) > 100 and "https://" not in line] == []
