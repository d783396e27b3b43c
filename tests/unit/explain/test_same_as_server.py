"""Server and explain go by the same rules: for every request they find the same."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jackfield.domain.errors import JackfieldError
from jackfield.domain.json_reader import Reading, read_json
from jackfield.explain import ExplainOptions, explain
from support.services import Workshop, body, open_workshop

SOME = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
UNKNOWN_ID = "99999999-8888-4777-8666-555555555555"
TEXTS = st.sampled_from(
    ["", "x", "3", "<id>", "ENABLED", "basicAuth", "[object Object]", '{"a": 1}', "{{x}}"]
)
ANYTHING = st.one_of(TEXTS, st.integers(-1, 4), st.booleans(), st.none(), st.just([]), st.just({}))
PROPERTIES = st.dictionaries(st.sampled_from(["url", "groups", "groupFilter", "sandbox"]), TEXTS, max_size=3)
DAMAGES: tuple[Callable[[str], str], ...] = (
    str,
    lambda text: text.replace("}", ",}", 1),
    lambda text: text.replace('"', "'"),
    lambda text: text[:-1],
    lambda text: "\ufeff" + text,
    lambda text: text.replace(":", "", 1),
    lambda text: f'{{"body": {text}}}',
    lambda text: f"[{text}]",
    json.dumps,
)


def some_of(members: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Objects with any of some members, and now and then one that means nothing."""
    return st.fixed_dictionaries({}, optional={**members, "Notes": ANYTHING})


CONFIGURATIONS = some_of(
    {
        "name": ANYTHING,
        "version": ANYTHING,
        "properties": PROPERTIES | ANYTHING,
        "advanced": ANYTHING,
        "notes": ANYTHING,
        "credentials": st.one_of(
            st.dictionaries(
                st.sampled_from(["basicAuth", "basicauth", "id", "userDefined"]),
                st.one_of(TEXTS, st.fixed_dictionaries({}, optional={"id": st.just("KNOWN") | TEXTS})),
                max_size=2,
            ),
            ANYTHING,
        ),
    }
)
CREDENTIALS = some_of(
    {
        "name": ANYTHING,
        "type": st.one_of(st.fixed_dictionaries({}, optional={"name": TEXTS}), ANYTHING),
        "credentialFields": st.one_of(
            st.dictionaries(st.sampled_from(["userName", "username", "password"]), ANYTHING, max_size=3),
            ANYTHING,
        ),
    }
)
INTEGRATIONS = some_of(
    {
        "name": ANYTHING,
        "integrationType": st.one_of(
            st.fixed_dictionaries({}, optional={"id": TEXTS | st.just("webhook")}), ANYTHING
        ),
    }
)


@pytest.fixture
def workshop(tmp_path: Path) -> Iterator[Workshop]:
    """Real services in a temporary folder."""
    made = asyncio.run(open_workshop(tmp_path))
    yield made
    made.store.close()


def codes_of_server(call: Callable[[Reading], Coroutine[Any, Any, Any]], text: str) -> list[str]:
    """Return the codes of everything that the server finds: of a refusal, or of the warnings."""
    try:
        outcome = asyncio.run(call(read_json(text)))
    except JackfieldError as error:
        findings = error.findings
    else:
        findings = outcome.warnings
    return sorted(finding.code for finding in findings)


def codes_of_explain(text: str, options: ExplainOptions) -> list[str]:
    """Return the codes of everything that explain finds in the body."""
    explanation = explain(text, options=options)
    return sorted(
        one.finding.code for one in explanation.findings if one.finding.place.pointer not in ("path", "host")
    )


@SOME
@given(wanted=CREDENTIALS, damage=st.sampled_from(DAMAGES))
def test_credentials(workshop: Workshop, wanted: dict[str, Any], damage: Callable[[str], str]) -> None:
    """POST of a credential."""
    text = damage(json.dumps(wanted))
    service = workshop.services.credentials
    of_server = codes_of_server(lambda reading: service.create(workshop.caller, reading), text)
    options = ExplainOptions(method="POST", path="/api/v2/integrations/credentials")
    assert codes_of_explain(text, options) == of_server


@SOME
@given(wanted=INTEGRATIONS, damage=st.sampled_from(DAMAGES))
def test_integrations(workshop: Workshop, wanted: dict[str, Any], damage: Callable[[str], str]) -> None:
    """POST of an integration."""
    text = damage(json.dumps(wanted))
    service = workshop.services.integrations
    of_server = codes_of_server(lambda reading: service.create(workshop.caller, reading), text)
    assert codes_of_explain(text, ExplainOptions(method="POST", path="/api/v2/integrations")) == of_server


@SOME
@given(wanted=CONFIGURATIONS, damage=st.sampled_from(DAMAGES))
def test_configurations(workshop: Workshop, wanted: dict[str, Any], damage: Callable[[str], str]) -> None:
    """PUT of a configuration whose credentials, as far as it names any, exist; the version is not known."""
    service = workshop.services
    made = asyncio.run(service.integrations.create(workshop.caller, body(_NEW))).value.integration
    stored = asyncio.run(service.credentials.create(workshop.caller, body(_CREDENTIAL))).value
    text = damage(json.dumps(wanted)).replace("KNOWN", stored.id)
    of_server = codes_of_server(
        lambda reading: service.integrations.replace_configuration(workshop.caller, made.id, reading), text
    )
    path = f"/api/v2/integrations/{made.id}/config/current"
    options = ExplainOptions(type_id="custom-rest-actions", method="PUT", path=path)
    # What the store alone can tell, explain does not claim to know.
    unknowable = {"VERSION_STALE", "CREDENTIAL_UNKNOWN"}
    of_explain = codes_of_explain(text, options)
    assert [one for one in of_explain if one not in unknowable] == [
        one for one in of_server if one not in unknowable
    ]


_NEW = {"integrationType": {"id": "custom-rest-actions"}}
_CREDENTIAL = {
    "name": "c",
    "type": {"name": "basicAuth"},
    "credentialFields": {"userName": "u", "password": "p"},
}
