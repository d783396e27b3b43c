"""Data actions on the wire."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from jackfield.api.json_bytes import dump
from jackfield.api.shapes.actions import ERROR_DOCUMENT, action, created, schema_bytes, template_text
from jackfield.domain.action import ActionState
from jackfield.domain.errors import NotFound
from support.stand_ins import ACTION

URI = "/api/v2/integrations/actions/custom_-_1"


def test_the_bare_action() -> None:
    """Without asking there is neither contract nor configuration."""
    assert action(ACTION) == {
        "id": "custom_-_1",
        "name": "Greet",
        "integrationId": "int-1",
        "category": "Greetings",
        "version": 2,
        "secure": False,
        "selfUri": URI,
    }


def test_configuration() -> None:
    """Templates inline and by URI; no timeout unless one was set."""
    config = action(ACTION, config=True)["config"]
    assert config["request"] == {
        "requestUrlTemplate": "https://example.com/",
        "requestTemplate": "line\n${input.a}",
        "requestTemplateUri": f"{URI}/templates/requesttemplate.vm",
        "requestType": "POST",
        "headers": {"X": "y"},
    }
    assert config["response"]["successTemplateUri"] == f"{URI}/templates/successtemplate.vm"
    assert "timeoutSeconds" not in config
    timed = replace(ACTION, config=replace(ACTION.config, timeout_seconds=7))
    assert action(timed, config=True)["config"]["timeoutSeconds"] == 7


def test_contract() -> None:
    """Schemas are the caller's text, each with its URI."""
    text = dump(action(ACTION, contract=True))
    assert b'"inputSchema":{"type": "object", "properties": {"a": {"type": "string"}}}' in text
    contract = json.loads(text)["contract"]
    assert contract["input"]["inputSchemaUri"] == f"{URI}/schemas/input.json"
    assert contract["output"]["successSchemaUri"] == f"{URI}/schemas/success.json"
    assert contract["output"]["errorSchema"]["properties"]["errorCode"] == {"type": "string"}


def test_flat_contract() -> None:
    """Flat or plain, never both; the input is a bare schema, the outputs name their arrays."""
    contract = action(ACTION, contract=True, flatten=True)["contract"]
    assert set(contract["input"]) == {"inputSchemaFlattened", "inputSchemaUri"}
    assert contract["input"]["inputSchemaFlattened"]["properties"] == {"a": {"type": "string"}}
    assert "successSchema" not in contract["output"]
    assert contract["output"]["errorSchemaFlattened"]["arrayProperties"] == ["userParams", "details"]


def test_what_creating_answers() -> None:
    """Everything, so that it can be sent back."""
    assert {"config", "contract"} <= set(created(ACTION))


def test_links_of_a_draft() -> None:
    """A draft's links lead to the draft."""
    assert action(replace(ACTION, state=ActionState.DRAFT))["selfUri"] == f"{URI}/draft"


def test_files() -> None:
    """Templates and schemas by file name, byte for byte."""
    assert template_text(ACTION, "requesttemplate.vm") == "line\n${input.a}"
    assert template_text(ACTION, "successtemplate.vm") == "${rawResult}"
    assert schema_bytes(ACTION, "input.json", flatten=False).decode() == ACTION.contract.input_schema
    assert schema_bytes(ACTION, "SuccessSchema.json", flatten=False) == b'{"type":"object"}'
    assert schema_bytes(ACTION, "error.json", flatten=False).decode() == ERROR_DOCUMENT
    flat = json.loads(schema_bytes(ACTION, "success.json", flatten=True))
    assert set(flat) == {"schema", "arrayProperties"}
    assert json.loads(schema_bytes(ACTION, "input.json", flatten=True))["properties"] == {
        "a": {"type": "string"}
    }


@pytest.mark.parametrize("name", ["RequestTemplate.vm", "../secret", "", "x" * 10_000])
def test_files_that_do_not_exist(name: str) -> None:
    """Another name is 404 and lists those there are."""
    with pytest.raises(NotFound) as refused:
        template_text(ACTION, name)
    assert "requesttemplate.vm" in refused.value.findings[0].accepted
    with pytest.raises(NotFound):
        schema_bytes(ACTION, name, flatten=False)
    assert len(refused.value.message) < 300
