"""Actions made ready to run: templates, paths and contracts, compiled once and kept while unchanged."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import orjson

from jackfield.domain.action import (
    DEFAULT_REQUEST_TEMPLATE,
    DEFAULT_SUCCESS_TEMPLATE,
    Action,
    ActionState,
)
from jackfield.engine.dialect import DOCUMENTED, Dialect
from jackfield.engine.header_plan import HeaderPlan, plan_headers
from jackfield.engine.limits import effective_timeout
from jackfield.jsonpath import Path, PathSyntaxError, compile_path
from jackfield.rules.contracts import ContractInvalid, Validator, compile_contract
from jackfield.rules.leniency import Leniency, Source, find_leniency
from jackfield.velocity import Template, VelocityError, compile_template

METHODS = ("GET", "PUT", "POST", "PATCH", "DELETE")
_BODILESS = frozenset({"GET"})
_NOTHING = Leniency()
_LOUD_REFERENCE = re.compile(r"\$(?:\{[A-Za-z][\w.-]*\}|[A-Za-z][\w-]*(?:\.[A-Za-z][\w-]*)*)")
_FIELD = re.compile(r"(?<!\\)\$\{?(credentials|authResponse)\.([A-Za-z][\w-]*+)(?!\()")
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")


class TemplatePart:
    """One template of an action.

    Args:
        name: what Velocity's messages call it.
        pointer: where it stands in the action.
        text: the template.
        dialect: how it is read.

    `fields` are those of credential and login that it cannot do without, as (`credentials`, name) pairs.
    """

    __slots__ = ("_template", "dialect", "fields", "name", "plain", "pointer", "references", "text")

    def __init__(self, name: str, pointer: str, text: str, dialect: Dialect = DOCUMENTED) -> None:
        self.name, self.pointer, self.text, self.dialect = name, pointer, text, dialect
        self.plain = "$" not in text and "#" not in text
        self.references = tuple(dict.fromkeys(_LOUD_REFERENCE.findall(text)))
        # What stands behind a condition may be missing.
        self.fields = () if "#" in text else tuple(dict.fromkeys(_FIELD.findall(text)))
        self._template: Template | None = None
        if not self.plain:
            # What does not compile raises again, fresh, in the step that renders it: a kept exception would
            # keep its frames.
            with suppress(VelocityError):
                self._template = _compiled(text, name, dialect)

    def unfilled(self, text: str) -> list[str]:
        """Return the references that a rendered text still shows as written: their values were null."""
        return [reference for reference in self.references if reference in text]

    def render(self, context: Mapping[str, Any]) -> str:
        """Return the rendered text.

        Raises:
            VelocityError: the text is no template, or it cannot be rendered with this context.
        """
        template = self._template
        if template is not None:
            return template.render(context)
        return self.text if self.plain else _compiled(self.text, self.name, self.dialect).render(context)


@dataclass(frozen=True, slots=True)
class TranslationEntry:
    """One variable of the translation map; `path` is None if its text is no path."""

    name: str
    text: str
    path: Path | None
    default: str | None


@dataclass(slots=True)
class CompiledAction:
    """Everything about an action that does not change from run to run.

    Args:
        faults: why the definition cannot run at all.
        body: None if requests of this method have no body.
        passes_input: the body is the caller's own text.
        passes_result: the result is the reply's own text.
        leniency: what its templates are let through with, and the warnings about it.
        header_plan: None if each run has to look at the headers one by one.
    """

    action: Action
    method: str
    timeout: int
    url: TemplatePart
    headers: tuple[tuple[str, TemplatePart], ...]
    body: TemplatePart | None
    success: TemplatePart
    translation: tuple[TranslationEntry, ...]
    input_contract: Validator | None
    success_contract: Validator | None
    passes_input: bool
    passes_result: bool
    faults: tuple[tuple[str, str], ...] = ()
    leniency: Leniency = _NOTHING
    header_plan: HeaderPlan | None = None
    _success_schema: list[Any] = field(default_factory=list)

    @property
    def success_schema(self) -> Any:
        """The parsed success schema, read when first asked for."""
        if not self._success_schema:
            self._success_schema.append(orjson.loads(self.action.contract.success_schema))
        return self._success_schema[0]

    def serves(self, action: Action) -> bool:
        """Tell if this is still the action: the same object, or equal in all that was compiled."""
        own = self.action
        return own is action or (own.config == action.config and own.contract == action.contract)


class CompiledActions:
    """The most recently run actions in compiled form.

    Args:
        size: how many are kept.
        dialect: how their templates are read.
    """

    def __init__(self, size: int, dialect: Dialect = DOCUMENTED) -> None:
        self._size, self._dialect = size, dialect
        self._kept: OrderedDict[tuple[str, int, ActionState], CompiledAction] = OrderedDict()
        self.compilations = 0

    def get(self, action: Action) -> CompiledAction:
        """Return an action in compiled form; compile it if it is new or has changed."""
        key = (action.id, action.version, action.state)
        compiled = self._kept.get(key)
        if compiled is not None and compiled.serves(action):
            self._kept.move_to_end(key)
            return compiled
        compiled = self._kept[key] = compile_action(action, self._dialect)
        self.compilations += 1
        self._kept.move_to_end(key)
        if len(self._kept) > self._size:
            self._kept.popitem(last=False)
        return compiled


def compile_action(action: Action, dialect: Dialect = DOCUMENTED) -> CompiledAction:
    """Compile all parts of an action. Faults are kept for the step that meets them; nothing is raised."""
    request, response, contract = action.config.request, action.config.response, action.contract
    method = request.request_type.upper()
    faults: list[tuple[str, str]] = []
    if not request.url_template.strip():
        faults.append(("/config/request/requestUrlTemplate", "it has no URL template"))
    if method not in METHODS:
        faults.append(("/config/request/requestType", f"`{request.request_type}` is not one of {METHODS}"))
    faults.extend(
        (f"/config/request/headers/{name}", f"`{name}` cannot be the name of a header")
        for name in request.headers
        if _HEADER_NAME.match(name) is None
    )
    input_contract = _contract("/contract/input/inputSchema", contract.input_schema, faults)
    success_contract = _contract("/contract/output/successSchema", contract.success_schema, faults)
    headers = _headers(request.headers, dialect)
    url = TemplatePart(
        "requestUrlTemplate", "/config/request/requestUrlTemplate", request.url_template, dialect
    )
    body = _body(method, request.template, dialect)
    success = TemplatePart(
        "successTemplate", "/config/response/successTemplate", response.success_template, dialect
    )
    leniency = find_leniency(
        _sources((url, body, *(part for _, part in headers))),
        Source(success.pointer, success.text),
        response.translation_map,
        contract.input_schema,
        unproven=dialect.directives == "warn",
    )
    return CompiledAction(
        action=action,
        method=method,
        timeout=effective_timeout(action.config.timeout_seconds),
        url=url,
        headers=headers,
        body=body,
        success=success,
        translation=_translation(response.translation_map, response.translation_map_defaults),
        input_contract=input_contract,
        success_contract=success_contract,
        passes_input=body is not None and body.text.strip() == DEFAULT_REQUEST_TEMPLATE,
        passes_result=response.success_template.strip() == DEFAULT_SUCCESS_TEMPLATE,
        faults=tuple(faults),
        leniency=leniency,
        header_plan=plan_headers(headers),
    )


def _compiled(text: str, name: str, dialect: Dialect) -> Template:
    # Undefined variables are errors (observed).
    return compile_template(
        text, name=name, strict=True, null_mode=dialect.null_formal, directives=dialect.known
    )


def _body(method: str, template: str, dialect: Dialect) -> TemplatePart | None:
    """Return the body's template: GET has none, DELETE only one that somebody wrote."""
    if method in _BODILESS:
        return None
    if method == "DELETE" and template.strip() in ("", DEFAULT_REQUEST_TEMPLATE):
        return None
    return TemplatePart("requestTemplate", "/config/request/requestTemplate", template, dialect)


def _headers(headers: Mapping[str, str], dialect: Dialect) -> tuple[tuple[str, TemplatePart], ...]:
    return tuple(
        (name, TemplatePart(name, f"/config/request/headers/{_escaped(name)}", text, dialect))
        for name, text in headers.items()
    )


def _translation(paths: Mapping[str, str], defaults: Mapping[str, str]) -> tuple[TranslationEntry, ...]:
    entries: list[TranslationEntry] = []
    for name, text in paths.items():
        try:
            path: Path | None = compile_path(text)
        except PathSyntaxError:
            path = None
        entries.append(TranslationEntry(name, text, path, defaults.get(name)))
    return tuple(entries)


def _contract(pointer: str, schema: str, faults: list[tuple[str, str]]) -> Validator | None:
    if schema.strip() in ("", "{}"):
        return None
    try:
        return compile_contract(schema)
    except ContractInvalid as error:
        faults.append((f"{pointer}{error.pointer}", error.message))
        return None


def _sources(parts: Iterable[TemplatePart | None]) -> list[Source]:
    return [Source(part.pointer, part.text) for part in parts if part is not None and not part.plain]


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
