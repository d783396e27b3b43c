"""``$esc``: EscapeTool of Velocity Tools 3.1, and the names data actions add to it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html.entities import codepoint2name
from json.encoder import encode_basestring
from typing import ClassVar
from urllib.parse import quote, unquote_to_bytes

from jackfield.velocity.members import Allowance, MemberFault
from jackfield.velocity.tools.tool import Tool
from jackfield.velocity.values import text

_HTML = {code: f"&{name};" for code, name in codepoint2name.items()}
_XML = {38: "&amp;", 60: "&lt;", 62: "&gt;", 34: "&quot;", 39: "&apos;"}
_XML |= dict.fromkeys([*range(9), 11, 12, *range(14, 32), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF], "")
_XML |= {code: f"&#{code};" for code in (*range(0x7F, 0x85), *range(0x86, 0xA0))}
_CONTROL = {8: "\\b", 9: "\\t", 10: "\\n", 12: "\\f", 13: "\\r"}
_JSON = {code: f"\\u{code:04X}" for code in range(32)} | _CONTROL | {34: '\\"', 92: "\\\\"}
_JAVA = {34: '\\"', 92: "\\\\"} | _CONTROL
_SCRIPT = {39: "\\'", 47: "\\/"} | _JAVA
_SMALL = 10_000
_rare = re.compile(r"[\x00-\x07\x0b\x0e-\x1f]").search
_HTML_NEEDED = re.compile(r"""[&<>"]|[^\x00-\x7f]""")
_uri_reserved = re.compile(r"[^0-9A-Za-z._~-]").search
_BAD_PERCENT = re.compile(r"%(?![0-9a-fA-F]{2})")


class EscapeTool(Tool):
    """Escaping for the places where template values end up."""

    __slots__ = ()
    java_name: ClassVar[str] = "org.apache.velocity.tools.generic.EscapeTool"


def _ascii_escaped(value: str, table: dict[int, str]) -> str:
    out = []
    for char in value:
        code = ord(char)
        if code in table:
            out.append(table[code])
        elif 32 <= code <= 127:
            out.append(char)
        else:
            units = char.encode("utf-16-be", "surrogatepass")
            out.extend(f"\\u{units[at]:02X}{units[at + 1]:02X}" for at in range(0, len(units), 2))
    return "".join(out)


def java(value: str) -> str:
    """For a Java string literal: quotes, backslashes, control and non-ASCII characters."""
    return _ascii_escaped(value, _JAVA)


def javascript(value: str) -> str:
    """For a JavaScript string literal: as ``java``, and apostrophes and slashes."""
    return _ascii_escaped(value, _SCRIPT)


def html(value: str) -> str:
    """HTML 4 entities."""
    return value.translate(_HTML) if _HTML_NEEDED.search(value) else value


def xml(value: str) -> str:
    """XML 1.0: the five entities; characters XML cannot hold are removed."""
    return value.translate(_XML)


def url_form(value: str) -> str:
    """``application/x-www-form-urlencoded``: a space becomes ``+``."""
    encoded = quote(value.encode("utf-8", "replace"), safe=" *").replace("~", "%7E")
    return encoded.replace(" ", "+")


def uri(value: str) -> str:
    """RFC 3986 percent encoding: a space becomes ``%20``; letters, digits and ``-._~`` stay."""
    if _uri_reserved(value) is None:
        return value
    return quote(value.encode("utf-8", "replace"), safe="")


def unurl(value: str) -> str:
    """The reverse of ``url``. Illegal percent signs are an error, as in Java."""
    bad = _BAD_PERCENT.search(value)
    if bad is not None:
        raise MemberFault("java.lang.IllegalArgumentException: URLDecoder: Illegal hex characters in escape")
    return unquote_to_bytes(value.replace("+", " ")).decode("utf-8", "replace")


def sql(value: str) -> str:
    """Apostrophes doubled."""
    return value.replace("'", "''")


def json_encode(value: str) -> str:
    """For the inside of a JSON string: quotes, backslashes and control characters; no quotes around."""
    if _rare(value) is not None:
        return value.translate(_JSON)
    return encode_basestring(value)[1:-1]


def json_decode(value: str) -> str:
    """The reverse of ``json_encode``; text that is a whole JSON string loses its quotes."""
    quoted = value if len(value) > 1 and value[0] == value[-1] == '"' else f'"{value}"'
    try:
        found = json.loads(quoted, strict=False)
    except ValueError:
        raise MemberFault(f"java.lang.IllegalArgumentException: not a JSON string: {value[:40]}") from None
    return found if isinstance(found, str) else value


def velocity(value: str) -> str:
    """Dollars and hashes as references, so that Velocity prints them."""
    return value.replace("$", "${esc.d}").replace("#", "${esc.h}")


def unicode(value: str) -> str:
    """The character with this hexadecimal code, with or without ``\\u``."""
    digits = value.removeprefix("\\u")
    try:
        found = chr(int(digits, 16))
    except (ValueError, OverflowError):
        message = f'java.lang.NumberFormatException: For input string: "{digits}" under radix 16'
        raise MemberFault(message) from None
    return "\ufffd" if "\ud800" <= found <= "\udfff" else found


def _property_text(value: str, key: bool) -> str:
    out, start = [], 0
    if not key and value.startswith(" "):
        out.append("\\ ")
        start = 1
    for char in value[start:]:
        known = {"\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}.get(char)
        if known is not None:
            out.append(known)
            continue
        if char in "\\#!=:" or (key and char == " "):
            out.append("\\")
        out.append(char if " " <= char <= "~" else _lower_units(char))
    return "".join(out)


def _lower_units(char: str) -> str:
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def property_key(value: str) -> str:
    """For a key of a Java properties file."""
    return _property_text(value, True)


def property_value(value: str) -> str:
    """For a value of a Java properties file."""
    return _property_text(value, False)


def _offered(function: Callable[[str], str]) -> Callable[..., str | None]:
    def offered(run: Allowance, _tool: EscapeTool, value: object) -> str | None:
        if type(value) is str and len(value) < _SMALL:
            return function(value)
        if value is None:
            return None
        subject = text(value)
        if len(subject) * 6 > run.room:
            raise OverflowError
        return function(subject)

    return offered


_SYMBOLS = {
    "dollar": "$",
    "hash": "#",
    "backslash": "\\",
    "quote": '"',
    "singleQuote": "'",
    "newline": "\n",
    "exclamation": "!",
}
_FUNCTIONS: dict[str, Callable[[str], str]] = {
    "java": java,
    "javascript": javascript,
    "html": html,
    "url": url_form,
    "unurl": unurl,
    "xml": xml,
    "sql": sql,
    "velocity": velocity,
    "unicode": unicode,
    "propertyKey": property_key,
    "propertyValue": property_value,
}
_DATA_ACTION_FUNCTIONS: dict[str, Callable[[str], str]] = {
    "jsonDecode": json_decode,
    "urlFormEncode": url_form,
}


def _symbol(value: str) -> Callable[[Allowance, EscapeTool], str]:
    return lambda _run, _tool: value


_encode_slowly = _offered(json_encode)
_uri_slowly = _offered(uri)


# What nearly every template calls, for short texts without a function around it.


def _encode(run: Allowance, tool: EscapeTool, value: object) -> str | None:
    """``json_encode``; control characters without a letter of their own take the longer way."""
    if type(value) is str and len(value) < _SMALL:
        encoded = encode_basestring(value)
        if "\\u00" not in encoded:
            return encoded[1:-1]
    return _encode_slowly(run, tool, value)


def _uri(run: Allowance, tool: EscapeTool, value: object) -> str | None:
    """``uri``"""
    if type(value) is str and len(value) < _SMALL and _uri_reserved(value) is None:
        return value
    return _uri_slowly(run, tool, value)


EscapeTool.offer({name: [("o", _offered(function))] for name, function in _FUNCTIONS.items()})
EscapeTool.offer({name: [("o", _offered(made))] for name, made in _DATA_ACTION_FUNCTIONS.items()})
EscapeTool.offer({"uriEncode": [("o", _uri)]})
EscapeTool.offer({name: [("o", _encode)] for name in ("jsonString", "jsonEncode", "json")})
for _name, _value in _SYMBOLS.items():
    _getter = f"get{_name[0].upper()}{_name[1:]}"
    EscapeTool.offer({_getter: [("", _symbol(_value))], f"get{_name[0].upper()}": [("", _symbol(_value))]})
EscapeTool.offer({"getKey": [("", _symbol("esc"))]})
