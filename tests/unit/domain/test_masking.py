"""Masking: what is hidden, what is left alone."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.domain.masking import Masker
from jackfield.domain.secret import MASK


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("say s3cret-1 twice: s3cret-1", f"say {MASK} twice: {MASK}"),
        ("s3cret-1s3cret-1", MASK),
        ("nothing here", "nothing here"),
        ("", ""),
        ("s3cret%2D1", MASK),
        ("a%20s3cret%2d1%20b", f"a%20{MASK}%20b"),
        ("\\u0073\\u0033cret-1", MASK),
        ("\\x733cret-1", MASK),
        ("s3cret&#45;1 &amp; more", f"{MASK} &amp; more"),
        ("s3cret&#x2d;1", MASK),
        ("7333637265742d31", MASK),
        ("7333637265742D31", MASK),
        ("s3cret", "s3cret"),
    ],
)
def test_every_spelling_is_masked_in_place(text: str, masked: str) -> None:
    """What stands around the secret stays as it is written."""
    assert Masker(["s3cret-1"])(text) == masked


def test_a_text_without_secrets_is_the_same_object() -> None:
    """Without secrets, or without a hit, nothing is copied."""
    text = "%41 \\u0041 &lt; +"
    assert Masker([])(text) is text
    assert Masker([""])(text) is text
    assert Masker(["not in it"])(text) is text


def test_short_secrets_are_masked_only_where_they_stand_alone() -> None:
    """A password of two letters must not blot out every word that has them."""
    assert Masker(["ok"])('{"status": "ok", "look": "book ok"}') == (
        f'{{"status": "{MASK}", "look": "book {MASK}"}}'
    )


def test_base64_is_masked_at_every_alignment() -> None:
    """The characters that depend on the secret alone are masked, whatever stands before it."""
    mask = Masker(["s3cret-value"])
    for before in (b"", b"a", b"ab", b"abc"):
        text = base64.b64encode(before + b"s3cret-value" + b"after").decode()
        shown = mask(text)
        assert MASK in shown
        assert len(shown.replace(MASK, "")) <= len(text) - 14


def test_overlapping_secrets_are_masked_as_one() -> None:
    """One secret inside or across another leaves no rest."""
    assert Masker(["abcdef", "cdefgh"])("x abcdefgh y") == f"x {MASK} y"


def test_values_are_masked_in_depth() -> None:
    """Strings, member names and numbers; everything else stays what it is."""
    mask = Masker(["s3cret", "424242"])
    value = {"s3cret": ["s3cret", 424242, 7, True, None, 1.5, {"a": "x s3cret"}]}
    assert mask.value(value) == {MASK: [MASK, MASK, 7, True, None, 1.5, {"a": f"x {MASK}"}]}


def test_a_service_that_misreads_the_encoding_shows_nothing() -> None:
    """UTF-8 read as ISO 8859-1, and percent-encoded ISO 8859-1."""
    mask = Masker(["pässwörd"])
    assert mask("pässwörd".encode().decode("latin-1")) == MASK
    assert mask("p%E4ssw%F6rd") == MASK


@pytest.mark.parametrize("size", range(60))
def test_a_cut_never_goes_through_a_secret(size: int) -> None:
    """A secret across the end is masked up to the end; masks do not pull more text in."""
    for spelled in ("s3cret-value", "%733cret%2dvalue", "\\u0073\\u0033cret-value"):
        text = f"s3cret-value before {spelled} after {spelled}"
        shown = Masker(["s3cret-value"]).cut(text, size)
        assert "cret" not in shown
        assert "value" not in shown
        assert shown.count(MASK) <= 3
    assert Masker(["s3cret-value"]).cut("abc", 2) == "ab"
    assert Masker([]).cut("abcdef", 3) == "abc"


@given(st.text(max_size=60), st.text(min_size=4, max_size=20), st.text(max_size=60))
def test_no_text_keeps_a_secret(before: str, secret: str, after: str) -> None:
    """Any text with any secret of four characters or more loses it."""
    shown = Masker([secret])(before + secret + after)
    assert secret not in shown.replace(MASK, "\0")


@given(st.text(alphabet="%+\\&u0123abc;#x\"' ", max_size=80))
def test_any_text_can_be_masked(text: str) -> None:
    """Broken escapes of every kind are read without an error."""
    assert isinstance(Masker(["abc1", "0"])(text), str)
