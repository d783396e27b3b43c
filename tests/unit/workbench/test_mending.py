"""`--fix`: exact changes of the author's own files that leave alone what worked."""

from __future__ import annotations

import json
import shutil
import string
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jackfield.domain.action import ActionConfig
from jackfield.engine.json_text import NotJson, read_json_text
from jackfield.rules.lint import LintOptions
from jackfield.rules.lint.examples import EXAMPLES
from jackfield.rules.lint.examples.sketches import USUAL, exported
from jackfield.velocity import VelocityError, compile_template
from jackfield.velocity.tools import standard_tools
from jackfield.workbench.documents import ActionDocument
from jackfield.workbench.forms import load, write
from jackfield.workbench.linting import lint
from jackfield.workbench.mending import FileChange, changes_of, mend
from jackfield.workbench.sources import load_some
from support.action_documents import DOCUMENTS
from support.lint_actions import POST, document, posted, sketched

PLAIN = LintOptions()
BROKEN: dict[str, Any] = {
    **USUAL,
    **POST,
    "inputs": {"note": "string", "city": "string", "lang": "string"},
    "required": ["note", "city"],
    "url": "https://api.example.com/${input.city}/orders?lang=${input.lang}",
    "body": '{\n  "note": "${input.note}",\n  "city": "in ${Input.city}"\n}',
    "defaults": {"state": "unknown"},
    "success": '{"state": "${state}"}',
}


def saved(folder: Path, action: dict[str, Any], **layout: Any) -> Path:
    """An exported file."""
    path = folder / "action.custom.json"
    path.write_text(json.dumps(action, **layout), encoding="utf-8")
    return path


def changes(path: Path) -> tuple[FileChange, ...]:
    """What mending would change in the files of a path."""
    return changes_of([mend(one, PLAIN) for one in load(path)])


def mended(path: Path) -> None:
    """Mend the files of a path."""
    for change in changes(path):
        change.write()


def test_the_file_is_changed_exactly_where_it_has_to_be(tmp_path: Path) -> None:
    """Everything else is the same character for character: layout, order, escapes, line ends, permissions."""
    text = (
        json.dumps(exported(BROKEN), indent=7).replace("Get order", "Caf\\u00e9 \\/ x").replace("\n", "\r\n")
    )
    path = tmp_path / "action.custom.json"
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    path.chmod(0o640)
    mended(path)
    after = path.read_bytes().decode()
    assert after.startswith("\ufeff")
    assert path.stat().st_mode & 0o777 == 0o640
    lines = list(zip(text.split("\r\n"), after.removeprefix("\ufeff").split("\r\n"), strict=True))
    changed = [old.strip().partition('"')[2].partition('"')[0] for old, new in lines if old != new]
    assert changed == ["requestUrlTemplate", "requestTemplate", "state", "successTemplate"]
    assert '"Caf\\u00e9 \\/ x"' in after


def test_what_comes_out(tmp_path: Path) -> None:
    """Escaped by position, quiet where optional, names as declared, defaults as JSON text."""
    path = saved(tmp_path, exported(BROKEN))
    mended(path)
    config = load(path)[0].config
    assert config.request.url_template == (
        'https://api.example.com/$esc.uriEncode(${input.city})/orders?lang=$esc.uriEncode("$!{input.lang}")'
    )
    assert config.request.template == (
        '{\n  "note": "$esc.jsonEncode(${input.note})",\n  "city": "in $esc.jsonEncode(${input.city})"\n}'
    )
    assert config.response.translation_map_defaults == {"state": '"unknown"'}
    # What the variable is was known only after its default was mended.
    assert config.response.success_template == '{"state": ${state}}'
    assert lint(load(path)[0]).findings == ()


def test_mending_twice_changes_nothing_more(tmp_path: Path) -> None:
    """The second run has nothing to do."""
    path = saved(tmp_path, exported(BROKEN))
    mended(path)
    once = path.read_bytes()
    assert changes(path) == ()
    assert path.read_bytes() == once


def test_the_folder_form_keeps_comments(tmp_path: Path) -> None:
    """Templates in their files and texts in `action.yaml` are changed; comments and layout stay."""
    folder = tmp_path / "get-order"
    write(document(exported(BROKEN)), folder, "folder")
    settings_file = folder / "action.yaml"
    text = settings_file.read_text(encoding="utf-8")
    commented = "# ours\n" + text.replace("state: unknown", "state:   unknown   # until it is known")
    assert commented.count("#") == 2
    settings_file.write_text(commented, encoding="utf-8")
    mended(folder)
    assert settings_file.read_text(encoding="utf-8") == commented.replace("  unknown  ", "  '\"unknown\"'  ")
    assert (folder / "success.vm").read_text(encoding="utf-8") == '{"state": ${state}}\n'
    assert lint(load(folder)[0]).fixable == ()


def test_several_actions_in_one_file(tmp_path: Path) -> None:
    """A listing of the API is mended in one go."""
    path = tmp_path / "all.json"
    path.write_text(
        json.dumps({"entities": [exported(BROKEN), exported(BROKEN)]}, indent=1), encoding="utf-8"
    )
    (change,) = changes(path)
    assert change.diff().count("@@") >= 2
    change.write()
    assert [lint(one).fixable for one in load(path)] == [(), ()]


def test_a_file_that_is_named_twice_is_mended_once(tmp_path: Path) -> None:
    """A folder and a file in it: each action is looked at once, and nothing is written into twice."""
    path = saved(tmp_path, exported(BROKEN))
    documents, faults = load_some([tmp_path, path, tmp_path / ".." / tmp_path.name / path.name])
    assert (len(documents), faults) == (1, ())
    twice = [mend(load(path)[0], PLAIN), mend(load(path)[0], PLAIN)]
    for change in changes_of(twice):
        change.write()
    assert lint(load(path)[0]).findings == ()


@pytest.mark.parametrize("default", ["[0].[0]", '{"a": 1', '"open'])
def test_a_default_that_is_half_json_is_left_to_its_author(default: str) -> None:
    """It was not meant as a text."""
    of = sketched(defaults={"state": default})
    assert mend(of, PLAIN).edits == ()


def test_the_diff_is_one_that_patch_reads(tmp_path: Path) -> None:
    """It has the usual heads; a last line without an end is said."""
    (change,) = changes(saved(tmp_path, exported(BROKEN)))
    assert change.diff().startswith(f"--- {change.path}\n+++ ")
    assert "\\ No newline at end of file" in change.diff()


def test_a_file_that_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    """Somebody saved it between reading and writing."""
    path = saved(tmp_path, exported(BROKEN))
    result = mend(load(path)[0], PLAIN)
    path.write_text(json.dumps(exported(USUAL)), encoding="utf-8")
    assert changes_of([result]) == ()


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """The file behind it is mended."""
    (tmp_path / "real").mkdir()
    target = saved(tmp_path / "real", exported(BROKEN))
    link = tmp_path / "action.custom.json"
    link.symlink_to(target)
    mended(link)
    assert link.is_symlink()
    assert changes(target) == ()


def test_what_is_ignored_is_not_mended(tmp_path: Path) -> None:
    """A code that is left out of the report is left alone in the file."""
    one = load(saved(tmp_path, exported(BROKEN)))[0]
    result = mend(one, PLAIN, {"JSON_INPUT_UNESCAPED"})
    assert result.document.config.request.template == BROKEN["body"].replace("Input", "input")


VALUES = st.dictionaries(
    st.sampled_from(["note", "city", "lang", "orderId"]),
    st.text(string.ascii_letters + string.digits, min_size=1),
)


def rendered(config: ActionConfig, inputs: dict[str, Any]) -> tuple[str, ...]:
    """URL, body and result of a configuration."""
    tools = standard_tools()
    context = {"input": inputs, "Input": inputs, "credentials": {"user": "u", "password": "p"}, **tools}
    texts = []
    for text, more in (
        (config.request.url_template, {}),
        (config.request.template, {}),
        (config.response.success_template, {"state": '"open"', "rawResult": "{}"}),
    ):
        try:
            made = compile_template(text, strict=True, null_mode="literal").render({**context, **more})
        except VelocityError:
            made = "no template"
        texts.append(made)
    return tuple(texts)


@given(VALUES, st.sampled_from(sorted(EXAMPLES)))
@settings(max_examples=150, deadline=None)
def test_what_has_nothing_to_escape_goes_out_as_before(inputs: dict[str, str], code: str) -> None:
    """Only what was broken changes: JSON that was none, or a reference that printed itself."""
    wrong = document(EXAMPLES[code].bad_action())
    right = mend(wrong, PLAIN).document
    given_inputs = {name: inputs.get(name, "x") for name in ("note", "city", "lang", "orderId", "phone")}
    before, after = rendered(wrong.config, given_inputs), rendered(right.config, given_inputs)
    for old, new, what in zip(before, after, ("url", "body", "success"), strict=True):
        if old == new or old == "no template":
            continue
        was_url = what == "url" and (old.strip() == new or ".toLowerCase()" in old)
        assert was_url or not _is_json(old) or "TEXT_AFTER" in code or _prints_itself(old), (old, new)


def _is_json(text: str) -> bool:
    try:
        read_json_text(text.encode())
    except NotJson:
        return False
    return True


def _prints_itself(text: str) -> bool:
    return "${" in text or "$esc" in text


@given(DOCUMENTS)
@settings(max_examples=60, deadline=None)
def test_any_action_can_be_linted_and_mended(given_document: ActionDocument) -> None:
    """Never a traceback; mending never makes more findings, is done after once, and keeps what parses."""
    before = lint(given_document)
    result = mend(given_document, PLAIN)
    assert len(lint(result.document).findings) <= len(before.findings)
    assert mend(result.document, PLAIN).edits == ()


PIECES = (
    "${input.note}", "$!{input.city}", '"', "{", "}", ":", ",", "a", " ", "\n", "#if($input.note)", "#end",
    "$esc.jsonEncode(", ")", ".trim()", "'", "?", "/", "&", "=", "#set($x = 1)", "$x", "\\", "#else",
)  # fmt: skip


@given(
    st.lists(st.sampled_from(PIECES), max_size=14).map("".join), st.sampled_from(["url", "body", "success"])
)
@settings(max_examples=250, deadline=None)
def test_any_template_can_be_mended_in_its_file(
    tmp_path_factory: pytest.TempPathFactory, text: str, where: str
) -> None:
    """Out of any pieces: the file stays JSON, what parsed parses, fewer findings, and once is enough."""
    action = exported(
        {**USUAL, **POST, "inputs": {"note": "string", "city": "string"}, "required": ["note"], where: text}
    )
    path = saved(tmp_path_factory.mktemp("any", numbered=True), action, indent=1)
    before = load(path)[0]
    count = len(lint(before).findings)
    mended(path)
    after = load(path)[0]
    assert len(lint(after).findings) <= count
    assert lint(after).fixable == () or changes(path) == ()
    for old, new in (
        (before.config.request.url_template, after.config.request.url_template),
        (before.config.request.template, after.config.request.template),
        (before.config.response.success_template, after.config.response.success_template),
    ):
        assert not _parses(old) or _parses(new)
    shutil.rmtree(path.parent)


def _parses(text: str) -> bool:
    try:
        compile_template(text, strict=True)
    except VelocityError:
        return False
    return True


def test_an_action_that_is_right_is_left_alone() -> None:
    """Nothing to do."""
    assert mend(sketched(), PLAIN).edits == ()
    assert mend(posted('{"note": "$esc.jsonEncode(${input.note})"}'), PLAIN).edits == ()


def test_no_mending_breaks_what_parses() -> None:
    """Velocity reads some texts otherwise than they look: what would not parse is left alone."""
    text = '"${input.note}${input.note}.trim().trim()'
    assert _parses(text)
    assert not _parses('"$esc.uriEncode(${input.note})${input.note.trim()}.trim()')
    of = sketched(url=text, inputs={"note": "string"})
    assert lint(of).fixable
    assert _parses(mend(of, PLAIN).document.config.request.url_template)
