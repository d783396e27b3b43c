"""The report that build servers read: JUnit's XML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from typing import Final
from xml.etree import ElementTree

from jackfield.workbench.suites.running import CaseOutcome

# What XML 1.0 cannot carry at all.
_NO_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_text(outcomes: Sequence[CaseOutcome]) -> str:
    """Return a report: a suite for each test file, a failure for each test that is not as expected."""
    root = ElementTree.Element("testsuites", {"name": "jackfield action test", **_counts(outcomes)})
    for path, group in groupby(outcomes, key=lambda one: one.case.suite.path):
        members = list(group)
        suite = ElementTree.SubElement(root, "testsuite", {"name": str(path), **_counts(members)})
        for outcome in members:
            _case(suite, outcome)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _case(suite: ElementTree.Element, outcome: CaseOutcome) -> None:
    place = outcome.case.place()
    case = ElementTree.SubElement(
        suite,
        "testcase",
        name=_clean(outcome.case.name),
        classname=_clean(outcome.case.suite.document.name),
        file=str(outcome.case.suite.path),
        line=str(place.line or 1),
        time=f"{outcome.seconds:.4f}",
    )
    if outcome.passed:
        return
    kind = "failure" if outcome.result is not None else "error"
    first = outcome.findings[0]
    element = ElementTree.SubElement(case, kind, message=_clean(first.message), type=first.code)
    element.text = _clean("\n".join(f"{one.code}: {one.message}\nfix: {one.fix}" for one in outcome.findings))


def _counts(outcomes: Sequence[CaseOutcome]) -> dict[str, str]:
    errors = sum(one.result is None for one in outcomes)
    failed = sum(not one.passed for one in outcomes) - errors
    return {
        "tests": str(len(outcomes)),
        "failures": str(failed),
        "errors": str(errors),
        "time": f"{sum(one.seconds for one in outcomes):.4f}",
    }


def _clean(text: str) -> str:
    return _NO_XML.sub("\ufffd", text)
