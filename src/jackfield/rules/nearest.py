"""The nearest of a set of names: for "did you mean"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import Final

_ENOUGH: Final = 0.6
_MAX_COMPARED: Final = 80
_NOT_A_LETTER: Final = re.compile(r"[^a-z0-9]")
_KINSHIP: Final = {
    "user": "username",
    "login": "username",
    "loginname": "username",
    "pass": "password",
    "pwd": "password",
    "secret": "clientsecret",
    "id": "clientid",
    "key": "apikey",
    "rolearn": "arn",
    "groups": "groupfilter",
    "groupfilter": "groups",
    "state": "intendedstate",
}


def nearest(word: str, names: Iterable[str]) -> str:
    """Return the name most like a word, "" if none is like it. Case and separators do not count."""
    wanted = folded(word)
    best, score = "", 0.0
    for name in names:
        likeness = _likeness(wanted, folded(name))
        if likeness > score:
            best, score = name, likeness
    return best if score >= _ENOUGH else ""


def listed(names: Iterable[str], last: str = "and") -> str:
    """Return names for a sentence: between backticks, with commas, the last one after a word."""
    shown = [f"`{name}`" for name in names]
    return f" {last} ".join(filter(None, (", ".join(shown[:-1]), *shown[-1:])))


def folded(word: str) -> str:
    """Return a name without case and separators."""
    return _NOT_A_LETTER.sub("", word[:_MAX_COMPARED].lower())


def _likeness(wanted: str, name: str) -> float:
    if wanted == name:
        return 1.0
    if _KINSHIP.get(wanted) == name:
        return 0.9
    if not wanted or not name:
        return 0.0
    ratio = SequenceMatcher(None, wanted, name).ratio()
    if min(len(wanted), len(name)) >= 4 and (wanted in name or name in wanted):
        return max(ratio, 0.7)
    return ratio
