"""The tolerant reader: every fault named at its place, mended, and read past."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jackfield.domain.finding import Finding, Severity
from jackfield.domain.json_nodes import ArrayNode, Node, ObjectNode, StringNode
from jackfield.domain.json_reader import Dialect, Reading, escaped, read_json, read_json_at

# The structure of the founding post's body: the third quote, and everything else that was wrong with it.
POSTED = """{
"name": "Ticket lookup",
"version": "3",
"properties": {
"url": "https://apps.example.com",
"sandbox": "allow-forms,allow-scripts",
"groupFilter": [
"1301c6da-0000-4000-8000-04572bba22d8"
]
},
"advanced": {},
"notes": \"\"\",
"credentials": {
"id": "97f652b5-0000-4000-8000-9ed9d6cd5fed",
"type": {
"name": "basicAuth"
}
}
}"""

JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**18), 10**18)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=20,
)


def codes(reading: Reading) -> list[str]:
    """The codes of all faults, in order."""
    return [fault.code for fault in reading.faults]


def plain(reading: Reading) -> Any:
    """The value that was read."""
    assert reading.root is not None
    return reading.root.plain()


def only_fault(reading: Reading) -> Finding:
    """The one fault of a text."""
    assert len(reading.faults) == 1, codes(reading)
    return reading.faults[0]


def every_node(node: Node) -> list[Node]:
    """A node and all that is in it."""
    inner: tuple[Node, ...] = ()
    if isinstance(node, ObjectNode):
        inner = tuple(member.value for member in node.members)
    elif isinstance(node, ArrayNode):
        inner = node.items
    return [node, *(deeper for one in inner for deeper in every_node(one))]


def test_the_third_quote_of_the_post() -> None:
    """The stray quote is named at line and column with what to write, and everything behind it is read."""
    reading = read_json(POSTED)
    fault = only_fault(reading)

    assert fault.code == "JSON_STRAY_QUOTE"
    assert (fault.place.pointer, fault.place.line, fault.place.column) == ("/notes", 12, 12)
    assert fault.place.caret() == '"notes": """,\n           ^'
    assert "paste artefact" in fault.message
    assert '"notes": ""' in fault.fix
    assert reading.repaired
    value = plain(reading)
    assert value["notes"] == ""
    assert value["credentials"]["type"] == {"name": "basicAuth"}
    assert list(value) == ["name", "version", "properties", "advanced", "notes", "credentials"]


# text, what is read, and for each fault: code, pointer, line, column
FAULTS: list[tuple[str, Any, list[tuple[str, str, int, int]]]] = [
    ('{"a": [1, 2,]}', {"a": [1, 2]}, [("JSON_TRAILING_COMMA", "/a", 1, 12)]),
    ('{"a": 1,\n}', {"a": 1}, [("JSON_TRAILING_COMMA", "", 1, 8)]),
    ('{"a": 1,, "b": 2}', {"a": 1, "b": 2}, [("JSON_EXTRA_COMMA", "", 1, 9)]),
    ("[,1]", [1], [("JSON_EXTRA_COMMA", "", 1, 2)]),
    ('{"a": 1 "b": 2}', {"a": 1, "b": 2}, [("JSON_COMMA_MISSING", "", 1, 8)]),
    ('{"a": "x"\n"b": 2}', {"a": "x", "b": 2}, [("JSON_COMMA_MISSING", "", 1, 10)]),
    ('["a" "b"]', ["a", "b"], [("JSON_COMMA_MISSING", "", 1, 5)]),
    ('{"a" 1}', {"a": 1}, [("JSON_COLON_EXPECTED", "/a", 1, 5)]),
    ('{"a" = 1}', {"a": 1}, [("JSON_COLON_EXPECTED", "/a", 1, 6)]),
    ('{"a" => 1}', {"a": 1}, [("JSON_COLON_EXPECTED", "/a", 1, 6)]),
    ('{"a"}', {"a": None}, [("JSON_COLON_EXPECTED", "/a", 1, 5)]),
    ('{"a": , "b": 1}', {"a": None, "b": 1}, [("JSON_VALUE_MISSING", "/a", 1, 7)]),
    ('{"a":}', {"a": None}, [("JSON_VALUE_MISSING", "/a", 1, 6)]),
    ('{{"a": 1}}', {"a": 1}, [("JSON_KEY_EXPECTED", "", 1, 2)]),
    ('{"a": [1, 2}', {"a": [1, 2]}, [("JSON_UNCLOSED_BRACKET", "/a", 1, 7)]),
    ('{"a": [1, 2}, "b": 1}', {"a": [1, 2], "b": 1}, [("JSON_WRONG_BRACKET", "/a", 1, 12)]),
    ('{"a": {"b": 1]}', {"a": {"b": 1}}, [("JSON_WRONG_BRACKET", "/a", 1, 14)]),
    ('{"a": {"b": 1}', {"a": {"b": 1}}, [("JSON_UNCLOSED_BRACKET", "", 1, 1)]),
    (
        '{\n  "a": {\n    "b": 1,\n  "c": 2\n}\n',
        {"a": {"b": 1}, "c": 2},
        [("JSON_UNCLOSED_BRACKET", "/a", 2, 8)],
    ),
    ('{"a": {"b": 1}}, "c": 2}', {"a": {"b": 1}, "c": 2}, [("JSON_CLOSED_TOO_EARLY", "", 1, 15)]),
    ('{"a": 1}}', {"a": 1}, [("JSON_TEXT_AFTER_END", "", 1, 9)]),
    ('{"a": 1};', {"a": 1}, [("JSON_TEXT_AFTER_END", "", 1, 9)]),
    ('let x = {"a": 1}', {"a": 1}, [("JSON_TEXT_BEFORE_START", "", 1, 1)]),
    ('{"a": 1; "b": 2}', {"a": 1, "b": 2}, [("JSON_UNEXPECTED_CHARACTER", "", 1, 8)]),
    ('{"a":: 1}', {"a": 1}, [("JSON_UNEXPECTED_CHARACTER", "/a", 1, 6)]),
    ('{"a": 1 rubbish, "b": 2}', {"a": 1, "b": 2}, [("JSON_UNEXPECTED_CHARACTER", "", 1, 9)]),
    (
        "{'a': 'it\\'s'}",
        {"a": "it's"},
        [("JSON_WRONG_QUOTES", "/a", 1, 2), ("JSON_WRONG_QUOTES", "/a", 1, 7)],
    ),
    ("{`a`: 1}", {"a": 1}, [("JSON_WRONG_QUOTES", "/a", 1, 2)]),
    ("{“a”: 1}", {"a": 1}, [("JSON_SMART_QUOTES", "/a", 1, 2)]),
    ('{"a”: "x"}', {"a": "x"}, [("JSON_SMART_QUOTES", "/a", 1, 4)]),
    ("{a: 1}", {"a": 1}, [("JSON_UNQUOTED_KEY", "/a", 1, 2)]),
    ('{"a": some words}', {"a": "some words"}, [("JSON_UNQUOTED_VALUE", "/a", 1, 7)]),
    ('{"a": 2019-12-17T16:16:21Z}', {"a": "2019-12-17T16:16:21Z"}, [("JSON_UNQUOTED_VALUE", "/a", 1, 7)]),
    ('{"a": {{x}}}', {"a": "{{x}}"}, [("JSON_PLACEHOLDER", "/a", 1, 7)]),
    ('{"a": <id>}', {"a": "<id>"}, [("JSON_PLACEHOLDER", "/a", 1, 7)]),
    ('{"a": ${ID}}', {"a": "${ID}"}, [("JSON_PLACEHOLDER", "/a", 1, 7)]),
    ('{"a": 1, ...}', {"a": 1}, [("JSON_PLACEHOLDER", "", 1, 10)]),
    ('{"a": [1, ...]}', {"a": [1]}, [("JSON_PLACEHOLDER", "/a", 1, 11)]),
    ('{"a": [object Object]}', {"a": "[object Object]"}, [("JSON_TYPE_NAME", "/a", 1, 7)]),
    ('{"a": @{id=3}}', {"a": "@{id=3}"}, [("JSON_TYPE_NAME", "/a", 1, 7)]),
    ('{"a": None}', {"a": None}, [("JSON_WRONG_LITERAL", "/a", 1, 7)]),
    ('{"a": True}', {"a": True}, [("JSON_WRONG_LITERAL", "/a", 1, 7)]),
    ('{"a": NaN}', {"a": None}, [("JSON_NOT_A_NUMBER", "/a", 1, 7)]),
    ('{"a": -Infinity}', {"a": None}, [("JSON_NOT_A_NUMBER", "/a", 1, 7)]),
    ('{"a": 007}', {"a": 7}, [("JSON_BAD_NUMBER", "/a", 1, 7)]),
    ('{"a": .5}', {"a": 0.5}, [("JSON_BAD_NUMBER", "/a", 1, 7)]),
    ('{"a": 5.}', {"a": 5.0}, [("JSON_BAD_NUMBER", "/a", 1, 7)]),
    ('{"a": +1}', {"a": 1}, [("JSON_BAD_NUMBER", "/a", 1, 7)]),
    ('{"a": -0x1F}', {"a": -31}, [("JSON_BAD_NUMBER", "/a", 1, 7)]),
    ('{"a": 1_000}', {"a": 1000}, [("JSON_BAD_NUMBER", "/a", 1, 7)]),
    ('{"a": 1e999}', {"a": 0}, [("JSON_NUMBER_TOO_LARGE", "/a", 1, 7)]),
    ('{"a": 1, // why\n"b": 2}', {"a": 1, "b": 2}, [("JSON_COMMENT", "", 1, 10)]),
    ('{/* x */"a": 1 # y\n}', {"a": 1}, [("JSON_COMMENT", "", 1, 2), ("JSON_COMMENT", "", 1, 16)]),
    ('{"a": 1}/* never closed', {"a": 1}, [("JSON_COMMENT", "", 1, 9)]),
    ('{\u00a0"a": 1}', {"a": 1}, [("JSON_ODD_SPACE", "", 1, 2)]),
    ('{\u200b"a": 1}', {"a": 1}, [("JSON_ODD_SPACE", "", 1, 2)]),
    ('{"a": "x\ty"}', {"a": "x\ty"}, [("JSON_CONTROL_CHARACTER", "/a", 1, 9)]),
    ('{"a": "x\ny", "b": 1}', {"a": "x\ny", "b": 1}, [("JSON_CONTROL_CHARACTER", "/a", 1, 9)]),
    ('{"a": "\\d+"}', {"a": "\\d+"}, [("JSON_BAD_ESCAPE", "/a", 1, 8)]),
    ('{"a": "it\\\'s"}', {"a": "it's"}, [("JSON_BAD_ESCAPE", "/a", 1, 10)]),
    ('{"a": "\\ud83d"}', {"a": "\ufffd"}, [("JSON_LONE_SURROGATE", "/a", 1, 8)]),
    ('{"a": "x"",\n"b": 1}', {"a": "x", "b": 1}, [("JSON_STRAY_QUOTE", "/a", 1, 10)]),
    ('{"a": """x\ny""", "b": 1}', {"a": "x\ny", "b": 1}, [("JSON_TRIPLE_QUOTES", "/a", 1, 7)]),
    ('{""a"": 1}', {"a": 1}, [("JSON_DOUBLED_QUOTES", "/a", 1, 2)]),
    ('{"a": "say "hi" now", "b": 1}', {"a": 'say "hi" now', "b": 1}, [("JSON_UNESCAPED_QUOTE", "/a", 1, 12)]),
    ('{"a": "{"x": "y"}", "b": 1}', {"a": '{"x": "y"}', "b": 1}, [("JSON_UNESCAPED_QUOTE", "/a", 1, 9)]),
    ('{"a":"[{"x":${y}}]","b":1}', {"a": '[{"x":${y}}]', "b": 1}, [("JSON_UNESCAPED_QUOTE", "/a", 1, 9)]),
    (
        '{"a": "{\n"x": 1\n}"}',
        {"a": '{\n"x": 1\n}'},
        [("JSON_CONTROL_CHARACTER", "/a", 1, 9), ("JSON_UNESCAPED_QUOTE", "/a", 2, 1)],
    ),
    ('{"a": "x,\n"b": 1}', {"a": "x", "b": 1}, [("JSON_UNCLOSED_STRING", "/a", 1, 7)]),
    ('{"a":"x,"b":"y"}', {"a": "x", "b": "y"}, [("JSON_UNCLOSED_STRING", "/a", 1, 6)]),
    ('{"a": "x}', {"a": "x"}, [("JSON_UNCLOSED_STRING", "/a", 1, 7)]),
    ('{"a": 1, "b": 2, "a": 3}', {"a": 3, "b": 2}, [("JSON_DUPLICATE_KEY", "/a", 1, 18)]),
    ('{"a": b"x"}', {"a": "x"}, [("JSON_UNEXPECTED_CHARACTER", "/a", 1, 7)]),
]


@pytest.mark.parametrize(("text", "value", "faults"), FAULTS, ids=[case[0] for case in FAULTS])
def test_each_fault_has_its_place_and_is_read_past(
    text: str, value: Any, faults: list[tuple[str, str, int, int]]
) -> None:
    """A fault is named with pointer, line and column; the value is what a person would read."""
    reading = read_json(text)

    found = [
        (fault.code, fault.place.pointer, fault.place.line, fault.place.column) for fault in reading.faults
    ]
    assert sorted(found) == sorted(faults)
    assert plain(reading) == value
    assert reading.root is not None
    assert json.loads(reading.raw(reading.root)) == value
    for fault in reading.faults:
        assert fault.severity is Severity.ERROR
        assert fault.message
        assert fault.fix
        assert "^" in fault.place.caret()


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        ("", "JSON_EMPTY_BODY", "empty"),
        (" \n\t", "JSON_EMPTY_BODY", "empty"),
        ("name=x&type=y", "JSON_NOT_JSON", "form data"),
        ("<html><body>{}</body></html>", "JSON_NOT_JSON", "XML or HTML"),
        ("name: x\nversion: 3\n", "JSON_NOT_JSON", "YAML"),
        ("@body.json", "JSON_NOT_JSON", "a file's name"),
        ("PUT /api/v2/integrations HTTP/1.1\nHost: x\n", "JSON_NOT_JSON", "HTTP message"),
        ("hello there", "JSON_NOT_JSON", "plain text"),
    ],
)
def test_what_is_not_json_at_all(text: str, code: str, told: str) -> None:
    """A body without any JSON is told what it looks like instead."""
    reading = read_json(text)
    fault = only_fault(reading)

    assert reading.root is None
    assert not reading.repaired
    assert fault.code == code
    assert told in fault.message
    assert fault.accepted.startswith("A JSON object")


@pytest.mark.parametrize(
    ("body", "code", "value"),
    [
        (b'\xef\xbb\xbf{"a": 1}', "JSON_BYTE_ORDER_MARK", {"a": 1}),
        (b'{"a": "\xe4"}', "JSON_NOT_UTF8", {"a": "\ufffd"}),
        ('{"a": "ä"}'.encode("utf-16"), "JSON_NOT_UTF8", {"a": "ä"}),
        ('{"a": "ä"}'.encode("utf-32"), "JSON_NOT_UTF8", {"a": "ä"}),
        ("\ufeff{}", "JSON_BYTE_ORDER_MARK", {}),
        ('{"a": "\ud800"}', "JSON_NOT_UTF8", {"a": "\ufffd"}),
    ],
)
def test_encodings(body: bytes | str, code: str, value: Any) -> None:
    """A byte-order mark is only warned about; what is not UTF-8 is an error, and read all the same."""
    reading = read_json(body)
    fault = only_fault(reading)

    assert fault.code == code
    assert fault.is_error is (code == "JSON_NOT_UTF8")
    assert reading.repaired is fault.is_error
    assert plain(reading) == value


def test_the_place_of_an_invalid_byte_counts_characters() -> None:
    """The column of a byte that is not UTF-8 counts characters, not bytes."""
    fault = only_fault(read_json('{"ä": "'.encode() + b'\xff"}'))

    assert (fault.place.line, fault.place.column) == (1, 8)
    assert "0xFF" in fault.message


def test_fifty_levels_are_taken_and_no_more() -> None:
    """Nesting of 50 levels is read; the 51st is an error at its bracket, and nothing overflows."""
    assert not read_json("[" * 50 + "]" * 50).faults
    fault = only_fault(read_json("[" * 51 + "]" * 51))

    assert (fault.code, fault.place.column) == ("JSON_TOO_DEEP", 51)
    assert fault.place.pointer == "/0" * 50


@pytest.mark.parametrize("text", ["[" * 200_000, '{"a":' * 100_000, "{" * 200_000, '["' * 100_000])
def test_endless_nesting_does_not_overflow(text: str) -> None:
    """Brackets without end are faults like all others."""
    assert "JSON_TOO_DEEP" in codes(read_json(text)) or len(read_json(text).faults) > 1


def test_many_faults_of_one_kind_are_counted() -> None:
    """Five faults of a kind are listed, the last of them says how many more there are."""
    reading = read_json("{" + ", ".join(f"key{index}: 1" for index in range(12)) + "}")

    assert codes(reading) == ["JSON_UNQUOTED_KEY"] * 5
    assert "7 more of this kind" in reading.faults[-1].message
    assert plain(reading) == {f"key{index}": 1 for index in range(12)}


def test_rubbish_is_not_read_to_its_end() -> None:
    """After a thousand faults reading stops and says so."""
    reading = read_json("[" + "'x'," * 3000 + "1]")

    assert "JSON_TOO_MANY_FAULTS" in codes(reading)
    assert isinstance(reading.root, ArrayNode)
    assert len(reading.root.items) < 1100


def test_duplicate_keys_name_the_line_of_the_first() -> None:
    """The second key is the place of the finding, and it says where the first one is; the text is kept."""
    reading = read_json('{\n"a": 1,\n"b": 2,\n"a": 3}')
    fault = only_fault(reading)

    assert (fault.place.line, fault.place.column) == (4, 1)
    assert "line 2" in fault.message
    assert not reading.repaired


def test_line_breaks_of_every_kind_count_once() -> None:
    """Carriage returns, line feeds and both together end a line."""
    fault = only_fault(read_json('{"a": 1,\r\n"b": 2,\r"c": 3,\n"d": x}'))

    assert (fault.place.line, fault.place.column) == (4, 6)


def test_javascript_literals_are_no_faults_in_their_dialect() -> None:
    """Quotes, bare keys, comments and trailing commas of JavaScript pass in its dialect, mended."""
    text = "{ body: { name: 'x', /* why */ list: [1, 2,], }, }"
    reading = read_json(text, dialect=Dialect.JAVASCRIPT)

    assert reading.faults == ()
    assert not reading.repaired
    assert plain(reading) == {"body": {"name": "x", "list": [1, 2]}}
    assert reading.root is not None
    assert json.loads(reading.raw(reading.root)) == plain(reading)
    assert len(read_json(text).faults) > 4


def test_a_value_inside_of_prose() -> None:
    """One value can be read out of a larger text; its end says where the prose goes on."""
    text = 'we send:\n{"a": [1, 2]} and get'
    reading = read_json_at(text, text.index("{"))

    assert reading.faults == ()
    assert plain(reading) == {"a": [1, 2]}
    assert reading.root is not None
    assert text[reading.root.end :] == " and get"
    assert reading.line(reading.root) == 2


def test_raw_keeps_what_was_not_mended() -> None:
    """Numbers are not rounded and blanks stay where nothing had to be mended, also beside a mended member."""
    reading = read_json('{"a": {"n": 1.10,   "m": 12345678901234567890}, "b": \'x\'}')
    assert isinstance(reading.root, ObjectNode)
    kept = reading.root.get("a")
    assert kept is not None

    assert reading.raw(kept) == '{"n": 1.10,   "m": 12345678901234567890}'
    assert reading.raw(reading.root) == '{"a": {"n": 1.10,   "m": 12345678901234567890}, "b": "x"}'


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('{"a": "b", "c": 1}', 'an object with "a", "c"'),
        ("{}", "an empty object"),
        ("[1, 2]", "an array of 2 items"),
        ("[1]", "an array of 1 item"),
        ("[]", "an empty array"),
        ("1.50", "1.50"),
        ("null", "null"),
        (f'"{"x" * 80}"', f'"{"x" * 59}…"'),
    ],
)
def test_what_was_seen_in_few_words(text: str, shown: str) -> None:
    """A finding shows scalars as they were sent and containers by what they hold."""
    reading = read_json(text)

    assert reading.seen(reading.root) == shown
    assert reading.seen(None) == ""


@pytest.mark.parametrize(
    ("raw", "index", "column"),
    [("abc", 1, 9), ("\\n$x", 1, 10), ("\\u00e4$x", 1, 14), ("\\ud83d\\ude00$x", 1, 20), ("a\\\\$x", 2, 11)],
)
def test_a_place_inside_of_a_string(raw: str, index: int, column: int) -> None:
    """A character of a string's value is found in the text behind any escapes before it."""
    reading = read_json(f'{{"a": "{raw}"}}')
    assert isinstance(reading.root, ObjectNode)
    node = reading.root.get("a")
    assert isinstance(node, StringNode)

    place = reading.place_in(node, index, "/a")

    assert (place.line, place.column, place.pointer) == (1, column, "/a")


def test_a_place_behind_a_string_stays_inside() -> None:
    """An index behind the value points at the closing quote."""
    reading = read_json('"ab"')
    assert isinstance(reading.root, StringNode)

    assert reading.place_in(reading.root, 99, "").column == 4


def test_the_place_of_the_whole() -> None:
    """The text as a whole begins at its first character; an empty one has no line."""
    assert read_json('{"a": 1}').place(None, "").column == 1
    assert read_json("").place(None, "/x").line is None


def test_pointers_are_escaped() -> None:
    """Slashes and tildes of names are escaped as RFC 6901 asks."""
    assert escaped("a/b~c") == "a~1b~0c"
    assert only_fault(read_json('{"a/b": tru e}')).place.pointer == "/a~1b"


@given(JSON_VALUES, st.sampled_from([None, 2]))
def test_valid_json_reads_like_the_standard_library(value: Any, indent: int | None) -> None:
    """What json.dumps writes is read without fault and equal to what json.loads reads."""
    text = json.dumps(value, indent=indent)
    reading = read_json(text.encode())

    assert [fault for fault in reading.faults if fault.code != "JSON_DUPLICATE_KEY"] == []
    assert plain(reading) == json.loads(text)


@given(JSON_VALUES)
def test_raw_is_the_nodes_own_text(value: Any) -> None:
    """The raw text of any node is valid JSON of the same value."""
    reading = read_json(json.dumps(value, ensure_ascii=False))
    assert reading.root is not None

    for node in every_node(reading.root):
        assert json.loads(reading.raw(node)) == node.plain()


DEBRIS = st.text(
    st.sampled_from("{}[],:\"'`“”\\/*#<>$%.;= \t\r\n0123456789-+eEabtrufnls\u00a0\ud800é"), max_size=60
)


@settings(max_examples=300)
@given(st.one_of(st.binary(max_size=60), st.text(max_size=60), DEBRIS), st.sampled_from(list(Dialect)))
def test_nothing_makes_the_reader_raise(body: bytes | str, dialect: Dialect) -> None:
    """Any bytes and any text are answered: with a value, with faults, or both."""
    reading = read_json(body, dialect=dialect)

    assert reading.root is not None or reading.faults
    if reading.root is not None:
        for node in every_node(reading.root):
            assert json.loads(reading.raw(node)) == node.plain()
    for fault in reading.faults:
        assert fault.place.line is None or fault.place.line >= 1
        assert fault.place.column is None or fault.place.column >= 1


@settings(max_examples=200)
@given(JSON_VALUES, st.data())
def test_one_damaged_character_is_noticed(value: Any, data: st.DataObject) -> None:
    """Deleting a character of a JSON text either leaves valid JSON or is a fault, and the repair is valid."""
    text = json.dumps({"key": value, "other": [1, "x"]}, indent=1)
    index = data.draw(st.integers(0, len(text) - 1))
    damaged = text[:index] + text[index + 1 :]
    reading = read_json(damaged)
    try:
        expected = json.loads(damaged)
    except ValueError:
        assert reading.faults
    else:
        unkept = {"JSON_LONE_SURROGATE", "JSON_NUMBER_TOO_LARGE"}.intersection(codes(reading))
        assert unkept or plain(reading) == expected
    if reading.root is not None:
        assert json.loads(reading.raw(reading.root)) == plain(reading)
