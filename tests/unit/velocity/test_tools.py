"""The tools of data actions."""

from __future__ import annotations

from typing import Any

import pytest

from jackfield.velocity import InvocationError, compile_template
from jackfield.velocity.tools import standard_tools


def call(expression: str, **context: Any) -> str:
    """What an expression prints."""
    return compile_template(expression).render({**context, **standard_tools(lambda: 0.5)})


@pytest.mark.parametrize(
    ("function", "value", "result"),
    [
        ("jsonEncode", 'a"b\\c\n\t\x01é/', 'a\\"b\\\\c\\n\\t\\u0001é/'),
        ("jsonString", "x" * 20_000 + '"', "x" * 20_000 + '\\"'),
        ("jsonEncode", "\\u0001 \x1f", "\\\\u0001 \\u001F"),
        ("jsonEncode", 5, "5"),
        ("jsonDecode", 'a\\"b\\u00e9', 'a"bé'),
        ("jsonDecode", '"quoted"', "quoted"),
        ("url", "a b+c/é~*", "a+b%2Bc%2F%C3%A9%7E*"),
        ("urlFormEncode", "a b", "a+b"),
        ("uriEncode", "aZ09-._~", "aZ09-._~"),
        ("uriEncode", "a\n", "a%0A"),
        ("uriEncode", "", ""),
        ("uriEncode", "a b+c/é~*", "a%20b%2Bc%2F%C3%A9~%2A"),
        ("unurl", "a+b%2Bc%C3%A9", "a b+cé"),
        ("html", "<é€'&>", "&lt;&eacute;&euro;'&amp;&gt;"),
        ("xml", "<'\x01é>", "&lt;&apos;é&gt;"),
        ("java", "é\"\t/'", "\\u00E9\\\"\\t/'"),
        ("javascript", "/'", "\\/\\'"),
        ("sql", "it's", "it''s"),
        ("velocity", "$a #b", "${esc.d}a ${esc.h}b"),
        ("propertyKey", " a=b", "\\ a\\=b"),
        ("propertyValue", " a b", "\\ a b"),
        ("unicode", "00e9", "é"),
    ],
)
def test_escape(function: str, value: object, result: str) -> None:
    """Each function of $esc escapes as EscapeTool, or as data actions document it."""
    assert call(f"$esc.{function}($v)", v=value) == result


@pytest.mark.parametrize("expression", ["$esc.unurl('%zz')", "$esc.unicode('zz')", "$esc.jsonDecode('\\')"])
def test_escape_refuses_what_cannot_be_decoded(expression: str) -> None:
    """Text that is not an encoding is an error that names the function."""
    with pytest.raises(InvocationError, match="Invocation of method"):
        call(expression)


def test_null_stays_null() -> None:
    """A null argument gives null, so that quiet references print nothing."""
    assert call("$!esc.html($x)$!esc.jsonEncode($x)$!encoding.base64($x)$!salesforce.escReserved($x)") == ""


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("add(1, '2.5', 3)", "6.5"),
        ("add(1, 2)", "3"),
        ("sub(5)", "5"),
        ("div(1, 0)", "null"),
        ("div(6, 3)", "2"),
        ("mul(100000, 100000)", "10000000000"),
        ("pow(2, 0.5)", "1.4142135623730951"),
        ("max(-1, -2)", "4.9E-324"),
        ("idiv(7, -2)", "-3"),
        ("mod(-7, 3)", "-1"),
        ("round(2.5)", "2"),
        ("ceil(1.2)", "2"),
        ("roundTo(2, 3.14159)", "3.14"),
        ("toNumber('1,234.5 kg')", "1234.5"),
        ("toInteger(99999999999)", "1215752191"),
        ("getTotal([1, 2.5])", "3.5"),
        ("getAverage([1, 2])", "1.5"),
        ("getTotal([{'n': 1}, {'n': 2}], 'n')", "3"),
        ("bitwiseXOr(1, 3, 5)", "7"),
        ("abs('-3')", "3"),
        ("random", "0.5"),
        ("random(0, 10)", "5"),
        ("add('x', 1)", "null"),
    ],
)
def test_math(expression: str, result: str) -> None:
    """$math answers as MathTool does."""
    assert call(f"${{math.{expression}|'null'}}") == result


@pytest.mark.parametrize(
    ("array", "default", "result"),
    [
        ('["x","y"]', None, '"x"'),
        ("[1.50, 2]", None, "1.50"),
        ('[{"a": [1.0, null]}]', None, '{"a":[1.0,null]}'),
        ("[]", "0", "0"),
        ("[]", None, "null"),
        ("null", '""', '""'),
        ('""', '""', '""'),
        ("not json", '"d"', '"d"'),
        ([{"a": "é"}], None, '{"a":"é"}'),
    ],
)
def test_first_from_array(array: object, default: str | None, result: str) -> None:
    """The first element as JSON text, its digits kept; the default for empty, absent or foreign values."""
    more = "" if default is None else ", $d"
    assert call(f"$successTemplateUtils.firstFromArray($a{more})", a=array, d=default) == result


def test_move_keys_into_array_of_objects() -> None:
    """Keys become members; nothing in, an empty array out; anything but an object is refused."""
    text = "$successTemplateUtils.moveKeysIntoArrayOfObjects($v, 'id', 'total')"
    assert call(text, v='{"a": {"n": 1}, "b": 2.50}') == '[{"id":"a","n":1},{"id":"b","total":2.50}]'
    assert call(text, v="") == "[]"
    with pytest.raises(InvocationError, match="not a JSON object"):
        call(text, v="[1]")


def test_optional_query_param_and_filters() -> None:
    """Parameters appear with a value only; Salesforce and Dynamics texts are escaped for their place."""
    assert call("$urlTool.optionalQueryParam('q', $v)", v="a&b") == "&q=a%26b"
    assert call("$urlTool.optionalQueryParam('q', $v)", v="") == ""
    assert call("$salesforce.escReserved($v)", v="a-b (c)") == "a\\-b \\(c\\)"
    assert call("$msdynamics.phoneNumberFilter($v, ['t'])", v="o'n") == "t%20eq%20%27o%27%27n%27"
