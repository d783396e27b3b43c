"""The examples of docs/jsonpath.md hold."""

from __future__ import annotations

import dataclasses
import doctest
import json
import re
from pathlib import Path as File
from typing import Any

import pytest

from jackfield.jsonpath import DEFAULT_LIMITS, compile_path
from jackfield.jsonpath.filters import OPERATORS
from jackfield.jsonpath.functions import NAMES

PAGE = File(__file__).parents[3] / "docs" / "jsonpath.md"
TEXT = PAGE.read_text(encoding="utf-8")
CODE = "".join(re.findall(r"```pycon\n(.*?)```", TEXT, re.DOTALL))
ROWS = [
    (path.replace("\\|", "|"), expected)
    for table in re.findall(r"^\| path \| gives \|\n\|---\|---\|\n((?:\|.*\n)+)", TEXT, re.MULTILINE)
    for path, expected in re.findall(r"^\| `([^`]+)` \| `([^`]+)` \|$", table, re.MULTILINE)
]


def _globals() -> dict[str, Any]:
    """The names that the page's code leaves behind."""
    names: dict[str, Any] = {}
    examples = doctest.DocTestParser().get_doctest(CODE, names, "jsonpath.md", str(PAGE), 0)
    runner = doctest.DocTestRunner(verbose=False)
    runner.run(examples, clear_globs=False)
    assert runner.failures == 0
    return examples.globs


DOCUMENT = _globals()["document"]


def test_code_of_the_page_prints_what_it_says() -> None:
    """Every line of code gives the output printed below it."""
    assert "document" in _globals()


@pytest.mark.parametrize(("path", "expected"), ROWS)
def test_table_rows_hold(path: str, expected: str) -> None:
    """Every path in a table gives the JSON beside it."""
    found = compile_path(path).read(DOCUMENT)
    assert json.dumps(found) == json.dumps(json.loads(expected))


def test_every_function_and_operator_has_an_example() -> None:
    """What the code knows, the tables show."""
    paths = " ".join(path for path, _ in ROWS)
    assert [name for name in NAMES if f"{name}(" not in paths] == []
    assert {name for name in OPERATORS if f" {name} " not in paths} == {"type", "matches"}


def test_limits_are_documented_with_their_defaults() -> None:
    """Each field of Limits stands in the table with its default."""
    for field in dataclasses.fields(DEFAULT_LIMITS):
        assert f"| `{field.name}` | {getattr(DEFAULT_LIMITS, field.name)} |" in TEXT
