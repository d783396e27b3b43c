"""Query parameters, read with findings instead of exceptions, so that all faults come in one answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

from jackfield.domain.catalogue import found
from jackfield.domain.errors import Refused
from jackfield.domain.finding import Finding, Place

MAXIMUM_FIELDS = 100
SHOWN_CHARACTERS = 100
_DIGITS = re.compile(r"-?[0-9]{1,40}", re.ASCII)
_AGE = re.compile(r"([0-9]{1,6})([smhd])", re.ASCII)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_BOOLEANS = {"true": True, "false": False}


class Query:
    """The query of one request.

    Args:
        text: as it was sent, without the question mark.
        known: names of the parameters that the route has; another one is a warning.

    Raises:
        Refused: more parameters than any route has.
    """

    def __init__(self, text: bytes, known: Sequence[str]) -> None:
        self._values: dict[str, list[str]] = {}
        self.findings: list[Finding] = []
        if not text:
            return
        try:
            fields = parse_qsl(
                text.decode("latin-1"),
                keep_blank_values=True,
                max_num_fields=MAXIMUM_FIELDS,
                errors="replace",
            )
        except ValueError as fault:
            raise Refused(found("QUERY_TOO_LONG", Place("query"), maximum=MAXIMUM_FIELDS)) from fault
        for name, value in fields:
            self._values.setdefault(name, []).append(value)
        names = ", ".join(known) or "none"
        for name in self._values:
            if name not in known:
                self._note("QUERY_UNKNOWN", name, shown=_shown(name), names=names)

    def text(self, name: str) -> str:
        """Return a parameter's last value, "" if it was not sent."""
        values = self._values.get(name)
        return values[-1] if values else ""

    def number(self, name: str, default: int, minimum: int, maximum: int) -> int:
        """Return a whole number, brought into its range: clients ask for pages of 1,000 and must not fail."""
        text = self.text(name)
        if not text:
            return default
        if not _DIGITS.fullmatch(text):
            self._note("QUERY_NOT_A_NUMBER", name, value=_shown(text), example=default)
            return default
        return min(max(int(text), minimum), maximum)

    def flag(self, name: str) -> bool | None:
        """Return a boolean, None if it was not sent."""
        text = self.text(name)
        if not text:
            return None
        if text.lower() not in _BOOLEANS:
            self._note("QUERY_NOT_A_BOOLEAN", name, value=_shown(text))
            return None
        return _BOOLEANS[text.lower()]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the parameters that were sent."""
        return tuple(self._values)

    def since(self, name: str) -> datetime | timedelta | None:
        """Return a time in ISO 8601, UTC where it names no zone, or an age like `10m`; None if not sent."""
        text = self.text(name)
        if not text:
            return None
        age = _AGE.fullmatch(text)
        if age is not None:
            return timedelta(**{_UNITS[age[2]]: int(age[1])})
        try:
            read = datetime.fromisoformat(text.replace(" ", "+"))
        except ValueError:
            self._note("QUERY_NOT_A_TIME", name, value=_shown(text))
            return None
        return read if read.tzinfo is not None else read.replace(tzinfo=UTC)

    def choice(self, name: str, values: Sequence[str]) -> str:
        """Return one of the values in the case they are listed in, "" if it was not sent."""
        text = self.text(name)
        for value in values:
            if text.lower() == value.lower():
                return value
        if text:
            self._note("QUERY_NOT_ONE_OF", name, value=_shown(text), values=", ".join(values))
        return ""

    def sort_field(self, name: str, values: Sequence[str]) -> str:
        """Return a sort field; an unknown one is a warning and leaves the order of creation."""
        text = self.text(name)
        for value in values:
            if text.lower() == value.lower():
                return value
        if text:
            self._note("SORT_FIELD_UNKNOWN", name, value=_shown(text), values=", ".join(values))
        return ""

    def words(self, name: str) -> tuple[str, ...]:
        """Return the values of a list parameter, joined with commas (Python, Go) or repeated (JavaScript)."""
        joined = ",".join(self._values.get(name, ()))
        return tuple(word for part in joined.split(",") if (word := part.strip()))

    def ids(self, name: str, maximum: int) -> tuple[str, ...]:
        """Return a list of ids of limited length."""
        ids = tuple(dict.fromkeys(self.words(name)))
        if len(ids) > maximum:
            self._note("QUERY_TOO_MANY_IDS", name, count=len(ids), maximum=maximum)
        return ids[:maximum]

    def settle(self, *, strict: bool) -> tuple[Finding, ...]:
        """Return the warnings, once everything was read.

        Raises:
            Refused: something is wrong; carries every finding.
        """
        judged = tuple(finding.strict() if strict else finding for finding in self.findings)
        if any(finding.is_error for finding in judged):
            raise Refused(*sorted(judged, key=lambda finding: not finding.is_error))
        return judged

    def _note(self, code: str, name: str, *, shown: str = "", **words: Any) -> None:
        place = Place(f"query/{_shown(name)}")
        seen = shown or str(words.get("value", ""))
        self.findings.append(found(code, place, seen=seen, name=_shown(name), **words))


def _shown(text: str) -> str:
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}…"
