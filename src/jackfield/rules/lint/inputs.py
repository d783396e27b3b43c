"""Are inputs used as the contract says they come: optional or not, as texts or numbers?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from jackfield.domain.finding import Severity
from jackfield.domain.json_reader import escaped
from jackfield.domain.sensitive import holds_secret
from jackfield.rules.lint.parts import INPUT, ActionParts, Input, TemplateText
from jackfield.rules.lint.pieces import Leaf, leaves, path_of
from jackfield.rules.lint.positions import Landing, Position, landings
from jackfield.rules.lint.report import Suspicion, suspect, suspect_text

_NUMBERS: Final = frozenset(("integer", "number", "boolean"))
# Without a value here the URL leads elsewhere, printed or not.
_NEEDED: Final = frozenset((Position.START, Position.HOST, Position.PATH))
# Macros that give null for null, and so print their own text; what others make of it is not known.
_NULL_FOR_NULL: Final = ("esc.", "encoding.")


def optional(parts: ActionParts) -> Iterator[Suspicion]:
    """Inputs that may be missing, used as if they were always there."""
    for template in parts.request_templates:
        told: set[str] = set()
        for landing in landings(parts, template):
            for leaf in leaves(landing.hole):
                given = parts.input(leaf.name) if leaf.root.lower() == "input" else None
                if given is None or given.required or f"input.{given.name}".lower() in landing.hole.guards:
                    continue
                if landing.position not in _NEEDED:
                    yield from _missing(parts, template, landing, leaf, given)
                elif given.name not in told:
                    told.add(given.name)
                    hole = landing.hole
                    yield suspect_text(
                        parts, "OPTIONAL_INPUT_IN_PATH", template, hole.offset, hole.text, name=given.name
                    )


def _missing(
    parts: ActionParts,
    template: TemplateText,
    landing: Landing,
    leaf: Leaf,
    given: Input,
) -> Iterator[Suspicion]:
    hole = landing.hole
    in_json = template.kind == "body" and parts.body_kind == "json"
    if landing.position is Position.JSON_VALUE and in_json and not leaf.applied:
        yield suspect_text(
            parts, "OPTIONAL_INPUT_LEAVES_GAP", template, hole.offset, hole.text, name=given.name
        )
    elif not leaf.is_quiet and (leaf.literal or all(one.startswith(_NULL_FOR_NULL) for one in leaf.applied)):
        text = leaf.node.source
        quiet = f"$!{text.removeprefix('$')}"
        right = f'"{quiet}"' if leaf.applied and leaf.literal is None else quiet
        stops = parts.options.null_formal == "error"
        yield suspect_text(
            parts,
            "OPTIONAL_INPUT_PRINTED",
            template,
            leaf.offset,
            text,
            right=right if not leaf.calls else None,
            name=given.name,
            right_text=right,
            what="stops the run" if stops else f"prints `{text}` itself",
            severity=Severity.ERROR if stops else None,
        )


def quoting(parts: ActionParts) -> Iterator[Suspicion]:
    """Texts without quotes and numbers with them in the JSON of a body."""
    if not parts.sends_body or parts.body_kind != "json":
        return
    for landing in landings(parts, parts.body):
        hole = landing.hole
        root, _, name = path_of(hole.node).partition(".")
        given = parts.input(name) if root == "input" else None
        if given is None:
            continue
        if landing.position is Position.JSON_VALUE and given.kinds == ("string",):
            yield suspect_text(parts, "TEXT_INPUT_BARE", parts.body, hole.offset, hole.text, name=given.name)
        elif landing.alone and given.kinds and set(given.kinds) <= _NUMBERS:
            yield suspect_text(
                parts,
                "NUMBER_INPUT_QUOTED",
                parts.body,
                hole.offset,
                hole.text,
                name=given.name,
                kind=" or ".join(given.kinds),
            )


def unused(parts: ActionParts) -> Iterator[Suspicion]:
    """Inputs that no template reads."""
    texts = [template.text for template in parts.templates]
    if any("rawRequest" in text for text in texts) or any(
        template.compiled is None for template in parts.templates
    ):
        return
    read = {
        use.path.lower()
        for template in parts.templates
        if template.compiled
        for use in template.compiled.references
    }
    whole = "input" in read or any(path.startswith(("input[]", "input.get(")) for path in read)
    for name in parts.inputs:
        wanted = f"input.{name}".lower()
        if not whole and not any(
            path == wanted or path.startswith((f"{wanted}.", f"{wanted}[")) for path in read
        ):
            pointer = f"{INPUT}/properties/{escaped(name)}"
            in_body = not parts.sends_body and f"input.{name}" in parts.body.text
            why = "; the body that uses it is not sent with this method" if in_body else ""
            yield suspect(parts, "INPUT_UNUSED", pointer, name=name, why=why, seen=name)


def defaults(parts: ActionParts) -> Iterator[Suspicion]:
    """Defaults in the contract, which only forms show."""
    for name, given in parts.inputs.items():
        if "default" in given.schema and not given.required:
            pointer = f"{INPUT}/properties/{escaped(name)}/default"
            yield suspect(parts, "INPUT_DEFAULT_NOT_APPLIED", pointer, name=name)


def secrets(parts: ActionParts) -> Iterator[Suspicion]:
    """Inputs that are secrets by their names in an action that is not secure."""
    if parts.secure:
        return
    for name in parts.inputs:
        if holds_secret(name):
            yield suspect(
                parts, "SECRET_INPUT_NOT_SECURE", f"{INPUT}/properties/{escaped(name)}", name=name, seen=name
            )


def spelling(parts: ActionParts) -> Iterator[Suspicion]:
    """Inputs and variables that differ in case alone."""
    groups = (
        (INPUT + "/properties", tuple(parts.inputs)),
        ("/config/response/translationMap", tuple(entry.name for entry in parts.entries)),
        ("/contract/output/successSchema/properties", _output_names(parts)),
    )
    for pointer, names in groups:
        first: dict[str, str] = {}
        for name in names:
            other = first.setdefault(name.lower(), name)
            if other != name:
                where = f"{pointer}/{escaped(name)}"
                yield suspect(parts, "NAMES_DIFFER_IN_CASE", where, name=name, other=other, seen=name)


def _output_names(parts: ActionParts) -> tuple[str, ...]:
    properties = parts.output_schema.get("properties")
    return tuple(properties) if isinstance(properties, dict) else ()
