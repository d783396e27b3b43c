"""Data actions as a plan or a state has them: the output of `terraform show -json`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jackfield.domain.action import ActionConfig, Contract, RequestConfig, ResponseConfig
from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Finding, Place
from jackfield.domain.json_nodes import ArrayNode, LiteralNode, Member, Node, ObjectNode, StringNode
from jackfield.domain.json_reader import Reading, read_json
from jackfield.rules.members import FindingLog, Members
from jackfield.workbench.documents import ActionDocument, ActionType, Origin, finding_in_file, in_file
from jackfield.workbench.forms.action_members import read_request, read_response, read_timeout, settled
from jackfield.workbench.forms.file_text import read_file
from jackfield.workbench.forms.json_places import JsonPlaces, descend, pointer_parts
from jackfield.workbench.forms.json_text import laid_out
from jackfield.workbench.terraform.resources import (
    ACTION,
    CONTRACT_POINTERS,
    INTEGRATION,
    LOGIN,
    LOGIN_TYPE,
    REQUEST_POINTERS,
    RESPONSE_POINTERS,
)

_NEEDED: Final = ("name", "secure", "config_request", "config_response", *CONTRACT_POINTERS)


def load_plan(path: Path) -> tuple[ActionDocument, ...]:
    """Return the data actions of a plan or a state, of all its modules.

    Args:
        path: the output of `terraform show -json`.

    Raises:
        OperationRefused: it is no such output, has no actions, or does not know all of their values yet.
    """
    reading = read_json(read_file(path))
    faults = tuple(finding_in_file(fault, path) for fault in reading.faults if fault.is_error)
    root = reading.root
    whole = _at(root, "planned_values") or _at(root, "values")
    if faults or not isinstance(_at(whole, "root_module"), ObjectNode):
        unreadable = found("PLAN_UNREADABLE", Place(file=str(path)), path=path)
        raise OperationRefused(unreadable, *faults)
    resources = list(_resources(_at(whole, "root_module")))
    actions = [node for node in resources if _text(node, "type") in (ACTION, LOGIN)]
    if not actions:
        place = Place(file=str(path))
        advice = "Make the plan in the folder that declares the actions."
        raise OperationRefused(found("TERRAFORM_WITHOUT_ACTIONS", place, path=path, advice=advice))
    plan = _Plan(path, reading, _integration_types(root, resources), _unknown(root))
    documents, findings = [], list[Finding]()
    for node in actions:
        try:
            documents.append(plan.document(node))
        except OperationRefused as error:
            findings += error.findings
    if findings:
        raise OperationRefused(*findings)
    return tuple(documents)


@dataclass(frozen=True, slots=True)
class _Plan:
    """A plan while its actions are read.

    Args:
        integration_types: address of an action to the type of its integration.
        unknown: address of a resource to names of the attributes that the plan does not know.
    """

    path: Path
    reading: Reading
    integration_types: Mapping[str, str]
    unknown: Mapping[str, tuple[str, ...]]

    def document(self, node: ObjectNode) -> ActionDocument:
        """Return the action of a resource.

        Raises:
            OperationRefused: the plan does not know it whole, or a contract is no JSON.
        """
        log = FindingLog(self.reading, strict=False)
        address, login = _text(node, "address"), _text(node, "type") == LOGIN
        for name in self.unknown.get(address, ()):
            log.add("PLAN_VALUE_UNKNOWN", node, "", address=address, name=name)
        values = _at(node, "values")
        members = Members(log, _in_api_form(values, node), "", "data action")
        config = members.object("config", owner="configuration")
        assert config is not None, "it was made a moment ago"
        request = config.object("request", owner="request")
        response = config.object("response", owner="response")
        contracts = {pointer: _Schema(self, values, name, log) for name, pointer in CONTRACT_POINTERS.items()}
        sides = [schema.text for schema in contracts.values()]
        action_type: ActionType = "customAuth" if login else "custom"
        places = PlanPlaces(JsonPlaces(self.path, self.reading, members.node), contracts)
        document = ActionDocument(
            name=members.text("name") or _text(node, "name"),
            integration_type=LOGIN_TYPE if login else self.integration_types.get(address, ""),
            action_type=action_type,
            category=members.text("category") or "",
            config=ActionConfig(
                read_request(request) if request else RequestConfig(),
                read_response(response) if response else ResponseConfig(),
                read_timeout(config),
            ),
            contract=Contract(*sides),
            secure=members.flag("secure"),
            origin=Origin(self.path, "plan", places),
            integration_id=members.text("integrationId") or "",
        )
        return settled(document, log.findings, self.path)


class _Schema:
    """A contract: a text in the plan that is JSON in turn.

    Its faults are findings at the text; `text` is its JSON, `{}` where there is none.
    """

    def __init__(self, plan: _Plan, values: Node | None, name: str, log: FindingLog) -> None:
        self._plan, self.text = plan, "{}"
        self._node = _at(values, name)
        self._reading = read_json(self._node.value if isinstance(self._node, StringNode) else "{}")
        for fault in self._reading.faults:
            if fault.is_error and self._node is not None:
                reason = fault.message.rstrip(".")
                fix = f"{fault.fix} Or use `jsonencode`."
                log.add("PLAN_CONTRACT_UNREADABLE", self._node, "", name=name, reason=reason, fix=fix)
        if isinstance(self._reading.root, ObjectNode):
            self.text = laid_out(self._reading.root)

    def place(self, pointer: str, inner: str, offset: int, width: int) -> Place:
        """Return the place of a node of the schema within the text."""
        parts = pointer_parts(inner)
        assert isinstance(self._node, StringNode)
        assert self._reading.root is not None
        node, member, depth = descend(self._reading.root, parts)
        target = member if depth < len(parts) and member is not None else node
        begin = target.start + (1 + offset if isinstance(target, StringNode) else 0)
        place = self._plan.reading.place_in(self._node, begin, pointer, width)
        return in_file(place, self._plan.path)

    @property
    def is_given(self) -> bool:
        """True if the plan has the text."""
        return isinstance(self._node, StringNode)


@dataclass(frozen=True, slots=True)
class PlanPlaces:
    """Finds places in a plan.

    Args:
        settings: all but the contracts.
        contracts: schemas by their pointers.
    """

    settings: JsonPlaces
    contracts: Mapping[str, _Schema]

    def __call__(self, pointer: str, offset: int = 0, width: int = 1) -> Place:
        """Return the place of what stands at a pointer, or of what is around it."""
        for base, schema in self.contracts.items():
            if schema.is_given and (pointer == base or pointer.startswith(f"{base}/")):
                return schema.place(pointer, pointer.removeprefix(base), offset, width)
        return self.settings(pointer, offset, width)


def _in_api_form(values: Node | None, resource: ObjectNode) -> ObjectNode:
    """Return the values of a resource under the names of the API form; each node stays where it stands."""
    names = {"name": "name", "category": "category", "integration_id": "integrationId", "secure": "secure"}
    config = [
        *_group(values, "config_request", "request", REQUEST_POINTERS),
        *_group(values, "config_response", "response", RESPONSE_POINTERS),
        *_renamed(values, {"config_timeout_seconds": "timeoutSeconds"}),
    ]
    members = [
        *_renamed(values, names),
        Member("config", _object(config, resource), resource.start, resource.start + 1),
    ]
    return _object(members, resource)


def _group(values: Node | None, block: str, name: str, pointers: Mapping[str, str]) -> Iterator[Member]:
    """Yield a block of a resource as a member; the plan has it as a list of one."""
    listed = _at(values, block)
    if isinstance(listed, ArrayNode) and listed.items and isinstance(listed.items[0], ObjectNode):
        node = listed.items[0]
        renamed = {old: pointer.rpartition("/")[2] for old, pointer in pointers.items()}
        yield Member(name, _object(list(_renamed(node, renamed)), node), node.start, node.start + 1)


def _renamed(values: Node | None, names: Mapping[str, str]) -> Iterator[Member]:
    for old, new in names.items():
        member = values.member(old) if isinstance(values, ObjectNode) else None
        if member is not None:
            yield Member(new, member.value, member.start, member.end)


def _object(members: list[Member], where: ObjectNode) -> ObjectNode:
    return ObjectNode(tuple(members), where.start, where.end)


def _resources(module: Node | None) -> Iterator[ObjectNode]:
    """Yield the resources of a module and of those below it."""
    yield from _objects(_at(module, "resources"))
    for child in _objects(_at(module, "child_modules")):
        yield from _resources(child)


def _unknown(root: Node | None) -> dict[str, tuple[str, ...]]:
    """Return what the plan does not know of each resource, as far as it matters."""
    unknown: dict[str, tuple[str, ...]] = {}
    for change in _objects(_at(root, "resource_changes")):
        after = _at(_at(change, "change"), "after_unknown")
        names = [name for name in _NEEDED if isinstance(after, ObjectNode)]
        paths = [path for name in names for path in _true_paths(_at(after, name), name)]
        unknown[_text(change, "address")] = tuple(paths)
    return unknown


def _true_paths(node: Node | None, name: str) -> Iterator[str]:
    if isinstance(node, LiteralNode) and node.value is True:
        yield name
    elif isinstance(node, ObjectNode):
        for member in node.members:
            yield from _true_paths(member.value, f"{name}.{member.name}")
    elif isinstance(node, ArrayNode):
        for item in node.items:
            yield from _true_paths(item, name)


def _integration_types(root: Node | None, resources: list[ObjectNode]) -> dict[str, str]:
    """Return the integration's type for the address of each action that refers to one in the plan."""
    types = {
        _text(node, "address"): _text(_at(node, "values"), "integration_type")
        for node in resources
        if _text(node, "type") == INTEGRATION
    }
    references = dict(_references(_at(_at(root, "configuration"), "root_module"), ""))
    found_types = {}
    for node in resources:
        address = _text(node, "address")
        # The configuration knows no indices of `count` and `for_each`.
        integration = references.get(address.partition("[")[0], "")
        found_types[address] = types.get(integration, types.get(f"{integration}[0]", ""))
    return found_types


def _references(module: Node | None, prefix: str) -> Iterator[tuple[str, str]]:
    """Yield the addresses of actions with those of the integrations that they refer to."""
    for resource in _objects(_at(module, "resources")):
        listed = _at(_at(_at(resource, "expressions"), "integration_id"), "references")
        if isinstance(listed, ArrayNode):
            names = [item.value for item in listed.items if isinstance(item, StringNode)]
            words = names[0].split(".") if names else []
            if len(words) > 1:
                yield (
                    f"{prefix}{_text(resource, 'address')}",
                    f"{prefix}{words[0]}.{words[1].partition('[')[0]}",
                )
    calls = _at(module, "module_calls")
    for member in calls.members if isinstance(calls, ObjectNode) else ():
        yield from _references(_at(member.value, "module"), f"{prefix}module.{member.name}.")


def _at(node: Node | None, name: str) -> Node | None:
    return node.get(name) if isinstance(node, ObjectNode) else None


def _text(node: Node | None, name: str) -> str:
    value = _at(node, name)
    return value.value if isinstance(value, StringNode) else ""


def _objects(node: Node | None) -> Iterator[ObjectNode]:
    if isinstance(node, ArrayNode):
        yield from (item for item in node.items if isinstance(item, ObjectNode))
