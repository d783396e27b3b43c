"""Replies that are made up."""

from __future__ import annotations

from pathlib import Path

from jackfield.workbench.replies.synthesis import synthesized, variable_schemas
from support.sample_actions import TEXT, WHOLE, WHOLE_ACTIONS, document, exported


def test_the_contract_tells_what_variables_are(tmp_path: Path) -> None:
    """A variable has the schema of the place where it comes out, also through `firstFromArray`."""
    one = document(tmp_path, WHOLE_ACTIONS["deep scan with defaults"])
    schemas = variable_schemas(one, {})
    assert schemas["names"] == {"type": "array", "items": TEXT}
    assert schemas["pages"] == WHOLE


def test_the_reply_fits_paths_and_contract(tmp_path: Path) -> None:
    """Every path finds a value of the right type, and filters are met."""
    one = document(tmp_path, WHOLE_ACTIONS["first of a filter"])
    assert synthesized(one) == {"entities": [{"id": "Europe/Berlin", "offset": 1}]}


def test_a_reply_passed_through_is_the_contract(tmp_path: Path) -> None:
    """Without a map, the reply is what the output contract describes."""
    outputs = {"id": TEXT, "n": WHOLE, "l": {"type": "array", "items": WHOLE}}
    one = document(tmp_path, exported("https://s.example.com/", outputs=outputs))
    assert synthesized(one) == {"id": "0a1b2c3d-0000-4000-8000-000000000001", "n": 1, "l": [1]}


def test_logins_answer_a_token(tmp_path: Path) -> None:
    """What OAuth says that every login answers is there."""
    assert synthesized(document(tmp_path, WHOLE_ACTIONS["login"]))["token_type"] == "bearer"


def test_the_same_action_gets_the_same_reply(tmp_path: Path) -> None:
    """Nothing is left to chance."""
    one = document(tmp_path, WHOLE_ACTIONS["lists out of filters"])
    assert synthesized(one) == synthesized(one)


def test_a_broken_action_gets_a_reply_too(tmp_path: Path) -> None:
    """Neither a path that is none nor a template that cannot be rendered stands in the way."""
    one = document(tmp_path, exported("u", paths={"a": "$.x[?(", "b": "$.b"}, success="#if( ${"))
    assert synthesized(one) == {"b": "Sample b"}
