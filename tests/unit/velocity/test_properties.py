"""What holds for any text and any template."""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from jackfield.velocity import VelocityError, compile_template
from jackfield.velocity.tools import standard_tools
from oracle.velocity.cases import data_action
from oracle.velocity.grammar import fragments, grammar

PLAIN = st.text(st.characters(exclude_characters="$#\\", exclude_categories=["Cs"]))
FRAGMENTS = [
    "$",
    "#",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "!",
    "\\",
    '"',
    "'",
    ".",
    "|",
    ",",
    ":",
    "=",
    "\n",
    " ",
    "\x1c",
]
WORDS = [
    "x",
    "d",
    "l",
    "if",
    "end",
    "set",
    "foreach",
    "else",
    "elseif",
    "macro",
    "define",
    "evaluate",
    "in",
    "1",
    "-2.5",
]
SOUP = st.lists(
    st.sampled_from(FRAGMENTS + WORDS + ["$x", "${d.a}", "#if(", "#end", "#set($x="]), max_size=25
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
CONTEXT: dict[str, Any] = {
    "x": "ex",
    "d": {"a": 1, "b": [1, 2.5, None]},
    "l": ["p", {"q": True}],
    **standard_tools(),
}


def error_of(text: str, **options: Any) -> VelocityError | None:
    """The documented error of compiling and rendering a text, or None."""
    try:
        compile_template(text, **options).render(CONTEXT)
    except VelocityError as error:
        return error
    return None


@given(PLAIN)
@settings(max_examples=200, deadline=None)
def test_text_without_dollar_hash_and_backslash_is_itself(text: str) -> None:
    """Text that has nothing of the language in it comes out as it went in, in every mode."""
    assert compile_template(text).render({}) == text
    assert compile_template(text, strict=True, gobbling="structured").render({}) == text


@given(SOUP, st.booleans(), st.sampled_from(["lines", "none", "bc", "structured"]))
@settings(max_examples=400, deadline=None)
def test_any_text_compiles_or_raises_the_documented_error(pieces: list[str], strict: bool, mode: Any) -> None:
    """Whatever the text, only VelocityError comes out, with a place in the text."""
    text = "".join(pieces)
    error = error_of(text, strict=strict, gobbling=mode)
    if error is not None:
        assert error.message
        assert error.line <= text.count("\n") + text.count("\r") + 1
        assert error.explain()


@given(st.integers(0, 2**32), st.booleans())
@settings(max_examples=300, deadline=None)
def test_templates_from_the_grammar_raise_nothing_else(seed: int, strict: bool) -> None:
    """Templates made by the generators of the oracle render or raise VelocityError."""
    random = Random(seed)
    text = random.choice((data_action, grammar, fragments))(random)
    error = error_of(text, strict=strict)
    assert error is None or error.template_name == "template"


@given(JSON)
@settings(max_examples=200, deadline=None)
def test_any_json_value_prints(value: Any) -> None:
    """Every JSON value can be printed, tested, compared with itself, and walked."""
    template = compile_template("#if($v)t#else f#end#if($v == $v)=#end|$!{v}#foreach($i in $v)$!i#end")
    shown = template.render({"v": value})
    assert shown.startswith("t=|" if value else " f=|")


@given(JSON, JSON)
@settings(max_examples=200, deadline=None)
def test_equality_is_symmetric(left: Any, right: Any) -> None:
    """a == b is b == a."""
    text = "#if($a == $b)1#else 0#end#if($b == $a)1#else 0#end#if($a != $b)0#else 1#end"
    template = compile_template(text)
    shown = template.render({"a": left, "b": right}).replace(" ", "")
    assert shown in ("111", "000")
