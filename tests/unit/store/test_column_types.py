"""Texts and times as both databases take them."""

from __future__ import annotations

import pytest

from jackfield.store.column_types import folded, is_storable, scrubbed

GRINNING = "\N{GRINNING FACE}"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("plain", "plain"),
        ("naïve " + GRINNING, "naïve " + GRINNING),
        ("a\0b", "a\ufffdb"),
        ("\ud83d", "\ufffd"),
        ("x\udc00y", "x\ufffdy"),
        ("", ""),
    ],
)
def test_scrubbing_changes_only_what_cannot_be_stored(text: str, kept: str) -> None:
    """Storable text stays as it is; NUL and lone surrogates become U+FFFD, one for one."""
    assert scrubbed(text) == kept
    assert is_storable(text) is (text == kept)
    assert is_storable(kept)


def test_two_halves_are_made_whole() -> None:
    """A surrogate pair that was left as two halves is the character it stands for."""
    assert scrubbed("\ud83d\ude00") == GRINNING


@pytest.mark.parametrize(("one", "other"), [("STRASSE", "straße"), ("Ärger", "äRGER"), ("a\0", "A\ufffd")])
def test_folding_ignores_case(one: str, other: str) -> None:
    """Names that differ in case only have one sort key."""
    assert folded(one) == folded(other)
