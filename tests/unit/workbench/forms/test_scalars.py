"""Texts in files, changed in a part and left alone in every other."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from jackfield.domain.json_nodes import ObjectNode, StringNode
from jackfield.domain.json_reader import Reading, read_json
from jackfield.workbench.documents import Scalar
from jackfield.workbench.forms.scalars import changed, respliced, scalar_of
from jackfield.workbench.forms.yaml_text import read_yaml

FILE = Path("file")


def the_scalar(reading: Reading, name: str = "a") -> Scalar:
    """The text of a member."""
    assert isinstance(reading.root, ObjectNode)
    node = reading.root.get(name)
    assert isinstance(node, StringNode)
    scalar = scalar_of(FILE, reading, node)
    assert scalar is not None
    return scalar


@given(st.text(max_size=30), st.data())
def test_any_part_of_a_json_string_can_be_changed(value: str, data: st.DataObject) -> None:
    """Whatever is escaped how: it says what it should, and what stands around the change is kept."""
    ascii_only = data.draw(st.booleans())
    text = json.dumps({"a": value}, ensure_ascii=ascii_only)
    scalar = the_scalar(read_json(text))
    start = data.draw(st.integers(0, len(scalar.value)))
    end = data.draw(st.integers(start, len(scalar.value)))
    new = data.draw(st.text(max_size=10).filter(lambda one: one.isprintable()))
    raw = respliced(scalar, [(start, end, new)])
    assert raw is not None
    assert json.loads(raw) == changed(scalar.value, [(start, end, new)])
    head = json.dumps(scalar.value[:start], ensure_ascii=ascii_only)[:-1]
    assert raw.startswith(head)


def test_the_authors_own_escapes_are_kept() -> None:
    """`\\u00e9`, `\\/` and a pair of surrogates stay as they are written."""
    scalar = the_scalar(read_json(r'{"a": "caf\u00e9 \/ \ud83d\ude00 x \t"}'))
    at = scalar.value.index("x")
    assert respliced(scalar, [(at, at + 1, 'y"')]) == r'"caf\u00e9 \/ \ud83d\ude00 y\" \t"'


def test_a_text_that_had_to_be_mended_is_not_changed() -> None:
    """Where the file is no JSON, nothing is certain."""
    reading = read_json('{"a": "x",}')
    assert isinstance(reading.root, ObjectNode)
    node = reading.root.get("a")
    assert isinstance(node, StringNode)
    assert scalar_of(FILE, reading, node) is None


@pytest.mark.parametrize(
    ("text", "change", "expected"),
    [
        ("a: 'it''s ${x}'\n", ("${x}", "y'z"), "'it''s y''z'"),
        ('a: "tab\\t${x} \\x41"\n', ("${x}", 'y"'), '"tab\\ty\\" \\x41"'),
        ("a: plain ${x} text # comment\n", ("${x}", "y"), "plain y text"),
        ("a: plain ${x} text\n", ("${x}", "y: z"), "'plain y: z text'"),
        ("a: plain ${x} text\n", ("${x}", "y #z"), "'plain y #z text'"),
        ("a: unknown\n", ("unknown", '"unknown"'), "'\"unknown\"'"),
        ("a: ${x}\n", ("${x}", "'y'"), "'''y'''"),
        ("a: |\n  one ${x}\n  two ${x}\nb: c\n", ("two ${x}", "three"), "|\n  one ${x}\n  three\n"),
        ("a: |-\n    one\n\n    two ${x}", ("${x}", "y"), "|-\n    one\n\n    two y"),
    ],
)
def test_yaml_keeps_its_style(text: str, change: tuple[str, str], expected: str) -> None:
    """Quoted texts stay quoted, blocks stay blocks, plain ones get quotes if they need them."""
    scalar = the_scalar(read_yaml(text))
    old, new = change
    start = scalar.value.index(old)
    raw = respliced(scalar, [(start, start + len(old), new)])
    assert raw == expected
    whole = text[: scalar.start] + raw + text[scalar.end :]
    assert yaml.safe_load(whole)["a"] == scalar.value.replace(old, new)


@pytest.mark.parametrize(
    "text", ["a: >\n  folded ${x}\n  text\n", "a: 'two\n  lines ${x}'\n", "a: two\n  lines ${x}\n"]
)
def test_folded_texts_are_left_alone(text: str) -> None:
    """What lines mean in them depends on all of it."""
    reading = read_yaml(text)
    assert isinstance(reading.root, ObjectNode)
    node = reading.root.get("a")
    assert isinstance(node, StringNode)
    scalar = scalar_of(FILE, reading, node)
    if scalar is not None:
        at = scalar.value.index("${x}")
        assert respliced(scalar, [(at, at + 4, "y")]) is None
