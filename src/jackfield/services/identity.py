"""Who may call: the first start, tokens, and what a token stands for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from jackfield.domain.catalogue import found
from jackfield.domain.credential_care import PREVIOUS
from jackfield.domain.errors import BadCredentials, NotAuthenticated, Refused
from jackfield.domain.finding import Place
from jackfield.domain.identity import AccessToken, OAuthClient, Organization, Principal, Role, User
from jackfield.domain.page import PageRequest
from jackfield.domain.ports import Clock, Ids, Store, Transaction, Vault
from jackfield.domain.secret import Secret
from jackfield.rules.authorization import CLIENT_CREDENTIALS
from jackfield.services.access import require, require_scope
from jackfield.services.throttle import Throttle

ADMIN_EMAIL = "admin@jackfield.invalid"
ADMIN_PERMISSIONS = ("*:*:*",)
# The wizard sample grants this role, which it finds by its name, to the clients that it makes.
EMPLOYEE = "employee"
EMPLOYEE_PERMISSIONS = ("directory:user:view", "directory:group:view")
TOKEN_SECONDS = 86400
CLEANING_SECONDS = 3600.0
CACHED_PRINCIPALS = 10_000


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A token, shown once. `expires_in` is in seconds; client credentials have no refresh token or scopes."""

    access_token: Secret
    expires_in: int
    refresh_token: Secret | None = None
    scopes: tuple[str, ...] | None = None


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
        throttle: slows down whoever guesses secrets; one of its own if None.
    """

    def __init__(
        self, store: Store, vault: Vault, clock: Clock, ids: Ids, throttle: Throttle | None = None
    ) -> None:
        self._store, self._vault, self._clock, self._ids = store, vault, clock, ids
        self._throttle = throttle or Throttle(clock)
        self._next_cleaning = clock.monotonic()
        # Counts the changes, so that a read that was under way during one is known.
        self._generation = 0
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
        now = organization.created
        role = Role(self._ids.uuid(), organization.id, "admin", ADMIN_PERMISSIONS, created=now)
        password = admin_password or Secret(self._ids.token(18))
        secret = client_secret or Secret(self._ids.token(32))
        user = User(
            self._ids.uuid(),
            organization.id,
            "Administrator",
            ADMIN_EMAIL,
            self._vault.hash_password(password),
            (role.id,),
            created=now,
        )
        client = self._client(organization.id, client_id or self._ids.uuid(), "Jackfield", secret, (role.id,))
        identities = transaction.identities
        identities.add_organization(organization)
        identities.add_role(role)
        identities.add_user(user)
        identities.add_client(client)
        self.complete_organization(transaction)
        return FirstStart(organization, client.id, secret, ADMIN_EMAIL, password)

    def complete_organization(self, transaction: Transaction) -> None:
        """Add the roles that every organization has and clients look for by name, if they are missing."""
        organization = transaction.identities.organization()
        if organization is None:
            return
        window = PageRequest(size=1)
        if transaction.directory.roles_page(organization.id, EMPLOYEE, (), window).total:
            return
        role = Role(
            id=self._ids.uuid(),
            organization_id=organization.id,
            name=EMPLOYEE,
            permissions=EMPLOYEE_PERMISSIONS,
            description="Everybody",
            created=self._clock.now(),
        )
        transaction.identities.add_role(role)

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

    async def token_for_client(self, client_id: str, secret: Secret, address: str = "") -> IssuedToken:
        """Issue a token for client credentials. Tokens are not audited: they change nothing.

        Args:
            address: where the request comes from.

        Raises:
            Refused: unknown or inactive client, or wrong secret (one answer for all three); a client of
                another grant; too many failures.
        """
        client = await self.proven_client(client_id, secret, address)
        if client.grant != CLIENT_CREDENTIALS:
            place, wanted = Place("form/grant_type"), CLIENT_CREDENTIALS
            raise Refused(
                found("GRANT_NOT_OF_CLIENT", place, client=client.name, grant=client.grant, wanted=wanted)
            )
        return await self._store.write(lambda transaction: self.issue(transaction, client, None, None, ""))

    async def proven_client(self, client_id: str, secret: Secret | None, address: str) -> OAuthClient:
        """Return an active client.

        Args:
            secret: its secret; None for one that proves itself otherwise.
            address: where the request comes from.

        Raises:
            Refused: unknown or inactive client, or wrong secret (one answer for all three); too many
                failures.
        """
        self._throttle.check(client_id, address)
        client = await self._store.read(lambda transaction: transaction.identities.client(client_id))
        wrong = secret is not None and (
            client is None or client.secret_digest != self._vault.digest_token(secret.reveal())
        )
        if client is None or not client.active or wrong:
            self._throttle.failed(client_id, address)
            raise Refused(found("CLIENT_UNKNOWN", seen=client_id[:64]))
        if secret is not None:
            self._throttle.succeeded(client_id, address)
        return client

    def issue(
        self,
        transaction: Transaction,
        client: OAuthClient,
        user_id: str | None,
        scopes: tuple[str, ...] | None,
        family: str,
    ) -> IssuedToken:
        """Store a new access token and return it.

        Args:
            user_id: who it acts for, None for the client itself.
            scopes: what it may be used for; None where roles alone decide.
            family: the login it comes from, "" for none.
        """
        token, now = Secret(self._ids.token(48)), self._clock.now()
        self._clean(transaction)
        transaction.identities.add_token(
            AccessToken(
                digest=self._vault.digest_token(token.reveal()),
                organization_id=client.organization_id,
                client_id=client.id,
                user_id=user_id,
                expires=now + timedelta(seconds=client.token_seconds),
                scopes=scopes,
                family=family,
            )
        )
        return IssuedToken(token, client.token_seconds, scopes=scopes)

    def _clean(self, transaction: Transaction) -> None:
        """Remove what has expired, once an hour at most; after a restart with the first login."""
        if self._clock.monotonic() < self._next_cleaning:
            return
        self._next_cleaning = self._clock.monotonic() + CLEANING_SECONDS
        now = self._clock.now()
        transaction.identities.remove_expired_tokens(now)
        transaction.grants.remove_expired(now)
        transaction.documents.remove_before(PREVIOUS, now)

    async def authenticate(self, token: str) -> Principal:
        """Return who a bearer token speaks for.

        Raises:
            BadCredentials: not one of ours, or expired.
        """
        known = self._principals.get(token_key := self._vault.digest_token(token))
        if known is None:
            generation = self._generation
            known = await self._store.read(lambda transaction: self._lookup(transaction, token_key))
            # What was read before a change must not be remembered after it: an ended token would live on.
            if generation == self._generation:
                self._remember(token_key, known)
        principal, record = known
        if record.expires <= self._clock.now():
            self._principals.pop(token_key, None)
            raise BadCredentials(found("TOKEN_UNKNOWN"))
        return principal

    def recognise(self, token: str, now: datetime) -> Principal | None:
        """Return who a bearer token speaks for if that is remembered and still holds."""
        known = self._principals.get(self._vault.digest_token(token))
        if known is None:
            return None
        principal, record = known
        return principal if record.expires > now else None

    def require(self, principal: Principal, permissions: tuple[str, ...]) -> None:
        """Let the principal pass if it holds any of the permissions.

        Raises:
            NotPermitted: it holds none.
        """
        require(principal, permissions)

    def require_scope(self, principal: Principal, scopes: tuple[str, ...]) -> None:
        """Let the principal pass if its token has any of the scopes, or needs none.

        Raises:
            NotAuthorized: it has none of them.
        """
        require_scope(principal, scopes)

    def forget(self) -> None:
        """Drop what is cached about tokens, after roles, clients or tokens changed."""
        self._generation += 1
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
        if record.user_id and (user is None or not user.active):
            raise BadCredentials(found("TOKEN_UNKNOWN"))
        role_ids = user.role_ids if user else client.role_ids
        roles = transaction.identities.roles(record.organization_id, role_ids)
        principal = Principal(
            record.organization_id,
            client.id,
            record.user_id,
            frozenset(permission for role in roles for permission in role.permissions),
            None if record.scopes is None else frozenset(record.scopes),
            token_key,
        )
        return principal, record

    def _client(
        self, organization_id: str, client_id: str, name: str, secret: Secret, role_ids: tuple[str, ...]
    ) -> OAuthClient:
        return OAuthClient(
            id=client_id,
            organization_id=organization_id,
            name=name,
            secret_digest=self._vault.digest_token(secret.reveal()),
            grant=CLIENT_CREDENTIALS,
            role_ids=role_ids,
            token_seconds=TOKEN_SECONDS,
            created=self._clock.now(),
        )
