"""Replies made up from what an action says about them: its translation paths and its output contract.

The success template is rendered with marks in place of the variables. Where a mark comes out, the output
contract tells what the variable has to be; the document is then built so that each path finds such a value.
The same action always gets the same reply. It shows that an action fits together, not that it fits a service.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from jackfield.engine.json_text import NotJson, first_value
from jackfield.engine.templates import TemplatePart
from jackfield.engine.upstream import InboundReply, OutboundRequest
from jackfield.jsonpath import PathSyntaxError, compile_path
from jackfield.velocity import VelocityError
from jackfield.velocity.tools import standard_tools
from jackfield.workbench.documents import ActionDocument
from jackfield.workbench.replies.given import GivenReply, json_reply
from jackfield.workbench.replies.shapes import document_for, merged
from jackfield.workbench.replies.source import Occasion, Origin, Provenance
from jackfield.workbench.samples import parsed_schema, properties_of, sample, type_of

_TOOLS: Final = standard_tools()
_MARK: Final = "\u27e6{}\u27e7"
_MARKED: Final = re.compile("\u27e6(.*?)\u27e7")
_RAW: Final = "rawResult"
_PASSED_THROUGH: Final = re.compile(r"\s*\$!?\{?rawResult\}?\s*\Z")
# RFC 6749, 5.1: what every login by OAuth answers.
_TOKEN: Final = {"access_token": "made-up-token", "token_type": "bearer", "expires_in": 3600}


class SynthesizedReplies:
    """Answers every request with a reply that fits the action."""

    def __init__(self) -> None:
        self._reply: GivenReply | None = None
        self._occasion: Occasion | None = None

    @property
    def provenance(self) -> Provenance:
        """Where the last reply came from."""
        return Provenance(Origin.SYNTHESIZED, "from the translation paths and the output contract")

    def begin(self, occasion: Occasion) -> None:
        """Make the reply for the next run."""
        self._occasion = occasion
        self._reply = json_reply(synthesized(occasion.document, occasion.inputs))

    async def send(
        self,
        request: OutboundRequest,  # noqa: ARG002 - the port's signature
        *,
        deadline: float,
    ) -> InboundReply:
        """Return the reply, whatever the request is."""
        assert self._occasion is not None, "a run begins with `begin`"
        assert self._reply is not None, "`begin` makes the reply"
        return self._reply.play(self._occasion, deadline)

    async def aclose(self) -> None:
        """Nothing is open."""


def synthesized(document: ActionDocument, inputs: Mapping[str, Any] | None = None) -> Any:
    """Return a JSON value as the service could answer it.

    Args:
        document: the action.
        inputs: what it is called with; a success template may use them.
    """
    schema = parsed_schema(document.contract.success_schema)
    schemas = variable_schemas(document, inputs or {})
    whole: Any = None
    if _RAW in schemas or _PASSED_THROUGH.match(document.config.response.success_template):
        whole = sample(schemas.get(_RAW, schema))
    for name, path in document.config.response.translation_map.items():
        try:
            built = document_for(path, _leaf(path, schemas.get(name), name))
        except PathSyntaxError:
            # The run itself says what is wrong with the path.
            continue
        whole = built if whole is None else merged(whole, built)
    if document.is_login and (whole is None or isinstance(whole, dict)):
        return {**_TOKEN, **(whole or {})}
    return {} if whole is None else whole


def variable_schemas(document: ActionDocument, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of the output contract that describes each variable of the success template.

    Variables that the contract does not describe, or that do not come out alone, are left out. Those taken
    from a list by `firstFromArray` have the schema of one element.
    """
    response = document.config.response
    part = TemplatePart("successTemplate", "/config/response/successTemplate", response.success_template)
    schema = parsed_schema(document.contract.success_schema)
    names = [*response.translation_map, _RAW]
    seen: dict[str, Any] = {}
    for form in ('"{}"', '["{}"]'):
        variables = {name: form.format(_MARK.format(name)) for name in names}
        context = {**_TOOLS, "input": inputs, **variables}
        try:
            value, _ = first_value(part.render(context))
        except (VelocityError, NotJson):
            continue
        for name, found in _marks(value, schema):
            seen.setdefault(name, found)
    return seen


def _marks(value: Any, schema: Any) -> Iterator[tuple[str, Any]]:
    """Yield each variable whose mark stands alone somewhere, with the schema of that place."""
    if isinstance(value, str):
        match = _MARKED.fullmatch(value)
        if match is not None and isinstance(schema, Mapping) and schema:
            yield match.group(1), schema
    elif isinstance(value, Mapping):
        properties = properties_of(schema)
        for name, item in value.items():
            yield from _marks(item, properties.get(name))
    elif isinstance(value, list):
        items = schema.get("items") if isinstance(schema, Mapping) else None
        for item in value:
            yield from _marks(item, items)


def _leaf(path: str, schema: Any, name: str) -> Any:
    """Return what one match of a path is to be."""
    if schema is None:
        return sample({}, name)
    if not compile_path(path).is_definite and type_of(schema) == "array":
        return sample(schema.get("items", {}), name)
    return sample(schema, name)
