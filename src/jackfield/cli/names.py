"""Finding the one thing that a word on the command line means: by id, or by a name that is not shared."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from jackfield.cli.exit_codes import ExitCode
from jackfield.client.errors import ApiError
from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused

T = TypeVar("T", bound=Mapping[str, Any])

_ID = re.compile(r"(?:[A-Za-z]+_-_(?:.+_-_)?)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def the_one(noun: str, word: str, get: Callable[[str], T], entities: Callable[[], Iterable[T]]) -> T:
    """Return the entity that a word means.

    Args:
        noun: what it is called in messages, such as `integration`.
        word: an id or a name.
        get: reads one by id.
        entities: lists all, asked only if the word is no id.

    Raises:
        ApiError: there is none with this id.
        OperationRefused: no name fits, or several do.
    """
    if _ID.fullmatch(word):
        return get(word)
    known = list(entities())
    matching = [item for item in known if item.get("name") == word]
    if len(matching) == 1:
        return get(str(matching[0]["id"]))
    if matching:
        raise _ambiguous(noun, word, [str(item["id"]) for item in matching])
    return _unnamed(noun, word, get, known)


def nearest(word: str, names: Iterable[str]) -> str:
    """Return an advice with the nearest name, or a general one."""
    known = [name for name in names if name]
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    near = near or [name for name in known if word.lower() in name.lower()]
    return f"Did you mean `{near[0]}`?" if near else ""


def _unnamed(noun: str, word: str, get: Callable[[str], T], known: Sequence[T]) -> T:
    """Ids of servers that number differently look like no id of ours: ask before refusing."""
    try:
        return get(word)
    except ApiError as error:
        if error.status != 404:
            raise
    advice = nearest(word, (str(item.get("name") or "") for item in known))
    finding = found(
        "NAME_UNKNOWN",
        noun=noun,
        name=word,
        seen=word,
        nearest=advice or f"List what there is with the `list` command; this organization has {len(known)}.",
    )
    raise OperationRefused(finding, exit_code=ExitCode.FAILED)


def _ambiguous(noun: str, word: str, ids: Sequence[str]) -> OperationRefused:
    finding = found(
        "NAME_AMBIGUOUS", noun=noun, name=word, seen=word, count=len(ids), ids=", ".join(sorted(ids))
    )
    return OperationRefused(finding, exit_code=ExitCode.FAILED)
