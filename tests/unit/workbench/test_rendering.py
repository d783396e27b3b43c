"""Single templates."""

from __future__ import annotations

from pathlib import Path

import pytest

from jackfield.domain.errors import OperationRefused
from jackfield.workbench.rendering import rendered_parts
from jackfield.workbench.replies import json_reply
from support.sample_actions import PLATFORM, TEXT, WHOLE_ACTIONS, document, exported

ACTION = exported(
    "https://s.example.com/${inputt.a}",
    "POST",
    headers={"X-Key": "k ${credentials.key}", "X-Opt": "${input.b}"},
    body='{"a": "$esc.jsonEncode(${input.a})"}',
    paths={"id": "$.id"},
    success='{"id": ${id}}',
    inputs={"a": TEXT, "b": TEXT},
)


def test_each_template_by_itself(tmp_path: Path) -> None:
    """A broken one does not keep the others from being rendered; secrets are masked; nulls are warned of."""
    parts = rendered_parts(document(tmp_path, ACTION), inputs={"a": 'x "y"'}, reply=json_reply({"id": 5}))
    texts = {one.name: one.text for one in parts}
    assert texts == {
        "requestUrlTemplate": None,
        "X-Key": "k ********",
        "X-Opt": "${input.b}",
        "requestTemplate": '{"a": "x \\"y\\""}',
        "successTemplate": '{"id": 5}',
    }
    url, _, optional, *_ = parts
    assert url.error is not None
    assert (url.error.code, url.error.place.file != "") == ("TEMPLATE_VARIABLE_UNSET", True)
    assert [one.code for one in optional.warnings] == ["NULL_PRINTED"]


@pytest.mark.parametrize("name", ["success", "SUCCESS", "successTemplate"])
def test_one_template(tmp_path: Path, name: str) -> None:
    """Short and long names name it; the reply is made up."""
    (part,) = rendered_parts(document(tmp_path, ACTION), [name])
    assert part.text == '{"id": "0a1b2c3d-0000-4000-8000-000000000001"}'


def test_a_template_that_is_not_there(tmp_path: Path) -> None:
    """The refusal names the nearest."""
    with pytest.raises(OperationRefused) as refused:
        rendered_parts(document(tmp_path, ACTION), ["x-kye"])
    assert refused.value.findings[0].code == "TEMPLATE_NAME_UNKNOWN"
    assert "`X-Key`" in refused.value.findings[0].fix


def test_what_a_login_answers_is_made_up(tmp_path: Path) -> None:
    """`authResponse` can be rendered; it is masked."""
    (part,) = rendered_parts(document(tmp_path, WHOLE_ACTIONS["with a login"]), ["Authorization"])
    assert part.text == "Bearer ********"


def test_a_reply_that_is_no_json(tmp_path: Path) -> None:
    """The variables are not set, and that is said."""
    reply = json_reply(None)
    (part,) = rendered_parts(
        document(tmp_path, exported("/api/v2/a", kind=PLATFORM, paths={"a": "$.a"}, success="${a}")),
        ["success"],
        reply=type(reply)(body=b"<"),
    )
    assert part.error is not None
    assert part.error.code == "TEMPLATE_VARIABLE_UNSET"
