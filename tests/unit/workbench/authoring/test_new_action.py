"""New actions: what is written can be read, and the first test passes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from jackfield.domain.errors import OperationRefused
from jackfield.domain.json_reader import read_json
from jackfield.workbench.authoring.new_action import new_action, write_new
from jackfield.workbench.authoring.outputs import outputs_of
from jackfield.workbench.bench import Bench, Trial
from jackfield.workbench.forms import load
from jackfield.workbench.replies.given import GivenReplies, json_reply
from jackfield.workbench.suites import discovery, read_suite, run_case

REQUEST = """POST https://orders.example.com/{id}?lang={lang}
Authorization: Bearer abcdef123456

{"id": "{id}", "count": "{count:integer}"}"""
REPLY = {
    "order": {"id": 17, "state": 'op"en', "note": None},
    "items": [{"sku": "a"}, {"sku": "yes"}],
    "n": 1e20,
}


def _new(reply: Any, request: str = "") -> Any:
    return new_action("Get order", Path("reply.json"), json.dumps(reply).encode(), request=request)


def test_the_first_test_passes(tmp_path: Path) -> None:
    """What `new` writes is an action in the folder form whose own test is met."""
    new = _new(REPLY, REQUEST)
    files = write_new(new, tmp_path / "get-order")
    assert all(file.is_file() for file in files)
    (document,) = load(tmp_path / "get-order")
    assert document == new.document
    (test_file,) = discovery.suite_files_of(tmp_path / "get-order")
    with Bench() as bench:
        (outcome,) = [run_case(bench, case) for case in read_suite(test_file).cases]
    assert outcome.passed, outcome.findings


def test_what_needs_a_look_is_noted() -> None:
    """Nulls of the sample and secrets of the request are said."""
    assert [note.code for note in _new(REPLY, REQUEST).notes] == ["NEW_VALUE_LEFT_OUT", "NEW_SECRET_REPLACED"]


def test_nothing_is_overwritten_unasked(tmp_path: Path) -> None:
    """A second `new` at the same place is refused, unless forced."""
    write_new(_new(REPLY), tmp_path)
    with pytest.raises(OperationRefused) as refusal:
        write_new(_new(REPLY), tmp_path)
    assert refusal.value.findings[0].code == "ACTION_FILE_EXISTS"
    assert write_new(_new(REPLY), tmp_path, overwrite=True)


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (b"{}", "NEW_SAMPLE_EMPTY"),
        (b'{"a": null}', "NEW_SAMPLE_EMPTY"),
        (b'{"a": }', "JSON_VALUE_MISSING"),
        (b"", "JSON_EMPTY_BODY"),
    ],
)
def test_a_sample_without_values_is_refused(source: bytes, code: str) -> None:
    """The finding names the sample's file."""
    with pytest.raises(OperationRefused) as refusal:
        new_action("x", Path("reply.json"), source)
    (finding, *_) = refusal.value.findings
    assert (finding.code, finding.place.file) == (code, "reply.json")


VALUES = st.recursive(
    st.one_of(st.integers(-(2**40), 2**40), st.booleans(), st.text(max_size=5), st.floats(-1e6, 1e6)),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3),
        st.dictionaries(st.text("abXY_ '$.-", min_size=1, max_size=4), inner, min_size=1, max_size=3),
    ),
    max_leaves=6,
)


@settings(deadline=None, max_examples=60)
@given(reply=st.dictionaries(st.sampled_from(["a", "b", "Input"]), VALUES, min_size=1))
def test_any_sample_gives_an_action_that_gives_it_back(reply: dict[str, Any]) -> None:
    """The engine, given the sample as reply, gives what the outputs say, and the contract is met."""
    root = read_json(json.dumps(reply)).root
    assert root is not None
    assume(outputs_of(root)[0])
    new = _new(reply)
    with Bench() as bench:
        outcome = bench.run(Trial(new.document, GivenReplies(json_reply(reply)), inputs=new.inputs))
    assert outcome.success, outcome.findings
    assert outcome.value == new.result
