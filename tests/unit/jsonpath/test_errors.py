"""What a user sees of a wrong path."""

from __future__ import annotations

import pytest

from jackfield.jsonpath import PathSyntaxError, compile_path
from jackfield.jsonpath.errors import caret_display

FAULTS = [
    ("", 1, "empty", "$ alone"),
    ("   ", 1, "empty", "$ alone"),
    ("$.", 2, "end with '.'", "name the property"),
    ("$.a..", 5, "end with '.'", "remove the dot"),
    ("$total", 2, "expected after $", "$.t"),
    ("$...a", 4, "Too many dots", "deep scan"),
    ("$.first name", 8, "cannot contain a blank", "['first name']"),
    ("$.a. b", 5, "blank cannot start", "['my name']"),
    ("$.a['b", 5, "name is not closed", "close the name"),
    ("$.a['b'", 8, "']' or ','", "close the bracket"),
    ("$.a['it's']", 9, "']' or ','", "\\'"),
    ("$.a['b',]", 9, "missing after the comma", "remove the comma"),
    ("$.a['b',\"c\"]", 9, "A name is missing", "same quotes"),
    ("$.a['b', c]", 10, "A name is missing", "same quotes"),
    ("$.a[b]", 5, "nothing that is understood", "in quotes"),
    ("$.a[“b”]", 5, "nothing that is understood", "not a quote"),
    ("$.a[(@.length-1)]", 5, "nothing that is understood", "[-1]"),
    ("$.a[]", 5, "nothing that is understood", "inside brackets"),
    ("$.a[", 4, "", ""),
    ("$.a.b[0", 6, "not closed", "] is missing"),
    ("$.a[0 1]", 5, "not an index", "whole numbers"),
    ("$.a[99999999999]", 5, "not an index", "whole numbers"),
    ("$.a[0x]", 6, "cannot stand in an index", "quotes"),
    ("$.a[1, 2:3]", 5, "A slice holds", "[1:3]"),
    ("$.a[:]", 5, "needs a bound", "[*]"),
    ("$.a[*1]", 6, "expected after [*", ""),
    ("$.a[?@.b]", 6, "must stand in parentheses", "[?(@.name"),
    ("$.a[?(@.b == 'x'", 17, "filter is not closed", ")]"),
    ("$.a[?(@.b == 'x')", 18, "expected after the filter", ")]"),
    ("$.a[?(@.b = 'x')]", 11, "'=' is not an operator", "write =="),
    ("$.a[?(@.b <> 'x')]", 11, "not an operator", "write !="),
    ("$.a[?(@.b like 'x')]", 11, "not an operator", "write =~"),
    ("$.a[?(@.b == x)]", 14, "'x' is not a value", "quotes"),
    ("$.a[?(@.b == )]", 14, "value is missing", "compares"),
    ("$.a[?(@.b == tru)]", 14, "true is expected", "quotes"),
    ("$.a[?(@.b == nil)]", 14, "null is expected", "quotes"),
    ("$.a[?(@.b == 'x' and @.c)]", 18, "')' is expected", "write &&"),
    ("$.a[?(@.b == 'x' or @.c)]", 18, "')' is expected", "write ||"),
    ("$.a[?(@.b == 'x' & @.c)]", 18, "')' is expected", "doubled"),
    ("$.a[?('x')]", 10, "A comparison is expected", ""),
    ("$.a[?(@.b =~ /x)]", 14, "not closed", "/"),
    ("$.a[?(@.b =~ /[/)]", 16, "regular expression", ""),
    ("$.a[?(@.b =~ /x**/)]", 17, "regular expression", "\\*"),
    ("$.a[?(@.x[?(@.z = 3)])]", 17, "'=' is not an operator", "write =="),
    ("$.sum($.a", 6, "not closed", "')'"),
    ("$.sum(])", 7, "closes nothing", ""),
    ("$['\\u00zz']", 4, "hexadecimal", ""),
    ("a.b.[?(@.c = 1)]", 12, "'=' is not an operator", "write =="),
]


@pytest.mark.parametrize(("text", "column", "reason", "hint"), FAULTS)
def test_fault_is_pointed_at(text: str, column: int, reason: str, hint: str) -> None:
    """The error names the fault, points at its column and says what to write."""
    if text == "$.a[":
        assert compile_path(text).warnings
        return
    with pytest.raises(PathSyntaxError) as caught:
        compile_path(text)
    shown = str(caught.value)
    assert caught.value.column == column
    assert reason in caught.value.reason
    assert hint in shown
    assert f"(column {column})" in shown


def test_text_of_an_error() -> None:
    """The whole text: reason, path, caret under the column, hint."""
    with pytest.raises(PathSyntaxError) as caught:
        compile_path("$.entities[?(@.state = 'active')]")
    assert str(caught.value) == (
        "'=' is not an operator (column 22)\n"
        "  $.entities[?(@.state = 'active')]\n"
        "                       ^\n"
        "write =="
    )


def test_caret_of_long_and_strange_paths() -> None:
    """A long path is cut around the column, control characters take one place."""
    shown, caret = caret_display("$." + "a" * 300 + "\t=" + "b" * 300, 304).splitlines()
    assert shown[caret.index("^")] == "="
    assert "\t" not in shown
    assert shown.startswith("  …")
    assert shown.endswith("…")


WARNINGS = [
    ("$.a[0]x", 7, "ignored"),
    ("$.a[", 4, "ignored"),
    ("$.a[1:9:2]", 4, "step"),
    ("$.a[?(@.b&&@.c)]", 10, "blanks around"),
    ("$.a.lenght()", 5, "length()"),
    ("$.a.frobnicate()", 5, "there are"),
    ("$.concat('x')", 10, "double quotes"),
    ("$.a.keys().b", 10, "property name"),
]


@pytest.mark.parametrize(("text", "column", "words"), WARNINGS)
def test_warnings(text: str, column: int, words: str) -> None:
    """What compiles but hardly means what was written is noted with its column."""
    found = compile_path(text).warnings
    assert [where for where, _ in found] == [column]
    assert words in found[0][1]


@pytest.mark.parametrize(
    "text", ["$.a.b", "$.a.length()", "$..a[?(@.b && @.c)]", "$.sum($.a, 1)", "a['b'][0]"]
)
def test_sound_paths_have_no_warnings(text: str) -> None:
    """Nothing is noted about a path that means what it says."""
    assert compile_path(text).warnings == ()
