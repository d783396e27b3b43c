"""Excerpts: the line with a caret under the fault, and no secret in it."""

from __future__ import annotations

import json

import pytest

from jackfield.domain.finding import Finding
from jackfield.domain.json_excerpts import MAX_EXCERPT, merged
from jackfield.domain.json_nodes import ObjectNode
from jackfield.domain.json_reader import Reading, read_json

SECRET = "hunter2-hunter2"


def shown(reading: Reading) -> str:
    """Everything that the faults of a text show, and the excerpts and values of its members."""
    parts: list[str] = [show(fault) for fault in reading.faults]
    nodes = [reading.root] if isinstance(reading.root, ObjectNode) else []
    while nodes:
        node = nodes.pop()
        for member in node.members:
            parts.append(reading.place(member, "").excerpt)
            parts.append(reading.place(member.value, "").excerpt)
            parts.append(reading.seen(member.value))
            if isinstance(member.value, ObjectNode):
                nodes.append(member.value)
    return "\n".join(parts)


def show(fault: Finding) -> str:
    """All texts of a finding."""
    place = fault.place
    return "\n".join((fault.message, fault.seen, fault.accepted, fault.fix, place.excerpt, place.pointer))


@pytest.mark.parametrize(
    "text",
    [
        f'{{"credentialFields": {{"password": "{SECRET}", "x": tru}}}}',
        f'{{"credentialFields": {{"password": "{SECRET}}}}}',
        f'{{"credentialFields": {{"password": {SECRET}}}}}',
        f"{{'credentialFields': {{'password': '{SECRET}'}}}}",
        f'{{"credentialFields": {{"anything": "{SECRET}"}},}}',
        f'{{"credentialFields": {{"a" "{SECRET}"}}}}',
        f'{{"credentialFields": {{"a": "b" "{SECRET}"}}}}',
        f'{{"credentialFields": {{{SECRET}}}}}',
        f'{{"credentialFields": ["{SECRET}",]}}',
        f'{{"credentialFields": {{"a": "x{SECRET}\\q"}}}}',
        f'{{"credentialFields": {{"a": "b"" "{SECRET}": 1}}}}',
        f'{{"body": {{"credentialFields": {{"a": "{SECRET}"}}, }}}}',
        f'{{"client_secret": "{SECRET}", x}}',
        f'{{"headers": {{"Authorization": "Basic {SECRET}"}}, x}}',
        f'{{"credentials": {{"userName": "{SECRET}", "password": "{SECRET}"}}, x}}',
        f'{{"credentials": {{"basicAuth": {{"apiUser": "{SECRET}", "p": "q"}}}}, x}}',
        f"client_secret={SECRET}&grant_type=client_credentials",
        f'Authorization: Bearer {SECRET}\n\n{{"a": tru}}',
        f'{{"a": 1}} password: {SECRET}',
        f'{{"password": "{"x" * 500} {SECRET}", "b": tru}}',
    ],
)
def test_no_secret_is_shown(text: str) -> None:
    """Values that may be secret are masked in excerpts, messages and values, however damaged the text is."""
    reading = read_json(text)

    assert SECRET not in shown(reading)
    assert "********" in shown(reading)


@pytest.mark.parametrize(
    "inner",
    [
        {"type": "userDefined", "credentialFields": {"tenant": SECRET}},
        {"password": SECRET},
        [{"clientSecret": SECRET}],
    ],
)
def test_no_secret_of_json_in_a_string_is_shown(inner: object) -> None:
    """What was serialized twice is hidden whole, as the body and as a member; a template is not."""
    for text in (json.dumps(json.dumps(inner)), json.dumps({"a": json.dumps(inner, indent=2)})):
        reading = read_json(text)
        assert reading.root is not None
        assert SECRET not in reading.place(reading.root, "").excerpt + reading.seen(reading.root)
        assert SECRET not in shown(reading)
    template = read_json(json.dumps({"requestTemplate": '{"password": "${credentials.pw}"}'}))
    assert "credentials.pw" in shown(template)


def test_the_caret_stays_under_the_fault_beside_a_mask() -> None:
    """A mask changes the length of the line; the caret moves with it, the column stays that of the text."""
    text = f'{{"credentialFields": {{"password": "{SECRET}", "b": "c"}}, "name": tru}}'
    fault = next(fault for fault in read_json(text).faults if fault.code == "JSON_UNQUOTED_VALUE")
    line, carets = fault.place.caret().split("\n")

    assert line[carets.index("^") :].startswith("tru")
    assert carets.count("^") == 3
    assert fault.place.column == text.index("tru}") + 1


def test_references_to_secrets_are_shown() -> None:
    """A header template that only refers to credentials is no secret; with literal characters it is."""
    text = (
        '{"Authorization": "Basic ${credentials.x}", "authorization": "Basic 0123456789abcdef${input.x}", y}'
    )
    excerpt = read_json(text).faults[0].place.excerpt

    assert "${credentials.x}" in excerpt
    assert "0123456789abcdef" not in excerpt


def test_the_schema_of_a_type_is_not_masked() -> None:
    """A member called password that describes a field is no secret."""
    text = '{"properties": {"password": {"type": "string"}}, "tokenUrl": "https://x", y}'

    assert "********" not in read_json(text).faults[0].place.excerpt


def test_long_lines_are_cut_around_the_fault() -> None:
    """A minified body shows a window with the fault in it; the column is that of the text."""
    text = '{"a": "' + "x" * 5000 + '", "b": tru, "c": "' + "y" * 5000 + '"}'
    place = read_json(text).faults[0].place
    line, carets = place.caret().split("\n")

    assert len(line) <= MAX_EXCERPT + 2
    assert line.startswith("…")
    assert line.endswith("…")
    assert line[carets.index("^") :].startswith("tru")
    assert place.column == text.index("tru") + 1


def test_unprintable_characters_do_not_reach_the_terminal() -> None:
    """Escape sequences and other control characters are blanks in an excerpt."""
    place = read_json('{"a": "\x1b[31m\u202e", x}').faults[0].place

    assert "\x1b" not in place.excerpt
    assert "\u202e" not in place.excerpt


def test_spans_are_merged() -> None:
    """Overlapping and touching spans are one, empty ones none."""
    assert merged([(5, 7), (1, 3), (3, 4), (6, 9), (12, 12)]) == [(1, 4), (5, 9)]
