"""The folder form: each template and each contract in a file of its own, the rest in `action.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from jackfield.domain.action import ActionConfig, Contract, RequestConfig, ResponseConfig
from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Finding, Place
from jackfield.domain.json_nodes import ObjectNode
from jackfield.domain.json_reader import read_json
from jackfield.rules.members import FindingLog, Members, open_body
from jackfield.rules.nearest import nearest
from jackfield.workbench.documents import ActionDocument, Origin, Scalar, finding_in_file
from jackfield.workbench.forms.action_members import (
    read_action_type,
    read_request,
    read_response,
    read_timeout,
    settled,
)
from jackfield.workbench.forms.file_text import read_file, read_text_file
from jackfield.workbench.forms.json_places import JsonPlaces
from jackfield.workbench.forms.json_text import laid_out
from jackfield.workbench.forms.text_places import TextPlaces
from jackfield.workbench.forms.yaml_text import YamlFault, YamlReading, read_yaml

ACTION_FILE: Final = "action.yaml"
URL_FILE, REQUEST_FILE, SUCCESS_FILE = "url.vm", "request.vm", "success.vm"
INPUT_FILE, OUTPUT_FILE = "input.schema.json", "output.schema.json"
TEMPLATE_FILES: Final = (URL_FILE, REQUEST_FILE, SUCCESS_FILE)
SCHEMA_FILES: Final = (INPUT_FILE, OUTPUT_FILE)

MEMBERS: Final = (
    "name",
    "integrationType",
    "actionType",
    "category",
    "integrationId",
    "secure",
    "timeoutSeconds",
    "request",
    "response",
)
EXAMPLE: Final = "name: …, request: {requestType: GET, headers: {}}, response: {translationMap: {}}"

_POINTERS: Final = {
    URL_FILE: "/config/request/requestUrlTemplate",
    REQUEST_FILE: "/config/request/requestTemplate",
    SUCCESS_FILE: "/config/response/successTemplate",
    INPUT_FILE: "/contract/input/inputSchema",
    OUTPUT_FILE: "/contract/output/successSchema",
}


@dataclass(frozen=True, slots=True)
class SettingsPlaces:
    """Finds places in `action.yaml`, which says without `config` what the API form says within."""

    file: Path
    members: Members

    def __call__(self, pointer: str, offset: int = 0, width: int = 1) -> Place:
        """Return the place of a member, or of what is around it."""
        return self._places(pointer)(pointer, offset, width)

    def scalar(self, pointer: str) -> Scalar | None:
        """Return the text at a pointer, to be changed; None where there is none."""
        return self._places(pointer).scalar(pointer)

    def _places(self, pointer: str) -> JsonPlaces:
        node: ObjectNode = self.members.node
        cut = "/config" if pointer.startswith("/config") else ""
        return JsonPlaces(self.file, self.members.log.reading, node, cut=cut)


@dataclass(frozen=True, slots=True)
class FolderPlaces:
    """Finds places in the files of a folder.

    Args:
        settings: places in `action.yaml`.
        files: places in the other files, by the pointers of what they hold.
    """

    settings: SettingsPlaces
    files: Mapping[str, TextPlaces | JsonPlaces]

    def __call__(self, pointer: str, offset: int = 0, width: int = 1) -> Place:
        """Return a place in the file that holds the pointer's value."""
        for base, places in self.files.items():
            if pointer == base or pointer.startswith(f"{base}/"):
                return places(pointer, offset, width)
        return self.settings(pointer, offset, width)

    def scalar(self, pointer: str) -> Scalar | None:
        """Return the text at a pointer, to be changed; None where there is none."""
        places = self.files.get(pointer)
        return self.settings.scalar(pointer) if places is None else places.scalar(pointer)


class _Folder:
    """One folder while it is read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.findings: list[Finding] = []
        self.places: dict[str, TextPlaces | JsonPlaces] = {}

    def template(self, name: str) -> str | None:
        """Return the template in a file: all but the line break that ends the file."""
        file = self.path / name
        if not file.is_file():
            return None
        text = read_text_file(file)
        self.places[_POINTERS[name]] = TextPlaces(file, text)
        return text.removesuffix("\n")

    def schema(self, name: str, side: str) -> str:
        """Return the JSON text of a contract's file."""
        file = self.path / name
        if not file.is_file():
            place = Place(file=str(self.path / ACTION_FILE))
            self.findings.append(found("ACTION_FOLDER_FILE_MISSING", place, name=name, side=side))
            return "{}"
        reading = read_json(read_file(file))
        log = FindingLog(reading, strict=False)
        members = open_body(log, f"{side} contract", '{"type": "object", "properties": {}}', ())
        self.findings += (finding_in_file(finding, file) for finding in log.findings)
        if members is None:
            return "{}"
        pointer = _POINTERS[name]
        self.places[pointer] = JsonPlaces(file, reading, members.node, cut=pointer)
        return laid_out(members.node)

    def note_strangers(self) -> None:
        """Warn of files that look like parts of the action and are none."""
        known = (*TEMPLATE_FILES, *SCHEMA_FILES)
        for file in sorted(self.path.iterdir()):
            if file.name.endswith((".vm", ".schema.json")) and file.name not in known:
                near = nearest(file.name, known)
                hint = f" Did you mean `{near}`?" if near else ""
                place = Place(file=str(file))
                self.findings.append(found("ACTION_FOLDER_FILE_UNKNOWN", place, name=file.name, hint=hint))


def read_folder(path: Path) -> ActionDocument:
    """Return the action of a folder with an `action.yaml`.

    Raises:
        OperationRefused: a file of it cannot be read.
    """
    file = path / ACTION_FILE
    reading = _settings(file)
    log = FindingLog(reading, strict=False)
    if reading.root is None:
        log.add("JSON_EMPTY_BODY", None, "")
    members = open_body(log, "data action", EXAMPLE, MEMBERS)
    folder = _Folder(path)
    document = _document(members, folder) if members is not None else None
    findings = (*(finding_in_file(finding, file) for finding in log.findings), *folder.findings)
    return settled(document, findings, file)


def _settings(file: Path) -> YamlReading:
    text = read_text_file(file)
    try:
        return read_yaml(text, typed=("secure", "timeoutSeconds"), json_texts=("translationMapDefaults",))
    except YamlFault as fault:
        place = TextPlaces(file, text)("", fault.offset)
        finding = found("YAML_UNREADABLE", place, path=file, reason=fault.reason)
        raise OperationRefused(finding) from fault


def _document(members: Members, folder: _Folder) -> ActionDocument:
    members.unknown(MEMBERS)
    name = members.text("name", required=True, example="name: …")
    request = members.object("request", owner="request")
    response = members.object("response", owner="response")
    config = ActionConfig(
        request=_request(request, folder),
        response=_response(response, folder),
        timeout_seconds=read_timeout(members),
    )
    contract = Contract(folder.schema(INPUT_FILE, "input"), folder.schema(OUTPUT_FILE, "output"))
    folder.note_strangers()
    places = FolderPlaces(SettingsPlaces(folder.path / ACTION_FILE, members), folder.places)
    return ActionDocument(
        name=name or "",
        integration_type=members.text("integrationType") or "",
        action_type=read_action_type(members),
        category=members.text("category") or "",
        config=config,
        contract=contract,
        secure=members.flag("secure"),
        origin=Origin(folder.path, "folder", places, places.scalar),
        integration_id=members.text("integrationId") or "",
    )


def _request(request: Members | None, folder: _Folder) -> RequestConfig:
    read = read_request(request) if request else RequestConfig()
    url = _one_of(request, "requestUrlTemplate", folder, URL_FILE)
    body = _one_of(request, "requestTemplate", folder, REQUEST_FILE)
    return replace(
        read,
        url_template=read.url_template if url is None else url,
        template=read.template if body is None else body,
    )


def _response(response: Members | None, folder: _Folder) -> ResponseConfig:
    read = read_response(response) if response else ResponseConfig()
    template = _one_of(response, "successTemplate", folder, SUCCESS_FILE)
    return read if template is None else replace(read, success_template=template)


def _one_of(holder: Members | None, name: str, folder: _Folder, file: str) -> str | None:
    """Return the template in a file; a template that also stands in `action.yaml` is a finding."""
    template = folder.template(file)
    if template is not None and holder is not None and (member := holder.node.member(name)) is not None:
        holder.log.add("ACTION_TEMPLATE_TWICE", member, holder.at(name), name=name, file=file)
    return template
