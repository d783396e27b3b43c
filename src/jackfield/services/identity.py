"""Who may call: the first start, tokens, and what a token stands for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from jackfield.domain.catalogue import found
from jackfield.domain.errors import BadCredentials, NotAuthenticated, Refused
from jackfield.domain.identity import AccessToken, OAuthClient, Organization, Principal, Role, User
from jackfield.domain.ports import Clock, Ids, Store, Transaction, Vault
from jackfield.domain.secret import Secret
from jackfield.services.access import require

ADMIN_EMAIL = "admin@jackfield.invalid"
ADMIN_PERMISSIONS = ("*:*:*",)
TOKEN_SECONDS = 86400
CACHED_PRINCIPALS = 10_000


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A token, shown once. `expires_in` is in seconds."""

    access_token: Secret
    expires_in: int


@dataclass(frozen=True, slots=True)
class FirstStart:
    """What the start that creates an organization made, secrets included; shown once, not kept in clear."""

    organization: Organization
    client_id: str
    client_secret: Secret
    admin_user: str
    admin_password: Secret


class IdentityService:
    """Issues and recognises tokens.

    Args:
        store: clients, roles and token digests.
        vault: one-way digests and password hashes.
    """

    def __init__(self, store: Store, vault: Vault, clock: Clock, ids: Ids) -> None:
        self._store, self._vault, self._clock, self._ids = store, vault, clock, ids
        self._principals: dict[str, tuple[Principal, AccessToken]] = {}

    def found_organization(
        self,
        transaction: Transaction,
        *,
        client_id: str | None = None,
        client_secret: Secret | None = None,
        admin_password: Secret | None = None,
    ) -> FirstStart:
        """Create organization, administrator role, administrator and OAuth client.

        Args:
            transaction: a running one, so that whatever else belongs to the first start commits with it.
            client_id: preset id; None makes one up. Likewise the two secrets.
        """
        organization = Organization(self._ids.uuid(), "Jackfield", "US", self._clock.now())
        role = Role(self._ids.uuid(), organization.id, "admin", ADMIN_PERMISSIONS)
        password = admin_password or Secret(self._ids.token(18))
        secret = client_secret or Secret(self._ids.token(32))
        user = User(
            self._ids.uuid(),
            organization.id,
            "Administrator",
            ADMIN_EMAIL,
            self._vault.hash_password(password),
            (role.id,),
        )
        client = self._client(organization.id, client_id or self._ids.uuid(), "Jackfield", secret, (role.id,))
        identities = transaction.identities
        identities.add_organization(organization)
        identities.add_role(role)
        identities.add_user(user)
        identities.add_client(client)
        return FirstStart(organization, client.id, secret, ADMIN_EMAIL, password)

    def add_client(
        self, transaction: Transaction, name: str, permissions: tuple[str, ...]
    ) -> tuple[str, Secret]:
        """Create a client-credentials client with a role of its own; return its id and secret, shown once.

        Args:
            permissions: such as `integrations:integration:view`; parts may be `*`.
        """
        organization = transaction.identities.organization()
        if organization is None:
            raise NotAuthenticated(found("CLIENT_UNKNOWN"))
        secret = Secret(self._ids.token(32))
        role = Role(self._ids.uuid(), organization.id, name, permissions)
        client = self._client(organization.id, self._ids.uuid(), name, secret, (role.id,))
        transaction.identities.add_role(role)
        transaction.identities.add_client(client)
        return client.id, secret

    async def token_for_client(self, client_id: str, secret: Secret) -> IssuedToken:
        """Issue a token for client credentials. Tokens are not audited: they change nothing.

        Raises:
            Refused: unknown or inactive client, or wrong secret (one answer for all three).
        """
        client = await self._store.read(lambda transaction: transaction.identities.client(client_id))
        digest = self._vault.digest_token(secret.reveal())
        if client is None or not client.active or client.secret_digest != digest:
            raise Refused(found("CLIENT_UNKNOWN", seen=client_id[:64]))
        token = Secret(self._ids.token(48))
        record = AccessToken(
            digest=self._vault.digest_token(token.reveal()),
            organization_id=client.organization_id,
            client_id=client.id,
            user_id=None,
            expires=self._clock.now() + timedelta(seconds=client.token_seconds),
        )
        await self._store.write(lambda transaction: transaction.identities.add_token(record))
        return IssuedToken(token, client.token_seconds)

    async def authenticate(self, token: str) -> Principal:
        """Return who a bearer token speaks for.

        Raises:
            BadCredentials: not one of ours, or expired.
        """
        known = self._principals.get(token_key := self._vault.digest_token(token))
        if known is None:
            known = await self._store.read(lambda transaction: self._lookup(transaction, token_key))
            self._remember(token_key, known)
        principal, record = known
        if record.expires <= self._clock.now():
            self._principals.pop(token_key, None)
            raise BadCredentials(found("TOKEN_UNKNOWN"))
        return principal

    def require(self, principal: Principal, permissions: tuple[str, ...]) -> None:
        """Let the principal pass if it holds any of the permissions.

        Raises:
            NotPermitted: it holds none.
        """
        require(principal, permissions)

    def forget(self) -> None:
        """Drop what is cached about tokens, after roles or clients changed."""
        self._principals.clear()

    def _remember(self, token_key: str, known: tuple[Principal, AccessToken]) -> None:
        if len(self._principals) >= CACHED_PRINCIPALS:
            self._principals.clear()
        self._principals[token_key] = known

    def _lookup(self, transaction: Transaction, token_key: str) -> tuple[Principal, AccessToken]:
        record = transaction.identities.token(token_key)
        client = transaction.identities.client(record.client_id) if record else None
        if record is None or client is None or not client.active:
            raise BadCredentials(found("TOKEN_UNKNOWN"))
        user = transaction.identities.user(record.user_id) if record.user_id else None
        role_ids = user.role_ids if user else client.role_ids
        roles = transaction.identities.roles(record.organization_id, role_ids)
        permissions = frozenset(permission for role in roles for permission in role.permissions)
        return Principal(record.organization_id, client.id, record.user_id, permissions), record

    def _client(
        self, organization_id: str, client_id: str, name: str, secret: Secret, role_ids: tuple[str, ...]
    ) -> OAuthClient:
        return OAuthClient(
            id=client_id,
            organization_id=organization_id,
            name=name,
            secret_digest=self._vault.digest_token(secret.reveal()),
            grant="CLIENT-CREDENTIALS",
            role_ids=role_ids,
            token_seconds=TOKEN_SECONDS,
            created=self._clock.now(),
        )
