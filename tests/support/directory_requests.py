"""Valid requests of the write operations beside the integrations: users, roles, groups, clients, tables."""

from __future__ import annotations

from typing import Any

from support.valid_requests import Request, Requests

PLATFORM = "/api/v2"
GRANTS = ("CLIENT-CREDENTIALS", "CODE")
SCHEMA_URI = "http://json-schema.org/draft-04/schema#"


class DirectoryRequests(Requests):
    """Makes valid requests.

    Args:
        seed: the same seed makes the same requests.
    """

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.makers = (
            self.user,
            self.role,
            self.changed_role,
            self.group,
            self.members,
            self.search,
            self.client,
            self.changed_client,
            self.data_table,
        )

    def user(self) -> Request:
        """POST a user."""
        body = {"name": self._name(), "email": f"u{self._id()}@acme.example", "title": "Agent"}
        return self._made("postUsers", "POST", f"{PLATFORM}/users", body | {"department": "Service"})

    def role(self) -> Request:
        """POST a role."""
        path = f"{PLATFORM}/authorization/roles"
        return self._made("postAuthorizationRoles", "POST", path, self._role())

    def changed_role(self) -> Request:
        """PUT a role."""
        identifier = self._id()
        needs = ({"role": "made before", "id": identifier},)
        path = f"{PLATFORM}/authorization/roles/{identifier}"
        return self._made("putAuthorizationRole", "PUT", path, self._role(), needs=needs)

    def group(self) -> Request:
        """POST a group."""
        body = {
            "name": self._unique(),
            "description": "people",
            "type": "official",
            "rulesVisible": True,
            "visibility": self.chance.choice(("public", "members")),
        }
        return self._made("postGroups", "POST", f"{PLATFORM}/groups", body)

    def members(self) -> Request:
        """POST members of a group."""
        group, user = self._id(), self._id()
        needs = ({"group": "made before", "id": group}, {"user": "made before", "id": user})
        body = {"memberIds": [user], "version": 1}
        path = f"{PLATFORM}/groups/{group}/members"
        return self._made("postGroupMembers", "POST", path, body, needs=needs)

    def search(self) -> Request:
        """POST a search for groups."""
        criterion = {"fields": ["name"], "type": "STARTS_WITH", "value": self._name()}
        body = {"pageSize": 25, "pageNumber": 1, "query": [criterion]}
        return self._made("postGroupsSearch", "POST", f"{PLATFORM}/groups/search", body)

    def client(self) -> Request:
        """POST an OAuth client."""
        return self._made("postOauthClients", "POST", f"{PLATFORM}/oauth/clients", self._client())

    def changed_client(self) -> Request:
        """PUT an OAuth client."""
        identifier = self._id()
        needs = ({"client": "made before", "id": identifier},)
        path = f"{PLATFORM}/oauth/clients/{identifier}"
        body = self._client() | {"state": self.chance.choice(("active", "inactive"))}
        return self._made("putOauthClient", "PUT", path, body, needs=needs)

    def data_table(self) -> Request:
        """POST a data table."""
        properties = {
            "key": {"type": "string", "title": "key"},
            "hours": {"type": "integer", "title": "hours"},
        }
        schema = {
            "$schema": SCHEMA_URI,
            "type": "object",
            "required": ["key"],
            "properties": properties,
            "additionalProperties": False,
        }
        body = {"name": self._unique(), "description": "opening hours", "schema": schema}
        return self._made("postFlowsDatatables", "POST", f"{PLATFORM}/flows/datatables", body)

    def _role(self) -> dict[str, Any]:
        policy = {
            "domain": "integrations",
            "entityName": self.chance.choice(("integration", "action")),
            "actionSet": self.chance.choice((["view"], ["view", "edit"])),
            "allowConditions": False,
        }
        return {"name": self._unique(), "description": "made by a pipeline", "permissionPolicies": [policy]}

    def _client(self) -> dict[str, Any]:
        grant = self.chance.choice(GRANTS)
        body: dict[str, Any] = {
            "name": self._name(),
            "authorizedGrantType": grant,
            "accessTokenValiditySeconds": self.chance.choice((300, 3600, 86_400)),
        }
        if grant == "CODE":
            body["registeredRedirectUri"] = ["https://app.example/back"]
            body["scope"] = ["integrations"]
        return body

    def _unique(self) -> str:
        return f"{self._name()} {self._id()[:8]}"
