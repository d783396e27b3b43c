"""Data actions out of the JSON of a plan."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from jackfield.domain.errors import OperationRefused
from jackfield.workbench.terraform import load_plan

SCHEMA = {"type": "object", "properties": {"id": {"type": "string"}}}


def _values(**changes: Any) -> dict[str, Any]:
    return {
        "name": "Look up",
        "category": "Orders",
        "secure": False,
        "config_timeout_seconds": 20,
        "contract_input": json.dumps(SCHEMA),
        "contract_output": json.dumps({"type": "object"}),
        "config_request": [
            {
                "request_url_template": "https://orders.example.com/${input.id}",
                "request_type": "GET",
                "request_template": "${input.rawRequest}",
                "headers": {"X-Trace": "${input.id}"},
            }
        ],
        "config_response": [
            {
                "success_template": '{"state": ${state}}',
                "translation_map": {"state": "$.state"},
                "translation_map_defaults": None,
            }
        ],
        **changes,
    }


def _plan(
    values: dict[str, Any], unknown: dict[str, Any] | None = None, module: bool = False
) -> dict[str, Any]:
    prefix = "module.orders." if module else ""
    address = f"{prefix}genesyscloud_integration_action.look_up"
    resources = [
        {"address": address, "type": "genesyscloud_integration_action", "name": "look_up", "values": values},
        {
            "address": f"{prefix}genesyscloud_integration.web",
            "type": "genesyscloud_integration",
            "name": "web",
            "values": {"integration_type": "custom-rest-actions"},
        },
    ]
    references = ["genesyscloud_integration.web.id", "genesyscloud_integration.web"]
    configured = {
        "resources": [
            {
                "address": "genesyscloud_integration_action.look_up",
                "expressions": {"integration_id": {"references": references}},
            }
        ]
    }
    planned: dict[str, Any] = {"resources": resources}
    return {
        "format_version": "1.2",
        "planned_values": {"root_module": {"child_modules": [planned]} if module else planned},
        "resource_changes": [{"address": address, "change": {"after_unknown": unknown or {}}}],
        "configuration": {
            "root_module": {"module_calls": {"orders": {"module": configured}}} if module else configured
        },
    }


def _written(folder: Path, whole: Any) -> Path:
    path = folder / "plan.json"
    path.write_text(json.dumps(whole), encoding="utf-8")
    return path


@pytest.mark.parametrize("module", [False, True])
def test_a_planned_action_is_read_whole(tmp_path: Path, module: bool) -> None:
    """Every attribute arrives, also out of a module, and the integration's type by the reference to it."""
    (document,) = load_plan(
        _written(tmp_path, _plan(_values(), {"id": True, "integration_id": True}, module))
    )
    assert (document.name, document.category, document.secure) == ("Look up", "Orders", False)
    assert document.integration_type == "custom-rest-actions"
    assert document.config.timeout_seconds == 20
    assert document.config.request.url_template == "https://orders.example.com/${input.id}"
    assert document.config.request.headers == {"X-Trace": "${input.id}"}
    assert document.config.response.translation_map == {"state": "$.state"}
    assert document.config.response.translation_map_defaults == {}
    assert json.loads(document.contract.input_schema) == SCHEMA
    assert not document.findings


def test_places_lead_into_the_plan(tmp_path: Path) -> None:
    """A fault in a template or in a contract is pointed at in the plan's text."""
    path = _written(tmp_path, _plan(_values()))
    text = path.read_text(encoding="utf-8")
    (document,) = load_plan(path)
    place = document.origin.place("/config/response/successTemplate", 10, 8)
    assert place.file == str(path)
    assert text[(place.column or 0) - 1 :].startswith("${state}")
    inner = document.origin.place("/contract/input/inputSchema/properties/id/type", 0, 6)
    assert text[(inner.column or 0) - 1 :].startswith("string")
    timeout = document.origin.place("/config/timeoutSeconds")
    assert text[(timeout.column or 0) - 1 :].startswith("20")


@pytest.mark.parametrize(
    ("unknown", "name"),
    [
        ({"config_request": True}, "config_request"),
        ({"config_request": [{"headers": {"X-Trace": True}}]}, "config_request.headers.X-Trace"),
        ({"contract_input": True}, "contract_input"),
    ],
)
def test_what_is_known_after_apply_is_said(tmp_path: Path, unknown: dict[str, Any], name: str) -> None:
    """A value that the plan leaves open is a finding with its name."""
    with pytest.raises(OperationRefused) as refusal:
        load_plan(_written(tmp_path, _plan(_values(), unknown)))
    (finding,) = refusal.value.findings
    assert finding.code == "PLAN_VALUE_UNKNOWN"
    assert f"`{name}`" in finding.message


def test_a_contract_that_is_no_json_is_said(tmp_path: Path) -> None:
    """A text that should hold JSON and does not is a finding."""
    with pytest.raises(OperationRefused) as refusal:
        load_plan(_written(tmp_path, _plan(_values(contract_input='{"type": object}'))))
    assert {finding.code for finding in refusal.value.findings} == {"PLAN_CONTRACT_UNREADABLE"}


@pytest.mark.parametrize(
    ("whole", "code"),
    [
        ({"resource": {}}, "PLAN_UNREADABLE"),
        ([], "PLAN_UNREADABLE"),
        ({"planned_values": {"root_module": {}}}, "TERRAFORM_WITHOUT_ACTIONS"),
        ({"values": {"root_module": {"resources": []}}}, "TERRAFORM_WITHOUT_ACTIONS"),
    ],
)
def test_other_json_is_refused(tmp_path: Path, whole: Any, code: str) -> None:
    """What is no plan, or a plan without actions, is said to be so."""
    with pytest.raises(OperationRefused) as refusal:
        load_plan(_written(tmp_path, whole))
    assert refusal.value.findings[0].code == code
