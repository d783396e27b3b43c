"""Which test files belong to which action, and which login to which action."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Place
from jackfield.workbench.credentials import needs_login
from jackfield.workbench.documents import ActionDocument
from jackfield.workbench.forms import load
from jackfield.workbench.treatments import WEB_SERVICES, integration_type_of

FOLDER: Final = "tests"
ENDINGS: Final = (".yaml", ".yml")
_ACTION_FILE: Final = "action.yaml"
_ACTION_LINE: Final = re.compile(r"^action:", re.MULTILINE)
_TESTS_LINE: Final = re.compile(r"^tests:", re.MULTILINE)


def is_test_file(path: Path) -> bool:
    """Tell if a file is one of ours: YAML in a folder `tests`, with the member `tests` at its top."""
    if path.suffix not in ENDINGS or path.parent.name != FOLDER:
        return False
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    if not _TESTS_LINE.search(text):
        return False
    return _ACTION_LINE.search(text) is not None or bool(_actions_beside(path.parent.parent))


def suite_files_of(path: Path) -> tuple[Path, ...]:
    """Return the test files for a path: a test file itself, an action's file, or a folder of either form.

    Args:
        path: what the author names on the command line.
    """
    if path.is_dir():
        return tuple(file for file in sorted(path.rglob("*")) if is_test_file(file))
    if path.suffix in ENDINGS:
        return (path,) if is_test_file(path) else ()
    beside = sorted((path.parent / FOLDER).glob("*"))
    return tuple(file for file in beside if is_test_file(file) and _tests(file, path))


def action_path(test_file: Path, named: str) -> Path:
    """Return the path of the action that a test file tests.

    Args:
        test_file: the test file.
        named: what it says itself, relative to its folder; "" if it says nothing.

    Raises:
        OperationRefused: there is no such action, or several come into question.
    """
    if named:
        path = test_file.parent / named
        if not path.exists():
            raise _untold(test_file, f"`{named}` does not exist")
        return path
    above = test_file.parent.parent
    actions = _actions_beside(above)
    stem = test_file.name.partition(".")[0]
    alike = [path for path in actions if path.name.partition(".")[0] == stem]
    chosen = alike if len(alike) == 1 else actions
    if len(chosen) == 1:
        return chosen[0]
    reason = f"there are {len(actions)} in `{above}`" if actions else f"there is none in `{above}`"
    raise _untold(test_file, reason)


def login_of(document: ActionDocument) -> ActionDocument | None:
    """Return the login action that lies beside an action which needs one; None if there is not exactly one.

    Raises:
        OperationRefused: the login's file cannot be read.
    """
    if integration_type_of(document) != WEB_SERVICES or document.is_login or not needs_login(document):
        return None
    path = document.origin.path
    folder = path.parent
    files = sorted(folder.glob("*.customAuth.json"))
    files += [one.parent for one in sorted(folder.glob(f"*/{_ACTION_FILE}")) if one.parent != path]
    logins = [login for file in files for login in load(file) if login.is_login]
    return logins[0] if len(logins) == 1 else None


def _tests(test_file: Path, action: Path) -> bool:
    match = re.search(r"^action:\s*['\"]?([^'\"#\n]+)", test_file.read_text(encoding="utf-8"), re.MULTILINE)
    try:
        path = action_path(test_file, match.group(1).strip() if match else "")
    except OperationRefused:
        return False
    return path.resolve() == action.resolve()


def _actions_beside(folder: Path) -> list[Path]:
    """Return the actions in a folder, the folder itself if it is one."""
    if (folder / _ACTION_FILE).is_file():
        return [folder]
    exported = sorted(folder.glob("*.custom.json"))
    if exported:
        return exported
    return sorted(folder.glob("*.customAuth.json")) or _readable(sorted(folder.glob("*.json")))


def _readable(files: list[Path]) -> list[Path]:
    readable = []
    for file in files:
        try:
            load(file)
        except OperationRefused:
            # Something else that lies beside the actions, such as an input or a reply.
            continue
        readable.append(file)
    return readable


def _untold(test_file: Path, reason: str) -> OperationRefused:
    place = Place(file=str(test_file))
    return OperationRefused(found("TEST_FILE_WITHOUT_ACTION", place, path=test_file, reason=reason))
