"""The translation map: does each variable lead to what is expected, and is it used?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from jackfield.domain.action import DEFAULT_SUCCESS_TEMPLATE
from jackfield.domain.json_reader import escaped
from jackfield.jsonpath.nodes import Filter, Scan, Wildcard
from jackfield.rules.lint.parts import DEFAULTS, MAP, ActionParts, Entry
from jackfield.rules.lint.report import Suspicion, suspect
from jackfield.rules.nearest import listed
from jackfield.velocity.tools import standard_tools

_VARIABLE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]*\Z")
_TAKEN: Final = frozenset(("rawResult", "input", "credentials", "authResponse", *standard_tools()))


def used(parts: ActionParts) -> Iterator[Suspicion]:
    """Variables that the success template does not use."""
    if not parts.entries or parts.success.compiled is None:
        return
    if parts.success.text.strip() in (DEFAULT_SUCCESS_TEMPLATE, "$rawResult", "$!{rawResult}", "$!rawResult"):
        yield suspect(parts, "MAP_WITHOUT_EFFECT", MAP)
        return
    roots = {use.root for use in parts.success.compiled.references if not use.escaped}
    lower = {root.lower() for root in roots}
    for entry in parts.entries:
        # A name that is only spelt otherwise is told where the template uses it.
        if entry.name not in roots and entry.name.lower() not in lower and _VARIABLE.match(entry.name):
            yield suspect(parts, "MAP_VARIABLE_UNUSED", _at(MAP, entry), name=entry.name, seen=entry.name)


def names(parts: ActionParts) -> Iterator[Suspicion]:
    """Names that no template can write, or that mean something else already."""
    for entry in parts.entries:
        if not _VARIABLE.match(entry.name):
            yield suspect(parts, "MAP_NAME_NOT_A_VARIABLE", _at(MAP, entry), name=entry.name, seen=entry.name)
        elif entry.name in _TAKEN:
            yield suspect(parts, "MAP_NAME_TAKEN", _at(MAP, entry), name=entry.name, seen=entry.name)


def paths(parts: ActionParts) -> Iterator[Suspicion]:
    """Paths that mean something else than they look like."""
    for entry in parts.entries:
        where, text = _at(MAP, entry), entry.text
        if entry.path is None:
            continue
        if text.startswith("."):
            yield suspect(parts, "PATH_LEADING_DOT", where, name=entry.name, right=f"${text}", seen=text[:60])
        elif not text.lstrip().startswith("$"):
            right = f"${text}" if text.startswith("[") else f"$.{text}"
            yield suspect(parts, "PATH_WITHOUT_ROOT", where, name=entry.name, right=right, seen=text[:60])
        for column, message in entry.path.warnings:
            yield suspect(
                parts,
                "PATH_SUSPICIOUS",
                where,
                offset=max(column - 1, 0),
                name=entry.name,
                reason=message.rstrip("."),
                seen=text[:60],
            )


def defaults(parts: ActionParts) -> Iterator[Suspicion]:
    """Defaults that can never be used, and variables that have none."""
    if parts.success.compiled is None:
        return
    roots = {use.root for use in parts.success.compiled.references}
    bare = []
    for entry in parts.entries:
        if entry.path is None:
            continue
        if entry.default is not None and _always_gives_list(entry):
            yield suspect(parts, "DEFAULT_NEVER_APPLIES", _at(DEFAULTS, entry), name=entry.name)
        elif entry.default is None and entry.path.is_definite and entry.name in roots:
            bare.append(entry)
    if bare:
        known = listed(entry.name for entry in bare[:6])
        more = f" and {len(bare) - 6} more" if len(bare) > 6 else ""
        have = "has" if len(bare) == 1 else "have"
        yield suspect(parts, "VARIABLE_WITHOUT_DEFAULT", _at(MAP, bare[0]), names=known + more, have=have)


def _always_gives_list(entry: Entry) -> bool:
    """Tell if a path gives a list, maybe an empty one, whatever the reply is as long as it is of its kind."""
    segments = entry.path.node.segments if entry.path is not None else ()
    return bool(segments) and isinstance(segments[0], Scan | Filter | Wildcard)


def _at(base: str, entry: Entry) -> str:
    return f"{base}/{escaped(entry.name)}"
