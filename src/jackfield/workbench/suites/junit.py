"""The report that build servers read: JUnit's XML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from typing import Final
from xml.etree import ElementTree

from jackfield.workbench.suites.report import finding_lines
from jackfield.workbench.suites.verdicts import Verdict

# What XML 1.0 cannot carry at all.
_NO_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_text(verdicts: Sequence[Verdict]) -> str:
    """Return a report: a suite for each file, a failure for each test that is not as expected."""
    root = ElementTree.Element("testsuites", {"name": "jackfield action test", **_counts(verdicts)})
    for file, group in groupby(verdicts, key=lambda one: one.place.file):
        members = list(group)
        suite = ElementTree.SubElement(root, "testsuite", {"name": file, **_counts(members)})
        for verdict in members:
            _case(suite, verdict)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _case(suite: ElementTree.Element, verdict: Verdict) -> None:
    case = ElementTree.SubElement(
        suite,
        "testcase",
        name=_clean(verdict.name),
        classname=_clean(verdict.action),
        file=verdict.place.file,
        line=str(verdict.place.line or 1),
        time=f"{verdict.seconds:.4f}",
    )
    if verdict.passed:
        return
    kind = "failure" if verdict.begun else "error"
    first = verdict.errors[0]
    element = ElementTree.SubElement(case, kind, message=_clean(first.message), type=first.code)
    element.text = _clean("\n".join(line for one in verdict.errors for line in finding_lines(one)))


def _counts(verdicts: Sequence[Verdict]) -> dict[str, str]:
    errors = sum(not one.begun for one in verdicts)
    failed = sum(not one.passed for one in verdicts) - errors
    return {
        "tests": str(len(verdicts)),
        "failures": str(failed),
        "errors": str(errors),
        "time": f"{sum(one.seconds for one in verdicts):.4f}",
    }


def _clean(text: str) -> str:
    return _NO_XML.sub("\ufffd", text)
