"""Command lines, as bash, cmd and PowerShell take them apart."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jackfield.explain.shell import Shell, shell_of, split_command


def words(text: str, shell: Shell) -> list[str]:
    """Return the words of a command."""
    return [word.text for word in split_command(text, 0, shell)[0]]


@pytest.mark.parametrize(
    ("text", "shell", "expected"),
    [
        ("curl -d '{\"a\": 1}' x", Shell.BASH, ["curl", "-d", '{"a": 1}', "x"]),
        ('curl -d "{\\"a\\": 1}" x', Shell.BASH, ["curl", "-d", '{"a": 1}', "x"]),
        ("curl -d $'it\\'s\\n' x", Shell.BASH, ["curl", "-d", "it's\n", "x"]),
        ("curl -d 'it'\\''s' x", Shell.BASH, ["curl", "-d", "it's", "x"]),
        ("curl \\\n  -X PUT \\\n  x", Shell.BASH, ["curl", "-X", "PUT", "x"]),
        ("curl x\n  -X PUT", Shell.BASH, ["curl", "x", "-X", "PUT"]),
        ("curl x | jq .", Shell.BASH, ["curl", "x"]),
        ('curl -d "{\\"a\\": 1}" ^\n x', Shell.CMD, ["curl", "-d", '{"a": 1}', "x"]),
        ('curl ^"x^" -d ^"^{^\\^"a^\\^":1^}^"', Shell.CMD, ["curl", "x", "-d", '{"a":1}']),
        ("curl -d 'it''s' x", Shell.POWERSHELL, ["curl", "-d", "it's", "x"]),
        ('curl -d "a`"b" `\n x', Shell.POWERSHELL, ["curl", "-d", 'a"b', "x"]),
        ("curl -d 'never closed", Shell.BASH, ["curl", "-d", "never closed"]),
    ],
)
def test_words(text: str, shell: Shell, expected: list[str]) -> None:
    """Each shell's quotes and continuations give the words that the program gets."""
    assert words(text, shell) == expected


@pytest.mark.parametrize(
    ("text", "shell"),
    [
        ("PS C:\\> curl.exe x", Shell.POWERSHELL),
        ("curl x `\n -d y", Shell.POWERSHELL),
        ("C:\\Users\\a>curl x", Shell.CMD),
        ("curl x ^\n -d y", Shell.CMD),
        ("$ curl x \\\n -d y", Shell.BASH),
    ],
)
def test_shell_of(text: str, shell: Shell) -> None:
    """Prompt and line continuation tell whose command line it is."""
    assert shell_of(text) is shell


def test_expansions_are_noted_in_double_quotes_only() -> None:
    """`${…}` between double quotes is the shell's; between single quotes and escaped it is not."""
    double, single, escaped = split_command('"${input.a}" \'${input.b}\' "\\${input.c}"', 0, Shell.BASH)[0]
    assert (double.expansions, single.expansions, escaped.expansions) == (["${input.a}"], [], [])


def test_a_single_quoted_word_knows_where_it_stands() -> None:
    """The offset leads to the text in the source; where quotes changed something there is none."""
    text = 'curl -d \'{"a": 1}\' "x\\""'
    plain, changed = split_command(text, 0, Shell.BASH)[0][2:]
    assert text[plain.start : plain.start + len(plain.text)] == plain.text
    assert changed.start == -1


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)))
def test_what_shlex_quotes_is_read_back(given_words: list[str]) -> None:
    """Every list of words that Python quotes for a POSIX shell comes back."""
    joined = shlex.join(["curl", *given_words])
    assert words(joined, Shell.BASH) == ["curl", *given_words]
