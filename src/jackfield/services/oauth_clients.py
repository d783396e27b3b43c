"""OAuth clients. A secret is shown by the answer that made it, and by no other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from jackfield.domain.catalogue import found
from jackfield.domain.errors import Conflict, NotFound, Refused
from jackfield.domain.finding import Finding, Place, Severity
from jackfield.domain.identity import Caller, OAuthClient
from jackfield.domain.json_reader import Reading
from jackfield.domain.page import Page
from jackfield.domain.ports import Clock, Ids, Store, Transaction, Vault
from jackfield.domain.secret import Secret
from jackfield.rules.oauth_clients import NewClient, check_oauth_client
from jackfield.services.mutations import Change, Mutations
from jackfield.services.outcome import Outcome, accepted, admit
from jackfield.services.roles import require_coverage


@dataclass(frozen=True, slots=True)
class ClientView:
    """An OAuth client, and its secret where it has just been made."""

    client: OAuthClient
    secret: Secret | None = None


class OAuthClientService:
    """What can be done with OAuth clients.

    Args:
        store: for reads.
        mutations: the way to change them.
        vault: digests of secrets.
    """

    def __init__(self, store: Store, mutations: Mutations, vault: Vault, clock: Clock, ids: Ids) -> None:
        self._store, self._mutations, self._vault = store, mutations, vault
        self._clock, self._ids = clock, ids

    async def list(self, caller: Caller) -> Page[ClientView]:
        """Return all clients, oldest first; the API has no parameters for pages of them."""
        clients = await self._store.read(
            lambda transaction: transaction.identities.clients(caller.organization_id)
        )
        return Page([ClientView(client) for client in clients], 1, max(len(clients), 1), len(clients))

    async def get(self, caller: Caller, client_id: str) -> ClientView:
        """Return one client.

        Raises:
            NotFound: there is no such client.
        """
        client = await self._store.read(lambda transaction: _existing(transaction, caller, client_id))
        return ClientView(client)

    async def create(self, caller: Caller, body: Reading) -> Outcome[ClientView]:
        """Store a new client and show its secret.

        Raises:
            Refused: the body is no client, or names a role that there is not.
            NotAuthorized: a role grants more than the caller has.
        """
        wanted = accepted(check_oauth_client(body, None, strict=caller.strict))
        secret = Secret(self._ids.token(32))

        def work(change: Change) -> Outcome[ClientView]:
            _require_roles(change.transaction, caller, wanted.value.role_ids)
            actor = caller.principal.user_id or caller.principal.client_id
            blank = OAuthClient(
                id=self._ids.uuid(),
                organization_id=caller.organization_id,
                name="",
                secret_digest=self._vault.digest_token(secret.reveal()),
                grant="",
                role_ids=(),
                token_seconds=0,
                created=self._clock.now(),
                created_by=actor,
            )
            client = _written(blank, wanted.value)
            change.transaction.identities.add_client(client)
            change.record("oauth_client.create", client.id, None, self._state(client, secret))
            return Outcome(ClientView(client, secret), wanted.warnings)

        return await self._mutations.run(caller, work)

    async def replace(self, caller: Caller, client_id: str, body: Reading) -> Outcome[ClientView]:
        """Change a client; what the body does not give stays. An inactive one loses all its tokens.

        A role that there is not is left out with a warning: programs send whole clients back, and the role
        may have been deleted since they read them.

        Raises:
            NotFound: there is no such client.
            Refused: the body is no client.
            NotAuthorized: a new role grants more than the caller has.
        """

        def work(change: Change) -> Outcome[ClientView]:
            old = _existing(change.transaction, caller, client_id)
            wanted = accepted(check_oauth_client(body, old, strict=caller.strict))
            added = tuple(one for one in wanted.value.role_ids if one not in old.role_ids)
            gone = _unknown_roles(change.transaction, caller, added, Severity.WARNING)
            warnings = admit(gone, strict=caller.strict)
            missing = {finding.seen for finding in gone}
            kept = tuple(one for one in wanted.value.role_ids if one[:64] not in missing)
            _require_roles(change.transaction, caller, [one for one in added if one in kept])
            new = replace(_written(old, wanted.value), role_ids=kept, modified=self._clock.now())
            change.transaction.directory.replace_client(new)
            if not new.active or new.grant != old.grant:
                change.transaction.grants.end_client(client_id)
            change.record("oauth_client.replace", client_id, self._state(old), self._state(new))
            return Outcome(ClientView(new), (*wanted.warnings, *warnings))

        return await self._mutations.run(caller, work)

    async def new_secret(self, caller: Caller, client_id: str) -> ClientView:
        """Give a client a new secret and show it; the old one is of no use any more.

        Raises:
            NotFound: there is no such client.
            NotAuthorized: its roles grant more than the caller has, who would have all of it with the secret.
        """
        secret = Secret(self._ids.token(32))

        def work(change: Change) -> ClientView:
            old = _existing(change.transaction, caller, client_id)
            _require_roles(change.transaction, caller, old.role_ids)
            digest = self._vault.digest_token(secret.reveal())
            new = replace(old, secret_digest=digest, modified=self._clock.now())
            change.transaction.directory.replace_client(new)
            change.record("oauth_client.secret", client_id, self._state(old), self._state(new, secret))
            return ClientView(new, secret)

        return await self._mutations.run(caller, work)

    async def delete(self, caller: Caller, client_id: str) -> None:
        """Delete an inactive client.

        Raises:
            NotFound: there is no such client.
            Conflict: it is active.
        """

        def work(change: Change) -> None:
            old = _existing(change.transaction, caller, client_id)
            if old.active:
                raise Conflict(found("OAUTH_CLIENT_ACTIVE", Place("path/clientId"), client=old.name))
            change.transaction.grants.end_client(client_id)
            change.transaction.directory.remove_client(caller.organization_id, client_id)
            change.record("oauth_client.delete", client_id, self._state(old), None)

        await self._mutations.run(caller, work)

    def _state(self, client: OAuthClient, secret: Secret | None = None) -> dict[str, object]:
        state: dict[str, object] = {
            "name": client.name,
            "grant": client.grant,
            "active": client.active,
            "roles": list(client.role_ids),
            "scopes": list(client.scopes),
            "redirectUris": list(client.redirect_uris),
            "tokenSeconds": client.token_seconds,
        }
        if secret is not None:
            state["fingerprint"] = self._vault.fingerprint(secret)
        return state


def _written(client: OAuthClient, wanted: NewClient) -> OAuthClient:
    return replace(
        client,
        name=wanted.name,
        grant=wanted.grant,
        token_seconds=wanted.token_seconds,
        description=wanted.description,
        redirect_uris=wanted.redirect_uris,
        role_ids=wanted.role_ids,
        scopes=wanted.scopes,
        active=wanted.active,
    )


def _existing(transaction: Transaction, caller: Caller, client_id: str) -> OAuthClient:
    client = transaction.identities.client(client_id)
    if client is None or client.organization_id != caller.organization_id:
        place = Place("path/clientId")
        raise NotFound(found("OAUTH_CLIENT_NOT_FOUND", place, seen=client_id, entity_id=client_id))
    return client


def _unknown_roles(
    transaction: Transaction, caller: Caller, role_ids: Sequence[str], severity: Severity
) -> tuple[Finding, ...]:
    known = {role.id for role in transaction.identities.roles(caller.organization_id, role_ids)}
    return tuple(
        found(
            "ID_UNKNOWN",
            Place("/roleIds"),
            seen=one[:64],
            severity=severity,
            value=one[:64],
            noun="role",
            where="GET /api/v2/authorization/roles",
        )
        for one in role_ids
        if one not in known
    )


def _require_roles(transaction: Transaction, caller: Caller, role_ids: Sequence[str]) -> None:
    faults = _unknown_roles(transaction, caller, role_ids, Severity.ERROR)
    if faults:
        raise Refused(*faults)
    for role in transaction.identities.roles(caller.organization_id, role_ids):
        require_coverage(caller, role)
