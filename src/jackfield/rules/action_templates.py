"""Checks of an action's templates and paths: do they parse, and does something set what they use."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from jackfield.domain.action import ActionConfig
from jackfield.domain.finding import Place
from jackfield.domain.json_nodes import Node, ObjectNode, StringNode
from jackfield.domain.json_reader import escaped
from jackfield.jsonpath import PathSyntaxError, compile_path
from jackfield.rules import mending
from jackfield.rules.members import Members
from jackfield.rules.nearest import nearest
from jackfield.velocity import ReferenceUse, Template, VelocityError, compile_template
from jackfield.velocity.tools import standard_tools

_BARE_BRACES: Final = re.compile(r"(?<![$!\\])\{([A-Za-z]\w*)(?:\.\w+)*\}")
REQUEST_ROOTS = ("input", "credentials", "authResponse")
ENGINE_INPUTS = ("rawRequest", "orgId", "integrationId")


def check_templates(members: Members, config: ActionConfig, inputs: tuple[str, ...] | None) -> None:
    """Check the templates and paths of an action's body.

    Args:
        members: the action's members.
        config: as it was read from them.
        inputs: names of the input contract; None if there is no readable one.
    """
    request_known = (*REQUEST_ROOTS, *standard_tools())
    for where in _request_templates(config):
        _check(members, where, request_known, inputs)
    _check_paths(members, config)
    success_known = ("rawResult", *config.response.translation_map, *standard_tools())
    _check(members, ("config", "response", "successTemplate"), success_known, None)


def _request_templates(config: ActionConfig) -> Iterable[tuple[str, ...]]:
    yield ("config", "request", "requestUrlTemplate")
    for name in config.request.headers:
        yield ("config", "request", "headers", name)
    yield ("config", "request", "requestTemplate")


def _check(
    members: Members, path: tuple[str, ...], known: tuple[str, ...], inputs: tuple[str, ...] | None
) -> None:
    node, pointer = _node_at(members, path)
    if isinstance(node, StringNode) and "{" in node.value:
        _check_dollars(members, node, pointer, path[-1], known)
    if not isinstance(node, StringNode) or not ("$" in node.value or "#" in node.value):
        return
    try:
        template = compile_template(node.value, name=path[-1], strict=True)
    except VelocityError as error:
        place = members.log.reading.place_in(node, max(error.offset, 0), pointer)
        hint = f" {error.hint}" if error.hint else ""
        members.log.add_at("TEMPLATE_SYNTAX", place, name=path[-1], reason=error.message, hint=hint)
        return
    _check_references(members, node, pointer, template, known, inputs)


def _check_dollars(members: Members, node: StringNode, pointer: str, name: str, roots: Iterable[str]) -> None:
    """Warn about `{input.x}`: a reference whose dollar sign was eaten by a shell or by Terraform."""
    known = frozenset(roots)
    for match in _BARE_BRACES.finditer(node.value):
        if match[1] in known and not (match[1] in REQUEST_ROOTS and "." not in match[0]):
            place = members.log.reading.place_in(node, match.start(), pointer, len(match[0]))
            members.log.add_at(
                "TEMPLATE_DOLLAR_MISSING",
                place,
                name=name,
                seen=match[0],
                seen_text=match[0],
                right=f"${match[0]}",
                edits=mending.replaced(pointer, node.value.replace(match[0], f"${match[0]}")),
            )


def _check_references(
    members: Members,
    node: StringNode,
    pointer: str,
    template: Template,
    known: tuple[str, ...],
    inputs: tuple[str, ...] | None,
) -> None:
    assigned = {use.root for use in template.references if use.assigned}
    reported: set[str] = set()
    for use in template.references:
        if use.escaped or use.assigned or use.root in assigned or use.path in reported:
            continue
        reported.add(use.path)
        place = members.log.reading.place_in(node, max(use.offset, 0), pointer, len(use.root) + 1)
        if use.root not in known:
            near = nearest(use.root, known)
            members.log.add_at(
                "TEMPLATE_VARIABLE_UNKNOWN",
                place,
                template=template.name,
                name=use.root,
                seen=f"${use.root}",
                known=", ".join(known[:20]),
                hint=f" Did you mean `${near}`?" if near else "",
                edits=_respelt(members, place.pointer, use.root, near) if near else mending.NOTHING,
            )
        elif use.root == "input" and inputs is not None:
            _check_input(members, use, place, template.name, inputs)


def _check_input(
    members: Members, use: ReferenceUse, place: Place, template: str, inputs: tuple[str, ...]
) -> None:
    name = use.path.partition(".")[2].partition(".")[0].partition("[")[0].partition("(")[0]
    known = (*inputs, *ENGINE_INPUTS)
    # Names are looked up without regard to case: published actions rely on it.
    if not name or name.lower() in (one.lower() for one in known) or use.path.startswith(f"input.{name}("):
        return
    near = nearest(name, known)
    members.log.add_at(
        "INPUT_UNKNOWN",
        place,
        template=template,
        name=name,
        seen=f"input.{name}",
        known=", ".join(known),
        hint=f" Did you mean `input.{near}`?" if near else "",
        edits=_respelt(members, place.pointer, f"input.{name}", f"input.{near}") if near else mending.NOTHING,
    )


def _respelt(members: Members, pointer: str, name: str, right: str) -> mending.Edits:
    """Return the edit that spells a reference as what it refers to is spelt, everywhere in a template."""
    relative = pointer.removeprefix(members.pointer)
    node, _ = _node_at(
        members, tuple(part.replace("~1", "/").replace("~0", "~") for part in relative.split("/")[1:])
    )
    if not isinstance(node, StringNode):
        return mending.NOTHING
    pattern = re.compile(rf"(\$!?\{{?){re.escape(name)}(?![\w-])")
    return mending.replaced(pointer, pattern.sub(lambda match: match[1] + right, node.value))


def _check_paths(members: Members, config: ActionConfig) -> None:
    for name, path in config.response.translation_map.items():
        try:
            compile_path(path)
        except PathSyntaxError as error:
            node, pointer = _node_at(members, ("config", "response", "translationMap", name))
            if isinstance(node, StringNode):
                place = members.log.reading.place_in(node, error.column - 1, pointer)
                hint = f" {error.hint}" if error.hint else ""
                members.log.add_at(
                    "PATH_SYNTAX", place, name=name, reason=error.reason, hint=hint, seen=path[:80]
                )


def _node_at(members: Members, path: tuple[str, ...]) -> tuple[Node | None, str]:
    node: Node | None = members.node
    pointer = members.pointer
    for name in path:
        node = node.get(name) if isinstance(node, ObjectNode) else None
        pointer = f"{pointer}/{escaped(name)}"
    return node, pointer
