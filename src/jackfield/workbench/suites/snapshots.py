"""Snapshots: the whole run of a test, as it was when somebody looked at it."""

from __future__ import annotations

import difflib
import json
import re
from pathlib import Path
from typing import Any, Final

from jackfield.domain.catalogue import found
from jackfield.domain.finding import Finding
from jackfield.workbench.bench import BenchResult
from jackfield.workbench.files import replace_text
from jackfield.workbench.replies.redaction import without_secrets
from jackfield.workbench.suites.reading import Case
from jackfield.workbench.trace import CALL

_NOT_IN_NAMES: Final = re.compile(r"[^a-z0-9]+")
_LINES_SHOWN: Final = 20


def snapshot_path(case: Case) -> Path:
    """Return the file of a test's snapshot; no two tests share one, so no two workers write the same."""
    stem = case.suite.path.stem
    name = _NOT_IN_NAMES.sub("-", case.name.lower()).strip("-") or "test"
    return case.suite.path.parent / "snapshots" / stem / f"{name}.json"


def snapshot_text(result: BenchResult) -> str:
    """Return a run for a snapshot: what is the same every time, with every secret masked."""
    steps = [
        {
            "step": one.step,
            "name": one.name,
            "success": one.success,
            "result": _steady(one.name, one.result),
        }
        for one in result.result.operations
    ]
    whole = {
        "action": result.document.name,
        "method": result.method,
        "success": result.success,
        "steps": without_secrets(steps),
        "findings": [one.code for one in result.findings],
        "result": without_secrets(result.value),
    }
    return json.dumps(whole, indent=2, ensure_ascii=False, default=str) + "\n"


def compare_snapshot(case: Case, result: BenchResult, *, update: bool) -> Finding | None:
    """Compare a run with its snapshot, or take it anew.

    Args:
        update: write the snapshot instead of comparing.

    Raises:
        OperationRefused: it cannot be written.
    """
    path, text = snapshot_path(case), snapshot_text(result)
    if update:
        replace_text(path, text)
        return None
    place = case.place("/expect/snapshot")
    try:
        kept = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return found("TEST_SNAPSHOT_MISSING", place, path=path)
    if kept == text:
        return None
    lines = [
        line
        for line in difflib.unified_diff(kept.splitlines(), text.splitlines(), lineterm="", n=0)
        if not line.startswith(("---", "+++", "@@"))
    ]
    more = f"\n… {len(lines) - _LINES_SHOWN} lines more" if len(lines) > _LINES_SHOWN else ""
    difference = "\n".join(lines[:_LINES_SHOWN]) + more
    return found("TEST_SNAPSHOT_DIFFERS", place, path=path, count=len(lines), difference=difference)


def _steady(name: str, value: Any) -> Any:
    """Return a step's result without what differs from run to run."""
    if name == CALL and isinstance(value, dict):
        return {key: item for key, item in value.items() if key != "milliseconds"}
    return value
