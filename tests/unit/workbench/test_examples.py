"""The examples are actions that can be read and converted without loss."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from jackfield.workbench.authoring.new_action import new_action
from jackfield.workbench.documents import ActionDocument
from jackfield.workbench.forms import load, write
from jackfield.workbench.forms.writing import WRITTEN_FORMS
from jackfield.workbench.sources import load_all

EXAMPLES = Path(__file__).parents[3] / "examples" / "actions"


def _documents() -> tuple[ActionDocument, ...]:
    given = os.environ.get("JACKFIELD_SAMPLES", "")
    return load_all([EXAMPLES, *([Path(given)] if given else [])], terraform=EXAMPLES / "terraform")


@pytest.mark.parametrize("document", _documents(), ids=lambda document: document.name)
def test_each_example_goes_through_every_form(document: ActionDocument, tmp_path: Path) -> None:
    """Written and read again it says the same, without a warning; so do those of a folder of one's own."""
    assert not document.findings
    for form in WRITTEN_FORMS:
        target = tmp_path / form
        write(document, target / "action.json" if form != "folder" else target, form)
        (read,) = load(target)
        assert read == document
        assert read.origin.place("/config/response/successTemplate", 1).line


def test_the_example_of_a_new_action_is_what_new_makes() -> None:
    """The folder of the example comes out of the sample beside it."""
    source = (EXAMPLES / "samples" / "order.json").read_bytes()
    request = "GET https://orders.example.com/v1/orders/{orderId}?lang={language}"
    (document,) = load(EXAMPLES / "get-order")
    assert new_action("Get order", Path("order.json"), source, request=request).document == document
