"""Texts of an action as they stand in a file, so that a part of one can be changed and all else stays."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import yaml

from jackfield.domain.json_nodes import StringNode
from jackfield.domain.json_reader import Reading
from jackfield.workbench.documents import Scalar, Style
from jackfield.workbench.forms.yaml_text import YamlReading

_JSON_ESCAPE: Final = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[0-9a-fA-F]{4}|u[0-9a-fA-F]{4}|.)", re.DOTALL
)
_YAML_ESCAPE: Final = re.compile(r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)")
_DOUBLED: Final = re.compile("''")


def scalar_of(path: Path, reading: Reading, node: StringNode) -> Scalar | None:
    """Return a string of a JSON or YAML file; None if it had to be mended to be read."""
    if reading.repaired or node.mended:
        return None
    raw = reading.text[node.start : node.end]
    if not isinstance(reading, YamlReading):
        return Scalar(path, node.start, node.end, raw, node.value, "json")
    styles: dict[str, Style] = {'"': "double", "'": "single", "|": "literal"}
    if raw[:1] == ">":
        return None
    return Scalar(path, node.start, node.end, raw, node.value, styles.get(raw[:1], "plain"))


def respliced(scalar: Scalar, changes: Sequence[tuple[int, int, str]]) -> str | None:
    """Return a scalar as it is to be written after some changes; None if that cannot be done exactly.

    Args:
        scalar: as it stands.
        changes: (start, end, text) in its value, in order, none overlapping.
    """
    new = changed(scalar.value, changes)
    if scalar.style == "text":
        return new
    if scalar.style == "plain":
        return _plain(new) if "\n" not in scalar.raw else None
    bounds = _bounds(scalar)
    if bounds is None:
        return None
    parts, done = [], 0
    for start, end, text in changes:
        encoded = _encoded(scalar.style, text)
        if encoded is None or (scalar.style == "literal" and "\n" in scalar.value[start:end]):
            return None
        parts += [scalar.raw[done : bounds[start]], encoded]
        done = bounds[end]
    made = "".join([*parts, scalar.raw[done:]])
    return made if scalar.style == "literal" or _says(scalar.style, made) == new else None


def changed(value: str, changes: Sequence[tuple[int, int, str]]) -> str:
    """Return a text after changes that are in order and do not overlap."""
    parts, done = [], 0
    for start, end, text in changes:
        parts += [value[done:start], text]
        done = end
    return "".join([*parts, value[done:]])


def _bounds(scalar: Scalar) -> list[int] | None:
    """Return where in the raw text each character of the value begins, and where the last one ends."""
    if scalar.style == "literal":
        return _literal_bounds(scalar)
    if scalar.style != "json" and "\n" in scalar.raw:
        return None
    pattern = {"json": _JSON_ESCAPE, "double": _YAML_ESCAPE, "single": _DOUBLED}[scalar.style]
    bounds = list(_starts(scalar.raw, pattern))
    return bounds if len(bounds) == len(scalar.value) + 1 else None


def _starts(raw: str, escape: re.Pattern[str]) -> Iterator[int]:
    position, last = 1, len(raw) - 1
    while position < last:
        yield position
        match = escape.match(raw, position)
        position = match.end() if match is not None else position + 1
    yield last


def _literal_bounds(scalar: Scalar) -> list[int] | None:
    """Return the bounds of a block: its lines stand below the mark, indented alike."""
    lines = scalar.raw.split("\n")
    first = next((line for line in lines[1:] if line.strip()), "")
    indent = len(first) - len(first.lstrip(" "))
    bounds: list[int] = []
    position = len(lines[0]) + 1
    wanted = scalar.value.split("\n")
    for line, text in zip(lines[1:], wanted, strict=False):
        if line[indent:] != text:
            return None
        start = position + min(indent, len(line))
        bounds += range(start, start + len(text) + 1)
        position += len(line) + 1
    return bounds if len(bounds) >= len(scalar.value) + 1 else None


def _encoded(style: Style, text: str) -> str | None:
    """Return a text as it is written inside of a scalar of some style."""
    if style in ("json", "double"):
        return json.dumps(text, ensure_ascii=False)[1:-1]
    if "\n" in text:
        return None
    return text.replace("'", "''") if style == "single" else text


def _says(style: Style, raw: str) -> str | None:
    try:
        read = json.loads(raw, strict=False) if style == "json" else yaml.safe_load(raw)
    except (ValueError, yaml.YAMLError):
        return None
    return read if isinstance(read, str) else None


def _plain(value: str) -> str | None:
    """Return a text that stood without quotes, in single quotes if it needs them now."""
    if "\n" in value:
        return None
    try:
        same = yaml.compose(f"a: {value}", Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        same = None
    if isinstance(same, yaml.MappingNode) and len(same.value) == 1:
        same = same.value[0][1]
    if isinstance(same, yaml.ScalarNode) and same.value == value and same.style is None:
        return value
    return "'" + value.replace("'", "''") + "'"
