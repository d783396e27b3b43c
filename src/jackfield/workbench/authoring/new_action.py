"""A new data action, written from a request and a sample of the reply, with a first test."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from jackfield.domain.action import ActionConfig, Contract, ResponseConfig
from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Finding, Place
from jackfield.domain.json_reader import read_json
from jackfield.workbench.authoring.outputs import (
    DRAFT_4,
    LeftOut,
    Output,
    contract_of,
    outputs_of,
    template_of,
)
from jackfield.workbench.authoring.request_sketch import RequestSketch, read_request
from jackfield.workbench.documents import ActionDocument, Origin, finding_in_file
from jackfield.workbench.files import replace_text
from jackfield.workbench.forms import write
from jackfield.workbench.forms.json_text import laid_out, laid_out_members, quoted
from jackfield.workbench.forms.writing import yaml_of
from jackfield.workbench.samples import sample

TEST_FOLDER, TEST_FILE, REPLY_FILE = "tests", "first.yaml", "reply.json"
UNKNOWN_REQUEST: Final = "GET https://www.example.com/"
_STEP: Final = "  "


@dataclass(frozen=True, slots=True)
class NewAction:
    """A new action.

    Args:
        document: the action.
        outputs: what it gives.
        inputs: values for its first test.
        reply: the sample's JSON text.
        notes: what needs a look.
    """

    document: ActionDocument
    outputs: tuple[Output, ...]
    inputs: Mapping[str, Any]
    reply: str
    notes: tuple[Finding, ...]

    @property
    def result(self) -> dict[str, Any]:
        """What the action gives for the sample."""
        return {one.name: one.value for one in self.outputs}


def new_action(
    name: str, sample_file: Path, source: bytes, *, request: str = "", integration_type: str = ""
) -> NewAction:
    """Return a new action.

    Args:
        name: the action's name.
        sample_file: named in findings.
        source: the JSON of a reply.
        request: as `read_request` takes it; "" for one that is to be filled in.
        integration_type: "" for the one that the URL suggests.

    Raises:
        OperationRefused: the sample or the request cannot be read, or there are no values in the sample.
    """
    reading = read_json(source)
    faults = [finding_in_file(fault, sample_file) for fault in reading.faults if fault.is_error]
    if faults:
        raise OperationRefused(*faults)
    assert reading.root is not None, "without an error there is a value"
    outputs, left_out = outputs_of(reading.root)
    if not outputs:
        place = Place(file=str(sample_file))
        reason = "there are only nulls, empty lists and empty objects in it" if left_out else "it is empty"
        raise OperationRefused(found("NEW_SAMPLE_EMPTY", place, reason=reason))
    sketch = read_request(request or UNKNOWN_REQUEST)
    document = ActionDocument(
        name=name,
        integration_type=integration_type or sketch.integration_type,
        action_type="custom",
        category="",
        config=ActionConfig(sketch.config, _response(outputs)),
        contract=Contract(_laid_out(_input_contract(sketch.inputs)), _laid_out(contract_of(outputs))),
        secure=False,
        origin=Origin(sample_file, "folder", _nowhere),
    )
    inputs = {name: sample({"type": kind}, name) for name, kind in sketch.inputs.items()}
    notes = _notes(sketch, left_out, sample_file)
    return NewAction(document, outputs, inputs, laid_out(reading.root) + "\n", notes)


def _laid_out(text: str) -> str:
    """Return a JSON text in the layout of the forms."""
    root = read_json(text).root
    assert root is not None, "it was written a moment ago"
    return laid_out(root)


def _nowhere(pointer: str, offset: int = 0, width: int = 1) -> Place:
    """Return a place in an action that was not written yet."""
    return Place(pointer, column=offset + 1, width=width)


def _response(outputs: tuple[Output, ...]) -> ResponseConfig:
    return ResponseConfig(
        translation_map={one.name: one.path for one in outputs},
        translation_map_defaults={one.name: one.default for one in outputs},
        success_template=template_of(outputs),
    )


def _input_contract(inputs: Mapping[str, str]) -> str:
    properties = [(name, f'{{"type": {quoted(kind)}}}') for name, kind in inputs.items()]
    members = [
        ("$schema", quoted(DRAFT_4)),
        ("type", '"object"'),
        ("properties", laid_out_members(properties, _STEP)),
        ("additionalProperties", "true"),
    ]
    if inputs:
        required = json.dumps(list(inputs), ensure_ascii=False)
        members.insert(3, ("required", required))
    return laid_out_members(members)


def _notes(sketch: RequestSketch, left_out: tuple[LeftOut, ...], sample_file: Path) -> tuple[Finding, ...]:
    place = Place(file=str(sample_file))
    notes = [found("NEW_VALUE_LEFT_OUT", place, path=one.path, reason=one.reason) for one in left_out]
    for name, template in sketch.credentials.items():
        notes.append(found("NEW_SECRET_REPLACED", name=name, template=template))
    return tuple(notes)


def write_new(new: NewAction, folder: Path, *, overwrite: bool = False) -> tuple[Path, ...]:
    """Write a new action in the folder form, with its first test, and return the files.

    Raises:
        OperationRefused: a file exists already, or cannot be written.
    """
    beside = {
        folder / TEST_FOLDER / REPLY_FILE: new.reply,
        folder / TEST_FOLDER / TEST_FILE: _first_test(new),
    }
    for path in beside:
        if path.exists() and not overwrite:
            raise OperationRefused(found("ACTION_FILE_EXISTS", Place(file=str(path)), path=path))
    written = write(new.document, folder, "folder", overwrite=overwrite)
    for path, text in beside.items():
        replace_text(path, text)
    return (*written, *beside)


def _first_test(new: NewAction) -> str:
    """Return the text of a test file: the sample as reply, and what the action makes of it."""
    test = {
        "name": "gives what the sample has",
        "input": dict(new.inputs),
        "reply": {"file": REPLY_FILE},
        "expect": {"request": {"method": new.document.config.request.request_type}, "result": new.result},
    }
    return yaml_of({"tests": [test]})
