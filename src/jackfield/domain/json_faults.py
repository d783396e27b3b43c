"""The faults that the reader of JSON notes down while it reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

MAX_PER_CODE: Final = 5
"""How many faults of one kind are listed one by one; the rest is counted."""

MAX_FAULTS: Final = 1000
"""After so many faults the rest of the text is not worth reading; it bounds the time for rubbish."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of the text.

    Args:
        code: of the catalogue of findings.
        start: offset where it begins.
        end: offset behind it.
        words: words for the message.
        quoted: words taken from the text; hidden if their place may hold a secret.
        source: where `quoted` was taken from, if not between `start` and `end`.
    """

    code: str
    start: int
    end: int
    words: Mapping[str, str] = field(default_factory=dict)
    quoted: Mapping[str, str] = field(default_factory=dict)
    source: tuple[int, int] | None = None


class FaultLog:
    """What was found and how much was mended.

    Args:
        allowed: codes that are no fault in the dialect that is read; they still count as mended.
    """

    def __init__(self, allowed: frozenset[str] = frozenset()) -> None:
        self.faults: list[Fault] = []
        self.mended = 0
        self.repaired = False
        self.counts: Counter[str] = Counter()
        self._allowed = allowed
        self._total = 0

    def mend(
        self,
        code: str,
        start: int,
        end: int,
        words: Mapping[str, str] | None = None,
        quoted: Mapping[str, str] | None = None,
        source: tuple[int, int] | None = None,
    ) -> None:
        """Note a fault that the reader mended."""
        self.mended += 1
        if code not in self._allowed:
            self.repaired = True
            self.note(code, start, end, words, quoted, source)

    def note(
        self,
        code: str,
        start: int,
        end: int,
        words: Mapping[str, str] | None = None,
        quoted: Mapping[str, str] | None = None,
        source: tuple[int, int] | None = None,
    ) -> None:
        """Note a fault that leaves the text as it is."""
        self.counts[code] += 1
        self._total += 1
        if self.counts[code] <= MAX_PER_CODE:
            self.faults.append(Fault(code, start, end, words or {}, quoted or {}, source))

    @property
    def given_up(self) -> bool:
        """True if there were too many faults to go on."""
        return self._total > MAX_FAULTS

    def unlisted(self, code: str) -> int:
        """Return how many faults of a kind are counted but not listed."""
        return max(0, self.counts[code] - MAX_PER_CODE)
