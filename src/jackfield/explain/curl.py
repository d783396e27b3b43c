"""What a curl command sends."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from jackfield.explain.shell import Shell, Word, shell_of, split_command

_WITH_VALUE: Final = frozenset(
    re.findall(
        r"--[\w-]+",
        "--request --header --data --data-raw --data-binary --data-ascii --data-urlencode --json --form"
        " --user --url --cookie --user-agent --output --referer --max-time --connect-timeout --cacert --cert"
        " --key"
        " --proxy --write-out --retry --cookie-jar --dump-header --resolve --oauth2-bearer --form-string"
        " --upload-file --proxy-user --config --interface --limit-rate --range --noproxy",
    )
)
_SHORT: Final = {
    "X": "--request",
    "H": "--header",
    "d": "--data",
    "F": "--form",
    "u": "--user",
    "b": "--cookie",
    "A": "--user-agent",
    "o": "--output",
    "e": "--referer",
    "m": "--max-time",
    "E": "--cert",
    "x": "--proxy",
    "w": "--write-out",
    "c": "--cookie-jar",
    "D": "--dump-header",
    "T": "--upload-file",
    "U": "--proxy-user",
    "K": "--config",
    "r": "--range",
}
_DATA: Final = ("--data", "--data-raw", "--data-binary", "--data-ascii", "--data-urlencode", "--json")


@dataclass(slots=True)
class CurlCommand:
    """A curl command taken apart.

    Args:
        end: offset behind it.
        method: that curl sends.
        url: "" if there is none.
        headers: lower-case name to value, those that curl adds included.
        data: the words of the body, in order.
        file: the file that the body is read from, "" if it stands in the command.
        shell: whose quotes it goes by.
        form: parts of a multipart form were given.
        single_quoted: single quotes were used where they mean nothing; it was read as it was meant.
        words: all of them.
    """

    end: int
    method: str = ""
    url: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    data: list[Word] = field(default_factory=list)
    file: str = ""
    shell: Shell = Shell.BASH
    form: bool = False
    single_quoted: bool = False
    words: list[Word] = field(default_factory=list)

    @property
    def body(self) -> str | None:
        """The body as curl sends it, None without one."""
        return "&".join(word.text for word in self.data) if self.data else None

    @property
    def expansions(self) -> list[str]:
        """What the shell replaces in the body before curl sees it."""
        return [expansion for word in self.data for expansion in word.expansions]


def read_curl(text: str, start: int, stop: int) -> CurlCommand:
    """Read the curl command that begins at an offset.

    Args:
        text: the whole text.
        start: offset of the word `curl`.
        stop: offset behind which nothing belongs to it.
    """
    shell = shell_of(text[max(0, text.rfind("\n", 0, start)) : stop])
    words, end = split_command(text[:stop], start, shell)
    odd = shell is Shell.CMD and any(word.text[:1] == "'" for word in words)
    if odd:
        words, end = split_command(text[:stop], start, Shell.BASH)
    command = CurlCommand(end=end, shell=shell, words=words, single_quoted=odd)
    queue = iter(words[1:])
    explicit = ""
    for word in queue:
        name, value = _option(word)
        if name in _WITH_VALUE and value is None:
            value = next(queue, Word())
        if name == "--request" and value is not None:
            explicit = value.text.upper()
        elif name in ("--get", "-G"):
            explicit = explicit or "GET"
        elif name in ("--head", "-I"):
            explicit = explicit or "HEAD"
        elif name == "--url" and value is not None:
            command.url = value.text
        elif name:
            _take(command, name, value)
        elif not command.url:
            command.url = word.text
    command.method = explicit or ("POST" if command.data or command.file or command.form else "GET")
    if command.data or command.file:
        command.headers.setdefault("content-type", "application/x-www-form-urlencoded")
    return command


def _take(command: CurlCommand, name: str, value: Word | None) -> None:
    if value is None:
        return
    if name == "--header":
        key, _, content = value.text.partition(":")
        command.headers[key.strip().lower()] = content.strip()
    elif name in _DATA:
        if value.text.startswith("@") and name != "--data-raw":
            command.file = value.text[1:]
        else:
            command.data.append(value)
        if name == "--json":
            command.headers.setdefault("content-type", "application/json")
    elif name == "--user":
        command.headers.setdefault("authorization", f"Basic {value.text}")
    elif name == "--oauth2-bearer":
        command.headers.setdefault("authorization", f"Bearer {value.text}")
    elif name in ("--form", "--form-string"):
        command.form = True


def _option(word: Word) -> tuple[str, Word | None]:
    """Return an option's long name and the value that is glued to it; "" if the word is no option."""
    text = word.text
    if not text.startswith("-") or len(text) < 2 or (word.quotes and not text.startswith(("-", "--"))):
        return "", None
    if text.startswith("--"):
        name, sign, value = text.partition("=")
        return (name, Word(value)) if sign and name in _WITH_VALUE else (text, None)
    for index, letter in enumerate(text[1:], 1):
        if letter in _SHORT:
            rest = text[index + 1 :]
            start = word.start + index + 1 if word.start >= 0 else -1
            glued = Word(rest, start, word.quotes, word.expansions) if rest else None
            return _SHORT[letter], glued
        if letter in "GI":
            return f"-{letter}", None
    return text, None
