"""The examples of docs/velocity.md give what the page says."""

from __future__ import annotations

import contextlib
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from jackfield.velocity import Limits, VelocityError, compile_template
from jackfield.velocity.members import _TABLES
from jackfield.velocity.tools import standard_tools
from jackfield.velocity.values import Entry

PAGE = (Path(__file__).parents[3] / "docs" / "velocity.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    """The fenced blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def split(block: str) -> tuple[str, str]:
    """Template and expected text of an example."""
    lines = block.splitlines()
    template = [line for line in lines if not line.startswith("=>")]
    expected = [line[3:] for line in lines if line.startswith("=>")]
    return "\n".join(template), "\n".join(expected)


CONTEXT: dict[str, Any] = json.loads(blocks("json")[0])


@pytest.mark.parametrize("block", blocks("vtl"))
def test_example_renders_as_shown(block: str) -> None:
    """A template example gives the text after the arrow, in strict mode."""
    template, expected = split(block)
    assert compile_template(template, strict=True).render({**CONTEXT, **standard_tools()}) == expected


@pytest.mark.parametrize("block", blocks("vtl-error"))
def test_error_example_fails_as_shown(block: str) -> None:
    """A template that is wrong gives the error text after the arrow."""
    template, expected = split(block)
    with pytest.raises(VelocityError) as caught:
        compile_template(template, strict=True).render({**CONTEXT, **standard_tools()})
    assert str(caught.value) == expected


def test_python_example_prints_what_is_shown() -> None:
    """The first program on the page prints the text below it."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(blocks("python")[0], {})
    assert printed.getvalue() == blocks("text")[0]


def test_every_allowed_method_is_on_the_page() -> None:
    """The page names each method of strings, lists, maps, entries and numbers that templates may call."""
    words = set(re.findall(r"\w+", PAGE))
    for kind in (str, list, dict, int, float, bool):
        assert set(_TABLES[kind]) - words == set(), kind
    assert {"key", "value"} <= words
    assert Entry in _TABLES


def test_every_tool_function_is_on_the_page() -> None:
    """The page names each function of the standard tools."""
    words = set(re.findall(r"\w+", PAGE))
    for name, tool in standard_tools().items():
        assert name in words
        for function in _TABLES[type(tool)]:
            getter = function.removeprefix("get")
            names = {function, getter, getter[0].lower() + getter[1:]}
            assert names & words or function == "getKey", (name, function)


def test_the_limits_are_those_on_the_page() -> None:
    """The page shows the default limits as they are."""
    shown = re.search(r"`Limits\((.*?)\)`", PAGE, re.DOTALL)
    assert shown is not None
    assert eval(f"Limits({shown[1]})", {"Limits": Limits}) == Limits()
