"""Findings as SARIF 2.1.0, which code hosts and editors show beside the lines they point at.

The form is that of the OASIS standard "Static Analysis Results Interchange Format" 2.1.0 with errata 01.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from jackfield.domain.catalogue import CATALOGUE
from jackfield.domain.catalogue.entry import Entry
from jackfield.domain.finding import Finding, Place

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
# Code hosts read this base as the root of the repository.
_ROOT: Final = "%SRCROOT%"


def sarif_text(findings: Sequence[Finding], *, folder: Path, command: str) -> str:
    """Return a SARIF log of one run.

    Args:
        findings: in the order in which they are to be shown; those without a file get no location.
        folder: files in and below it are named relative to it, as code hosts want them; mostly the
            repository's root.
        command: what was run, such as `action lint`: the runs of two commands are kept apart.
    """
    codes = sorted({finding.code for finding in findings})
    run = {
        "tool": {"driver": _driver(codes)},
        "automationDetails": {"id": f"jackfield/{command.replace(' ', '-')}/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True}],
        "results": [_result(finding, codes.index(finding.code), folder) for finding in findings],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2, ensure_ascii=False) + "\n"


def repository_of(folder: Path) -> Path:
    """Return the root of the repository that holds a folder; the folder itself if none does."""
    whole = folder.resolve()
    return next((one for one in (whole, *whole.parents) if (one / ".git").exists()), folder)


def _driver(codes: Sequence[str]) -> dict[str, Any]:
    number = version("jackfield")
    rules = [_rule(CATALOGUE[code]) for code in codes]
    return {"name": "Jackfield", "version": number, "semanticVersion": number, "rules": rules}


def _rule(entry: Entry) -> dict[str, Any]:
    """Return the description of a code; what each case fills in is left open."""
    accepted, fix = _plain(entry.accepted), _plain(entry.fix)
    return {
        "id": entry.code,
        "name": "".join(word.capitalize() for word in entry.code.split("_")),
        "shortDescription": {"text": f"{entry.title}."},
        "fullDescription": {"text": entry.cause},
        "help": {
            "text": f"{entry.cause}\nAccepted: {accepted}\nFix: {fix}",
            "markdown": f"{entry.cause}\n\n- **Accepted:** {accepted}\n- **Fix:** {fix}",
        },
        "defaultConfiguration": {"level": entry.severity.value},
        "properties": {"grade": entry.grade.value},
    }


def _plain(text: str) -> str:
    return text.format_map(defaultdict(lambda: "…"))


def _result(finding: Finding, index: int, folder: Path) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": finding.severity.value,
        "message": {"text": f"{finding.message}\nFix: {finding.fix}"},
        "partialFingerprints": {"finding/v1": _fingerprint(finding, folder)},
        "properties": {"accepted": finding.accepted, "grade": finding.grade.value},
    }
    if finding.seen:
        result["properties"]["seen"] = finding.seen
    if finding.place.file:
        result["locations"] = [_location(finding.place, folder)]
    return result


def _location(place: Place, folder: Path) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": _artifact(place.file, folder)}
    if place.line is not None:
        region: dict[str, Any] = {"startLine": place.line}
        if place.column is not None:
            region |= {"startColumn": place.column, "endColumn": place.column + max(1, place.width)}
        physical["region"] = region
    location: dict[str, Any] = {"physicalLocation": physical}
    if place.pointer:
        location["logicalLocations"] = [{"fullyQualifiedName": place.pointer, "kind": "member"}]
    return location


def _artifact(file: str, folder: Path) -> dict[str, Any]:
    named = _named(file, folder)
    if named is None:
        return {"uri": Path(file).resolve().as_uri()}
    return {"uri": quote(named), "uriBaseId": _ROOT}


def _named(file: str, folder: Path) -> str | None:
    """Return a path relative to the folder; None if it leads out of it."""
    try:
        return Path(file).resolve().relative_to(folder.resolve()).as_posix()
    except ValueError:
        return None


def _fingerprint(finding: Finding, folder: Path) -> str:
    """Return what stays the same when lines are added above: file, place in the action, and what is said."""
    file = finding.place.file and (_named(finding.place.file, folder) or finding.place.file)
    parts = (finding.code, file, finding.place.pointer, finding.message)
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:32]
