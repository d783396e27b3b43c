"""What a template may do here although nobody outside knows if the cloud allows it; each gives a warning.

Refused is only what is known to be refused. So names in another case are found, loops run, and the success
template sees `input` if it asks for it: every one of these is said once per run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from jackfield.domain.catalogue import found
from jackfield.domain.finding import Finding, Place

ENGINE_INPUTS = ("rawRequest", "orgId", "integrationId")
_DIRECTIVE = re.compile(r"#\{?(foreach|macro|define|evaluate|break|stop)\b")
_INPUT = re.compile(r"\$!?\{?(input)(?:\.([A-Za-z][\w-]*))?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Source:
    """A template's text and where it stands."""

    pointer: str
    text: str


@dataclass(frozen=True, slots=True)
class Leniency:
    """What is let through in one action.

    Args:
        roots: other spellings of `input`.
        aliases: (written, declared) names of inputs that differ by case alone.
        success_sees_input: the success template names `input`.
        warnings: one for each of these.
    """

    roots: tuple[str, ...] = ()
    aliases: tuple[tuple[str, str], ...] = ()
    success_sees_input: bool = False
    warnings: tuple[Finding, ...] = field(default=())


def find_leniency(
    requests: Iterable[Source],
    success: Source,
    variables: Iterable[str],
    input_schema: str,
    *,
    unproven: bool = True,
) -> Leniency:
    """Return what an action's templates need to be let through.

    Args:
        requests: URL, header and body templates.
        success: the success template.
        variables: names of the translation map.
        input_schema: JSON text of the input contract.
        unproven: warn about directives that no published action has.
    """
    declared = _declared(input_schema)
    folded = {name.lower(): name for name in declared}
    roots: dict[str, Finding] = {}
    aliases: dict[tuple[str, str], Finding] = {}
    warnings: list[Finding] = []
    for source in (*requests, success):
        if unproven:
            warnings.extend(_directives(source))
        for match in _INPUT.finditer(source.text):
            root, name = match.group(1), match.group(2) or ""
            place = _place(source, match)
            if root != "input":
                roots.setdefault(root, found("INPUT_NAME_CASE", place, written=root, name="input"))
            meant = folded.get(name.lower(), name)
            if name not in declared and meant != name:
                finding = found("INPUT_NAME_CASE", place, written=f"input.{name}", name=f"input.{meant}")
                aliases.setdefault((name, meant), finding)
    asks = _INPUT.search(success.text)
    sees = asks is not None and "input" not in variables
    if asks is not None and sees:
        warnings.append(found("SUCCESS_TEMPLATE_USES_INPUT", _place(success, asks)))
    everything = (*roots.values(), *aliases.values(), *warnings)
    return Leniency(tuple(roots), tuple(aliases), sees, everything)


def unfilled(pointer: str, references: Iterable[str]) -> list[Finding]:
    """Return a warning for each reference that printed itself because its value is null."""
    return [found("NULL_PRINTED", Place(pointer=pointer), reference=item) for item in references]


def _directives(source: Source) -> list[Finding]:
    seen: dict[str, Finding] = {}
    for match in _DIRECTIVE.finditer(source.text):
        name = match.group(1)
        seen.setdefault(name, found("DIRECTIVE_UNPROVEN", _place(source, match), directive=name))
    return list(seen.values())


def _place(source: Source, match: re.Match[str]) -> Place:
    start = source.text.rfind("\n", 0, match.start()) + 1
    line = source.text.count("\n", 0, match.start()) + 1
    excerpt = source.text[start:].partition("\n")[0]
    return Place(source.pointer, line, match.start() - start + 1, excerpt, len(match.group()))


def _declared(schema: str) -> frozenset[str]:
    try:
        document: Any = orjson.loads(schema)
    except orjson.JSONDecodeError:
        document = {}
    properties = document.get("properties") if isinstance(document, Mapping) else None
    return frozenset((*ENGINE_INPUTS, *(properties if isinstance(properties, Mapping) else ())))
