"""No form loses anything: what was written is read again as an equal document."""

from __future__ import annotations

import itertools
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings

from jackfield.workbench.documents import ActionDocument
from jackfield.workbench.forms import load, write
from jackfield.workbench.forms.writing import WRITTEN_FORMS, WrittenForm
from support.action_documents import DOCUMENTS

ROUTES = list(itertools.product(WRITTEN_FORMS, repeat=2))


def _rewritten(document: ActionDocument, folder: Path, form: WrittenForm) -> ActionDocument:
    target = folder / "action" if form == "folder" else folder / "action.json"
    write(document, target, form)
    (read,) = load(target)
    return read


@pytest.mark.parametrize("form", WRITTEN_FORMS)
@settings(deadline=None, max_examples=150)
@given(document=DOCUMENTS)
def test_each_form_reads_what_it_wrote(form: WrittenForm, document: ActionDocument) -> None:
    """Any text in any member survives being written and read."""
    with tempfile.TemporaryDirectory() as folder:
        read = _rewritten(document, Path(folder), form)
    assert read == document
    assert not read.findings


@pytest.mark.parametrize("route", ROUTES, ids="-".join)
@settings(deadline=None, max_examples=20)
@given(document=DOCUMENTS)
def test_a_way_through_two_forms_loses_nothing(
    route: tuple[WrittenForm, WrittenForm], document: ActionDocument
) -> None:
    """From one form to another and on: the same action."""
    with tempfile.TemporaryDirectory() as folder:
        read = document
        for number, form in enumerate(route):
            read = _rewritten(read, Path(folder) / str(number), form)
    assert read == document
