"""One call of every implemented operation, for whatever SDK makes it.

A text `{name.member}` in the arguments stands for what an earlier call answered. The calls run in order: what
is made first is used, and at the end taken away.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from support.installation import CONTRACT, greeting_config
from support.sdk.shapes import Declarations

_PLACE = re.compile(r"\{(\w+)\.([\w.]+)\}")
CREDENTIAL = {
    "name": "login",
    "type": {"name": "basicAuth"},
    "credentialFields": {"userName": "ada", "password": "a-password"},
}


class Sdk(Protocol):
    """A client under test."""

    @property
    def declarations(self) -> Declarations:
        """What it declares."""

    def call(self, operation: str, arguments: Mapping[str, Any]) -> Any:
        """Call an operation and return its answer's JSON."""

    def close(self) -> None:
        """End it."""


@dataclass(frozen=True)
class SdkCall:
    """A call.

    Args:
        arguments: by the names of the API's parameters, and `body`.
        keep: name under which later calls find the answer.
    """

    operation: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    keep: str = ""


def integration_calls() -> list[SdkCall]:
    """Integrations, their types, states and configuration; credentials; apps."""
    configuration = {
        "name": "Configured",
        "version": 1,
        "properties": {},
        "advanced": {},
        "notes": "a note",
        "credentials": {"basicAuth": {"id": "{credential.id}"}},
    }
    one = {"integrationId": "{integration.id}"}
    return [
        SdkCall("get_integrations_types", {"pageSize": 100}),
        SdkCall("get_integrations_type", {"typeId": "custom-rest-actions"}),
        SdkCall(
            "get_integrations_type_configschema",
            {"typeId": "embedded-client-app", "configType": "properties"},
        ),
        SdkCall("get_integrations_credentials_types"),
        SdkCall("post_integrations_credentials", {"body": CREDENTIAL}, "credential"),
        SdkCall("get_integrations_credential", {"credentialId": "{credential.id}"}),
        SdkCall("get_integrations_credentials", {"pageSize": 5}),
        SdkCall("get_integrations_credentials_listing", {"pageSize": "5"}),
        _integration("custom-rest-actions", "integration"),
        SdkCall("put_integration_config_current", one | {"body": configuration}),
        SdkCall("get_integration_config_current", one),
        SdkCall("patch_integration", one | {"body": {"intendedState": "ENABLED"}}),
        SdkCall("get_integration", one | {"expand": ["config.current"]}),
        SdkCall("get_integrations", {"expand": ["config.current"], "ids": ["{integration.id}"]}),
        _integration("embedded-client-app", "app"),
        SdkCall("patch_integration", {"integrationId": "{app.id}", "body": {"intendedState": "ENABLED"}}),
        SdkCall("get_integrations_clientapps", {"pageSize": 50, "expand": ["config"]}),
        SdkCall("get_integrations_userapps", {"pageSize": 50, "expand": ["config"]}),
    ]


def telephony_calls(type_id: str) -> list[SdkCall]:
    """Telephony systems; `type_id` is one of the server's own catalog. Webhooks."""
    phone = {"integrationId": "{phone.id}", "body": {"intendedState": "ENABLED"}}
    hook = {"integrationId": "{hook.id}", "body": {"intendedState": "ENABLED"}}
    event = {"tokenId": "{hook.attributes.webhookId}", "body": {"n": 1}}
    presences = [{"email": "ada@example.com", "presence": "AWAY"}]
    return [
        _integration(type_id, "phone"),
        SdkCall("patch_integration", phone),
        SdkCall("get_integrations_unifiedcommunications_clientapps"),
        SdkCall("get_integrations_unifiedcommunications_clientapp", {"ucIntegrationId": "{phone.id}"}),
        SdkCall(
            "put_integrations_unifiedcommunication_thirdpartypresences",
            {"ucIntegrationId": "{phone.id}", "body": presences},
        ),
        _integration("webhook", "hook"),
        SdkCall("patch_integration", hook),
        SdkCall("post_integrations_webhook_events", event),
    ]


def bot_calls(type_id: str) -> list[SdkCall]:
    """Bot connectors, old and new routes; `type_id` is one of the server's own catalog. Audio connectors."""
    one = {"integrationId": "{connector.id}"}
    slots = {"city": {"name": "city", "type": "text"}}
    version = {"version": "1", "supportedLanguages": ["en-us"], "intents": [{"name": "go", "slots": slots}]}
    bot = {"id": "travel", "name": "Travel", "description": "d", "versions": [version]}
    named = one | {"botId": "travel"}
    return [
        _integration(type_id, "connector"),
        SdkCall("put_integrations_botconnector_integration_id_bots", one | {"botList": {"chatBots": [bot]}}),
        SdkCall("get_integrations_botconnector_integration_id_bots", one),
        SdkCall("get_integrations_botconnector_integration_id_bots_summaries", one),
        SdkCall("get_integrations_botconnector_integration_id_bot", named | {"version": "1"}),
        SdkCall("get_integrations_botconnector_integration_id_bot_versions", named),
        SdkCall("get_integrations_botconnector_bots", one),
        SdkCall("get_integrations_botconnector_bots_summaries", one),
        SdkCall("get_integrations_botconnector_bot", named),
        _integration("audio-connector", "audio"),
        SdkCall("get_integrations_speech_audioconnector"),
        SdkCall("get_integrations_speech_audioconnector_integration_id", {"integrationId": "{audio.id}"}),
    ]


def action_calls(service: str) -> list[SdkCall]:
    """Published actions: made, read, changed, tested, executed against a real service, and drafts."""
    body = {
        "name": "Greet",
        "category": "Greetings",
        "integrationId": "{integration.id}",
        "secure": False,
        "contract": CONTRACT,
        "config": greeting_config(service),
    }
    one, inputs = {"actionId": "{action.id}"}, {"name": "Ada"}
    config = {"includeConfig": True, "expand": "contract"}
    return [
        SdkCall("post_integrations_actions", {"body": body}, "action"),
        SdkCall("get_integrations_action", one | config),
        SdkCall("get_integrations_action", one | config | {"flatten": True}),
        SdkCall("get_integrations_actions", {"includeConfig": True, "pageSize": 5}),
        SdkCall("get_integrations_actions_categories"),
        SdkCall("get_integrations_action_template", one | {"fileName": "requesttemplate.vm"}),
        SdkCall("get_integrations_action_schema", one | {"fileName": "success.json"}),
        SdkCall("post_integrations_action_test", one | {"body": inputs}),
        SdkCall("post_integrations_action_execute", one | {"body": inputs}),
        SdkCall("get_integrations_actions_certificates"),
        SdkCall("get_integrations_actions_certificates_truststore"),
        SdkCall(
            "patch_integrations_action", one | {"body": {"name": "Greet again", "version": 1}}, "changed"
        ),
        SdkCall("post_integrations_action_draft", one, "draft"),
        SdkCall("get_integrations_action_draft", one | config),
        SdkCall("get_integrations_actions_drafts", {"includeConfig": True}),
        SdkCall("patch_integrations_action_draft", one | {"body": {"name": "Better", "version": 2}}, "draft"),
        SdkCall("get_integrations_action_draft_template", one | {"fileName": "successtemplate.vm"}),
        SdkCall("get_integrations_action_draft_schema", one | {"fileName": "input.json"}),
        SdkCall("get_integrations_action_draft_validation", one),
        SdkCall("post_integrations_action_draft_test", one | {"body": inputs}),
        SdkCall("post_integrations_action_draft_publish", one | {"body": {"version": "{draft.version}"}}),
        SdkCall("post_integrations_action_draft", one),
        SdkCall("delete_integrations_action_draft", one),
        SdkCall(
            "post_integrations_actions_drafts", {"body": {"name": "New", "integrationId": "{integration.id}"}}
        ),
        SdkCall("delete_integrations_action", one),
    ]


def last_calls() -> list[SdkCall]:
    """What is taken away at the end, and how an integration without its credential looks."""
    one = {"integrationId": "{integration.id}"}
    changed = CREDENTIAL | {"name": "changed"}
    return [
        SdkCall("put_integrations_credential", {"credentialId": "{credential.id}", "body": changed}),
        SdkCall("delete_integrations_credential", {"credentialId": "{credential.id}"}),
        SdkCall("get_integration", one | {"expand": ["config.current"]}, "broken"),
        SdkCall("delete_integration", one),
        SdkCall("delete_integration", {"integrationId": "{app.id}"}),
    ]


def filled(value: Any, kept: Mapping[str, Any]) -> Any:
    """Return arguments with what earlier calls answered in them."""
    if isinstance(value, dict):
        return {name: filled(part, kept) for name, part in value.items()}
    if isinstance(value, list):
        return [filled(part, kept) for part in value]
    match = _PLACE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return value
    found = kept[match[1]]
    for name in match[2].split("."):
        found = found[name]
    return found


def run(sdk: Sdk, calls: Sequence[SdkCall], kept: dict[str, Any]) -> list[tuple[SdkCall, Any]]:
    """Make calls in order; return each with its answer, and keep what later ones need."""
    answers = []
    for one in calls:
        answer = sdk.call(one.operation, filled(one.arguments, kept))
        if one.keep:
            kept[one.keep] = answer
        answers.append((one, answer))
    return answers


def _integration(type_id: str, keep: str) -> SdkCall:
    body = {"name": f"By the SDK: {keep}", "integrationType": {"id": type_id}}
    return SdkCall("post_integrations", {"body": body}, keep)
