"""Data actions as resources of CX as Code, read from a folder of Terraform configuration."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from jackfield.domain.action import (
    DEFAULT_REQUEST_TEMPLATE,
    DEFAULT_SUCCESS_TEMPLATE,
    ActionConfig,
    Contract,
    RequestConfig,
    ResponseConfig,
)
from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Finding, Place, Severity
from jackfield.domain.json_nodes import ObjectNode
from jackfield.domain.json_reader import escaped, read_json
from jackfield.rules.nearest import nearest
from jackfield.workbench.documents import ActionDocument, ActionType, Origin, PlaceOf
from jackfield.workbench.forms.json_text import laid_out
from jackfield.workbench.terraform.evaluation import trail_of
from jackfield.workbench.terraform.folder import Configuration, read_configuration_of
from jackfield.workbench.terraform.functions import FUNCTIONS
from jackfield.workbench.terraform.places import ContractPlaces, ValuePlaces
from jackfield.workbench.terraform.syntax import Block, Expression
from jackfield.workbench.terraform.values import Unresolved, Value, as_text, plain_of

ACTION: Final = "genesyscloud_integration_action"
LOGIN: Final = "genesyscloud_integration_custom_auth_action"
INTEGRATION: Final = "genesyscloud_integration"
LOGIN_TYPE: Final = "custom-rest-actions"
_ATTRIBUTES: Final = (
    "name", "category", "integration_id", "secure", "contract_input", "contract_output",
    "config_timeout_seconds", "config_request", "config_response", "function_config",
    "count", "for_each", "depends_on", "provider", "lifecycle", "id",
)  # fmt: skip
REQUEST_POINTERS: Final = {
    "request_url_template": "/config/request/requestUrlTemplate",
    "request_type": "/config/request/requestType",
    "request_template": "/config/request/requestTemplate",
    "headers": "/config/request/headers",
}
RESPONSE_POINTERS: Final = {
    "translation_map": "/config/response/translationMap",
    "translation_map_defaults": "/config/response/translationMapDefaults",
    "success_template": "/config/response/successTemplate",
}
CONTRACT_POINTERS: Final = {
    "contract_input": "/contract/input/inputSchema",
    "contract_output": "/contract/output/successSchema",
}


def load_terraform(folder: Path, variables: Mapping[str, str] | None = None) -> tuple[ActionDocument, ...]:
    """Return the data actions of a folder of Terraform configuration.

    Args:
        folder: with `*.tf` files; modules that it calls are not followed.
        variables: values of variables.

    Raises:
        OperationRefused: a file cannot be read, there are no actions, or something in them cannot be
            resolved; each finding names file and line.
    """
    configuration = read_configuration_of(folder, variables or {})
    resources = configuration.resources(ACTION, LOGIN)
    if not resources:
        raise OperationRefused(_without_actions(folder, configuration))
    readers = [_Resource(block, configuration) for block in resources]
    documents = [reader.document() for reader in readers]
    errors = [one for reader in readers for one in reader.findings if one.is_error]
    if errors:
        raise OperationRefused(*errors)
    return tuple(
        replace(document, findings=tuple(reader.findings))
        for document, reader in zip(documents, readers, strict=True)
    )


def _without_actions(folder: Path, configuration: Configuration) -> Finding:
    modules = [block for block in configuration.blocks if block.kind == "module"]
    advice = "Name the folder with the `.tf` file that declares the action."
    if modules:
        names = ", ".join(f"`{block.labels[0]}`" for block in modules[:5] if block.labels)
        advice = f"If the actions stand in a module ({names}), name its folder, or read a plan with `--plan`."
    place = Place(file=str(folder))
    return found("TERRAFORM_WITHOUT_ACTIONS", place, path=folder, advice=advice)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """An attribute: its holder, its name, and how bad it is if it cannot be resolved."""

    holder: Block
    name: str
    severity: Severity = Severity.ERROR


class _Resource:
    """One resource while it is read."""

    def __init__(self, block: Block, configuration: Configuration) -> None:
        self.findings: list[Finding] = []
        self._block, self._configuration = block, configuration
        self._places: dict[str, PlaceOf] = {}

    def document(self) -> ActionDocument:
        """Return the action; where there are errors among the findings, it is not whole."""
        block = self._block
        login = block.labels[0] == LOGIN
        self._note_unknown()
        action_type: ActionType = "customAuth" if login else "custom"
        return ActionDocument(
            name=self._text(_Wanted(block, "name", Severity.WARNING), "/name") or block.labels[1],
            integration_type=LOGIN_TYPE if login else self._integration_type(),
            action_type=action_type,
            category=self._text(_Wanted(block, "category", Severity.NOTE), "/category") or "",
            config=ActionConfig(self._request(), self._response(), self._timeout()),
            contract=Contract(self._contract("contract_input"), self._contract("contract_output")),
            secure=self._flag(),
            origin=Origin(block.source.path, "terraform", ValuePlaces(block.place(), self._places)),
        )

    def _note_unknown(self) -> None:
        for name, expression in self._block.attributes.items():
            if name not in _ATTRIBUTES:
                near = nearest(name, _ATTRIBUTES)
                place = expression.source.place(expression.start, expression.end, name)
                hint = f" Did you mean `{near}`?" if near else ""
                owner, accepted = self._block.labels[0], ", ".join(_ATTRIBUTES[:9])
                self.findings.append(
                    found("MEMBER_UNKNOWN", place, accepted=accepted, name=name, owner=owner, hint=hint)
                )
        for dynamic in self._block.of_kind("dynamic"):
            reason = "a `dynamic` block is not unrolled here"
            name = dynamic.labels[0] if dynamic.labels else "dynamic"
            self._unresolved(dynamic.place(name), name, reason, "Use `--plan`.", Severity.ERROR)

    def _value(self, wanted: _Wanted) -> Value | None:
        """Return an attribute's value; None if it is not there, null or, with a finding, not resolved."""
        expression = wanted.holder.attributes.get(wanted.name)
        if expression is None:
            return None
        try:
            value = self._configuration.scope.evaluate(expression)
        except Unresolved as error:
            where = error.expression
            place = where.source.place(where.start, where.end, wanted.name)
            self._unresolved(place, wanted.name, error.reason, error.advice, wanted.severity)
            return None
        except OperationRefused as error:
            self.findings += error.findings
            return None
        return None if value.plain is None else value

    def _unresolved(self, place: Place, name: str, reason: str, advice: str, severity: Severity) -> None:
        words: dict[str, Any] = {"name": name, "reason": reason, "advice": advice}
        functions = ", ".join(FUNCTIONS)
        self.findings.append(
            found("TERRAFORM_UNRESOLVED", place, severity=severity, functions=functions, **words)
        )

    def _wrong_kind(self, value: Value, name: str, wanted: str, fix: str) -> None:
        place = value.source.place(value.start, value.end, name)
        self.findings.append(found("TERRAFORM_WRONG_KIND", place, name=name, wanted=wanted, fix_text=fix))

    def _text(self, wanted: _Wanted, pointer: str) -> str | None:
        value = self._value(wanted)
        text = as_text(value) if value else None
        if value and text is None:
            self._wrong_kind(value, wanted.name, "a text", "Use `jsonencode` to make a text of an object.")
        if value and text is not None:
            self._places[pointer] = value.place
        return text

    def _texts(self, wanted: _Wanted, pointer: str) -> dict[str, str]:
        value = self._value(wanted)
        if value is None:
            return {}
        if not isinstance(value.plain, Mapping):
            self._wrong_kind(value, wanted.name, "a map of texts", f"Write {wanted.name} = {{ … }}.")
            return {}
        self._places[pointer] = value.place
        texts: dict[str, str] = {}
        for name, item in value.plain.items():
            text = as_text(item)
            if text is None:
                fix = "Use `jsonencode` to make a text of it."
                self._wrong_kind(item, f"{wanted.name}.{name}", "a text", fix)
                continue
            texts[name] = text
            self._places[f"{pointer}/{escaped(name)}"] = item.place
        return texts

    def _holder(self, kind: str) -> Block | None:
        blocks = self._block.of_kind(kind)
        if blocks:
            self._places[f"/config/{kind.removeprefix('config_')}"] = _begin_of(blocks[0])
        return blocks[0] if blocks else None

    def _request(self) -> RequestConfig:
        block = self._holder("config_request")
        if block is None:
            return RequestConfig()
        texts = {
            name: self._text(_Wanted(block, name), pointer)
            for name, pointer in REQUEST_POINTERS.items()
            if name != "headers"
        }
        template = texts["request_template"]
        return RequestConfig(
            url_template=texts["request_url_template"] or "",
            request_type=texts["request_type"] or "GET",
            headers=self._texts(_Wanted(block, "headers"), REQUEST_POINTERS["headers"]),
            template=DEFAULT_REQUEST_TEMPLATE if template is None else template,
        )

    def _response(self) -> ResponseConfig:
        block = self._holder("config_response")
        if block is None:
            return ResponseConfig()
        pointers = RESPONSE_POINTERS
        name = "translation_map_defaults"
        template = self._text(_Wanted(block, "success_template"), pointers["success_template"])
        return ResponseConfig(
            translation_map=self._texts(_Wanted(block, "translation_map"), pointers["translation_map"]),
            translation_map_defaults=self._texts(_Wanted(block, name), pointers[name]),
            success_template=DEFAULT_SUCCESS_TEMPLATE if template is None else template,
        )

    def _timeout(self) -> int | None:
        value = self._value(_Wanted(self._block, "config_timeout_seconds"))
        if value is None:
            return None
        self._places["/config/timeoutSeconds"] = value.place
        if isinstance(value.plain, int) and not isinstance(value.plain, bool):
            return value.plain
        self._wrong_kind(value, "config_timeout_seconds", "a whole number", "Write a number from 1 to 60.")
        return None

    def _flag(self) -> bool:
        value = self._value(_Wanted(self._block, "secure"))
        if value is None:
            return False
        self._places["/secure"] = value.place
        if not isinstance(value.plain, bool):
            self._wrong_kind(value, "secure", "true or false", "Write secure = true or secure = false.")
        return value.plain is True

    def _contract(self, name: str) -> str:
        """Return the JSON text of a contract, whose faults are pointed at in the configuration."""
        value = self._value(_Wanted(self._block, name))
        if value is None:
            return "{}"
        pointer = CONTRACT_POINTERS[name]
        text = as_text(value)
        if value.encoded is not None:
            text = json.dumps(plain_of(value.encoded), ensure_ascii=False)
        reading = read_json(text or "")
        faults = [fault for fault in reading.faults if fault.is_error]
        for fault in faults:
            offset = _offset(text or "", fault.place)
            place = value.place(pointer + fault.place.pointer, offset, fault.place.width)
            self.findings.append(replace(fault, place=place))
        if not faults and not isinstance(reading.root, ObjectNode):
            fix = f"Write {name} = jsonencode({{ … }})."
            self._wrong_kind(value, name, "the JSON text of a schema", fix)
        if faults or not isinstance(reading.root, ObjectNode):
            return "{}"
        self._places[pointer] = ContractPlaces(value, reading, pointer)
        return laid_out(reading.root)

    def _integration_type(self) -> str:
        """Return the type of the integration that the resource refers to, if it stands in the same folder."""
        expression: Expression | None = self._block.attributes.get("integration_id")
        trail = trail_of(expression.tree) if expression else ()
        if len(trail) < 2 or trail[0] != INTEGRATION:
            return ""
        for block in self._configuration.resources(INTEGRATION):
            if block.labels[1] == trail[1] and "integration_type" in block.attributes:
                return self._text(_Wanted(block, "integration_type", Severity.NOTE), "/integrationType") or ""
        return ""


def _begin_of(block: Block) -> PlaceOf:
    """Return what finds the begin of a block, wherever in it one looks."""

    def place(pointer: str, offset: int = 0, width: int = 1) -> Place:  # noqa: ARG001 - the form of a PlaceOf
        return block.place(pointer)

    return place


def _offset(text: str, place: Place) -> int:
    """Return the offset of a line and a column."""
    before = text.splitlines(keepends=True)[: (place.line or 1) - 1]
    return sum(len(line) for line in before) + (place.column or 1) - 1
