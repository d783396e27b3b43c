"""Checks of the list of bots that a bot connector offers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from jackfield.domain.finding import Checked
from jackfield.domain.json_nodes import ArrayNode, Member, Node, ObjectNode, StringNode
from jackfield.domain.json_reader import Reading, escaped
from jackfield.rules.members import KINDS, FindingLog, Members, open_body

EXAMPLE: Final = (
    '{"chatBots": [{"id": "…", "name": "…", "versions":'
    ' [{"version": "1", "supportedLanguages": ["en-us"], "intents": []}]}]}'
)
LONGEST: Final = 512


@dataclass(frozen=True, slots=True)
class _Model:
    """A model of the API.

    Args:
        name: in sentences.
        members: member name to what it holds: "text", "texts", a model (a list of it), or a map to one.
        required: members that have to be there.
    """

    name: str
    members: Mapping[str, str | _Model | tuple[_Model]]
    required: tuple[str, ...]


_SLOT: Final = _Model("slot", {"name": "text", "type": "text"}, ("name", "type"))
_INTENT: Final = _Model("intent", {"name": "text", "slots": (_SLOT,)}, ("name",))
_VERSION: Final = _Model(
    "version of a bot",
    {"version": "text", "supportedLanguages": "texts", "intents": _INTENT},
    ("version", "supportedLanguages", "intents"),
)
_BOT: Final = _Model(
    "bot",
    {
        "id": "text",
        "name": "text",
        "description": "text",
        "versions": _VERSION,
        "botCompositeTag": "text",
        "selfUri": "text",
    },
    ("id", "versions"),
)
_LIST: Final = _Model("list of bots", {"chatBots": _BOT}, ("chatBots",))


def check_bots(body: Reading, *, strict: bool = False) -> Checked[list[dict[str, Any]]]:
    """Check the body of PUT …/botconnector/{integrationId}/bots; return the bots as they were sent."""
    log = FindingLog(body, strict=strict)
    members = open_body(log, _LIST.name, EXAMPLE, tuple(_LIST.members))
    if members is None:
        return log.checked(None)
    read = _object(members, _LIST)
    return log.checked(read.get("chatBots", []))


def _object(members: Members, model: _Model) -> dict[str, Any]:
    members.unknown(model.members)
    for name in model.required:
        if members.get(name) is None:
            members.missing(name, f'"{name}": …')
    read: dict[str, Any] = {}
    for name, wanted in model.members.items():
        node = members.get(name)
        if node is not None and (value := _value(members, name, node, wanted)) is not None:
            read[name] = value
    return read


def _value(members: Members, name: str, node: Node, wanted: str | _Model | tuple[_Model]) -> Any:
    if wanted == "text":
        return members.text(name, longest=LONGEST)
    if isinstance(wanted, tuple):
        return _map(members, name, wanted[0])
    if not isinstance(node, ArrayNode):
        members.wrong_kind(name, node, "an array", f'"{name}": []')
        return None
    items = enumerate(node.items)
    where = members.at(name)
    if isinstance(wanted, _Model):
        return [_item(members.log, item, f"{where}/{place}", wanted) for place, item in items]
    for place, item in items:
        if not isinstance(item, StringNode):
            _wrong(members.log, item, f"{where}/{place}", "a string")
    return [item.value for item in node.items if isinstance(item, StringNode)]


def _map(members: Members, name: str, model: _Model) -> dict[str, Any] | None:
    inner = members.object(name, owner=f"`{name}`")
    if inner is None:
        return None
    return {
        member.name: _item(inner.log, member.value, f"{inner.pointer}/{escaped(member.name)}", model)
        for member in inner.node.members
    }


def _item(log: FindingLog, node: Node, pointer: str, model: _Model) -> dict[str, Any]:
    if not isinstance(node, ObjectNode):
        _wrong(log, node, pointer, "an object")
        return {}
    return _object(Members(log, node, pointer, model.name), model)


def _wrong(log: FindingLog, node: Node | Member, pointer: str, wanted: str) -> None:
    kind = node.value.kind if isinstance(node, Member) else node.kind
    log.add(
        "MEMBER_WRONG_KIND",
        node,
        pointer,
        name=pointer.rpartition("/")[2],
        wanted=wanted,
        kind=KINDS.get(kind, kind),
    )
