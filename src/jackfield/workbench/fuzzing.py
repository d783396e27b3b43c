"""Inputs that an author does not think of, and what they do to the request.

One input at a time gets a nasty value, all others stay as they are. The request is compared with the one that
the usual value gives: JSON must stay JSON with the same members, a URL must lead to the same place with the
same parameters, a form must keep its fields.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from jackfield.domain.catalogue import found
from jackfield.domain.credential import CredentialValues
from jackfield.domain.finding import Finding, Place, Severity
from jackfield.engine.json_text import NotJson, read_json_text
from jackfield.workbench.bench import Bench, BenchResult, Trial
from jackfield.workbench.documents import ActionDocument
from jackfield.workbench.inputs import made_up_inputs
from jackfield.workbench.replies.synthesis import SynthesizedReplies
from jackfield.workbench.samples import parsed_schema, properties_of, type_of
from jackfield.workbench.trace import BODY, CALL, HEADERS, URL, failed_step, operation

MISSING: Final = object()
NOTHING: Final = "nothing"
TEXTS: Final[Mapping[str, str]] = {
    "a double quote": 'a"b',
    "a single quote": "O'Neill",
    "a backslash": "C:\\temp",
    "a line end": "first\nsecond",
    "a carriage return": "first\r\nX-Injected: yes",
    "a tab": "a\tb",
    "a blank": "New York",
    "an umlaut": "Jürgen Müß",
    "an emoji": "\U0001f600 ok",
    "right-to-left text": "\u05e9\u05dc\u05d5\u05dd",
    "a slash": "a/../b",
    "a question mark": "a?x=1",
    "an ampersand": "a&b=c",
    "a number sign": "a#b",
    "a percent sign": "100%",
    "a plus sign": "+49 30 1",
    "a reference": "${input.rawRequest}",
    "a directive": "#set($x = 1)$x",
    "braces": '"}, "admin": {"x": "',
    "10,000 characters": "x" * 10_000,
    "nothing in it": "",
}
_OTHERS: Final[Mapping[str, Mapping[str, Any]]] = {
    "integer": {"zero": 0, "a negative number": -1, "a large number": 2**53 + 1},
    "number": {"zero": 0, "a negative number": -0.5, "a tiny number": 1e-7, "a large number": 1e21},
    "boolean": {"false": False},
}


@dataclass(frozen=True, slots=True)
class Fuzzed:
    """What fuzzing gave.

    Args:
        runs: how many inputs were tried.
        findings: one for each input, place and kind of damage, with the first value that does it.
    """

    runs: int
    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        """True if nothing breaks."""
        return not any(one.severity is Severity.ERROR for one in self.findings)


def fuzz(
    bench: Bench,
    document: ActionDocument,
    inputs: Mapping[str, Any] | None = None,
    credentials: CredentialValues | None = None,
) -> Fuzzed:
    """Try nasty values in every input of an action; nothing is really called.

    Args:
        bench: where it is run.
        document: the action.
        inputs: the usual input; made up if None.
        credentials: made up if None.
    """
    usual = dict(made_up_inputs(document) if inputs is None else inputs)
    baseline = _run(bench, document, usual, credentials)
    findings: dict[tuple[str, str, str], Finding] = {}
    runs = 1
    if not baseline.success and failed_step(baseline.result) is not None:
        return Fuzzed(runs, tuple(one for one in baseline.findings if one.severity is Severity.ERROR))
    for name, value, words in _attempts(document, usual):
        tried = {key: item for key, item in usual.items() if key != name}
        if value is not MISSING:
            tried[name] = value
        runs += 1
        result = _run(bench, document, tried, credentials)
        for finding in _damage(name, words, baseline, result):
            findings.setdefault((finding.code, name, finding.place.pointer), finding)
    return Fuzzed(runs, tuple(findings.values()))


def _attempts(document: ActionDocument, usual: Mapping[str, Any]) -> Iterator[tuple[str, Any, str]]:
    schema = parsed_schema(document.contract.input_schema)
    required = schema.get("required") if isinstance(schema, Mapping) else None
    needed = frozenset(required) if isinstance(required, list) else frozenset()
    for name, property_schema in properties_of(schema).items():
        kind = type_of(property_schema) or "string"
        values = TEXTS if kind == "string" else _OTHERS.get(kind, {})
        for words, value in values.items():
            if _is_allowed(value, property_schema):
                yield name, value, words
        if name not in needed and name in usual:
            yield name, MISSING, NOTHING


def _is_allowed(value: Any, schema: Any) -> bool:
    """Tell if a contract lets a value through, as far as its simple rules go."""
    if not isinstance(schema, Mapping):
        return True
    if "enum" in schema or "pattern" in schema or "format" in schema:
        return False
    if isinstance(value, str):
        longest, shortest = schema.get("maxLength"), schema.get("minLength")
        return (not isinstance(longest, int) or len(value) <= longest) and (
            not isinstance(shortest, int) or len(value) >= shortest
        )
    lowest, highest = schema.get("minimum"), schema.get("maximum")
    return (not isinstance(lowest, int | float) or value >= lowest) and (
        not isinstance(highest, int | float) or value <= highest
    )


def _run(
    bench: Bench,
    document: ActionDocument,
    inputs: Mapping[str, Any],
    credentials: CredentialValues | None,
) -> BenchResult:
    return bench.run(Trial(document, SynthesizedReplies(), inputs, credentials=credentials))


def _advice(name: str, words: str, step: str) -> str:
    """Return what to write so that a step no longer fails."""
    if words == NOTHING:
        return f"Write `$!{{input.{name}}}` and test it with `#if`, or declare the input as required."
    if step == URL:
        return f"Write `$esc.uriEncode(${{input.{name}}})`, or narrow the input in the contract."
    return f"Escape `${{input.{name}}}` for where it stands, or narrow the input in the contract."


def _damage(name: str, words: str, usual: BenchResult, result: BenchResult) -> Iterator[Finding]:
    step = failed_step(result.result)
    if step is not None and step.step <= _step_of(usual, CALL):
        first = result.findings[0]
        code = "FUZZ_BREAKS_HEADER" if step.name == HEADERS else "FUZZ_FAILS"
        what = "a header cannot be sent"
        yield found(
            code,
            first.place,
            value=words,
            name=name,
            step=step.name,
            reason=first.message,
            what=what,
            advice=_advice(name, words, step.name),
        )
        return
    for printed in (one for one in result.findings if one.code == "NULL_PRINTED"):
        reference = f"${{input.{name}}}"
        where = "template's output"
        yield found(
            "FUZZ_PRINTS_REFERENCE", printed.place, value=words, name=name, where=where, reference=reference
        )
    for code, pointer, what in (
        ("FUZZ_BREAKS_URL", "/config/request/requestUrlTemplate", _url_damage(usual, result)),
        *_body_damage(usual, result),
    ):
        if what:
            yield found(code, _place(result.document, pointer, name), value=words, name=name, what=what)


def _place(document: ActionDocument, pointer: str, name: str) -> Place:
    """Return the place of an input in a template."""
    request = document.config.request
    text = request.url_template if pointer.endswith("requestUrlTemplate") else request.template
    match = re.search(rf"\$!?\{{?input\.{re.escape(name)}\b\}}?", text)
    if match is None:
        return document.origin.place(pointer)
    return document.origin.place(pointer, match.start(), len(match.group()))


def _step_of(result: BenchResult, name: str) -> int:
    done = operation(result.result, name)
    return done.step if done is not None else 0


def _shown(result: BenchResult, name: str) -> str:
    done = operation(result.result, name)
    return done.result if done is not None and isinstance(done.result, str) else ""


def _url_damage(usual: BenchResult, result: BenchResult) -> str:
    try:
        before, after = urlsplit(_shown(usual, URL)), urlsplit(_shown(result, URL))
    except ValueError:
        return "is none any more"
    if before.netloc != after.netloc:
        return "leads to another host"
    if after.fragment and not before.fragment:
        return "is cut off"
    if before.path.count("/") != after.path.count("/"):
        return "leads to another path"
    if _names(before.query) != _names(after.query):
        return "has other parameters"
    return ""


def _body_damage(usual: BenchResult, result: BenchResult) -> Iterator[tuple[str, str, str]]:
    pointer = "/config/request/requestTemplate"
    before, after = _shown(usual, BODY), _shown(result, BODY)
    if not before.strip():
        return
    if _is_form(usual):
        if _names(before) != _names(after):
            yield "FUZZ_BREAKS_FORM", pointer, "has other fields"
        return
    try:
        kept = read_json_text(before.encode("utf-8", "replace"))
    except NotJson:
        return
    try:
        changed = read_json_text(after.encode("utf-8", "replace"))
    except NotJson:
        yield "FUZZ_BREAKS_JSON", pointer, "is no JSON any more"
        return
    if not _within(changed, kept):
        yield "FUZZ_BREAKS_JSON", pointer, "has other members"


def _is_form(result: BenchResult) -> bool:
    done = operation(result.result, HEADERS)
    headers = done.result if done is not None and isinstance(done.result, dict) else {}
    kinds = [value for name, value in headers.items() if name.lower() == "content-type"]
    return any("x-www-form-urlencoded" in kind for kind in kinds)


def _names(query: str) -> list[str]:
    return [name for name, _ in parse_qsl(query, keep_blank_values=True)]


def _within(changed: Any, kept: Any) -> bool:
    """Tell if a value has no members that were not there before; optional ones may be left out."""
    if isinstance(changed, dict) and isinstance(kept, dict):
        return all(name in kept and _within(value, kept[name]) for name, value in changed.items())
    if isinstance(changed, list) and isinstance(kept, list):
        return len(changed) <= len(kept) and all(
            _within(one, other) for one, other in zip(changed, kept, strict=False)
        )
    return not isinstance(changed, dict | list) or json.dumps(changed) == json.dumps(kept)
