"""Properties of all paths and documents."""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jackfield.jsonpath import (
    DEFAULT_LIMITS,
    JsonPathError,
    Path,
    PathNotFound,
    PathSyntaxError,
)
from jackfield.jsonpath.compiler import Compiler
from jackfield.jsonpath.parser import parse
from jackfield.jsonpath.path import reader
from oracle.jsonpath import documents, paths
from oracle.jsonpath.rendering import jackson

SEEDS = st.integers(min_value=0, max_value=2**32)
PIECES = st.one_of(
    st.sampled_from("$@.[]()?*'\",:-1a=~&|!/\\{}é \t\0\U0001f600"),
    st.sampled_from(
        ("..", "length()", "==", "=~", "&&", "||", "in", "[?(", ")]", "null", "\\u", "@.a", "$.")
    ),
)
TEXTS = st.one_of(st.text(max_size=40), st.lists(PIECES, max_size=25).map("".join))
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.floats(allow_nan=False)
    | st.sampled_from(["a", "1", ""]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=20,
)


@settings(max_examples=600, deadline=None)
@given(TEXTS, JSON)
def test_any_text_compiles_or_is_refused(text: str, document: Any) -> None:
    """Compiling raises PathSyntaxError alone, reading documented errors alone, and changes nothing."""
    path, failure = _compiled(text)
    if path is None:
        assert isinstance(failure, PathSyntaxError)
        assert 1 <= failure.column <= len(text) + 1
        assert failure.reason in str(failure)
        return
    before = copy.deepcopy(document)
    kind, shown = _outcome(path.read, document)
    assert kind != "value" or path.is_definite or shown.startswith("[")
    assert jackson(document) == jackson(before)


def _compiled(text: str) -> tuple[Path | None, PathSyntaxError | None]:
    try:
        return Path(text, DEFAULT_LIMITS), None
    except PathSyntaxError as failure:
        return None, failure


def _case(seed: int) -> tuple[str, Any]:
    rng = random.Random(seed)
    named = documents.make(seed % 50, 1)
    document = named[rng.choice(list(named))]
    make = paths.realistic if rng.random() < 0.5 else paths.grammatical
    return make(rng, document), document


def _parts(value: Any) -> set[int]:
    found = {id(value)}
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for child in children:
        found |= _parts(child)
    return found


@settings(max_examples=400, deadline=None)
@given(SEEDS)
def test_results_are_parts_of_the_document(seed: int) -> None:
    """Without functions and merged names, everything a path gives is an object of the document."""
    text, document = _case(seed)
    if "(" in text.replace("[?(", "") or "','" in text or document is None:
        return
    try:
        path = Path(text, DEFAULT_LIMITS)
        found = path.read(document)
    except JsonPathError:
        return
    parts = _parts(document)
    for value in [found] if path.is_definite else found:
        assert id(value) in parts


@settings(max_examples=600, deadline=None)
@given(SEEDS)
def test_shortcuts_give_what_the_general_evaluation_gives(seed: int) -> None:
    """The fast functions and the general steps agree on value or error."""
    text, document = _case(seed)
    try:
        path = Path(text, DEFAULT_LIMITS)
    except PathSyntaxError:
        return
    node, _ = parse(text, DEFAULT_LIMITS)
    general = reader(Compiler(text, DEFAULT_LIMITS, quick=False).evaluation(node), DEFAULT_LIMITS)
    assert _outcome(path.read, document) == _outcome(general, document)


@settings(max_examples=600, deadline=None)
@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=4), JSON)
def test_following_names_gives_what_reading_gives(names: list[str], document: Any) -> None:
    """Through objects, names lead to the value that reading gives, or nowhere where reading finds nothing."""
    path = Path(".".join(["$", *names]), DEFAULT_LIMITS)
    assert path.names == tuple(names)
    value = document
    for name in names:
        if type(value) is not dict:
            return
        if name not in value:
            with pytest.raises(PathNotFound):
                path.read(document)
            return
        value = value[name]
    assert path.read(document) is value


@settings(max_examples=300, deadline=None)
@given(SEEDS, JSON)
def test_shortcuts_agree_on_strange_documents(seed: int, document: Any) -> None:
    """The same on documents that do not fit the path."""
    rng = random.Random(seed)
    name, other = rng.choice("abc"), rng.choice("abc")
    literal = rng.choice(["'a'", "'1'", "1", "1.0", "null", "true", "-3"])
    operator = rng.choice(["==", "!=", "<", ">=", "=="])
    test = rng.choice(
        [f"@.{other} {operator} {literal}", f"@ {operator} {literal}", f"@.{other}", f"!@.{other}[0]"]
    )
    tail = rng.choice(["", f".{other}"])
    text = rng.choice(
        (
            f"$.{name}[?({test})]{tail}",
            f"$[?({test})]{tail}",
            f"$.{name}[*]{tail}",
            f"$[0].{name}",
            f"$..{name}",
            f"$.{name}.{other}",
            "$[-1][0]",
            f"$.{name}[?({test} && {test})]",
            f"$[?(!({test}) || @.{name})]{tail}",
        )
    )
    node, _ = parse(text, DEFAULT_LIMITS)
    general = reader(Compiler(text, DEFAULT_LIMITS, quick=False).evaluation(node), DEFAULT_LIMITS)
    path = Path(text, DEFAULT_LIMITS)
    if "inf" not in repr(document):
        assert _outcome(path.read, document) == _outcome(general, document)


def _outcome(read: Any, document: Any) -> tuple[str, str]:
    try:
        return "value", jackson(read(document))
    except JsonPathError as failure:
        return type(failure).__name__, getattr(failure, "engine_error", "")


def test_comparison_of_shortcuts_notices_a_difference() -> None:
    """Control: a reader that forgets the filter does not pass for the path."""
    document = [{"a": 1}, {"b": 1}]
    path = Path("$[?(@.a)]", DEFAULT_LIMITS)
    assert _outcome(path.read, document) != _outcome(lambda value: value, document)
