"""Reading whatever a path names: a file of one of the forms, or a folder of such files."""

from __future__ import annotations

import json
from pathlib import Path

from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Place
from jackfield.domain.json_nodes import ArrayNode, Node, ObjectNode
from jackfield.domain.json_reader import read_json
from jackfield.workbench.documents import ActionDocument
from jackfield.workbench.forms.json_form import read_actions
from jackfield.workbench.forms.kinds import what_it_is

EXPORT_ENDINGS = (".custom.json", ".customAuth.json")


def load(path: Path) -> tuple[ActionDocument, ...]:
    """Return the data actions that a path names.

    Args:
        path: a file, or a folder; a folder gives all actions in and below it, in the order of their paths.

    Raises:
        OperationRefused: nothing there can be read as a data action; the findings say what is there instead.
    """
    if path.is_dir():
        return _folder(path)
    return _file(path)


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes.

    Raises:
        OperationRefused: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise OperationRefused(
            found("FILE_UNREADABLE", Place(file=str(path)), path=path, reason=reason)
        ) from error


def _folder(path: Path) -> tuple[ActionDocument, ...]:
    documents: list[ActionDocument] = []
    for file in sorted(path.rglob("*.json")):
        if any(part.startswith(".") for part in file.relative_to(path).parts):
            continue
        if file.name.endswith(EXPORT_ENDINGS) or _holds_action(file):
            documents += _file(file)
    if not documents:
        advice = "Name a file, or a folder with actions in it."
        if any(path.glob("*.tf")):
            advice = "It holds a Terraform configuration: read that with `--terraform`."
        place = Place(file=str(path))
        raise OperationRefused(found("ACTION_FOLDER_EMPTY", place, path=path, advice=advice))
    return tuple(documents)


def _holds_action(file: Path) -> bool:
    """Tell if a JSON file of any name holds an action, so that others may lie beside the actions."""
    try:
        whole = json.loads(read_bytes(file))
    except (ValueError, RecursionError):
        return False
    return isinstance(whole, dict) and isinstance(whole.get("config"), dict) and "contract" in whole


def _file(path: Path) -> tuple[ActionDocument, ...]:
    source = read_bytes(path)
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
