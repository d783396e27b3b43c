"""Reading whatever a path names: a file of one of the forms, or a folder of such files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Finding, Place
from jackfield.domain.json_nodes import ArrayNode, Node, ObjectNode
from jackfield.domain.json_reader import read_json
from jackfield.workbench.documents import ActionDocument
from jackfield.workbench.forms.file_text import read_file
from jackfield.workbench.forms.folder_form import ACTION_FILE, read_folder
from jackfield.workbench.forms.json_form import read_actions
from jackfield.workbench.forms.kinds import what_it_is

EXPORT_ENDINGS: Final = (".custom.json", ".customAuth.json")
_SKIPPED: Final = ("node_modules", "__pycache__")


def load(path: Path) -> tuple[ActionDocument, ...]:
    """Return the data actions that a path names.

    Args:
        path: a file, an action's folder, or any folder: all actions in and below it, sorted by path.

    Raises:
        OperationRefused: something there cannot be read as a data action; the findings say what is wrong with
            each such file, or what is there instead.
    """
    documents, findings = load_each(path)
    if findings:
        raise OperationRefused(*findings)
    return documents


def load_each(path: Path) -> tuple[tuple[ActionDocument, ...], tuple[Finding, ...]]:
    """Return the data actions that a path names, and what is wrong with the files that hold no whole action.

    Args:
        path: a file, an action's folder, or any folder.

    Raises:
        OperationRefused: there is no file that is meant to be a data action.
    """
    if not path.is_dir():
        return _read_each((path,))
    files = [file for file in _files(path) if file.name == ACTION_FILE or _is_meant(file)]
    if not files:
        advice = "Name a file, or a folder with actions in it."
        if any(path.glob("*.tf")):
            advice = "It holds a Terraform configuration: read that with `--terraform`."
        place = Place(file=str(path))
        raise OperationRefused(found("ACTION_FOLDER_EMPTY", place, path=path, advice=advice))
    return _read_each(files)


def _read_each(files: Sequence[Path]) -> tuple[tuple[ActionDocument, ...], tuple[Finding, ...]]:
    documents: list[ActionDocument] = []
    findings: list[Finding] = []
    for file in files:
        try:
            documents += _file(file)
        except OperationRefused as error:
            findings += error.findings
    return tuple(documents), tuple(findings)


def _is_meant(file: Path) -> bool:
    return file.name.endswith(EXPORT_ENDINGS) or _holds_action(file)


def _files(path: Path) -> list[Path]:
    """Return the files that may be actions: none beside an `action.yaml`, none in hidden folders."""
    listed = [*path.rglob("*.json"), *path.rglob(ACTION_FILE)]
    own_folders = {file.parent for file in listed if file.name == ACTION_FILE}
    kept = []
    for file in sorted(listed):
        inner = file.relative_to(path)
        if any(part.startswith(".") or part in _SKIPPED for part in inner.parts):
            continue
        if file.name == ACTION_FILE or not own_folders.intersection(file.parents):
            kept.append(file)
    return kept


def _holds_action(file: Path) -> bool:
    """Tell if a JSON file of any name holds an action, so that others may lie beside the actions."""
    try:
        whole = json.loads(read_file(file))
    except (ValueError, RecursionError):
        return False
    return isinstance(whole, dict) and isinstance(whole.get("config"), dict) and "contract" in whole


def _file(path: Path) -> tuple[ActionDocument, ...]:
    if path.name == ACTION_FILE:
        return (read_folder(path.parent),)
    source = read_file(path)
    known = what_it_is(path, source)
    if known is None:
        reading = read_json(source)
        known = what_it_is(path, source, _names(reading.root))
        if known is None:
            return read_actions(reading, path)
    what, advice = known
    place = Place(file=str(path))
    raise OperationRefused(found("ACTION_FILE_UNKNOWN", place, path=path, what=what, advice=advice))


def _names(root: Node | None) -> tuple[str, ...]:
    if isinstance(root, ArrayNode) and root.items:
        return _names(root.items[0])
    return root.names if isinstance(root, ObjectNode) else ()
