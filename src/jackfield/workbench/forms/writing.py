"""Writing an action in one of the forms, so that reading it again gives an equal document."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, Literal

import yaml

from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Finding, Place
from jackfield.workbench.documents import CUSTOM, ActionDocument
from jackfield.workbench.files import replace_text
from jackfield.workbench.forms.folder_form import (
    ACTION_FILE,
    INPUT_FILE,
    OUTPUT_FILE,
    REQUEST_FILE,
    SUCCESS_FILE,
    URL_FILE,
)
from jackfield.workbench.forms.json_text import indented, laid_out_members, quoted

WrittenForm = Literal["export", "api", "folder"]
WRITTEN_FORMS: Final[tuple[WrittenForm, ...]] = ("export", "api", "folder")
_IN_WORDS: Final = {"export": "an exported file", "api": "a body of the API", "folder": "a folder"}
_NOT_IN_NAMES: Final = re.compile(r"[^\w.()@&+-]+")
_STEP: Final = "  "
_TWINS: Final = "Two of the actions have the same name: write them one by one, or rename one."
_BREAKS: Final = re.compile("[\n\r\x85\u2028\u2029\ufeff]")


def write(
    document: ActionDocument, target: Path, form: WrittenForm, *, plain: bool = False, overwrite: bool = False
) -> tuple[Path, ...]:
    """Write an action.

    Args:
        document: the action.
        target: the file; for the JSON forms also a folder that exists, in which the file is named after the
            action; for the folder form the action's own folder.
        form: how to write it.
        plain: leave out what the form does not have in the cloud.
        overwrite: replace what is there.

    Returns:
        The files that were written.

    Raises:
        OperationRefused: a file exists already, or cannot be written.
    """
    files = _files(document, target, form, plain)
    for path in files:
        if path.exists() and not overwrite:
            place = Place(file=str(path))
            raise OperationRefused(found("ACTION_FILE_EXISTS", place, path=path))
    for path, text in files.items():
        replace_text(path, text)
    return tuple(files)


def write_all(
    documents: Sequence[ActionDocument],
    out: Path,
    form: WrittenForm,
    *,
    plain: bool = False,
    overwrite: bool = False,
    several: bool,
    marks: Sequence[str] = (),
) -> tuple[tuple[Path, ...], ...]:
    """Write actions, none of them over another.

    Args:
        documents: the actions.
        out: a folder in which each gets a file or folder of its own, or the target of the only one.
        form: how to write them.
        plain: leave out what the form does not have in the cloud.
        overwrite: replace what is there.
        several: `out` is a folder for all of them.
        marks: what tells actions of the same name apart, such as a part of their ids; none to refuse them.

    Returns:
        The files of each.

    Raises:
        OperationRefused: two have the same name, a file exists already, or cannot be written.
    """
    names = [file_name(document, form) for document in documents]
    if marks:
        twins = [name for name, count in Counter(names).items() if count > 1]
        names = [
            file_name(replace(document, name=f"{document.name} {mark}"), form) if name in twins else name
            for document, name, mark in zip(documents, names, marks, strict=True)
        ]
    targets = [out / name if several else out for name in names]
    for number, target in enumerate(targets):
        if target in targets[:number]:
            finding = found("ACTION_FILE_EXISTS", Place(file=str(target)), path=target, fix=_TWINS)
            raise OperationRefused(finding)
    return tuple(
        write(document, target, form, plain=plain, overwrite=overwrite)
        for document, target in zip(documents, targets, strict=True)
    )


def file_name(document: ActionDocument, form: WrittenForm) -> str:
    """Return the name under which an action is written, as exports are named; a folder's has no ending."""
    stem = _NOT_IN_NAMES.sub("-", document.name).strip("-.")[:120] or "action"
    endings = {"export": f".{document.action_type}.json", "api": ".json", "folder": ""}
    return stem + endings[form]


def json_of(document: ActionDocument, form: WrittenForm, *, plain: bool = False) -> str:
    """Return the text of one of the two JSON forms."""
    members = [("name", quoted(document.name)), *_kind_members(document, form, plain)]
    contract = [
        ("input", _schema("inputSchema", document.contract.input_schema)),
        ("output", _schema("successSchema", document.contract.success_schema)),
    ]
    members += [
        ("config", _config(document)),
        ("contract", laid_out_members(contract, _STEP)),
        ("secure", "true" if document.secure else "false"),
    ]
    return laid_out_members(members) + "\n"


def change_of(document: ActionDocument, version: int) -> bytes:
    """Return the body that changes a login: its name and configuration; nothing else of it can be changed."""
    config = replace(document.config, timeout_seconds=None)
    members = [
        ("name", quoted(document.name)),
        ("version", str(version)),
        ("config", _config(replace(document, config=config))),
    ]
    return laid_out_members(members).encode("utf-8", "surrogatepass")


def notes(document: ActionDocument, form: WrittenForm, *, plain: bool = False) -> tuple[Finding, ...]:
    """Return what the writer of a form should tell: what is more, and what is less, than the form has."""
    place = Place(file=str(document.origin.path))
    told: list[Finding] = []
    beyond = _beyond(document, form)
    if beyond and not plain:
        names = " and no ".join(f"`{name}`" for name in beyond)
        told.append(found("ACTION_FORM_BEYOND", place, form=_IN_WORDS[form], names=names))
    for name, (value, option, example) in _needed(document, form).items():
        if not value:
            told.append(
                found(
                    "ACTION_FORM_LACKS",
                    place,
                    form=_IN_WORDS[form][0].upper() + _IN_WORDS[form][1:],
                    name=name,
                    path=document.origin.path,
                    option=option,
                    example=example,
                )
            )
    return tuple(told)


def _needed(document: ActionDocument, form: WrittenForm) -> Mapping[str, tuple[str, str, str]]:
    """Return what a form needs: name of the member to value, option that gives it, and example."""
    kind = (document.integration_type, "--integration-type", '"integrationType": "custom-rest-actions"')
    integration = (document.integration_id, "--integration-id", '"integrationId": "<id>"')
    category = (document.category, "--category", '"category": "…"')
    if form == "export":
        return {"integrationType": kind}
    return {"integrationId": integration, "category": category} if form == "api" else {}


def _beyond(document: ActionDocument, form: WrittenForm) -> tuple[str, ...]:
    """Return the members that a document has and a form has not."""
    if form == "export":
        values = {"category": document.category, "integrationId": document.integration_id}
    elif form == "api":
        custom = "" if document.action_type == CUSTOM else document.action_type
        values = {"integrationType": document.integration_type, "actionType": custom}
    else:
        values = {}
    return tuple(name for name, value in values.items() if value)


def _kind_members(document: ActionDocument, form: WrittenForm, plain: bool) -> list[tuple[str, str]]:
    """Return the members between name and configuration."""
    values = {
        "integrationType": document.integration_type,
        "actionType": document.action_type,
        "category": document.category,
        "integrationId": document.integration_id,
    }
    own = ("integrationType", "actionType") if form == "export" else ("category", "integrationId")
    names = [name for name in own if values[name]]
    names += [] if plain else _beyond(document, form)
    return [(name, quoted(values[name])) for name in names]


def _config(document: ActionDocument) -> str:
    request, response = document.config.request, document.config.response
    inner = _STEP * 2
    members = [
        (
            "request",
            laid_out_members(
                [
                    ("requestUrlTemplate", quoted(request.url_template)),
                    ("requestType", quoted(request.request_type)),
                    ("headers", _texts(request.headers)),
                    ("requestTemplate", quoted(request.template)),
                ],
                inner,
            ),
        ),
        (
            "response",
            laid_out_members(
                [
                    ("translationMap", _texts(response.translation_map)),
                    ("translationMapDefaults", _texts(response.translation_map_defaults)),
                    ("successTemplate", quoted(response.success_template)),
                ],
                inner,
            ),
        ),
    ]
    if document.config.timeout_seconds is not None:
        members.append(("timeoutSeconds", str(document.config.timeout_seconds)))
    return laid_out_members(members, _STEP)


def _texts(texts: Mapping[str, str]) -> str:
    return laid_out_members([(name, quoted(text)) for name, text in texts.items()], _STEP * 3)


def _schema(name: str, text: str) -> str:
    return laid_out_members([(name, indented(text, _STEP * 3))], _STEP * 2)


def _files(document: ActionDocument, target: Path, form: WrittenForm, plain: bool) -> dict[Path, str]:
    if form != "folder":
        path = target / file_name(document, form) if target.is_dir() else target
        return {path: json_of(document, form, plain=plain)}
    templates = {
        URL_FILE: document.config.request.url_template,
        REQUEST_FILE: document.config.request.template,
        SUCCESS_FILE: document.config.response.success_template,
    }
    texts = {
        ACTION_FILE: settings_of(document),
        **{name: _template(text) for name, text in templates.items()},
        INPUT_FILE: document.contract.input_schema + "\n",
        OUTPUT_FILE: document.contract.success_schema + "\n",
    }
    return {target / name: text for name, text in texts.items()}


def _template(text: str) -> str:
    """Return what a template's file holds: a final line break is the file's, a first mark is dropped."""
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    return f"{mark}{text}\n"


def settings_of(document: ActionDocument) -> str:
    """Return the text of `action.yaml`."""
    request, response = document.config.request, document.config.response
    said: dict[str, Any] = {
        "name": document.name,
        "integrationType": document.integration_type,
        "actionType": document.action_type,
        "category": document.category,
        "integrationId": document.integration_id,
    }
    settings: dict[str, Any] = {name: value for name, value in said.items() if value or name == "name"}
    settings["secure"] = document.secure
    if document.config.timeout_seconds is not None:
        settings["timeoutSeconds"] = document.config.timeout_seconds
    settings["request"] = {"requestType": request.request_type, "headers": dict(request.headers)}
    settings["response"] = {
        "translationMap": dict(response.translation_map),
        "translationMapDefaults": dict(response.translation_map_defaults),
    }
    return yaml_of(settings)


def yaml_of(value: Any) -> str:
    """Return a value of plain types as YAML, its texts without loss, keys in their order."""
    return str(yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000, indent=2))


class _Dumper(yaml.SafeDumper):
    """Writes texts with line breaks between double quotes: PyYAML folds some kinds of them elsewhere."""


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    style = '"' if _BREAKS.search(text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)
