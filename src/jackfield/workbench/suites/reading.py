"""Reading test files: every name is known, every fault has its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Finding, Place
from jackfield.domain.json_nodes import ArrayNode, Node, ObjectNode
from jackfield.rules.nearest import nearest
from jackfield.workbench.documents import ActionDocument
from jackfield.workbench.forms import load
from jackfield.workbench.forms.file_text import read_text_file
from jackfield.workbench.forms.json_places import JsonPlaces
from jackfield.workbench.forms.yaml_text import YamlFault, read_yaml
from jackfield.workbench.suites.discovery import action_path, login_of

FILE_MEMBERS: Final = ("action", "name", "login", "credentials", "platform", "tests")
CASE_MEMBERS: Final = (
    "name",
    "input",
    "credentials",
    "reply",
    "replies",
    "login",
    "flatten",
    "platform",
    "each",
    "expect",
)
REPLY_MEMBERS: Final = (
    "status",
    "headers",
    "body",
    "text",
    "file",
    "delay",
    "fault",
    "replay",
    "stub",
    "synthesized",
)
EXPECT_MEMBERS: Final = (
    "success",
    "failed_step",
    "finding",
    "warnings",
    "request",
    "steps",
    "variables",
    "result",
    "flattened",
    "snapshot",
)
REQUEST_MEMBERS: Final = ("method", "url", "headers", "body")
_PLACEHOLDER: Final = re.compile(r"\{\{\s*([\w.-]+)\s*\}\}")
_WRONG: Final = "TEST_FILE_INVALID"


@dataclass(frozen=True, slots=True)
class Case:
    """One test.

    Args:
        name: unique in its file.
        pointer: of the test in its file.
        members: what it says, with parameters filled in.
        suite: the file.
    """

    name: str
    pointer: str
    members: Mapping[str, Any]
    suite: Suite

    def place(self, inner: str = "") -> Place:
        """Return the place of the test, or of a member of it by its pointer."""
        return self.suite.places(f"{self.pointer}{inner}")


@dataclass(frozen=True, slots=True)
class Suite:
    """One test file, its action read.

    Args:
        path: the file.
        document: the action that it tests.
        login: the login that the action needs, if one was found.
        members: what the file says.
        places: turns pointers into lines.
    """

    path: Path
    document: ActionDocument
    login: ActionDocument | None
    members: Mapping[str, Any]
    places: JsonPlaces

    @property
    def cases(self) -> tuple[Case, ...]:
        """All tests, those with parameters once for each set of them."""
        return tuple(self._cases())

    def _cases(self) -> Iterator[Case]:
        taken: dict[str, int] = {}
        for index, test in enumerate(self.members["tests"]):
            sets = test.get("each") or [{}]
            for number, parameters in enumerate(sets, 1):
                members = _filled({key: item for key, item in test.items() if key != "each"}, parameters)
                name = str(members.get("name") or f"test {index + 1}")
                if parameters and name == test.get("name", name):
                    name = f"{name} [{number}]"
                taken[name] = taken.get(name, 0) + 1
                if taken[name] > 1:
                    name = f"{name} ({taken[name]})"
                yield Case(name, f"/tests/{index}", members, self)


def read_suite(path: Path) -> Suite:
    """Read one test file and its action.

    Raises:
        OperationRefused: it is no YAML, has unknown names or values of the wrong form, or its action cannot
            be found or read.
    """
    text = read_text_file(path)
    try:
        reading = read_yaml(text, typed=("tests",))
    except YamlFault as fault:
        raise _not_yaml(path, text, fault) from None
    root = reading.root
    if not isinstance(root, ObjectNode):
        raise OperationRefused(
            found(_WRONG, Place(file=str(path)), reason="It is no mapping.", wanted="`tests:` with a list.")
        )
    places = JsonPlaces(path, reading, root)
    findings = tuple(_Check(places).file(root))
    if findings:
        raise OperationRefused(*findings)
    members = root.plain()
    document = _document(action_path(path, str(members.get("action") or "")), members.get("name"), path)
    login = members.get("login")
    found_login = load(path.parent / login)[0] if isinstance(login, str) else login_of(document)
    return Suite(path, document, found_login, members, places)


def _not_yaml(path: Path, text: str, fault: YamlFault) -> OperationRefused:
    line = text.count("\n", 0, fault.offset) + 1
    start = text.rfind("\n", 0, fault.offset) + 1
    excerpt = text[start:].partition("\n")[0]
    place = Place(line=line, column=fault.offset - start + 1, excerpt=excerpt, file=str(path))
    reason = f"It is not YAML: {fault.reason}."
    return OperationRefused(found(_WRONG, place, reason=reason, wanted="YAML."))


def _document(path: Path, name: object, test_file: Path) -> ActionDocument:
    documents = load(path)
    named = [one for one in documents if name in (None, one.name)]
    if len(named) == 1:
        return named[0]
    names = ", ".join(f"`{one.name}`" for one in documents)
    reason = f"`{path}` holds {names}"
    raise OperationRefused(
        found(
            "TEST_FILE_WITHOUT_ACTION",
            Place(file=str(test_file)),
            path=test_file,
            reason=reason,
            fix="Write `name:` with the name of one of them.",
        )
    )


def _filled(value: Any, parameters: Mapping[str, Any]) -> Any:
    """Return a value with `{{name}}` replaced; where that is the whole text, the parameter keeps its type."""
    if isinstance(value, Mapping):
        return {_filled_text(str(key), parameters): _filled(item, parameters) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, parameters) for item in value]
    if isinstance(value, str):
        whole = _PLACEHOLDER.fullmatch(value)
        if whole is not None and whole.group(1) in parameters:
            return parameters[whole.group(1)]
        return _filled_text(value, parameters)
    return value


def _filled_text(text: str, parameters: Mapping[str, Any]) -> str:
    return _PLACEHOLDER.sub(
        lambda match: str(parameters[match.group(1)]) if match.group(1) in parameters else match.group(), text
    )


class _Check:
    """Looks for what is wrong in a test file."""

    def __init__(self, places: JsonPlaces) -> None:
        self._places = places

    def file(self, root: ObjectNode) -> Iterator[Finding]:
        yield from self._names(root, "", FILE_MEMBERS)
        tests = root.get("tests")
        if not isinstance(tests, ArrayNode) or not tests.items:
            yield self._wrong("/tests", "`tests` is no list of tests.", "A list with at least one test.")
            return
        for index, test in enumerate(tests.items):
            yield from self._test(test, f"/tests/{index}")

    def _test(self, test: Node, pointer: str) -> Iterator[Finding]:
        if not isinstance(test, ObjectNode):
            yield self._wrong(pointer, "A test is no mapping.", "`name`, `input`, `reply` and `expect`.")
            return
        yield from self._names(test, pointer, CASE_MEMBERS)
        replies = test.get("replies")
        many = replies.items if isinstance(replies, ArrayNode) else ()
        for inner, reply in (
            (f"{pointer}/reply", test.get("reply")),
            *((f"{pointer}/replies/{index}", item) for index, item in enumerate(many)),
        ):
            if reply is not None:
                yield from self._mapping(reply, inner, REPLY_MEMBERS, "reply")
        login = test.get("login")
        if isinstance(login, ObjectNode):
            yield from self._names(login, f"{pointer}/login", REPLY_MEMBERS)
        each = test.get("each")
        if each is not None and not _is_list_of_mappings(each):
            yield self._wrong(f"{pointer}/each", "`each` is no list of mappings.", "`- {name: value}`.")
        expect = test.get("expect")
        if expect is not None:
            yield from self._mapping(expect, f"{pointer}/expect", EXPECT_MEMBERS, "expect")
            request = expect.get("request") if isinstance(expect, ObjectNode) else None
            if request is not None:
                yield from self._mapping(request, f"{pointer}/expect/request", REQUEST_MEMBERS, "request")

    def _mapping(self, node: Node, pointer: str, known: Sequence[str], name: str) -> Iterator[Finding]:
        if isinstance(node, ObjectNode):
            yield from self._names(node, pointer, known)
        else:
            yield self._wrong(pointer, f"`{name}` is no mapping.", f"Some of {', '.join(known)}.")

    def _names(self, node: ObjectNode, pointer: str, known: Sequence[str]) -> Iterator[Finding]:
        for member in node.members:
            if member.name not in known:
                near = nearest(member.name, known)
                hint = f" Did you mean `{near}`?" if near else ""
                reason = f"`{member.name}` means nothing here.{hint}"
                yield self._wrong(f"{pointer}/{member.name}", reason, ", ".join(known))

    def _wrong(self, pointer: str, reason: str, wanted: str) -> Finding:
        return found(_WRONG, self._places(pointer), reason=reason, wanted=wanted)


def _is_list_of_mappings(node: Node) -> bool:
    return isinstance(node, ArrayNode) and all(isinstance(item, ObjectNode) for item in node.items)
