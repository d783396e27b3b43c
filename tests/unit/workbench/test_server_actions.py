"""Actions of a server as documents, as far as servers other than ours answer differently."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from jackfield.client.actions import WholeAction
from jackfield.client.integrations import Integration
from jackfield.domain.errors import OperationRefused
from jackfield.workbench.server_actions import Import, check_type, document_of, fitting, integration_open
from support.sample_actions import document, exported

CLOUD: dict[str, Any] = {
    "id": "custom_-_1",
    "name": "Of the cloud",
    "integrationId": "i-1",
    "category": "C",
    "contract": {"input": {"inputSchema": {"type": "object"}}, "output": {"successSchema": {}}},
    "version": 7,
    "secure": True,
    "config": {
        "request": {
            "requestUrlTemplate": "https://s.example.com/",
            "requestTemplateUri": "/api/v2/integrations/actions/custom_-_1/templates/requesttemplate.vm",
            "requestType": "POST",
            "headers": {},
        },
        "response": {
            "translationMap": {},
            "translationMapDefaults": {},
            "successTemplateUri": "/api/v2/integrations/actions/custom_-_1/templates/successtemplate.vm",
        },
    },
    "selfUri": "/api/v2/integrations/actions/custom_-_1",
}
WEB: Integration = {"id": "i-1", "name": "Web", "integrationType": {"id": "custom-rest-actions"}}
OTHER: Integration = {"id": "i-2", "name": "Platform", "integrationType": {"id": "purecloud-data-actions"}}


def whole(action: dict[str, Any], **templates: str) -> WholeAction:
    """An answer with templates that were read from their addresses."""
    return WholeAction(json.dumps(action), action, {f"{name}.vm": text for name, text in templates.items()})  # type: ignore[arg-type]


def test_templates_come_from_their_own_addresses() -> None:
    """The cloud names their URIs only; an action exported without them would get the default ones."""
    read = document_of(whole(CLOUD, requesttemplate="a\n", successtemplate="b"), "custom-rest-actions")
    assert (read.config.request.template, read.config.response.success_template) == ("a\n", "b")
    assert (read.name, read.category, read.secure, read.action_type) == ("Of the cloud", "C", True, "custom")
    assert read.findings == ()


def test_the_id_tells_a_login() -> None:
    """Actions do not say their kind themselves."""
    login = whole(CLOUD | {"id": "customAuth_-_i-1"})
    assert document_of(login, "custom-rest-actions").action_type == "customAuth"


def test_an_answer_without_configuration_is_no_action() -> None:
    """It is refused, not written as an empty file."""
    with pytest.raises(OperationRefused) as refused:
        document_of(whole({name: CLOUD[name] for name in ("id", "name", "contract")}), "")
    assert refused.value.findings[0].code == "ACTION_FILE_WITHOUT_CONFIG"


def test_where_an_action_fits(tmp_path: Path) -> None:
    """To integrations of its type, one without a type everywhere; the category falls back to the name."""
    action = document(tmp_path, exported("https://s.example.com/"))
    assert fitting(action, [WEB, OTHER]) == (WEB,)
    check_type(action, WEB)
    with pytest.raises(OperationRefused):
        check_type(action, OTHER)
    untyped = document_of(whole(CLOUD), "")
    assert fitting(untyped, [WEB, OTHER]) == (WEB, OTHER)
    body = json.loads(Import(action, WEB).body)
    assert (body["integrationId"], body["category"]) == ("i-1", "Web")
    assert "actionType" not in body


@pytest.mark.parametrize(("count", "words"), [(0, "there is none"), (20, "and 12 more")])
def test_what_to_choose_from(tmp_path: Path, count: int, words: str) -> None:
    """The refusal lists a few of them, and says how many more there are."""
    refusal = integration_open(document(tmp_path, exported("https://s.example.com/")), [WEB] * count)
    finding = refusal.findings[0]
    assert words in finding.message + finding.accepted
