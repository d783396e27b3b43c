"""Did you mean."""

from __future__ import annotations

import pytest

from jackfield.rules.nearest import folded, listed, nearest


@pytest.mark.parametrize(
    ("word", "names", "near"),
    [
        ("basicauth", ("basicAuth", "userDefined"), "basicAuth"),
        ("basic_auth", ("userDefined", "basicAuth"), "basicAuth"),
        ("userDefinedOauth", ("userDefined", "userDefinedOAuth"), "userDefinedOAuth"),
        ("username", ("userName", "password"), "userName"),
        ("login", ("password", "userName"), "userName"),
        ("client_id", ("clientSecret", "clientId"), "clientId"),
        ("credential", ("credentialFields", "name"), "credentialFields"),
        ("zebra", ("basicAuth", "userDefined"), ""),
        ("", ("a",), ""),
        ("x", (), ""),
    ],
)
def test_the_nearest_name(word: str, names: tuple[str, ...], near: str) -> None:
    """Case and separators do not count, common other words are known, and what is far is not proposed."""
    assert nearest(word, names) == near


def test_a_very_long_word_is_cut() -> None:
    """A word of any length is compared in bounded time."""
    assert len(folded("x" * 100_000)) == 80
    assert nearest("basicAuth" * 50_000, ("basicAuth",)) in ("", "basicAuth")


def test_names_in_a_sentence() -> None:
    """Names stand between backticks, the last one after a word."""
    assert listed(()) == ""
    assert listed(("a",)) == "`a`"
    assert listed(("a", "b", "c")) == "`a`, `b` and `c`"
    assert listed(("a", "b"), "or") == "`a` or `b`"
