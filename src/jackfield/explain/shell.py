"""Command lines: how bash, cmd and PowerShell take them apart."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class Shell(StrEnum):
    """Whose quotes they are."""

    BASH = "bash"
    CMD = "cmd"
    POWERSHELL = "PowerShell"


@dataclass(slots=True)
class Word:
    """One argument.

    Args:
        text: what the program gets.
        start: offset of the first character of `text` in the source, -1 where it is not there verbatim.
        quotes: the kinds of quotes around its parts.
        expansions: what the shell replaces inside of double quotes, such as `${input.id}`.
    """

    text: str = ""
    start: int = -1
    quotes: set[str] = field(default_factory=set)
    expansions: list[str] = field(default_factory=list)


_CONTINUED: Final = re.compile(r"[\\^`][ \t]*(?:\r\n|\r|\n)[ \t]*")
_NEW_OPTION: Final = re.compile(r"(?:\r\n|\r|\n)[ \t]*(?=--?[A-Za-z])")
_ANSI: Final = {"n": "\n", "t": "\t", "r": "\r", "'": "'", '"': '"', "\\": "\\", "b": "\b", "f": "\f"}
EXPANSION: Final = re.compile(r"\$\{[^}\s]{0,80}\}?|\$\([^)]{0,80}\)|\$[A-Za-z_]\w{0,80}|`[^`]{0,80}`")
_PLAIN: Final = re.compile(r"[^\s'\"\\$`^;|&]+")
_PROMPT_POWERSHELL: Final = re.compile(r"^\s*PS\b[^>\n]*>|`[ \t]*\r?\n|\bcurl\.exe\b|Invoke-", re.IGNORECASE)
_PROMPT_CMD: Final = re.compile(r"^\s*[A-Z]:\\[^>\n]*>|\^[ \t]*\r?\n|\^\"", re.IGNORECASE)


def shell_of(text: str) -> Shell:
    """Tell whose command line a text is, by its prompt and its line continuations."""
    if _PROMPT_POWERSHELL.search(text):
        return Shell.POWERSHELL
    return Shell.CMD if _PROMPT_CMD.search(text) else Shell.BASH


def split_command(text: str, start: int, shell: Shell) -> tuple[list[Word], int]:
    """Take a command line apart.

    Args:
        text: the whole text.
        start: offset of the command.
        shell: whose quotes to go by.

    Returns:
        The words, and the offset behind the command.
    """
    if shell is Shell.CMD and '^"' in text[start : start + 4000]:
        return _caret_words(text, start)
    splitter = _Splitter(text, start, shell)
    splitter.run()
    return splitter.words, splitter.position


def _caret_words(text: str, start: int) -> tuple[list[Word], int]:
    """Split what browsers copy for cmd: every special character behind a caret."""
    end = re.compile(r"(?<!\^)(?:\r\n|\r|\n)(?![ \t]*-)").search(text, start)
    stop = end.start() if end else len(text)
    plain = re.sub(r"\^(\r\n|\r|\n)[ \t]*", " ", text[start:stop])
    plain = re.sub(r"\^(.)", r"\1", plain, flags=re.DOTALL)
    splitter = _Splitter(plain, 0, Shell.CMD)
    splitter.run()
    for word in splitter.words:
        word.start = -1
    return splitter.words, stop


class _Splitter:
    """Takes one command line apart; never raises, and never looks at a character twice."""

    def __init__(self, text: str, start: int, shell: Shell) -> None:
        self.text, self.position, self.shell = text, start, shell
        self.words: list[Word] = []
        self._word: Word | None = None

    def run(self) -> None:
        """Read words up to the end of the command."""
        text = self.text
        while self.position < len(text):
            letter = text[self.position]
            continued = _CONTINUED.match(text, self.position) or _NEW_OPTION.match(text, self.position)
            if continued is not None:
                self._finish()
                self.position = continued.end()
            elif letter in "\r\n" or (letter in ";|&" and self.shell is Shell.BASH):
                break
            elif letter in " \t":
                self._finish()
                self.position += 1
            elif letter == "'" and self.shell is not Shell.CMD:
                self._single()
            elif letter == '"':
                self._double()
            elif text.startswith("$'", self.position) and self.shell is Shell.BASH:
                self._ansi()
            else:
                self._bare()
        self._finish()

    def _open(self, start: int, quote: str) -> Word:
        if self._word is None:
            self._word = Word(start=start)
        elif self._word.text or self._word.quotes:
            self._word.start = -1
        if quote:
            self._word.quotes.add(quote)
        return self._word

    def _finish(self) -> None:
        if self._word is not None:
            self.words.append(self._word)
            self._word = None

    def _single(self) -> None:
        word = self._open(self.position + 1, "'")
        if self.shell is Shell.POWERSHELL:
            match = re.compile(r"'((?:[^']|'')*+)'?").match(self.text, self.position)
            inner = match[1] if match else ""
            word.text += inner.replace("''", "'")
            word.start = word.start if "''" not in inner else -1
            self.position += len(match[0]) if match else 1
            return
        end = self.text.find("'", self.position + 1)
        end = len(self.text) if end < 0 else end
        word.text += self.text[self.position + 1 : end]
        self.position = end + 1

    def _double(self) -> None:
        word = self._open(self.position + 1, '"')
        escape = "`" if self.shell is Shell.POWERSHELL else "\\"
        taken: list[str] = []
        position, text = self.position + 1, self.text
        while position < len(text) and text[position] != '"':
            if text[position] == escape and position + 1 < len(text):
                taken.append(self._escaped(text[position + 1]))
                word.start = -1
                position += 2
                continue
            expansion = EXPANSION.match(text, position) if text[position] == "$" else None
            if expansion is not None and self.shell is not Shell.CMD:
                word.expansions.append(expansion[0])
            taken.append(text[position])
            position += 1
        self.position = position + 1
        word.text += "".join(taken)

    def _escaped(self, letter: str) -> str:
        if self.shell is Shell.POWERSHELL:
            return {"n": "\n", "t": "\t", "r": "\r"}.get(letter, letter)
        return letter if letter in '"\\$`' else f"\\{letter}" if letter not in "\r\n" else ""

    def _ansi(self) -> None:
        word = self._open(self.position + 2, "$'")
        word.start = -1
        match = re.compile(r"\$'((?:[^'\\]|\\.)*+)'?", re.DOTALL).match(self.text, self.position)
        inner = match[1] if match else ""
        word.text += re.sub(r"\\(u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|.)", _ansi_letter, inner, flags=re.DOTALL)
        self.position += len(match[0]) if match else 2

    def _bare(self) -> None:
        word = self._open(self.position, "")
        plain = _PLAIN.match(self.text, self.position)
        if plain is not None:
            word.text += plain[0]
            self.position = plain.end()
            return
        letter = self.text[self.position]
        if letter == "\\" and self.shell is Shell.BASH and self.position + 1 < len(self.text):
            word.text += self.text[self.position + 1]
            word.start = -1
            self.position += 2
            return
        expansion = EXPANSION.match(self.text, self.position) if letter == "$" else None
        word.text += expansion[0] if expansion else letter
        if expansion:
            word.expansions.append(expansion[0])
        self.position += len(expansion[0]) if expansion else 1


def _ansi_letter(match: re.Match[str]) -> str:
    escape = match[1]
    if escape[0] in "ux" and len(escape) > 1:
        return chr(int(escape[1:], 16))
    return _ANSI.get(escape, f"\\{escape}")
