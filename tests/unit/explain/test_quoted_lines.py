"""Marks in front of quoted lines."""

from __future__ import annotations

import pytest

from jackfield.explain.quoted_lines import unmarked


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("> a\n> {\n>   b\n> }\n", "  a\n  {\n    b\n  }\n"),
        ("he wrote\n>> a\n>>\n> > b\n", "he wrote\n   a\n  \n    b\n"),
        ("   3: resource {\n   4:   name\n  10: }\n", "      resource {\n        name\n      }\n"),
        ("│    3: a {\n│    4: }\n", "        a {\n        }\n"),
    ],
)
def test_marks_become_blanks(text: str, plain: str) -> None:
    """Each mark becomes blanks, so that every other character keeps its place."""
    assert unmarked(text) == plain
    assert len(unmarked(text)) == len(text)


@pytest.mark.parametrize("text", ["> one\nnot quoted\n> two\n", "$ cat > x\n", "1: a\nb\n2: c\n", '{"a": 1}'])
def test_single_lines_are_left_alone(text: str) -> None:
    """One line that begins so, such as behind a prompt, is no quotation."""
    assert unmarked(text) == text
