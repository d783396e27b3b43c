"""A Postman collection and environment: it logs in by itself before the first request."""

from __future__ import annotations

import json
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from jackfield.client.snippets.target import File, Target

SCHEMA: Final = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
ROOT: Final = "/api/v2/integrations"
_LOG_IN: Final = """if (pm.environment.get("access_token")) return;
pm.sendRequest({
  url: pm.environment.get("loginUrl") + "/oauth/token",
  method: "POST",
  header: {
    "Content-Type": "application/x-www-form-urlencoded",
    Authorization: "Basic " + btoa(pm.environment.get("clientId") + ":" + pm.environment.get("clientSecret"))
  },
  body: { mode: "urlencoded", urlencoded: [{ key: "grant_type", value: "client_credentials" }] }
}, (error, response) => {
  if (error || response.code !== 200) throw new Error("login failed: " + (error || response.text()));
  pm.environment.set("access_token", response.json().access_token);
});"""
_CREDENTIAL: Final = {
    "name": "login",
    "type": {"name": "basicAuth"},
    "credentialFields": {"userName": "…", "password": "…"},
}
_CONFIGURATION: Final = {
    "name": "Configured from Postman",
    "version": 1,
    "properties": {},
    "advanced": {},
    "notes": "",
    "credentials": {"basicAuth": {"id": "{{credentialId}}"}},
}
_REQUESTS: Final[tuple[tuple[str, str, str, Any], ...]] = (
    ("Integration types", "GET", f"{ROOT}/types?pageSize=100", None),
    ("Credential types", "GET", f"{ROOT}/credentials/types", None),
    ("Create a credential", "POST", f"{ROOT}/credentials", _CREDENTIAL),
    ("Create an integration", "POST", ROOT, {"integrationType": {"id": "custom-rest-actions"}}),
    (
        "Attach the credential",
        "PUT",
        f"{ROOT}/{{{{integrationId}}}}/config/current",
        _CONFIGURATION,
    ),
    ("Enable it", "PATCH", f"{ROOT}/{{{{integrationId}}}}", {"intendedState": "ENABLED"}),
    ("Integrations", "GET", f"{ROOT}?pageSize=100&expand=config.current", None),
    ("Data actions", "GET", f"{ROOT}/actions?pageSize=100", None),
)
_KEPT: Final = {"Create a credential": "credentialId", "Create an integration": "integrationId"}


def postman(target: Target) -> tuple[File, ...]:
    """Return a collection (format v2.1) and its environment."""
    note = "Import both files, choose the environment, send. The token is fetched before the first request."
    return (
        File("jackfield.postman_collection.json", _text(_collection()), note),
        File("jackfield.postman_environment.json", _text(_environment(target)), note),
    )


def _collection() -> dict[str, Any]:
    return {
        "info": {"name": "Integrations", "schema": SCHEMA, "_postman_id": _id("collection")},
        "auth": {
            "type": "bearer",
            "bearer": [{"key": "token", "value": "{{access_token}}", "type": "string"}],
        },
        "event": [_script("prerequest", _LOG_IN)],
        "item": [_item(*request) for request in _REQUESTS],
    }


def _environment(target: Target) -> dict[str, Any]:
    secret = target.secret.reveal() if target.secret else ""
    values = {
        "baseUrl": target.addresses.api,
        "loginUrl": target.addresses.login,
        "clientId": target.client_id,
        "clientSecret": secret,
        "access_token": "",
    }
    hidden = ("clientSecret", "access_token")
    return {
        "id": _id("environment"),
        "name": "Jackfield",
        "values": [
            {"key": key, "value": value, "type": "secret" if key in hidden else "default", "enabled": True}
            for key, value in values.items()
        ],
        "_postman_variable_scope": "environment",
    }


def _item(name: str, method: str, path: str, body: Any) -> dict[str, Any]:
    bare, _, query = path.partition("?")
    url: dict[str, Any] = {
        "raw": "{{baseUrl}}" + path,
        "host": ["{{baseUrl}}"],
        "path": bare.strip("/").split("/"),
    }
    if query:
        pairs = (pair.split("=") for pair in query.split("&"))
        url["query"] = [{"key": key, "value": value} for key, value in pairs]
    request: dict[str, Any] = {"method": method, "header": [], "url": url}
    if body is not None:
        request["body"] = {
            "mode": "raw",
            "raw": json.dumps(body, indent=2, ensure_ascii=False),
            "options": {"raw": {"language": "json"}},
        }
    item: dict[str, Any] = {"name": name, "request": request, "response": []}
    if name in _KEPT:
        keep = f'pm.environment.set("{_KEPT[name]}", pm.response.json().id);'
        item["event"] = [_script("test", keep)]
    return item


def _script(listen: str, text: str) -> dict[str, Any]:
    return {"listen": listen, "script": {"type": "text/javascript", "exec": text.split("\n")}}


def _id(name: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"jackfield:postman:{name}"))


def _text(value: dict[str, Any]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
