"""From a sample of a reply to what an action gives: paths, flat names, defaults, contract and template."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from jackfield.domain.json_nodes import ArrayNode, LiteralNode, Node, NumberNode, ObjectNode, StringNode
from jackfield.velocity.tools import standard_tools
from jackfield.workbench.forms.json_text import laid_out_members, quoted

DRAFT_4: Final = "http://json-schema.org/draft-04/schema#"
_PLAIN_NAME: Final = re.compile(r"[A-Za-z_]\w*\Z", re.ASCII)
_WORD: Final = re.compile(r"[A-Za-z0-9]+")
_TAKEN: Final = ("rawresult", "input", "credentials", "authresponse")
_DEFAULTS: Final = {"string": '""', "integer": "0", "number": "0", "boolean": "false"}
_STEP: Final = "  "


@dataclass(frozen=True, slots=True)
class Output:
    """One value that an action gives.

    Args:
        name: flat, the same as variable and as member of the result.
        path: JSONPath into the reply.
        kind: type of the value, or of a list's items.
        is_list: the path gives a list.
        value: what it gives in the sample.
    """

    name: str
    path: str
    kind: str
    is_list: bool
    value: Any

    @property
    def default(self) -> str:
        """The JSON text that stands in where the reply does not have the path."""
        return "[]" if self.is_list else _DEFAULTS[self.kind]

    @property
    def schema(self) -> str:
        """The JSON text of the member's schema."""
        kind = quoted(self.kind)
        typed = f'"array", "items": {{"type": {kind}}}' if self.is_list else kind
        return f'{{"type": {typed}, "description": {quoted(self.path)}}}'


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A part of the sample that gives no output, and why."""

    path: str
    reason: str


@dataclass
class _Leaf:
    """What stands at a path: values of all items of the lists that it runs through.

    Args:
        words: names of the members on the way.
        lists: paths of the lists on the way.
    """

    words: tuple[str, ...]
    lists: tuple[str, ...]
    nodes: list[Node] = field(default_factory=list)

    @property
    def is_list(self) -> bool:
        """True if the path runs through a list."""
        return bool(self.lists)


@dataclass(frozen=True)
class _Containers:
    """Paths at which objects and lists stand."""

    objects: set[str] = field(default_factory=set)
    lists: set[str] = field(default_factory=set)


def outputs_of(root: Node) -> tuple[tuple[Output, ...], tuple[LeftOut, ...]]:
    """Return the outputs of a sample, in its order, and what was left out.

    Every text, number and truth value becomes an output of its own; those in lists become lists, side by
    side, as Architect flattens them.
    """
    leaves: dict[str, _Leaf] = {}
    containers = _Containers()
    _collect(root, "$", _Leaf((), ()), leaves, containers)
    names = _Names()
    outputs: list[Output] = []
    left_out: list[LeftOut] = []
    for path, leaf in leaves.items():
        reason = _reason(path, leaf, containers)
        if reason:
            left_out.append(LeftOut(path, reason))
            continue
        values = [node.plain() for node in leaf.nodes]
        value = values if leaf.is_list else values[-1]
        name = names.unique(leaf.words)
        outputs.append(Output(name, path, _kind(leaf.nodes), leaf.is_list, value))
    return tuple(outputs), (*left_out, *_uneven(outputs))


def contract_of(outputs: Sequence[Output]) -> str:
    """Return the JSON text of the output contract."""
    properties = laid_out_members([(one.name, one.schema) for one in outputs], _STEP)
    return laid_out_members(
        [
            ("$schema", quoted(DRAFT_4)),
            ("type", '"object"'),
            ("properties", properties),
            ("additionalProperties", "true"),
        ]
    )


def template_of(outputs: Sequence[Output]) -> str:
    """Return the success template: variables are JSON text already and need no quotes."""
    return laid_out_members([(one.name, f"${{{one.name}}}") for one in outputs])


def _collect(node: Node, path: str, leaf: _Leaf, leaves: dict[str, _Leaf], containers: _Containers) -> None:
    if isinstance(node, ObjectNode):
        containers.objects.add(path)
        for name in node.names:
            inner = node.get(name)
            assert inner is not None
            words = (*leaf.words, name)
            _collect(inner, path + _step_to(name), _Leaf(words, leaf.lists), leaves, containers)
    elif isinstance(node, ArrayNode):
        containers.lists.add(path)
        lists = (*leaf.lists, path)
        items = f"{path}[*]"
        if not node.items:
            leaves.setdefault(items, _Leaf(leaf.words, lists))
        for item in node.items:
            _collect(item, items, _Leaf(leaf.words, lists), leaves, containers)
    else:
        leaves.setdefault(path, leaf).nodes.append(node)


def _step_to(name: str) -> str:
    if _PLAIN_NAME.match(name):
        return f".{name}"
    escaped = name.replace("\\", "\\\\").replace("'", "\\'")
    return f"['{escaped}']"


def _reason(path: str, leaf: _Leaf, containers: _Containers) -> str:
    """Return why nothing can be made of a leaf; "" if something can."""
    kinds = {_kind_of(node) for node in leaf.nodes}
    is_container = path in containers.objects or path in containers.lists
    if containers.objects.intersection(leaf.lists):
        return "there is a list in one place and an object in another"
    if not kinds:
        return "the list is empty in one place and not in another" if is_container else ""
    if kinds == {"null"}:
        return "it is null in the sample, which does not tell its type"
    if is_container or "null" in kinds or (len(kinds) > 1 and kinds != {"integer", "number"}):
        return "it has values of several types in the sample"
    return ""


def _kind_of(node: Node) -> str:
    if isinstance(node, NumberNode):
        return "integer" if node.is_integer else "number"
    if isinstance(node, LiteralNode):
        return node.kind
    assert isinstance(node, StringNode)
    return "string"


def _kind(nodes: Sequence[Node]) -> str:
    """Return the type that all nodes have; texts are assumed of an empty list."""
    kinds = {_kind_of(node) for node in nodes} or {"string"}
    return "number" if kinds == {"integer", "number"} else next(iter(kinds))


def _uneven(outputs: Sequence[Output]) -> Iterator[LeftOut]:
    """Yield the lists that are shorter than others of the same items: they do not stand side by side."""
    longest: dict[str, int] = {}
    for one in outputs:
        if one.is_list:
            base = one.path.rpartition("[*]")[0]
            longest[base] = max(longest.get(base, 0), len(one.value))
    for one in outputs:
        if one.is_list and len(one.value) < longest[one.path.rpartition("[*]")[0]]:
            yield LeftOut(one.path, "only some items have it, so its list is shorter than those beside it")


class _Names:
    """Gives each output a name that no other has, also not in other case."""

    def __init__(self) -> None:
        self._used = {*_TAKEN, *(tool.lower() for tool in standard_tools())}

    def unique(self, words: Sequence[str]) -> str:
        """Return a name made of the members on the way to a value."""
        name = camel_case(words) or "value"
        number, chosen = 2, name
        while chosen.lower() in self._used:
            chosen, number = f"{name}{number}", number + 1
        self._used.add(chosen.lower())
        return chosen


def camel_case(words: Sequence[str]) -> str:
    """Return words as one name that begins with a small letter."""
    parts = [part for word in words for part in _WORD.findall(word)]
    if not parts:
        return ""
    name = parts[0][0].lower() + parts[0][1:] + "".join(part[0].upper() + part[1:] for part in parts[1:])
    return name if name[0].isalpha() else f"value{name}"
