"""Template text and paths, tried out against an input and a reply, one line after the other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from jackfield.domain.action import ActionConfig, Contract
from jackfield.domain.catalogue import found
from jackfield.domain.credential import CredentialValues
from jackfield.domain.errors import ActionFailed
from jackfield.domain.finding import Finding, Place
from jackfield.engine.context import variable_names
from jackfield.engine.failures import masked_finding, template_failed
from jackfield.engine.json_text import json_text
from jackfield.engine.templates import TemplatePart
from jackfield.jsonpath import JsonPathError, PathNotFound, PathSyntaxError, compile_path
from jackfield.velocity import VelocityError
from jackfield.workbench.credentials import made_up_credentials
from jackfield.workbench.documents import CUSTOM, ActionDocument, Origin
from jackfield.workbench.inputs import made_up_inputs
from jackfield.workbench.rendering import Stage
from jackfield.workbench.replies.given import GivenReply
from jackfield.workbench.trace import type_name

# No reference of Velocity goes on like this.
_PATH: Final = re.compile(r"\$(?:[.\[]|\Z)")
_NAME: Final = "line"


class Kind(StrEnum):
    """What a line is."""

    PATH = "path"
    TEMPLATE = "template"


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of one line.

    Args:
        kind: path or template.
        text: what came out, masked: JSON text of a path, None if there is nothing or it failed.
        type: JSON type of what a path found, "" of templates.
        note: why a path found nothing.
        error: why it failed.
    """

    kind: Kind
    text: str | None
    type: str = ""
    note: str = ""
    error: Finding | None = None


class Scratchpad:
    """Tries lines; what they see can be changed between them.

    Args:
        document: an action whose input, reply and variables are there; None for none.
        inputs: the input; made up from the document if None.
        credentials: made up from the document if None.
        reply: what paths read; made up from the document if None.
    """

    def __init__(
        self,
        document: ActionDocument | None = None,
        *,
        inputs: Mapping[str, Any] | None = None,
        credentials: CredentialValues | None = None,
        reply: GivenReply | None = None,
    ) -> None:
        self.document = document if document is not None else _nothing()
        self.inputs = made_up_inputs(self.document) if inputs is None else inputs
        self.reply = reply
        self._credentials = credentials if credentials is not None else made_up_credentials(self.document)

    def map(self, name: str, path: str) -> None:
        """Add a variable to the translation map, or change its path."""
        config = self.document.config
        response = replace(config.response, translation_map={**config.response.translation_map, name: path})
        self.document = replace(self.document, config=replace(config, response=response))

    def tried(self, line: str) -> Tried:
        """Return what becomes of a line: `$.…` and `$[…]` are paths, everything else is template text."""
        return self._path(line.strip()) if _PATH.match(line.strip()) else self._template(line)

    def seen(self) -> dict[str, str]:
        """Return what templates see, without the tools: name to value, masked, as JSON text where it is JSON.

        Raises:
            ActionFailed: a path of the translation map cannot be used.
        """
        stage = self._stage()
        context = stage.everything()
        return {name: stage.mask(_shown(context[name])) for name in variable_names(context)}

    def _stage(self) -> Stage:
        return Stage(self.document, self.inputs, None, self._credentials, self.reply)

    def _path(self, text: str) -> Tried:
        stage = self._stage()
        try:
            value = json_text(compile_path(text).read(stage.reply))
        except PathNotFound as nothing:
            return Tried(Kind.PATH, None, note=str(nothing))
        except PathSyntaxError as fault:
            place = Place("", 1, fault.column, text)
            reason, fix = fault.reason, fault.hint
        except JsonPathError as fault:
            place = Place("", excerpt=text)
            reason, fix = str(fault), ""
        else:
            return Tried(Kind.PATH, stage.mask(value), type_name(value))
        error = found("TRANSLATION_PATH_FAILED", place, name=_NAME, seen=text, reason=reason, fix=fix)
        return Tried(Kind.PATH, None, error=error)

    def _template(self, text: str) -> Tried:
        stage = self._stage()
        part = TemplatePart(_NAME, "", text)
        try:
            context = stage.everything()
        except ActionFailed as failure:
            return Tried(Kind.TEMPLATE, None, error=masked_finding(failure.findings[0], stage.mask))
        try:
            return Tried(Kind.TEMPLATE, stage.mask(part.render(context)))
        except VelocityError as fault:
            refusal = template_failed(part, fault, variable_names(context))
            return Tried(Kind.TEMPLATE, None, error=masked_finding(refusal.findings[0], stage.mask))


def _nothing() -> ActionDocument:
    def place(pointer: str, offset: int = 0, width: int = 1) -> Place:
        return Place(pointer, column=offset + 1, width=width)

    return ActionDocument(
        name="",
        integration_type="",
        action_type=CUSTOM,
        category="",
        config=ActionConfig(),
        contract=Contract(),
        secure=False,
        origin=Origin(Path(), "api", place),
    )


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json_text(value)
