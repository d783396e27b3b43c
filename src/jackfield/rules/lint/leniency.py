"""What runs here and perhaps not in the cloud: the engine's own warnings, before a run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from jackfield.domain.finding import Finding, Severity
from jackfield.rules.leniency import Source, find_leniency
from jackfield.rules.lint.parts import ActionParts, TemplateText
from jackfield.rules.lint.report import Splice, Suspicion, offset_of

_CODE = "DIRECTIVE_UNPROVEN"


def leniency(parts: ActionParts) -> Iterator[Suspicion]:
    """Names in another case, directives that nobody was seen to use, `input` in the success template."""
    requests = [Source(one.pointer, one.text) for one in parts.request_templates]
    success = Source(parts.success.pointer, parts.success.text)
    variables = [entry.name for entry in parts.entries]
    texts = {one.pointer: one for one in parts.templates}
    for finding in find_leniency(requests, success, variables, parts.contract.input_schema).warnings:
        if finding.code == _CODE and parts.options.directives == "allow":
            continue
        severity = (
            Severity.ERROR
            if finding.code == _CODE and parts.options.directives == "deny"
            else finding.severity
        )
        yield from _placed(parts, texts[finding.place.pointer], replace(finding, severity=severity))


def _placed(parts: ActionParts, template: TemplateText, finding: Finding) -> Iterator[Suspicion]:
    place = finding.place
    offset = offset_of(template.text, place)
    placed = replace(finding, place=parts.place(template.pointer, offset, place.width))
    if finding.code != "INPUT_NAME_CASE":
        yield Suspicion(placed)
        return
    written = template.text[offset : offset + place.width]
    right = _respelt(written, finding.accepted.strip("`"))
    yield Suspicion(placed, (Splice(template.pointer, offset, offset + place.width, right),))


def _respelt(written: str, name: str) -> str:
    """Return a reference's beginning with the declared spelling, such as `${input.x` for `${Input.X`."""
    start = written.lower().index("input")
    bare = name.partition(".")[2]
    _, dot, rest = written[start:].partition(".")
    return f"{written[:start]}input{dot}{bare or rest}"
