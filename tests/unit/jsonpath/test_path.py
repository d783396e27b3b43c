"""Compiling and reading paths: the public behaviour."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

import jackfield.jsonpath as package
from jackfield.jsonpath import (
    DEFAULT_LIMITS,
    JsonPathError,
    Limits,
    Path,
    PathEvaluationError,
    PathLimitExceeded,
    PathNotFound,
    PathSyntaxError,
    compile_path,
)

REPLY: dict[str, Any] = {
    "total": 2,
    "nothing": None,
    "entities": [
        {"id": "a", "state": "active", "tags": ["x"]},
        {"id": "b", "state": "away", "sender": {"id": "s"}},
    ],
}


def test_public_names_are_listed() -> None:
    """Every public name of the package is in __all__; names that pytest adds do not count."""
    modules = set(sys.modules)
    public = {
        name
        for name in vars(package)
        if not name.startswith(("_", "@"))
        and f"jackfield.jsonpath.{name}" not in modules
        and name != "annotations"
    }
    assert set(package.__all__) == public
    assert list(package.__all__) == sorted(package.__all__)


def test_room_is_a_leaf() -> None:
    """Importing the package loads no other room of Jackfield."""
    code = (
        "import sys, jackfield.jsonpath; "
        "rooms = {m.split('.')[1] for m in sys.modules if m.startswith('jackfield.')}; print(rooms)"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "{'jsonpath'}"


@pytest.mark.parametrize(
    ("path", "definite"),
    [
        ("$", True),
        ("$.a.b[0]", True),
        ("$['a','b']", True),
        ("$['a','b'].c", False),
        ("$.a[0,1]", False),
        ("$.a[1:]", False),
        ("$.a[*]", False),
        ("$..a", False),
        (".a", False),
        ("$.a[?(@.b)]", False),
        ("$.a.length()", True),
        ("$.a[*].length()", False),
        ("$..a.length()", True),
    ],
)
def test_definiteness(path: str, definite: bool) -> None:
    """A path is definite unless some segment selects several values."""
    assert compile_path(path).is_definite is definite


def test_values_are_the_documents_own() -> None:
    """Results are the objects of the document, not copies."""
    assert compile_path("$.entities[1].sender").read(REPLY) is REPLY["entities"][1]["sender"]
    assert compile_path("$.entities[*]").read(REPLY)[0] is REPLY["entities"][0]
    assert compile_path("$").read(REPLY) is REPLY


def test_result_lists_are_new() -> None:
    """Changing a result list does not change the document."""
    found = compile_path("$.entities[*]").read(REPLY)
    found.clear()
    assert len(REPLY["entities"]) == 2


def test_null_is_found() -> None:
    """A property that is null has the value None and is no error."""
    assert compile_path("$.nothing").read(REPLY) is None


@pytest.mark.parametrize(
    ("path", "column", "words"),
    [
        ("$.missing", 0, "leads to nothing"),
        ("$.entities[7]", 0, "leads to nothing"),
        ("$.missing.x", 3, "no property 'missing'"),
        ("$.entities.id", 12, "looked for in a list"),
        ("$.total.x", 9, "looked for in a number"),
        ("$.nothing.x", 11, "looked for in null"),
        ("$.total[0]", 8, "applied to a number"),
        ("$.missing[*]", 3, "no property 'missing'"),
    ],
)
def test_not_found_says_where(path: str, column: int, words: str) -> None:
    """PathNotFound names the step, its column and what it met, and has no other error behind it."""
    with pytest.raises(PathNotFound) as caught:
        compile_path(path).read(REPLY)
    assert caught.value.column == column
    assert words in str(caught.value)
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    ("path", "names"),
    [("$.a.b", ("a", "b")), ("a", ("a",)), ("$['a b']", ("a b",))]
    + [(path, ()) for path in ("$", "$.l[0]", "$..b", "$.a.*", "$['a','b']", "$.l.length()")],
)
def test_names_are_those_of_paths_that_have_nothing_else(path: str, names: tuple[str, ...]) -> None:
    """Everything else is left to reading."""
    assert compile_path(path).names == names


def test_indefinite_misses_are_empty_lists() -> None:
    """Behind an indefinite segment, missing names and wrong kinds are silence."""
    for path in (
        "$.entities[*].nope",
        "$.entities[*].id.x",
        "$.entities[9:]",
        "$..nope",
        "$.entities[5].x[*]",
    ):
        assert compile_path(path).read(REPLY) == []


def test_null_document_is_an_error() -> None:
    """The engine refuses a null document; the error says so."""
    for path in ("$", "$.a", "$..a", "$[*]", "$[0]"):
        with pytest.raises(PathEvaluationError, match="null"):
            compile_path(path).read(None)


@pytest.mark.parametrize(
    ("path", "engine_error"),
    [
        ("$.total.sum()", "JsonPathException"),
        ("$.entities.nosuch()", "InvalidPathException"),
        ("$.total[?(@.x)]", "InvalidPathException"),
        ("$.entities.index(9)", "IndexOutOfBoundsException"),
        ("$.length(1)", "NullPointerException"),
        ("$.sum(1x)", "InvalidJsonException"),
        ("$.entities[?(@ empty true)]", "ClassCastException"),
        ("$.entities[?(@.id in [1,:])]", "IllegalArgumentException"),
    ],
)
def test_evaluation_errors_name_the_engines(path: str, engine_error: str) -> None:
    """PathEvaluationError carries the name of the Java exception."""
    with pytest.raises(PathEvaluationError) as caught:
        compile_path(path).read(REPLY)
    assert caught.value.engine_error == engine_error


def test_paths_are_cached_by_text_and_limits() -> None:
    """The same text and limits give the same Path; other limits another one."""
    assert compile_path("$.cached") is compile_path("$.cached")
    assert compile_path("$.cached", limits=Limits(depth=5)) is not compile_path("$.cached")


def test_repr_shows_the_path() -> None:
    """A Path shows its text."""
    assert repr(compile_path("$.a")) == "Path('$.a')"


def _nested(levels: int) -> Any:
    document: Any = {"x": 1}
    for _ in range(levels):
        document = {"d": document}
    return document


@pytest.mark.parametrize("path", ["$..x", "$..*", "$..[?(@.x)]", "$.d..['x']"])
def test_depth_is_bounded(path: str) -> None:
    """A deep scan of a document deeper than the limit raises PathLimitExceeded, whatever the shape."""
    assert compile_path(path).read(_nested(100))
    with pytest.raises(PathLimitExceeded) as caught:
        compile_path(path).read(_nested(5000))
    assert caught.value.limit == "depth"


@pytest.mark.parametrize("path", ["$.n[*]", "$..n[*]", "$.n[?(@ >= 0)]", "$..a", "$.objects[*].a", "$.n[0:]"])
def test_results_are_bounded(path: str) -> None:
    """More results than allowed raise PathLimitExceeded."""
    document = {"n": list(range(50)), "objects": [{"a": 1}] * 50}
    assert len(compile_path(path).read(document)) == 50
    with pytest.raises(PathLimitExceeded) as caught:
        compile_path(path, limits=Limits(results=49)).read(document)
    assert caught.value.limit == "results"


@pytest.mark.parametrize(
    "path",
    [
        "$..*..*..*..*..*..*",
        "$[0,0,0,0,0,0,0,0,0,0]" + "[0,0,0,0,0,0,0,0,0,0]" * 9 + ".x",
        "$..[?(@..[?(@..[?(@..[?(@..x)])])])]",
    ],
)
def test_work_is_bounded(path: str) -> None:
    """A path made to visit a document again and again is stopped."""
    document: Any = [1]
    for _ in range(14):
        document = [document, document]
    with pytest.raises(PathLimitExceeded):
        compile_path(path, limits=Limits(steps=20_000, results=5_000)).read(document)


def test_regex_time_is_bounded() -> None:
    """A pattern that backtracks without end is stopped in time."""
    path = compile_path("$[?(@.t =~ /(a|aa)+(b|c)+d/)]", limits=Limits(regex_seconds=0.05))
    with pytest.raises(PathLimitExceeded) as caught:
        path.read([{"t": "a" * 5000 + "!"}])
    assert caught.value.limit == "regex_seconds"


@pytest.mark.parametrize(
    "text",
    [
        "$" + ".a" * 201,
        "$" + "[?(@" * 60 + ")]" * 60,
        "$[?(" + "(" * 100 + "@.a" + ")" * 100 + ")]",
        "$[?(" + "!" * 5000 + "(@.a))]",
        "$.a" + "a" * 20_000,
        "$.f(" * 100 + "$" + ")" * 100,
    ],
)
def test_size_of_a_path_is_bounded(text: str) -> None:
    """Too long, too many segments, too deep: a PathSyntaxError, never a crash."""
    with pytest.raises(PathSyntaxError):
        compile_path(text)


def test_limits_are_per_path() -> None:
    """A path compiled without the cache takes its limits too."""
    assert Path("$.total", DEFAULT_LIMITS).read(REPLY) == 2


def test_every_error_is_a_json_path_error() -> None:
    """One except clause catches them all."""
    for error in (PathSyntaxError, PathNotFound, PathEvaluationError, PathLimitExceeded):
        assert issubclass(error, JsonPathError)
    assert issubclass(PathNotFound, LookupError)
    assert issubclass(PathSyntaxError, ValueError)
