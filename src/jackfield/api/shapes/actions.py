"""Data actions on the wire: entity, configuration, contract, and their files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from jackfield.api.json_bytes import Raw, dump
from jackfield.api.shapes.flat_schema import flat_schema
from jackfield.domain.action import Action, ActionState
from jackfield.domain.catalogue import found
from jackfield.domain.errors import NotFound
from jackfield.domain.finding import Place

ACTIONS = "/api/v2/integrations/actions"
DRAFTS = f"{ACTIONS}/drafts"
REQUEST_TEMPLATE = "requesttemplate.vm"
SUCCESS_TEMPLATE = "successtemplate.vm"
INPUT_SCHEMA = "input.json"
SUCCESS_SCHEMA = "success.json"
ERROR_SCHEMA = "error.json"
# Longer names that callers may have kept from elsewhere.
SCHEMA_ALIASES: Final[Mapping[str, str]] = {
    "inputschema.json": INPUT_SCHEMA,
    "successschema.json": SUCCESS_SCHEMA,
    "errorschema.json": ERROR_SCHEMA,
}

# The failure outputs that Architect binds, as a schema; seen in published flows.
ERROR_DOCUMENT: Final = (
    '{"$schema":"http://json-schema.org/draft-04/schema#","title":"Error","type":"object","properties":{'
    '"errorCode":{"type":"string"},"status":{"type":"integer"},"correlationId":{"type":"string"},'
    '"entityId":{"type":"string"},"entityName":{"type":"string"},"userMessage":{"type":"string"},'
    '"userParamsMessage":{"type":"string"},'
    '"userParams":{"type":"array","items":{"type":"object","properties":{'
    '"key":{"type":"string"},"value":{"type":"string"}}}},'
    '"details":{"type":"array","items":{"type":"object","properties":{'
    '"errorCode":{"type":"string"},"fieldName":{"type":"string"},'
    '"entityId":{"type":"string"},"entityName":{"type":"string"}}}}}}'
)


def action(
    item: Action, *, contract: bool = False, flatten: bool = False, config: bool = False
) -> dict[str, Any]:
    """Return an Action.

    Args:
        contract: include the contract (`expand=contract`).
        flatten: contract in flat form.
        config: include the configuration (`includeConfig=true`).
    """
    uri = _uri(item)
    shape: dict[str, Any] = {
        "id": item.id,
        "name": item.name,
        "integrationId": item.integration_id,
        "category": item.category,
    }
    if contract:
        shape["contract"] = _contract(item, uri, flatten=flatten)
    shape |= {"version": item.version, "secure": item.secure}
    if config:
        shape["config"] = _config(item, uri)
    return shape | {"selfUri": uri}


def created(item: Action) -> dict[str, Any]:
    """Return what creating and changing an action answers: everything, so that it can be sent back."""
    return action(item, contract=True, config=True)


def category(name: str) -> dict[str, str]:
    """Return a Category."""
    return {"name": name}


def template_text(item: Action, file_name: str) -> str:
    """Return a template as it was sent.

    Raises:
        NotFound: an action has no template with that file name.
    """
    if file_name == REQUEST_TEMPLATE:
        return item.config.request.template
    if file_name == SUCCESS_TEMPLATE:
        return item.config.response.success_template
    raise _no_file("template", file_name, (REQUEST_TEMPLATE, SUCCESS_TEMPLATE))


def schema_bytes(item: Action, file_name: str, *, flatten: bool) -> bytes:
    """Return a schema of the contract: the caller's own text, or its flat form.

    Raises:
        NotFound: an action has no schema with that file name.
    """
    texts = {
        INPUT_SCHEMA: item.contract.input_schema,
        SUCCESS_SCHEMA: item.contract.success_schema,
        ERROR_SCHEMA: ERROR_DOCUMENT,
    }
    text = texts.get(SCHEMA_ALIASES.get(file_name.lower(), file_name.lower()))
    if text is None:
        raise _no_file("schema", file_name, tuple(texts))
    if not flatten:
        return text.encode()
    flat = flat_schema(text)
    return dump(flat["schema"] if text is item.contract.input_schema else flat)


def _uri(item: Action) -> str:
    draft = "/draft" if item.state is ActionState.DRAFT else ""
    return f"{ACTIONS}/{item.id}{draft}"


def _config(item: Action, uri: str) -> dict[str, Any]:
    request, response = item.config.request, item.config.response
    config: dict[str, Any] = {
        "request": {
            "requestUrlTemplate": request.url_template,
            "requestTemplate": request.template,
            "requestTemplateUri": f"{uri}/templates/{REQUEST_TEMPLATE}",
            "requestType": request.request_type,
            "headers": dict(request.headers),
        },
        "response": {
            "translationMap": dict(response.translation_map),
            "translationMapDefaults": dict(response.translation_map_defaults),
            "successTemplate": response.success_template,
            "successTemplateUri": f"{uri}/templates/{SUCCESS_TEMPLATE}",
        },
    }
    if item.config.timeout_seconds is not None:
        config["timeoutSeconds"] = item.config.timeout_seconds
    return config


def _contract(item: Action, uri: str, *, flatten: bool) -> dict[str, Any]:
    contract = item.contract
    if flatten:
        given: dict[str, Any] = {"inputSchemaFlattened": flat_schema(contract.input_schema)["schema"]}
        success: dict[str, Any] = {"successSchemaFlattened": flat_schema(contract.success_schema)}
        error: dict[str, Any] = {"errorSchemaFlattened": flat_schema(ERROR_DOCUMENT)}
    else:
        given = {"inputSchema": Raw(contract.input_schema)}
        success = {"successSchema": Raw(contract.success_schema)}
        error = {"errorSchema": Raw(ERROR_DOCUMENT)}
    return {
        "input": given | {"inputSchemaUri": f"{uri}/schemas/{INPUT_SCHEMA}"},
        "output": success
        | {"successSchemaUri": f"{uri}/schemas/{SUCCESS_SCHEMA}"}
        | error
        | {"errorSchemaUri": f"{uri}/schemas/{ERROR_SCHEMA}"},
    }


def _no_file(noun: str, name: str, names: tuple[str, ...]) -> NotFound:
    place = Place("path/fileName")
    shown = name[:64]
    return NotFound(
        found("FILE_NAME_UNKNOWN", place, seen=shown, noun=noun, name=shown, names=", ".join(names))
    )
