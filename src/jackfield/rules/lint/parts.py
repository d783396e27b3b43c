"""A data action taken apart for the rules: templates parsed, paths compiled, contracts read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, Literal, Protocol

from jackfield.domain.action import DEFAULT_REQUEST_TEMPLATE, ActionConfig, Contract
from jackfield.domain.finding import Place
from jackfield.domain.json_reader import escaped
from jackfield.jsonpath import Path, PathSyntaxError, compile_path
from jackfield.rules.lint.pieces import Piece, pieces_of
from jackfield.velocity import Template, VelocityError, compile_template

URL: Final = "/config/request/requestUrlTemplate"
HEADERS: Final = "/config/request/headers"
BODY: Final = "/config/request/requestTemplate"
SUCCESS: Final = "/config/response/successTemplate"
MAP: Final = "/config/response/translationMap"
DEFAULTS: Final = "/config/response/translationMapDefaults"
INPUT: Final = "/contract/input/inputSchema"
OUTPUT: Final = "/contract/output/successSchema"

WEB_SERVICES: Final = "custom-rest-actions"
PLATFORM: Final = "purecloud-data-actions"
FUNCTIONS: Final = ("aws-lambda-data-actions", "function-data-actions", "google-data-actions")

TemplateKind = Literal["url", "header", "body", "success"]
BodyKind = Literal["json", "form", "other"]


class PlaceIn(Protocol):
    """Finds the place of a part of an action in what its author wrote."""

    def __call__(self, pointer: str, offset: int = 0, width: int = 1) -> Place:
        """Return a place.

        Args:
            pointer: JSON pointer into the API form.
            offset: 0-based index into the text at the pointer.
            width: how many characters of it to underline.
        """
        ...


@dataclass(frozen=True)
class TemplateText:
    """One template of an action.

    Args:
        name: what messages call it.
        pointer: where it stands.
        text: as it is written.
        kind: what becomes of it.
    """

    name: str
    pointer: str
    text: str
    kind: TemplateKind

    @cached_property
    def compiled(self) -> Template | None:
        """The template; None if it does not parse, which is a finding of its own."""
        try:
            return compile_template(self.text, name=self.name, strict=True)
        except VelocityError:
            return None

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """What it prints, in order; nothing if it does not parse."""
        return () if self.compiled is None else pieces_of(self.compiled)


@dataclass(frozen=True, slots=True)
class Entry:
    """One variable of the translation map; `path` is None if its text is no path."""

    name: str
    text: str
    path: Path | None
    default: str | None

    @property
    def default_value(self) -> Any:
        """What the default says as JSON; None if there is none or it is no JSON."""
        try:
            return None if self.default is None else json.loads(self.default)
        except (ValueError, RecursionError):
            return None


@dataclass(frozen=True, slots=True)
class Input:
    """One input of the contract; `kinds` are the JSON types it may have, none if it does not say."""

    name: str
    kinds: tuple[str, ...]
    required: bool
    schema: Mapping[str, Any]

    @property
    def is_text(self) -> bool:
        """True if any text may come: then it may hold what has to be escaped."""
        closed = any(word in self.schema for word in ("enum", "pattern", "format"))
        return ("string" in self.kinds or not self.kinds) and not closed


@dataclass(frozen=True, slots=True)
class LintOptions:
    """What is not known of the cloud, as the user wants it judged.

    Args:
        directives: `deny` makes directives that no published action uses errors, `allow` says nothing.
        null_formal: what a reference to null prints that is not quiet: itself (`literal`, documented), or
            nothing, because it stops the run (`error`, the template engine's own strict rule).
    """

    directives: Literal["deny", "warn", "allow"] = "warn"
    null_formal: Literal["literal", "error"] = "literal"


@dataclass(frozen=True)
class ActionParts:
    """What the rules look at.

    Args:
        name: the action's.
        integration_type: id; "" if it is not known.
        is_login: it is the login of an integration.
        secure: its inputs are never stored.
        config: as it stands.
        contract: the JSON texts of both schemas.
        place: finds places for findings.
        options: how to judge what is not known of the cloud.
    """

    name: str
    integration_type: str
    is_login: bool
    secure: bool
    config: ActionConfig
    contract: Contract
    place: PlaceIn = field(repr=False)
    options: LintOptions = LintOptions()

    @cached_property
    def url(self) -> TemplateText:
        """The template of the URL."""
        return TemplateText("requestUrlTemplate", URL, self.config.request.url_template, "url")

    @cached_property
    def headers(self) -> tuple[TemplateText, ...]:
        """The templates of the headers, under their names."""
        return tuple(
            TemplateText(name, f"{HEADERS}/{escaped(name)}", text, "header")
            for name, text in self.config.request.headers.items()
        )

    @cached_property
    def body(self) -> TemplateText:
        """The template of the body, sent or not."""
        return TemplateText("requestTemplate", BODY, self.config.request.template, "body")

    @property
    def sends_body(self) -> bool:
        """True if the template of the body is rendered: GET sends none, DELETE only one that is written."""
        method = self.config.request.request_type.upper()
        return method != "GET" and not (method == "DELETE" and self.has_usual_body)

    @property
    def has_usual_body(self) -> bool:
        """True if the body is what the user interface writes by itself."""
        return self.body.text.strip() in ("", DEFAULT_REQUEST_TEMPLATE)

    @cached_property
    def success(self) -> TemplateText:
        """The success template."""
        return TemplateText("successTemplate", SUCCESS, self.config.response.success_template, "success")

    @cached_property
    def request_templates(self) -> tuple[TemplateText, ...]:
        """URL, headers, and the body if it is sent."""
        return (self.url, *self.headers, *((self.body,) if self.sends_body else ()))

    @cached_property
    def templates(self) -> tuple[TemplateText, ...]:
        """All templates that are rendered."""
        return (*self.request_templates, self.success)

    @cached_property
    def body_kind(self) -> BodyKind:
        """What the body is, by its Content-Type and, without one, by how it begins."""
        declared = self.header("content-type").lower()
        if "x-www-form-urlencoded" in declared:
            return "form"
        if "json" in declared or (not declared and self.body.text.lstrip()[:1] in ("{", "[")):
            return "json"
        return "other" if declared else "json"

    def header(self, name: str) -> str:
        """Return the template of a header, whatever the case of its name; "" if there is none."""
        return next((one.text for one in self.headers if one.name.lower() == name), "")

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """The translation map with its defaults."""
        defaults = self.config.response.translation_map_defaults
        return tuple(
            Entry(name, text, _path(text), defaults.get(name))
            for name, text in self.config.response.translation_map.items()
        )

    def entry(self, name: str) -> Entry | None:
        """Return a variable of the translation map."""
        return next((one for one in self.entries if one.name == name), None)

    @cached_property
    def input_schema(self) -> Mapping[str, Any]:
        """The input contract; empty if it is no object."""
        return _schema(self.contract.input_schema)

    @cached_property
    def output_schema(self) -> Mapping[str, Any]:
        """The output contract; empty if it is no object."""
        return _schema(self.contract.success_schema)

    @cached_property
    def inputs(self) -> Mapping[str, Input]:
        """The inputs by name."""
        required = self.input_schema.get("required")
        needed = required if isinstance(required, list) else []
        return {
            name: Input(name, kinds_of(schema), name in needed, schema)
            for name, schema in members_of(self.input_schema)
        }

    def input(self, name: str) -> Input | None:
        """Return an input; names that differ in case alone are found, as the engine finds them."""
        exact = self.inputs.get(name)
        if exact is not None:
            return exact
        return next((one for key, one in self.inputs.items() if key.lower() == name.lower()), None)

    @property
    def is_web_service(self) -> bool:
        """True for actions of the web services integration, and where the type is not known."""
        return self.integration_type in ("", WEB_SERVICES)


def members_of(schema: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the properties of a schema that are described by schemas."""
    properties = schema.get("properties") if isinstance(schema, Mapping) else None
    if isinstance(properties, Mapping):
        for name, inner in properties.items():
            yield name, inner if isinstance(inner, Mapping) else {}


def kinds_of(schema: Any) -> tuple[str, ...]:
    """Return the JSON types that a schema names."""
    kind = schema.get("type") if isinstance(schema, Mapping) else None
    if isinstance(kind, str):
        return (kind,)
    return tuple(one for one in kind if isinstance(one, str)) if isinstance(kind, list) else ()


def _path(text: str) -> Path | None:
    try:
        return compile_path(text)
    except PathSyntaxError:
        return None


def _schema(text: str) -> Mapping[str, Any]:
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}
