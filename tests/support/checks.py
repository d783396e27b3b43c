"""Short forms for tests of the checks: bodies, facts, and what was found."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from jackfield.catalog import load_catalog
from jackfield.domain.credential import Credential
from jackfield.domain.finding import Checked, Finding
from jackfield.domain.integration import (
    Configuration,
    Integration,
    IntegrationType,
    IntendedState,
    ReportedState,
)
from jackfield.domain.json_reader import Reading, read_json

CATALOG = load_catalog()
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
CREDENTIAL_ID = "97f652b5-0000-4000-8000-9ed9d6cd5fed"
INTEGRATION_ID = "1301c6da-0000-4000-8000-04572bba22d8"


def reading(body: Any) -> Reading:
    """A body: text as it is, everything else as JSON of one line for each member."""
    return read_json(body if isinstance(body, str) else json.dumps(body, indent=1, ensure_ascii=False))


def kind(type_id: str) -> IntegrationType:
    """An integration type of the catalog."""
    return CATALOG.integration_types[type_id]


def stored(**types: str) -> Callable[[str], Credential | None]:
    """A lookup of credentials: CREDENTIAL_ID is of type basicAuth; further ids with their types."""
    known = {CREDENTIAL_ID: "basicAuth", **types}

    def find(identifier: str) -> Credential | None:
        type_name = known.get(identifier)
        return (type_name and Credential(identifier, "org", None, type_name, 1, NOON, NOON)) or None

    return find


def integration(type_id: str = "custom-rest-actions", name: str = "Web services") -> Integration:
    """A stored integration."""
    return Integration(
        id=INTEGRATION_ID,
        organization_id="org",
        type_id=type_id,
        intended_state=IntendedState.DISABLED,
        reported_state=ReportedState.INACTIVE,
        configuration=Configuration(name),
        created=NOON,
        modified=NOON,
    )


def codes(checked: Checked[Any]) -> list[str]:
    """The codes of what was found, in order."""
    return [finding.code for finding in checked.findings]


def the(checked: Checked[Any], code: str) -> Finding:
    """The one finding of a code."""
    matching = [finding for finding in checked.findings if finding.code == code]
    assert len(matching) == 1, codes(checked)
    return matching[0]


def everything(checked: Checked[Any]) -> str:
    """All texts of all findings, to look for what must not be in them."""
    return "\n".join(repr(finding) for finding in checked.findings)
