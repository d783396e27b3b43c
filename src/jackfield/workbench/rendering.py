"""Rendering single templates of an action, each by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from jackfield.domain.catalogue import found
from jackfield.domain.credential import CredentialValues
from jackfield.domain.errors import ActionFailed, OperationRefused
from jackfield.domain.finding import Finding, Place
from jackfield.domain.masking import Masker
from jackfield.engine.context import request_context, secrets_of, success_context, variable_names
from jackfield.engine.failures import masked_finding, template_failed
from jackfield.engine.json_text import NotJson, json_text, read_json_text
from jackfield.engine.passage import Passage
from jackfield.engine.templates import CompiledAction, TemplatePart, compile_action
from jackfield.engine.translation import translate
from jackfield.rules.leniency import unfilled
from jackfield.rules.nearest import nearest
from jackfield.velocity import VelocityError
from jackfield.workbench.bench import make_action, make_run
from jackfield.workbench.credentials import login_fields, made_up_credentials
from jackfield.workbench.documents import ActionDocument
from jackfield.workbench.inputs import made_up_inputs
from jackfield.workbench.placement import placed
from jackfield.workbench.replies.given import GivenReply
from jackfield.workbench.replies.synthesis import synthesized

_NAMES: Final = {"url": "requestUrlTemplate", "body": "requestTemplate", "success": "successTemplate"}
_SUCCESS: Final = "successTemplate"
_USAGE: Final = 3
_USES_CREDENTIALS: Final = re.compile(r"\$!?\{?credentials\b")


@dataclass(frozen=True, slots=True)
class Rendered:
    """One template, rendered.

    Args:
        name: as the wire names it, or the header's name.
        text: masked; None if it could not be rendered.
        error: why not.
        warnings: what is suspected.
    """

    name: str
    text: str | None
    error: Finding | None = None
    warnings: tuple[Finding, ...] = ()


def rendered_parts(
    document: ActionDocument,
    names: Sequence[str] = (),
    *,
    inputs: Mapping[str, Any] | None = None,
    raw_request: str | None = None,
    credentials: CredentialValues | None = None,
    reply: GivenReply | None = None,
) -> tuple[Rendered, ...]:
    """Return the templates of an action, rendered.

    Args:
        document: the action.
        names: `url`, `body`, `success` or headers' names; none for all.
        inputs: None makes them up.
        raw_request: the caller's text; made from the inputs if None.
        credentials: None makes them up.
        reply: what the success template's variables are taken from; None makes it up.

    Raises:
        OperationRefused: the action has no template of a name.
    """
    values = made_up_inputs(document) if inputs is None else dict(inputs)
    opened = credentials if credentials is not None else made_up_credentials(document)
    stage = Stage(document, values, raw_request, opened, reply)
    parts = [*_parts(stage.compiled)]
    wanted = [_chosen(name, parts) for name in names] or [name for name, _ in parts]
    return tuple(stage.rendered(part) for name, part in parts if name in wanted)


class Stage:
    """One action with everything that its templates see.

    Args:
        document: the action.
        inputs: the input.
        raw_request: the caller's text; made from the inputs if None.
        credentials: None if there are none.
        reply: what variables are taken from; None makes it up.
    """

    def __init__(
        self,
        document: ActionDocument,
        inputs: Mapping[str, Any],
        raw_request: str | None,
        credentials: CredentialValues | None,
        reply: GivenReply | None,
    ) -> None:
        self.document = document
        self.compiled = compile_action(make_action(document))
        raw = json_text(inputs) if raw_request is None else raw_request
        run = make_run(make_action(document), inputs, raw, credentials)
        login = login_fields(document)
        self.mask = Masker([*secrets_of(credentials), *login.values()])
        self._context = request_context(run, self.compiled)
        if login:
            self._context["authResponse"] = login
        if credentials is not None and self._uses_credentials(document):
            self._context["credentials"] = {
                name: secret.reveal() for name, secret in credentials.fields.items()
            }
        self._passage = Passage(run, self.compiled, 0.0)
        self._reply = reply

    @staticmethod
    def _uses_credentials(document: ActionDocument) -> bool:
        request = document.config.request
        texts = (request.url_template, request.template, *request.headers.values())
        return any(_USES_CREDENTIALS.search(text) for text in texts)

    @property
    def reply(self) -> Any:
        """The reply's JSON value, `{}` if it has none."""
        return self._read_reply()[1]

    @property
    def variables(self) -> Mapping[str, str]:
        """What the translation map made of the reply, as JSON text."""
        return self._passage.variables

    def everything(self) -> dict[str, Any]:
        """Return what any template sees, those of the request and the success template together.

        Raises:
            ActionFailed: a path of the translation map cannot be used.
        """
        return {**self._context, **self._success()}

    def rendered(self, part: TemplatePart) -> Rendered:
        """Return a template of the action, rendered."""
        try:
            context = self._success() if part.name == _SUCCESS else self._context
        except ActionFailed as failure:
            return self._failed(part, failure)
        try:
            text = part.render(context)
        except VelocityError as error:
            return self._failed(part, template_failed(part, error, variable_names(context)))
        warnings = (placed(one, self.document) for one in unfilled(part.pointer, part.unfilled(text)))
        return Rendered(part.name, self.mask(text), warnings=tuple(warnings))

    def _failed(self, part: TemplatePart, failure: ActionFailed) -> Rendered:
        first = masked_finding(failure.findings[0], self.mask)
        return Rendered(part.name, None, placed(first, self.document))

    def _success(self) -> Mapping[str, Any]:
        text, self._passage.document = self._read_reply()
        translate(self._passage)
        return success_context(self.compiled, self._passage.variables, text, self._context["input"])

    def _read_reply(self) -> tuple[str, Any]:
        body = self._reply.body if self._reply is not None else None
        text = json_text(synthesized(self.document)) if body is None else body.decode("utf-8", "replace")
        try:
            return text, read_json_text(text.encode())
        except NotJson:
            return text, {}


def _parts(compiled: CompiledAction) -> Iterator[tuple[str, TemplatePart]]:
    yield "url", compiled.url
    yield from compiled.headers
    if compiled.body is not None:
        yield "body", compiled.body
    yield "success", compiled.success


def _chosen(name: str, parts: Sequence[tuple[str, TemplatePart]]) -> str:
    known = [one for one, _ in parts]
    folded = {one.lower(): one for one in known} | {long.lower(): short for short, long in _NAMES.items()}
    chosen = folded.get(name.lower())
    if chosen not in known:
        near = nearest(name, known)
        raise OperationRefused(
            found(
                "TEMPLATE_NAME_UNKNOWN",
                Place(name),
                name=name,
                names=", ".join(f"`{one}`" for one in known),
                nearest=f"Write `{near}`." if near else "Write one of these names.",
            ),
            exit_code=_USAGE,
        )
    assert chosen is not None, "it is one of those known"
    return chosen
