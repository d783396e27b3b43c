"""Checks of templates and paths: do they parse, and does something set what they use."""

from __future__ import annotations

from typing import Any

import pytest

from jackfield.domain.action import NewAction
from jackfield.domain.finding import Checked
from jackfield.rules.actions import ActionFacts, check_new_action
from support.checks import CATALOG, INTEGRATION_ID, codes, integration, reading, the

URL = "/config/request/requestUrlTemplate"
BODY = "/config/request/requestTemplate"
SUCCESS = "/config/response/successTemplate"


def check(
    url: str = "https://x", *, template: str = "${input.rawRequest}", headers: Any = None, **response: Any
) -> Checked[NewAction]:
    """Check templates in an action that is right otherwise; its one input is `conversationId`."""
    schema = {"type": "object", "properties": {"conversationId": {"type": "string"}}}
    request = {
        "requestUrlTemplate": url,
        "requestType": "POST",
        "requestTemplate": template,
        "headers": headers or {},
    }
    body = {
        "name": "x",
        "category": "y",
        "integrationId": INTEGRATION_ID,
        "config": {"request": request, "response": response},
        "contract": {"input": {"inputSchema": schema}, "output": {"successSchema": {"type": "object"}}},
    }
    return check_new_action(reading(body), ActionFacts(lambda _: integration(), CATALOG))


@pytest.mark.parametrize(
    "template",
    [
        "${input.conversationId} $!input.conversationId $input.conversationId.toLowerCase()",
        "$credentials.user ${authResponse.access_token}",
        '$esc.jsonEncode("x") $math.add(1, 2) $encoding.base64("a:b")',
        "#set($x = 1)$x",
        "#if($input.conversationId)a#else b#end",
        "$input.orgId ${input.rawRequest}",
        r"\$escaped costs 5$ and {input} stays",
        "plain text without anything",
    ],
)
def test_templates_that_are_right(template: str) -> None:
    """Inputs of the contract, credentials, tools and own variables are known."""
    assert check(template=template).findings == ()


def test_a_template_that_does_not_parse() -> None:
    """The place inside of the string is found, with line, column and caret; it is only a warning."""
    checked = check(template="first\nsecond #if($input.conversationId")
    warning = the(checked, "TEMPLATE_SYNTAX")

    assert checked.value is not None
    assert warning.place.pointer == BODY
    assert "requestTemplate" in warning.message
    assert "^" in warning.place.caret()


def test_every_template_is_looked_at() -> None:
    """URL, header values, body and success template are all checked in one go."""
    checked = check(
        "https://x/#if(", template="#end", headers={"X": "#if("}, successTemplate="#if(", translationMap={}
    )

    assert [finding.place.pointer for finding in checked.findings] == [
        URL,
        BODY,
        "/config/request/headers/X",
        SUCCESS,
    ]
    assert set(codes(checked)) == {"TEMPLATE_SYNTAX"}


@pytest.mark.parametrize(
    ("template", "name", "hint"),
    [
        ("${Input.conversationId}", "Input", "$input"),
        ("$conversationId", "conversationId", ""),
        ("${state}", "state", ""),
    ],
)
def test_a_variable_that_nothing_sets(template: str, name: str, hint: str) -> None:
    """A request template sees inputs, credentials and tools; others are named with the nearest one."""
    warning = the(check(template=f"x {template}"), "TEMPLATE_VARIABLE_UNKNOWN")

    assert f"`${name}`" in warning.message
    assert hint in warning.message
    assert warning.place.caret().splitlines()[1].count("^") == len(name) + 1


def test_a_success_template_sees_the_translation_map() -> None:
    """A name that differs by a letter from the map's is the commonest mistake, and the right one is told."""
    right = check(translationMap={"Presence": "$.x"}, successTemplate='{"p": ${Presence}, "r": $rawResult}')
    wrong = check(translationMap={"Presence": "$.x"}, successTemplate='{"p": ${Presences}}')

    assert right.findings == ()
    warning = the(wrong, "TEMPLATE_VARIABLE_UNKNOWN")
    assert warning.place.pointer == SUCCESS
    assert "Did you mean `$Presence`?" in warning.message


def test_a_success_template_does_not_see_inputs() -> None:
    """Inputs are gone when the reply is read."""
    assert codes(check(successTemplate="$input.conversationId")) == ["TEMPLATE_VARIABLE_UNKNOWN"]


def test_an_input_that_the_contract_does_not_have() -> None:
    """Inputs are compared with the contract, without regard to case, once for each name."""
    warning = the(check("https://x/${input.conversation}/${input.conversation}"), "INPUT_UNKNOWN")

    assert warning.place.pointer == URL
    assert "Did you mean `input.conversationId`?" in warning.message
    assert check("https://x/${input.ConversationID}").findings == ()


@pytest.mark.parametrize(
    ("template", "seen"),
    [("https://x/{input.conversationId}", "{input.conversationId}"), ("{credentials.x}", "{credentials.x}")],
)
def test_a_dollar_sign_that_was_eaten(template: str, seen: str) -> None:
    """A reference without its dollar sign was eaten by a shell or by Terraform."""
    warning = the(check(template=template), "TEMPLATE_DOLLAR_MISSING")

    assert warning.seen == seen
    assert f"${seen}" in warning.fix


def test_an_eaten_dollar_sign_in_the_success_template() -> None:
    """Names of the translation map are known there too."""
    checked = check(translationMap={"state": "$.x"}, successTemplate="{state}")

    assert codes(checked) == ["TEMPLATE_DOLLAR_MISSING"]


def test_a_path_that_does_not_parse() -> None:
    """The place inside of the path is found; it is only a warning."""
    checked = check(translationMap={"state": "$.items[?(@.a=="}, successTemplate="$state")
    warning = the(checked, "PATH_SYNTAX")

    assert checked.value is not None
    assert warning.place.pointer == "/config/response/translationMap/state"
    assert "state" in warning.message


@pytest.mark.parametrize("path", ["$.a", "$", "a.b", "['a'][0]", ".total", "$..x", "$.a.length()"])
def test_paths_that_are_right(path: str) -> None:
    """All forms of paths that published actions use compile."""
    assert check(translationMap={"state": path}, successTemplate="$state").findings == ()
