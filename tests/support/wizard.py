"""The premium app wizard's requests, in its order and in its exact shapes: boot, list, install, uninstall.

All of its optional modules that this server has are configured: role, group, app instance, interaction
widget, data actions of web services and of Genesys Cloud, AudioHook, EventBridge, OAuth client, data table.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

PREFIX = "PREMIUM_EXAMPLE_"
PREMIUM_TYPE = "premium-app-example"
ROLES, GROUPS = "/api/v2/authorization/roles", "/api/v2/groups"
INTEGRATIONS, CLIENTS, TABLES = "/api/v2/integrations", "/api/v2/oauth/clients", "/api/v2/flows/datatables"
ACTIONS = f"{INTEGRATIONS}/actions"
SCHEMA = {"type": "object", "properties": {"name": {"type": "string"}}}
ACTION_CONFIG = {
    "request": {
        "requestUrlTemplate": "https://example.com/hello?n=$esc.url(${input.name})",
        "requestType": "GET",
        "headers": {},
        "requestTemplate": "${input.rawRequest}",
    },
    "response": {"translationMap": {}, "translationMapDefaults": {}, "successTemplate": "${rawResult}"},
}
CONTRACT = {
    "input": {"inputSchema": SCHEMA},
    "output": {"successSchema": {"type": "object", "properties": {"name": {"type": "string"}}}},
}
# The wizard's key, the integration's type, its slot, and the credential that goes into it.
MODULES: dict[str, tuple[str, str, str, dict[str, str]]] = {
    "app-instance": (PREMIUM_TYPE, "", "", {}),
    "interaction-widget": ("embedded-client-app-interaction-widget", "", "", {}),
    "ws-data-actions": (
        "custom-rest-actions",
        "basicAuth",
        "userDefinedOAuth",
        {"loginUrl": "https://example.com/token", "clientId": "id", "clientSecret": "secret"},
    ),
    "gc-data-actions": (
        "purecloud-data-actions",
        "pureCloudOAuthClient",
        "pureCloudOAuthClient",
        {"clientId": "id", "clientSecret": "secret"},
    ),
    "audiohook": ("audiohook", "audioHook", "audioHook", {"apiKey": "key", "clientSecret": ""}),
    "event-bridge": ("amazon-eventbridge-source", "", "", {}),
}


@dataclass
class Wizard:
    """One run of the wizard by a person who is logged in.

    Args:
        http: sends the person's token.
        wait: what the wizard's own waits do; a test of a prompt server need not wait.
    """

    http: httpx.Client
    wait: Callable[[float], None] = time.sleep
    user: dict[str, Any] = field(default_factory=dict)
    made: dict[str, dict[str, Any]] = field(default_factory=dict)
    client_name: str = "Client"

    def boot(self) -> None:
        """Check the token, and learn who is there and what they may do."""
        self._get("/api/v2/tokens/me")
        self.user = self._get("/api/v2/users/me?expand=organization&expand=authorization")
        assert self.user["organization"]["id"]
        assert self.user["organization"]["name"]
        assert all(isinstance(one, str) for one in self.user["authorization"]["permissions"])

    def has_premium_type(self) -> bool:
        """Page through the types until the premium app's is found."""
        number = 1
        while True:
            page = self._get(f"{INTEGRATIONS}/types?pageSize=100&pageNumber={number}")
            if any(one["id"] == PREMIUM_TYPE for one in page["entities"]):
                return True
            if "nextUri" not in page:
                return False
            number += 1

    def installed(self) -> dict[str, list[dict[str, Any]]]:
        """List what earlier runs have left, module by module."""
        found: dict[str, list[dict[str, Any]]] = {}
        found["role"] = self._pages(f"{ROLES}?pageSize=100&pageNumber={{n}}&name={PREFIX}*&userCount=false")
        query = [{"fields": ["name"], "value": PREFIX, "type": "STARTS_WITH"}]
        search = {"pageSize": 100, "pageNumber": 1, "query": query}
        groups = self._send("POST", f"{GROUPS}/search", search)
        assert groups["pageCount"] is not None
        found["group"] = groups["results"]
        for module, (type_id, *_) in MODULES.items():
            expand = "&expand=config.current" if module.endswith(("actions", "hook")) else ""
            listed = self._pages(f"{INTEGRATIONS}?pageSize=100&pageNumber={{n}}{expand}")
            found[module] = [
                one
                for one in listed
                if one["integrationType"]["id"] == type_id and one["name"].startswith(PREFIX)
            ]
        clients = self._get(CLIENTS)["entities"]
        found["oauth-client"] = [one for one in clients if one["name"].startswith(PREFIX)]
        tables = self._get(TABLES)["entities"]
        found["data-table"] = [one for one in tables if one["name"].startswith(PREFIX)]
        return found

    def install(self) -> None:
        """Create everything, configure everything, write down what was made."""
        self._create()
        self._configure()
        self._write_down()

    def uninstall(self) -> None:
        """Remove what `installed` finds, as the wizard does: integrations first, then their credentials."""
        found = self.installed()
        for role in found["role"]:
            self._delete(f"{ROLES}/{role['id']}")
        for group in found["group"]:
            self._delete(f"{GROUPS}/{group['id']}")
        for table in found["data-table"]:
            self._delete(f"{TABLES}/{table['id']}")
        for client in found["oauth-client"]:
            self._send("PUT", f"{CLIENTS}/{client['id']}", {**client, "state": "inactive"})
            self._delete(f"{CLIENTS}/{client['id']}")
        for module in MODULES:
            for integration in found[module]:
                self._delete(f"{INTEGRATIONS}/{integration['id']}", 200)
        self.wait(3)
        for module, (_, slot, *_) in MODULES.items():
            for integration in found[module] if slot else []:
                credential = integration["config"]["current"]["credentials"][slot]["id"]
                self._delete(f"{INTEGRATIONS}/credentials/{credential}")

    def _create(self) -> None:
        policy = {
            "domain": "integrations",
            "entityName": "examplePremiumApp",
            "actionSet": ["*"],
            "allowConditions": False,
        }
        role = {"name": f"{PREFIX}Role", "description": "", "permissionPolicies": [policy]}
        self.made["role"] = self._send("POST", ROLES, role)
        group = {
            "name": f"{PREFIX}Supervisors",
            "description": "Supervisors have the ability to watch a queue",
            "type": "official",
            "rulesVisible": True,
            "visibility": "public",
        }
        self.made["group"] = self._send("POST", GROUPS, group)
        for module, (type_id, *_) in MODULES.items():
            body = {"name": f"{PREFIX}{module}", "integrationType": {"id": type_id}}
            self.made[module] = self._send("POST", INTEGRATIONS, body)
        employee = self._get(f"{ROLES}?name=employee")["entities"][0]
        client = {
            "name": f"{PREFIX}{self.client_name}",
            "description": "Generated Client that's passed to the App Backend",
            "authorizedGrantType": "CLIENT-CREDENTIALS",
            "accessTokenValiditySeconds": 86400,
            "roleIds": [employee["id"]],
        }
        made = self.made["oauth-client"] = self._send("POST", CLIENTS, client)
        assert all(made[name] for name in ("id", "secret", "name", "authorizedGrantType"))
        schema = {
            "$schema": "http://json-schema.org/draft-04/schema#",
            "type": "object",
            "properties": {"key": {"type": "string", "title": "Key", "$id": "/properties/key"}},
            "required": ["key"],
        }
        table = {
            "name": f"{PREFIX}Table",
            "description": "A table",
            "$schema": "http://json-schema.org/draft-04/schema#",
            "type": "object",
            "additionalProperties": False,
            "schema": schema,
        }
        self.made["data-table"] = self._send("POST", TABLES, table)

    def _configure(self) -> None:
        user_id = self.user["id"]
        self._send("PUT", f"{ROLES}/{self.made['role']['id']}/users/add", [user_id])
        members = {"memberIds": [user_id], "version": 1}
        self._send("POST", f"{GROUPS}/{self.made['group']['id']}/members", members)
        for module, (_, slot, kind, fields) in MODULES.items():
            integration = self.made[module]["id"]
            credentials = {}
            if slot:
                body = {"name": f"Integration-{integration}", "type": kind, "credentialFields": fields}
                credentials[slot] = {"id": self._send("POST", f"{INTEGRATIONS}/credentials", body)["id"]}
            self._enable(module, integration, credentials)
        self._grant_to_client()
        self.wait(3)
        for module in ("ws-data-actions", "gc-data-actions"):
            self._add_action(self.made[module]["id"])

    def _enable(self, module: str, integration: str, credentials: dict[str, Any]) -> None:
        config = {
            "name": f"{PREFIX}{module}",
            "version": 1,
            "properties": self._properties(module),
            "advanced": {},
            "notes": "",
            "credentials": credentials,
        }
        self._send("PUT", f"{INTEGRATIONS}/{integration}/config/current", config)
        self._send("PATCH", f"{INTEGRATIONS}/{integration}", {"intendedState": "ENABLED"})

    def _properties(self, module: str) -> dict[str, Any]:
        page = {
            "url": "https://example.com/app?langTag={{gcLangTag}}",
            "sandbox": "allow-scripts,allow-forms",
        }
        if module == "app-instance":
            return page | {
                "permissions": "camera,geolocation",
                "displayType": "standalone",
                "featureCategory": "",
                "groupFilter": [self.made["group"]["id"]],
            }
        if module == "interaction-widget":
            return page | {
                "permissions": "camera",
                "queueIdFilterList": [],
                "communicationTypeFilter": "chat, call",
                "groups": [self.made["group"]["id"]],
            }
        if module == "audiohook":
            return {"channel": "both", "connectionUri": "wss://example.com/audiohook"}
        if module == "event-bridge":
            return {
                "awsAccountId": "123456789012",
                "awsAccountRegion": "eu-central-1",
                "eventSourceSuffix": "premium",
                "eventFilter": ["v2.users.{id}.presence"],
            }
        return {}

    def _grant_to_client(self) -> None:
        """Wait until the person holds the new role, which the client gets then too."""
        role_id = self.made["role"]["id"]
        for _ in range(5):
            me = self._get("/api/v2/users/me?expand=authorization")
            if role_id in [one["id"] for one in me["authorization"]["roles"]]:
                break
            self.wait(3)
        else:
            raise AssertionError("users/me never showed the role: the wizard would wait for ever")
        client = self.made["oauth-client"]
        body = {
            "name": client["name"],
            "authorizedGrantType": client["authorizedGrantType"],
            "roleIds": [role_id],
        }
        changed = self._send("PUT", f"{CLIENTS}/{client['id']}", body)
        assert changed["roleIds"] == [role_id]

    def _add_action(self, integration: str) -> None:
        draft = self._send("POST", f"{ACTIONS}/drafts", {"name": "Hello", "integrationId": integration})
        whole = {**draft, "secure": False, "config": ACTION_CONFIG, "contract": CONTRACT}
        changed = self._send("PATCH", f"{ACTIONS}/{draft['id']}/draft", whole)
        self.made["action"] = self._send("POST", f"{ACTIONS}/{draft['id']}/draft/publish", changed)

    def _write_down(self) -> None:
        apps = self._get(f"{INTEGRATIONS}/clientapps?pageSize=1000")["entities"]
        mine = next(one for one in apps if one["integrationType"]["id"] == PREMIUM_TYPE)
        path = f"{INTEGRATIONS}/{mine['id']}/config/current"
        config = self._get(path)
        ids = {module: made["id"] for module, made in self.made.items()}
        self._send("PUT", path, {**config, "notes": json.dumps(ids)[:500]})

    def _pages(self, path: str) -> list[dict[str, Any]]:
        entities: list[dict[str, Any]] = []
        number = 1
        while True:
            page = self._get(path.format(n=number))
            entities += page["entities"]
            if "nextUri" not in page:
                return entities
            number += 1

    def _get(self, path: str) -> Any:
        return self._send("GET", path)

    def _send(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.http.request(method, path, json=body) if body is not None else self.http.get(path)
        assert answer.status_code == 200, f"{method} {path}: {answer.status_code} {answer.text[:800]}"
        return answer.json()

    def _delete(self, path: str, status: int = 204) -> None:
        answer = self.http.delete(path)
        assert answer.status_code == status, f"DELETE {path}: {answer.status_code} {answer.text[:500]}"
