"""Reading catalog files: JSON objects whose members are taken one by one, with every fault noted.

Reading goes on after a fault, so that one start names everything that is wrong with a folder.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_MISSING: Any = object()
_KINDS = {dict: "an object", list: "an array", str: "a string", bool: "true or false", int: "a number"}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a catalog file.

    Args:
        file: path of the file as people know it.
        pointer: JSON pointer to the place, "" for the file as a whole.
        problem: what is wrong.
        accepted: what is accepted there.
    """

    file: str
    pointer: str
    problem: str
    accepted: str


class _DuplicateMember(ValueError):
    """An object names a member twice."""


def read_document(path: Path, shown: str, faults: list[Fault]) -> Document | None:
    """Read a file that holds one JSON object.

    Args:
        path: the file.
        shown: the file's name in faults.
        faults: takes what is wrong with the file.

    Returns:
        The object, or None if the file cannot be used at all.
    """
    accepted = "one JSON object in UTF-8"
    try:
        value = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_unique_members)
    except OSError as error:
        faults.append(Fault(shown, "", f"cannot be read ({error.strerror})", "a readable file"))
    except UnicodeDecodeError as error:
        faults.append(Fault(shown, "", f"is not UTF-8 at byte {error.start}", accepted))
    except json.JSONDecodeError as error:
        problem = f"is not JSON at line {error.lineno}, column {error.colno} ({error.msg.lower()})"
        faults.append(Fault(shown, "", problem, accepted))
    except RecursionError:
        faults.append(Fault(shown, "", "is nested too deeply", "nesting of at most 50 levels"))
    except _DuplicateMember as error:
        faults.append(Fault(shown, "", f"names the member {error} twice in one object", "each member once"))
    else:
        if isinstance(value, dict):
            return Document(shown, "", value, faults)
        faults.append(Fault(shown, "", f"holds {name_of_kind(value)}", accepted))
    return None


def _unique_members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        names = [name for name, _ in pairs]
        raise _DuplicateMember(next(name for name in names if names.count(name) > 1))
    return members


def name_of_kind(value: object) -> str:
    """Name a JSON value's kind with its article, such as `an object`."""
    return next((name for kind, name in _KINDS.items() if type(value) is kind), "null or a fraction")


def closest(word: str, choices: Sequence[str]) -> str:
    """Return `; did you mean "x"?` for the choice nearest to a word, or "" if none is near."""
    # Imported late: needed only when something is wrong, and start-up time counts.
    from difflib import get_close_matches

    lowered = {choice.lower(): choice for choice in choices}
    near = get_close_matches(word.lower(), list(lowered), n=1, cutoff=0.6)
    return f'; did you mean "{lowered[near[0]]}"?' if near else ""


def escape(token: str) -> str:
    """Escape one token of a JSON pointer (RFC 6901)."""
    return token.replace("~", "~0").replace("/", "~1")


class Document:
    """A JSON object inside a catalog file.

    Every method takes one member; `close` then reports the members that nobody took. A method that meets a
    fault notes it and returns an empty value of its kind.

    Args:
        file: the file's name in faults.
        pointer: where the object stands in the file.
        members: the object.
        faults: takes what is wrong.
    """

    def __init__(self, file: str, pointer: str, members: dict[str, Any], faults: list[Fault]) -> None:
        self.file = file
        self.pointer = pointer
        self.members = members
        self._faults = faults
        self._taken: list[str] = []

    def fault(self, name: str, problem: str, accepted: str) -> None:
        """Note a fault of a member (or, with "", of the object itself)."""
        self.fault_at(f"/{escape(name)}" if name else "", problem, accepted)

    def fault_at(self, pointer: str, problem: str, accepted: str) -> None:
        """Note a fault at a JSON pointer below this object."""
        self._faults.append(Fault(self.file, self.pointer + pointer, problem, accepted))

    def text(self, name: str, *, required: bool = True, empty: bool = False) -> str:
        """Take a string; `empty` lets it be ""."""
        value = self._take(name, str, "a string", "" if not required else _MISSING)
        if value is _MISSING:
            return ""
        if required and not empty and not value.strip():
            self.fault(name, "is empty", "a string that is not empty")
        return str(value)

    def choice(self, name: str, choices: Sequence[str], *, required: bool = True) -> str:
        """Take a string that is one of `choices`; "" if it is absent, the first choice after a fault."""
        accepted = "one of " + ", ".join(f'"{choice}"' for choice in choices)
        if not required and name not in self.members:
            self._taken.append(name)
            return ""
        value = self._take(name, str, accepted, _MISSING)
        if value in choices:
            return str(value)
        if value is not _MISSING:
            self.fault(name, f'is "{value}"{closest(value, choices)}', accepted)
        return choices[0]

    def flag(self, name: str) -> bool:
        """Take true or false; false if absent."""
        return self._take(name, bool, "true or false", False) is True

    def count(self, name: str) -> int | None:
        """Take a whole number of at least 1; None if absent."""
        value = self._take(name, int, "a whole number of at least 1", None)
        if isinstance(value, int) and value < 1:
            self.fault(name, f"is {value}", "a whole number of at least 1")
            return None
        return value if isinstance(value, int) else None

    def plain(self, name: str) -> str | int | bool | None:
        """Take a string, a whole number, true or false; None if absent."""
        self._taken.append(name)
        value = self.members.get(name)
        if value is None or type(value) in (str, int, bool):
            return value
        self.fault(name, f"is {name_of_kind(value)}", "a string, a whole number, true or false")
        return None

    def texts(self, name: str, *, required: bool = False) -> tuple[str, ...]:
        """Take an array of strings without repeats."""
        accepted = "an array of different strings"
        value = self._take(name, list, accepted, _MISSING if required else [])
        items = [] if value is _MISSING else value
        if not all(isinstance(item, str) for item in items) or len(set(map(str, items))) != len(items):
            self.fault(name, "holds repeats or what is not a string", accepted)
            return ()
        return tuple(items)

    def object(self, name: str, *, required: bool = True) -> Document:
        """Take an object."""
        value = self._take(name, dict, "an object", _MISSING if required else {})
        if value is _MISSING:
            # One fault is enough: what would be missing inside is of no interest.
            return Document(self.file, f"{self.pointer}/{escape(name)}", {}, [])
        return self._inner(f"/{escape(name)}", value)

    def objects(self, name: str, *, required: bool = True) -> list[Document]:
        """Take an array of objects."""
        accepted = "an array of objects"
        value = self._take(name, list, accepted, _MISSING if required else [])
        documents = []
        for position, item in enumerate([] if value is _MISSING else value):
            if isinstance(item, dict):
                documents.append(self._inner(f"/{name}/{position}", item))
            else:
                self.fault_at(f"/{name}/{position}", f"is {name_of_kind(item)}", "an object")
        return documents

    def entries(self) -> list[tuple[str, Document]]:
        """Take every member, each an object, by name in file order."""
        return [(name, self.object(name)) for name in self.members]

    def close(self) -> None:
        """Note every member that was not taken."""
        for name in self.members:
            if name not in self._taken:
                accepted = "only the members " + ", ".join(sorted(set(self._taken)))
                self.fault(name, f"is not a member known here{closest(name, self._taken)}", accepted)

    def _inner(self, pointer: str, members: dict[str, Any]) -> Document:
        return Document(self.file, self.pointer + pointer, members, self._faults)

    def _take(self, name: str, kind: type, accepted: str, default: Any) -> Any:
        self._taken.append(name)
        if name not in self.members:
            if default is _MISSING:
                self.fault(name, "is missing", accepted)
            return default
        value = self.members[name]
        if type(value) is kind:
            return value
        self.fault(name, f"is {name_of_kind(value)}", accepted)
        return _MISSING if default is _MISSING else default
