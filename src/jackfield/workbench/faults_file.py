"""Faults files: which requests of a server's data actions meet which fault. YAML, or JSON, which is YAML."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Finding, Place
from jackfield.domain.json_nodes import ArrayNode, Node, ObjectNode
from jackfield.engine.faults import SERVICE_FAULTS
from jackfield.engine.faults.injection import FaultRule
from jackfield.engine.upstream import InboundReply
from jackfield.rules.nearest import nearest
from jackfield.workbench.forms.file_text import read_text_file
from jackfield.workbench.forms.json_places import JsonPlaces
from jackfield.workbench.forms.yaml_text import YamlFault, read_yaml

NAMES_OF_FAULTS: Final = ", ".join(sorted(SERVICE_FAULTS))
_FILE_MEMBERS: Final = ("seed", "faults")
_WHAT: Final = ("fault", "status", "delay")
_USAGE: Final = 3


@dataclass(frozen=True, slots=True)
class FaultsFile:
    """What a faults file says.

    Args:
        rules: in order.
        seed: for the rules' chances; None if the file says nothing.
    """

    rules: tuple[FaultRule, ...]
    seed: int | None


@dataclass(frozen=True, slots=True)
class _Form:
    """The form of a member: a check of its value, and what to write instead."""

    fits: Callable[[Any], bool]
    wanted: str


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_count(least: int) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= least


def _is_flat(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(item, str | int | float) for item in value.values())


_FORMS: Final[Mapping[str, _Form]] = {
    "fault": _Form(lambda value: isinstance(value, str) and value in SERVICE_FAULTS, NAMES_OF_FAULTS),
    "status": _Form(lambda value: _is_count(200)(value) and value <= 599, "A number from 200 to 599."),
    "headers": _Form(_is_flat, "A mapping of names to values."),
    "body": _Form(lambda _: True, "Any value; it is sent as JSON."),
    "text": _Form(lambda value: isinstance(value, str), "A text; it is sent as it is."),
    "delay": _Form(lambda value: _is_number(value) and 0 <= value <= 60, "Seconds, from 0 to 60."),
    "host": _Form(_is_text, "A host name; `*` and `?` stand for any characters."),
    "path": _Form(_is_text, "Path and query; `*` and `?` stand for any characters."),
    "method": _Form(
        lambda value: value in ("GET", "POST", "PUT", "PATCH", "DELETE"), "A method, upper case."
    ),
    "action": _Form(_is_text, "The id or the name of a data action."),
    "integration": _Form(_is_text, "The id of an integration."),
    "after": _Form(_is_count(0), "A number of requests, 0 or more."),
    "every": _Form(_is_count(1), "A number of requests, 1 or more."),
    "chance": _Form(lambda value: _is_number(value) and 0 <= value <= 1, "A number from 0 to 1."),
    "times": _Form(_is_count(1), "A number of requests, 1 or more."),
    "service_acts": _Form(lambda value: isinstance(value, bool), "`true` or `false`."),
}


def read_faults_file(path: Path) -> FaultsFile:
    """Read a faults file.

    Raises:
        OperationRefused: it cannot be read, is no YAML, or has names or values that mean nothing.
    """
    text = read_text_file(path)
    try:
        reading = read_yaml(text, typed=_FILE_MEMBERS)
    except YamlFault as fault:
        raise OperationRefused(_not_yaml(path, text, fault), exit_code=_USAGE) from None
    root = reading.root
    if not isinstance(root, ObjectNode):
        place = Place(file=str(path))
        raise OperationRefused(
            found("FAULTS_FILE_INVALID", place, reason="It is no mapping.", wanted="`faults:` with a list."),
            exit_code=_USAGE,
        )
    findings = tuple(_Check(JsonPlaces(path, reading, root)).file(root))
    if findings:
        raise OperationRefused(*findings, exit_code=_USAGE)
    members = root.plain()
    return FaultsFile(tuple(_rule(rule) for rule in members["faults"]), members.get("seed"))


def no_such_fault(name: object) -> str:
    """Return the sentence about a fault that there is not, with the nearest that there is."""
    near = nearest(str(name), tuple(SERVICE_FAULTS))
    return f"There is no fault `{name}`." + (f" Did you mean `{near}`?" if near else "")


def _not_yaml(path: Path, text: str, fault: YamlFault) -> Finding:
    line = text.count("\n", 0, fault.offset) + 1
    start = text.rfind("\n", 0, fault.offset) + 1
    excerpt = text[start:].partition("\n")[0]
    place = Place(line=line, column=fault.offset - start + 1, excerpt=excerpt, file=str(path))
    return found("FAULTS_FILE_INVALID", place, reason=f"It is not YAML: {fault.reason}.", wanted="YAML.")


def _rule(said: Mapping[str, Any]) -> FaultRule:
    plain = {name: value for name, value in said.items() if name in FaultRule.__slots__ and name != "fault"}
    if "host" in plain:
        plain["host"] = plain["host"].lower()
    fault = SERVICE_FAULTS[said["fault"]] if "fault" in said else None
    return FaultRule(fault=fault, reply=_reply(said) if "status" in said else None, **plain)


def _reply(said: Mapping[str, Any]) -> InboundReply:
    headers = {"content-type": "application/json"}
    headers |= {str(name).lower(): str(value) for name, value in said.get("headers", {}).items()}
    body = said["text"] if "text" in said else json.dumps(said["body"]) if "body" in said else ""
    return InboundReply(said["status"], "", tuple(headers.items()), body.encode())


class _Check:
    """Looks for what is wrong in a faults file."""

    def __init__(self, places: JsonPlaces) -> None:
        self._places = places

    def file(self, root: ObjectNode) -> Iterator[Finding]:
        yield from self._names(root, "", _FILE_MEMBERS)
        seed = root.get("seed")
        if seed is not None and not _is_count(0)(seed.plain()):
            yield self._wrong("/seed", "`seed` is no number.", "A whole number, 0 or more.")
        faults = root.get("faults")
        if not isinstance(faults, ArrayNode) or not faults.items:
            yield self._wrong("/faults", "`faults` is no list of faults.", "A list with at least one fault.")
            return
        for index, rule in enumerate(faults.items):
            yield from self._rule(rule, f"/faults/{index}")

    def _rule(self, rule: Node, pointer: str) -> Iterator[Finding]:
        if not isinstance(rule, ObjectNode):
            yield self._wrong(
                pointer, "It is no mapping.", "`fault: NAME`, `status: NUMBER` or `delay: SECONDS`."
            )
            return
        yield from self._names(rule, pointer, tuple(_FORMS))
        given = {member.name for member in rule.members}
        if not given & set(_WHAT):
            yield self._wrong(pointer, "It does not say what happens.", "One of `fault`, `status`, `delay`.")
        if {"fault", "status"} <= given:
            yield self._wrong(f"{pointer}/status", "`fault` and `status` do not go together.", "One of them.")
        for name in ("headers", "body", "text"):
            if name in given and "status" not in given:
                yield self._wrong(f"{pointer}/{name}", f"`{name}` belongs to a reply.", "`status` beside it.")
        if "service_acts" in given and not given & {"fault", "status"}:
            yield self._wrong(
                f"{pointer}/service_acts", "Nothing takes the place of the answer.", "`fault` or `status`."
            )
        for member in rule.members:
            yield from self._value(member.name, member.value.plain(), pointer)

    def _value(self, name: str, value: Any, pointer: str) -> Iterator[Finding]:
        form = _FORMS.get(name)
        if form is None or form.fits(value):
            return
        reason = no_such_fault(value) if name == "fault" else f"`{name}` cannot be `{json.dumps(value)}`."
        yield self._wrong(f"{pointer}/{name}", reason, form.wanted)

    def _names(self, node: ObjectNode, pointer: str, known: tuple[str, ...]) -> Iterator[Finding]:
        for member in node.members:
            if member.name not in known:
                near = nearest(member.name, known)
                hint = f" Did you mean `{near}`?" if near else ""
                reason = f"`{member.name}` means nothing here.{hint}"
                yield self._wrong(f"{pointer}/{member.name}", reason, ", ".join(known))

    def _wrong(self, pointer: str, reason: str, wanted: str) -> Finding:
        return found("FAULTS_FILE_INVALID", self._places(pointer), reason=reason, wanted=wanted)
