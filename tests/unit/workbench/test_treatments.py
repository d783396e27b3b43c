"""How types of integrations are tested."""

from __future__ import annotations

from pathlib import Path

import pytest

from jackfield.catalog import load_catalog
from jackfield.workbench.treatments import TREATMENTS, WEB_SERVICES, integration_type_of, treatment_of
from support.sample_actions import document, exported

CATALOG = load_catalog()


def test_every_type_with_data_actions_is_in_the_table() -> None:
    """A type of the catalog that has data actions can be tested, each with the credentials that it takes."""
    rows = {(row.integration_type, row.credential_type) for row in TREATMENTS}
    for kind in CATALOG.integration_types.values():
        if kind.data_actions:
            assert kind.id in {name for name, _ in rows}
    for kind_id, credential in rows:
        slots = CATALOG.integration_types[kind_id].slots.values()
        taken = {name for slot in slots for name in slot.credential_types}
        assert credential in {"", *taken}, kind_id


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://s.example.com/api/v2/a", WEB_SERVICES),
        ("/api/v2/users/me", "purecloud-data-actions"),
        ("/services/data/v58.0/query", "salesforce-datadip"),
        ("/api/data/v9.1/contacts", "microsoft-dynamics-data-actions"),
        ("arn:aws:lambda:eu-west-1:1:function:f", "aws-lambda-data-actions"),
    ],
)
def test_the_url_tells_the_type(tmp_path: Path, url: str, kind: str) -> None:
    """Bodies of the API do not name the type of integration; what a form says counts first."""
    assert integration_type_of(document(tmp_path, exported(url, kind=""))) == kind
    assert integration_type_of(document(tmp_path, exported(url, kind="zendesk-data-actions"))) == (
        "zendesk-data-actions"
    )


@pytest.mark.parametrize(
    ("integration", "credential", "row"),
    [
        (WEB_SERVICES, "basicAuth", (WEB_SERVICES, "basicAuth")),
        (WEB_SERVICES, "salesforce", (WEB_SERVICES, "")),
        ("purecloud-data-actions", "", ("purecloud-data-actions", "pureCloudOAuthClient")),
        ("of-another-vendor", "", (WEB_SERVICES, "")),
    ],
)
def test_the_row_of_an_action(integration: str, credential: str, row: tuple[str, str]) -> None:
    """What is not known is treated as a web service."""
    found = treatment_of(integration, credential)
    assert (found.integration_type, found.credential_type) == row
