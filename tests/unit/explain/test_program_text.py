"""Requests in the text of programs."""

from __future__ import annotations

import pytest

from jackfield.domain.json_nodes import ObjectNode, StringNode
from jackfield.domain.json_reader import Dialect, read_json
from jackfield.explain.program_text import call_options, string_literal


def test_options_with_a_serialized_body() -> None:
    """What a browser copies as fetch: the body is a string with JSON in it."""
    text = '{"headers": {"a": "b"}, "body": "{\\"name\\": 1}", "method": "put", "credentials": "include"}'
    options = call_options(read_json(text))
    assert options is not None
    assert options.method == "PUT"
    assert isinstance(options.body, StringNode)


def test_options_with_a_literal_body() -> None:
    """What axios and request take: address and body in one object."""
    text = "{ method: 'POST', url: 'https://a/api/v2/integrations', data: { name: 'x' } }"
    options = call_options(read_json(text, dialect=Dialect.JAVASCRIPT))
    assert options is not None
    assert options.url == "https://a/api/v2/integrations"
    assert isinstance(options.body, ObjectNode)


def test_options_whose_body_is_a_call() -> None:
    """What is serialized by a call is no literal: the object inside is found by itself."""
    options = call_options(read_json('{method: "POST", headers: {}, body: JSON.stringify({"name": 1})}'))
    assert options is None or not isinstance(options.body, ObjectNode)


@pytest.mark.parametrize(
    "text", ['{"name": "x", "type": "basicAuth"}', "[1]", '{"properties": {}, "type": "POST"}']
)
def test_what_is_no_options(text: str) -> None:
    """Bodies of the API are not taken for options."""
    assert call_options(read_json(text)) is None


def test_a_string_of_a_program() -> None:
    """Escapes are resolved; what is not closed on its line is no string."""
    text = 'of("{\\"name\\":\\"x\\"}")'
    assert string_literal(text, 3) == ('{"name":"x"}', len(text) - 1)
    assert string_literal('"{\\"name', 0) is None
    assert string_literal('"a\\q"', 0) is None
