"""Valid requests of every write operation, made up from a seed, in the forms in which people have them."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from support.installation import API

FORMS = ("HTTP", "curl", "body")
HOSTS = ("api.mypurecloud.com", "api.mypurecloud.ie", "api.usw2.pure.cloud", "api.mypurecloud.com.au")
WORDS = ("Orders", "CRM", "Ticket desk", "Stock", "Fleet", "Branch finder", "Loyalty", "Hotel", "Billing")
FIELDS: dict[str, dict[str, str]] = {
    "basicAuth": {"userName": "svc_lookup", "password": "Gd7-lookup-pw"},
    "userDefined": {"apiKey": "k-1234-5678", "tenant": "north"},
    "userDefinedOAuth": {"loginUrl": "https://login.example/t", "clientId": "cc", "clientSecret": "s-99"},
    "pureCloudOAuthClient": {"clientId": "7d0e8a53", "clientSecret": "s-4242"},
    "amazonWebServicesARN": {"ARN": "arn:aws:iam::123456789012:role/lookup"},
    "audioHook": {"apiKey": "k-7788", "clientSecret": "s-1212"},
    "salesforce": {"username": "a@acme.example", "password": "sf-pw-7071", "securityToken": "st8-token"},
}
SLOTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "custom-rest-actions": ("basicAuth", ("basicAuth", "userDefined", "userDefinedOAuth")),
    "purecloud-data-actions": ("pureCloudOAuthClient", ("pureCloudOAuthClient",)),
    "aws-lambda-data-actions": ("AmazonWebServicesARN", ("amazonWebServicesARN",)),
    "audiohook": ("audioHook", ("audioHook",)),
    "custom-smtp-server": ("basicAuth", ("basicAuth",)),
}
SECRETS = tuple(
    value
    for fields in FIELDS.values()
    for name, value in fields.items()
    if name in ("password", "apiKey", "clientSecret", "securityToken")
)
APPS = ("embedded-client-app", "premium-app-example")


@dataclass(frozen=True)
class Request:
    """A request as it should be sent.

    Args:
        operation: the server's name for it.
        method: HTTP method.
        path: with the ids of the entities below, as they are called before they exist.
        body: its JSON.
        type_id: type of the integration that it is about, "" if it is not about one or says so itself.
        needs: entities that have to exist, as in the index of the corpus.
        form: how it is written down.
        host: where it is sent to.
        slot: the credential's slot in a configuration, "" without one.
    """

    operation: str
    method: str
    path: str
    body: dict[str, Any]
    type_id: str = ""
    needs: tuple[dict[str, str], ...] = ()
    form: str = "HTTP"
    host: str = HOSTS[0]
    slot: str = ""

    def with_ids(self, ids: Mapping[str, str]) -> Request:
        """Return it with the ids of entities that exist."""
        path, body = self.path, json.dumps(self.body)
        for named, made in ids.items():
            path, body = path.replace(named, made), body.replace(named, made)
        return replace(self, path=path, body=json.loads(body))


def written(request: Request, text: str) -> str:
    """Write a request down in its form, with this text as its body."""
    if request.form == "body":
        return text
    if request.form == "curl":
        quoted = text.replace("'", "'\\''")
        return (
            f"curl -X {request.method} 'https://{request.host}{request.path}'"
            f" -H 'Authorization: Bearer '$TOKEN -H 'Content-Type: application/json' -d '{quoted}'"
        )
    head = f"{request.method} {request.path} HTTP/1.1\nHost: {request.host}\nContent-Type: application/json\n"
    return f"{head}\n{text}\n"


def body_text(chance: random.Random, body: Any) -> str:
    """Return a body as people write it: on several lines mostly, sometimes on one."""
    return json.dumps(body, indent=chance.choice((2, 2, 4, None)))


class Requests:
    """Makes valid requests.

    Args:
        seed: the same seed makes the same requests.
    """

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.makers: tuple[Callable[[], Request], ...] = (
            self.new_credential,
            self.other_credential,
            self.new_integration,
            self.state,
            self.configuration,
            self.action,
            self.draft,
            self.changed_action,
            self.changed_draft,
            self.publication,
        )

    def new_credential(self) -> Request:
        """POST a credential."""
        return self._made("postIntegrationsCredentials", "POST", f"{API}/credentials", self._credential())

    def other_credential(self) -> Request:
        """PUT a credential."""
        body, identifier = self._credential(), self._id()
        kind = body["type"] if isinstance(body["type"], str) else body["type"]["name"]
        needs = ({"credential": kind, "id": identifier},)
        return self._made(
            "putIntegrationsCredential", "PUT", f"{API}/credentials/{identifier}", body, needs=needs
        )

    def new_integration(self) -> Request:
        """POST an integration."""
        body: dict[str, Any] = {"integrationType": {"id": self.chance.choice((*SLOTS, *APPS))}}
        body["name"] = self._name()
        return self._made("postIntegrations", "POST", API, body)

    def state(self) -> Request:
        """PATCH an integration."""
        identifier, kind = self._id(), self.chance.choice(APPS)
        body = {"intendedState": self.chance.choice(("ENABLED", "DISABLED"))}
        needs = ({"integration": kind, "id": identifier},)
        return self._made("patchIntegration", "PATCH", f"{API}/{identifier}", body, needs=needs)

    def configuration(self) -> Request:
        """PUT a configuration: of a type with a slot and a credential in it, or of an application."""
        identifier = self._id()
        kind = self.chance.choice((*SLOTS, *APPS))
        needs: tuple[dict[str, str], ...] = ({"integration": kind, "id": identifier},)
        slot, credentials, properties = "", {}, {}
        if kind in SLOTS:
            slot, takes = SLOTS[kind]
            credential = self._id()
            needs += ({"credential": self.chance.choice(takes), "id": credential},)
            credentials = {slot: {"id": credential}}
        else:
            properties = {"url": "https://app.example/start", "displayType": "standalone"}
        body = {
            "name": self._name(),
            "version": 1,
            "properties": properties,
            "advanced": {},
            "notes": self.chance.choice(("", "set by the pipeline")),
            "credentials": credentials,
        }
        path = f"{API}/{identifier}/config/current"
        return self._made(
            "putIntegrationConfigCurrent", "PUT", path, body, needs=needs, type_id=kind, slot=slot
        )

    def action(self) -> Request:
        """POST an action."""
        identifier = self._id()
        body = {**self._action(), "integrationId": identifier, "secure": False}
        needs = ({"integration": "custom-rest-actions", "id": identifier},)
        return self._made("postIntegrationsActions", "POST", f"{API}/actions", body, needs=needs)

    def draft(self) -> Request:
        """POST a draft."""
        identifier = self._id()
        body = {**self._action(), "integrationId": identifier}
        needs = ({"integration": "custom-rest-actions", "id": identifier},)
        return self._made("postIntegrationsActionsDrafts", "POST", f"{API}/actions/drafts", body, needs=needs)

    def changed_action(self) -> Request:
        """PATCH an action."""
        identifier, whole = self._id(), self._action()
        body = {"version": 1, **{name: whole[name] for name in ("name", "category", "config")}}
        needs = ({"action": "actions", "id": identifier},)
        path = f"{API}/actions/{identifier}"
        return self._made("patchIntegrationsAction", "PATCH", path, body, needs=needs)

    def changed_draft(self) -> Request:
        """PATCH a draft."""
        identifier = self._id()
        body = {"version": 1, **self._action()}
        needs = ({"action": "actions/drafts", "id": identifier},)
        path = f"{API}/actions/{identifier}/draft"
        return self._made("patchIntegrationsActionDraft", "PATCH", path, body, needs=needs)

    def publication(self) -> Request:
        """POST the publication of a draft."""
        identifier = self._id()
        needs = ({"action": "actions/drafts", "id": identifier},)
        path = f"{API}/actions/{identifier}/draft/publish"
        operation = "postIntegrationsActionDraftPublish"
        return self._made(operation, "POST", path, {"version": 1}, needs=needs)

    def _action(self) -> dict[str, Any]:
        """Return what every body of an action has."""
        name, output = self.chance.choice((("customerId", "tier"), ("phone", "name"), ("order", "state")))
        config = {
            "request": {
                "requestUrlTemplate": f"https://service.example/find?by=$esc.url(${{input.{name}}})",
                "requestType": self.chance.choice(("GET", "POST", "PUT")),
                "headers": {"Accept": "application/json"},
                "requestTemplate": "${input.rawRequest}",
            },
            "response": {
                "translationMap": {output: f"$.result.{output}"},
                "translationMapDefaults": {output: '"none"'},
                "successTemplate": f'{{"{output}": ${{{output}}}}}',
            },
        }
        contract = {
            "input": {"inputSchema": {"type": "object", "properties": {name: {"type": "string"}}}},
            "output": {"successSchema": {"type": "object", "properties": {output: {"type": "string"}}}},
        }
        return {
            "name": self._name(),
            "category": self.chance.choice(WORDS),
            "config": config,
            "contract": contract,
        }

    def _made(self, operation: str, method: str, path: str, body: dict[str, Any], **more: Any) -> Request:
        form, host = self.chance.choice(FORMS), self.chance.choice(HOSTS)
        return Request(operation, method, path, body, form=form, host=host, **more)

    def _credential(self) -> dict[str, Any]:
        kind = self.chance.choice(tuple(FIELDS))
        shown: Any = kind if self.chance.random() < 0.2 else {"name": kind}
        return {"name": self._name(), "type": shown, "credentialFields": dict(FIELDS[kind])}

    def _name(self) -> str:
        return f"{self.chance.choice(WORDS)} {self.chance.randint(1, 99)}"

    def _id(self) -> str:
        return str(UUID(int=self.chance.getrandbits(128), version=4))
