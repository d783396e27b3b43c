"""`jackfield integration` against a server that answers as the API does."""

from __future__ import annotations

import json
from typing import Any

import pytest

from support.command_line import Commands, in_a_process
from support.fake_api import Asked, FakeApi, Reply

ROOT = "/api/v2/integrations"
FIRST, SECOND = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
TYPE = {
    "id": "custom-rest-actions",
    "name": "Web Services Data Actions",
    "credentials": {"basicAuth": {"credentialTypes": ["basicAuth", "userDefined"], "required": False}},
}


def integration(identifier: str, name: str) -> dict[str, Any]:
    """Make an integration as the API shows it."""
    return {
        "id": identifier,
        "name": name,
        "integrationType": {"id": "custom-rest-actions"},
        "intendedState": "ENABLED",
        "reportedState": {"code": "ACTIVE"},
    }


class Organization:
    """Some integrations and one type."""

    def __init__(self, *names: str) -> None:
        self.integrations = [
            integration(identifier, name) for identifier, name in zip((FIRST, SECOND), names, strict=False)
        ]
        self.credentials: dict[str, Any] = {"basicAuth": {"id": "c-1"}}

    def __call__(self, asked: Asked) -> Reply:
        """Answer GET."""
        known: dict[str, Any] = {
            ROOT: {"entities": self.integrations, "pageCount": 1},
            f"{ROOT}/types": {"entities": [TYPE], "pageCount": 1},
            f"{ROOT}/types/custom-rest-actions": TYPE,
        }
        for item in self.integrations:
            known[f"{ROOT}/{item['id']}"] = item
            known[f"{ROOT}/{item['id']}/config/current"] = {
                "version": 4,
                "notes": "ours",
                "properties": {},
                "advanced": {},
                "credentials": self.credentials,
            }
        found = known.get(asked.path)
        return Reply(value=found) if found else Reply(404, {"code": "not.found", "message": "no such thing"})


@pytest.fixture
def organization(api: FakeApi) -> Organization:
    """Two integrations with different names."""
    api.responder = organization = Organization("One", "Two")
    return organization


def test_list_prints_tab_separated_lines_without_a_terminal(
    connected: Commands, organization: Organization, api: FakeApi
) -> None:
    """A head line and one line for each, ready for cut and grep; filters go to the server."""
    outcome = connected("integration", "list", "--type", "custom-rest-actions", "--state", "active")
    assert outcome.out.splitlines() == [
        "ID\tNAME\tTYPE\tWANTED\tIS",
        f"{FIRST}\tOne\tcustom-rest-actions\tENABLED\tACTIVE",
        f"{SECOND}\tTwo\tcustom-rest-actions\tENABLED\tACTIVE",
    ]
    assert api.calls[0].query["integrationType"] == "custom-rest-actions"
    assert api.calls[0].query["reportedState"] == "ACTIVE"


def test_list_as_a_process_is_one_document(api: FakeApi, organization: Organization) -> None:
    """Standard output holds exactly one document, standard error nothing."""
    outcome = in_a_process("integration", "list", "--json", **api.environment())
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.document["total"] == 2
    assert [item["id"] for item in outcome.document["integrations"]] == [FIRST, SECOND]


@pytest.mark.parametrize("word", [FIRST, "One"])
def test_show_takes_an_id_or_a_name(connected: Commands, organization: Organization, word: str) -> None:
    """Both lead to the integration with its version and what stands in its slot."""
    text, document = connected("integration", "show", word), connected("integration", "show", word, "--json")
    assert "configuration version  4" in text.out
    assert "basicAuth\tbasicAuth | userDefined\tno\tc-1" in text.out
    assert document.document["configuration"]["version"] == 4


def test_a_name_of_two_is_refused_with_both_ids(connected: Commands, api: FakeApi) -> None:
    """Names need not be unique: guessing would pick another one tomorrow."""
    api.responder = Organization("Same", "Same")
    outcome = connected("integration", "show", "Same", "--json")
    assert (outcome.code, outcome.finding["code"]) == (1, "NAME_AMBIGUOUS")
    assert FIRST in outcome.finding["accepted"]
    assert SECOND in outcome.finding["accepted"]


def test_an_unknown_name_is_told_the_nearest(connected: Commands, organization: Organization) -> None:
    """A misspelt name gets an advice; an id that is not there gets the server's answer."""
    outcome = connected("integration", "show", "Onne", "--json")
    assert (outcome.code, outcome.finding["fix"]) == (1, "Did you mean `One`?")
    missing = connected("integration", "show", FIRST.replace("1", "3"), "--json")
    assert (missing.code, missing.document["error"]["status"]) == (1, 404)


def test_types_show_their_slots(connected: Commands, organization: Organization) -> None:
    """The list tells type, name and slots."""
    outcome = connected("integration", "types")
    assert outcome.out.splitlines()[1] == "custom-rest-actions\tWeb Services Data Actions\tbasicAuth"


@pytest.mark.parametrize(
    ("target", "attached"), [("custom-rest-actions", {}), ("One", {"basicAuth": {"id": "c-1"}})]
)
def test_slots_of_a_type_and_of_an_integration(
    connected: Commands, organization: Organization, target: str, attached: dict[str, Any]
) -> None:
    """Slots come with what they take, what stands in them, and the form to send."""
    text = connected("integration", "slots", target)
    document = connected("integration", "slots", target, "--json").document
    assert "basicAuth | userDefined" in text.out
    assert '{"credentials": {"basicAuth": {"id": "<id of a credential>"}}}' in text.err
    assert document["attached"] == attached
    assert document["send"] == {"credentials": {"basicAuth": {"id": "<id of a credential>"}}}


def test_slots_of_a_misspelt_type(connected: Commands, organization: Organization) -> None:
    """The advice names the nearest type."""
    outcome = connected("integration", "slots", "custom-rest-action", "--json")
    assert (outcome.code, outcome.finding["fix"]) == (1, "Did you mean `custom-rest-actions`?")


def test_a_type_without_slots_says_so(connected: Commands, api: FakeApi) -> None:
    """No empty table."""
    api.responder = lambda _: Reply(value={"id": "webhook"})
    assert connected("integration", "slots", "webhook").out == "This type has no credential slots.\n"


def test_a_refusal_of_the_server_keeps_its_context(connected: Commands, api: FakeApi) -> None:
    """A missing permission exits 4 and shows the correlation id."""
    api.responder = lambda _: Reply(
        403, {"code": "missing.permissions", "message": "integrations:integration:view", "contextId": "c-7"}
    )
    text, document = connected("integration", "list"), connected("integration", "list", "--json")
    assert (text.code, document.code) == (4, 4)
    assert "context id c-7" in text.err
    assert document.document["error"]["context_id"] == "c-7"


def test_warnings_do_not_spoil_the_document(connected: Commands, api: FakeApi) -> None:
    """What the server warns about is on standard error, or a member of the document."""
    header = json.dumps([{"code": "X_Y", "pointer": "/a", "message": "odd", "fix": "mend"}])
    api.responder = lambda _: Reply(value={"entities": []}, headers={"Jackfield-Findings": header})
    text, document = connected("integration", "list"), connected("integration", "list", "--json")
    assert "warning: odd [X_Y]" in text.err
    assert document.document["warnings"][0]["code"] == "X_Y"
