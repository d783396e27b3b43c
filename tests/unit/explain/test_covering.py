"""What must not be read by others: secrets always, for sharing also ids, hosts and names."""

from __future__ import annotations

import json

import pytest

from jackfield.explain import ExplainOptions, explain
from jackfield.explain.report import members, report_lines
from support.explain_post import CREDENTIAL, POST

URL = "https://api.mypurecloud.com/api/v2/integrations/credentials"
SECRET = "zQ7-hidden-4711"


def shown(text: str, options: ExplainOptions | None = None) -> str:
    """Return everything that is printed about a text, in every form."""
    explanation = explain(text, options=options or ExplainOptions())
    forms = "\n".join(
        "\n".join(report_lines(explanation, forms=(form,))) for form in ("http", "curl", "python")
    )
    return forms + "\n".join(report_lines(explanation)) + json.dumps(members(explanation), default=str)


@pytest.mark.parametrize(
    "text",
    [
        f'POST {URL}\n\n{{"type": "basicAuth", "credentialFields": {{"userName": 1, "x": "{SECRET}"}}}}',
        f"POST {URL} HTTP/1.1\n\n" + json.dumps(json.dumps({"credentialFields": {"password": SECRET}})),
        f"POST {URL}\nAuthorization: Bearer {SECRET}\n\n{{}}",
        f"curl -u id:{SECRET} -H 'Content-Type: application/json' -d '{{\"password\": \"{SECRET}\"}}' {URL}",
        f'POST {URL}\n\n{{"name": "x", "password": "{SECRET}", "userName": "u", "type": "basicAuth"}}',
        f'POST {URL}\n\n{{"name": "x" "type": "userDefined", "credentialFields": {{"a": "{SECRET}, }}}}',
        f'POST {URL}\n\n{{"credentialFields": {{"apiKey": ["{SECRET}"]}}, "type": "userDefined"}}',
        f"POST {URL}\n\n{{'credentialFields': {{'clientSecret': '{SECRET}'}}, 'type': 'userDefined'}}",
        f'PUT {URL[:-12]}/x/config/current\n\n{{"credentials": {{"a": {{"password": "{SECRET}"}}}}}}',
        f"client_secret={SECRET}\nGET https://login.mypurecloud.de/oauth/token",
    ],
)
def test_secrets_are_never_printed(text: str) -> None:
    """Wherever a secret stands, whole or damaged, nothing of it is printed, and its owner is warned."""
    assert SECRET not in shown(text)
    assert explain(text).secrets_seen


def test_a_field_that_is_no_text_is_hidden_too() -> None:
    """A password sent as a number is mended without being shown."""
    fields = '{"userName": "u", "password": 90210771}'
    text = f'POST {URL}\n\n{{"type": "basicAuth", "credentialFields": {fields}}}'
    assert "90210771" not in shown(text)
    mended = json.loads(explain(text).corrections[0].body_text)
    assert mended["credentialFields"]["password"] == "<password>"


@pytest.mark.parametrize("word", ["<password>", "${credentials.password}", "{{password}}", "********"])
def test_stand_ins_are_no_secrets(word: str) -> None:
    """Placeholders and references are not warned about."""
    assert explain(f'POST {URL}\n\n{{"credentialFields": {{"password": "{word}"}}}}').secrets_seen == ()


def test_sharing_hides_who_it_is() -> None:
    """Ids, hosts, mail addresses and names become stand-ins; what the API itself calls things stays."""
    text = POST + "\nanna@lookup.example, https://crm.acme.example/x, 10.1.2.3\n"
    plain, shared = shown(text), shown(text, ExplainOptions(share=True))
    assert CREDENTIAL in plain
    assert '"Lookup"' in plain
    for hidden in (CREDENTIAL, "77777777-aaaa", "lookup.example", "anna", '"Lookup"', "acme"):
        assert hidden not in shared
    for kept in ("basicAuth", "custom-rest-actions", "api.mypurecloud.com", "CREDENTIALS_BARE_INFO"):
        assert kept in shared


def test_the_same_stays_the_same_when_shared() -> None:
    """An id has one stand-in, so that the answer can still be followed."""
    explanation = explain(POST, options=ExplainOptions(share=True))
    slot = json.loads(explanation.corrections[0].body_text)["credentials"]["basicAuth"]["id"]
    assert slot.startswith("<id-")
    assert slot in explanation.findings[0].finding.fix
