"""What the rooms ask of the outside world; `app.py` hands in the adapters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from jackfield.domain.action import Action, ActionQuery, ActionState
from jackfield.domain.audit import AuditEntry, AuditQuery
from jackfield.domain.contents import Contents
from jackfield.domain.credential import Credential
from jackfield.domain.directory import DataTable, Group, NameCriterion
from jackfield.domain.errors import StoredAnswer
from jackfield.domain.grants import AuthorizationCode, RefreshToken
from jackfield.domain.identity import AccessToken, OAuthClient, Organization, Role, User
from jackfield.domain.integration import Integration, IntegrationQuery
from jackfield.domain.page import CursorPage, CursorRequest, Page, PageRequest
from jackfield.domain.run import Run, RunListener, RunResult, RunUnderWay
from jackfield.domain.secret import Secret
from jackfield.domain.webhook import Webhook, WebhookEvent

T = TypeVar("T")


class Clock(Protocol):
    """The time."""

    def now(self) -> datetime:
        """Return the time with its UTC zone."""

    def monotonic(self) -> float:
        """Return seconds that never go back."""


class Ids(Protocol):
    """Ids and random text; seeded for repeatable runs."""

    def uuid(self) -> str:
        """Return a new UUID as text."""

    def token(self, size: int) -> str:
        """Return URL-safe random text made of `size` random bytes."""


class RepeatableIds(Ids, Protocol):
    """Ids whose sequence can be taken back, for repeatable tests."""

    def mark(self) -> object:
        """Return where the sequence is."""

    def rewind(self, mark: object) -> None:
        """Go on from there; nothing happens where no seed was given."""


class IntegrationRepository(Protocol):
    """Integrations of an organization, with their configuration."""

    def add(self, integration: Integration) -> None:
        """Store a new integration."""

    def get(self, organization_id: str, integration_id: str) -> Integration | None:
        """Return one integration."""

    def replace(self, integration: Integration, *, expected_version: int) -> bool:
        """Store the integration if its stored configuration has `expected_version`; tell if it had."""

    def remove(self, organization_id: str, integration_id: str) -> bool:
        """Remove an integration and its actions; tell if it was there."""

    def page(self, organization_id: str, query: IntegrationQuery, window: PageRequest) -> Page[Integration]:
        """Return one page in creation order, or by `window.sort_by` (`name`, `integrationType`, `id`)."""

    def using_credential(self, organization_id: str, credential_id: str) -> Sequence[Integration]:
        """Return the integrations whose configuration names the credential."""

    def count_of_type(self, organization_id: str, type_id: str) -> int:
        """Return how many integrations of a type there are."""


class CredentialRepository(Protocol):
    """Stored credentials with their sealed fields."""

    def add(self, credential: Credential) -> None:
        """Store a new credential."""

    def get(self, organization_id: str, credential_id: str) -> Credential | None:
        """Return one credential with its sealed fields."""

    def get_many(self, organization_id: str, credential_ids: Sequence[str]) -> Sequence[Credential]:
        """Return those of the named credentials that exist."""

    def replace(self, credential: Credential, *, expected_version: int) -> bool:
        """Store the credential if its stored version is `expected_version`; tell if it was."""

    def remove(self, organization_id: str, credential_id: str) -> bool:
        """Remove a credential; tell if it was there."""

    def page(self, organization_id: str, window: PageRequest) -> Page[Credential]:
        """Return one page in creation order, without sealed fields."""

    def unused(self, organization_id: str, window: PageRequest) -> Page[Credential]:
        """Return one page of those that no integration uses, in creation order, without sealed fields."""

    def cursor(self, organization_id: str, window: CursorRequest) -> CursorPage[Credential]:
        """Return a run of credentials in stable order (creation, id), without sealed fields."""


class ActionRepository(Protocol):
    """Data actions, published and drafts."""

    def add(self, action: Action) -> None:
        """Store a new action in its state."""

    def get(self, organization_id: str, action_id: str, state: ActionState) -> Action | None:
        """Return one action in one state."""

    def replace(self, action: Action, *, expected_version: int) -> bool:
        """Store the action if the stored one of its state has `expected_version`; tell if it had."""

    def remove(self, organization_id: str, action_id: str, state: ActionState | None = None) -> bool:
        """Remove one form of an action, or (None) both; tell if it was there."""

    def page(self, organization_id: str, query: ActionQuery, window: PageRequest) -> Page[Action]:
        """Return one page."""

    def categories(self, organization_id: str, secure: bool | None, window: PageRequest) -> Page[str]:
        """Return one page of the distinct categories of published actions, by name."""

    def count(self, organization_id: str, integration_id: str = "") -> int:
        """Return how many distinct custom actions there are."""


class IdentityRepository(Protocol):
    """Organization, users, clients, roles and tokens."""

    def organization(self) -> Organization | None:
        """Return the one organization; None before the first start."""

    def add_organization(self, organization: Organization) -> None:
        """Store the organization."""

    def add_role(self, role: Role) -> None:
        """Store a new role."""

    def add_user(self, user: User) -> None:
        """Store a new user."""

    def add_client(self, client: OAuthClient) -> None:
        """Store a new OAuth client."""

    def client(self, client_id: str) -> OAuthClient | None:
        """Return one OAuth client."""

    def clients(self, organization_id: str) -> Sequence[OAuthClient]:
        """Return the organization's OAuth clients, oldest first."""

    def user(self, user_id: str) -> User | None:
        """Return one user."""

    def user_by_email(self, email: str) -> User | None:
        """Return the user with this address, any case."""

    def roles(self, organization_id: str, role_ids: Sequence[str]) -> Sequence[Role]:
        """Return those of the named roles that exist."""

    def add_token(self, token: AccessToken) -> None:
        """Store an issued token."""

    def token(self, digest: str) -> AccessToken | None:
        """Return an issued token."""

    def remove_expired_tokens(self, before: datetime) -> int:
        """Remove tokens that expired before a time; return how many."""


class DirectoryRepository(Protocol):
    """Lists and changes of roles, users and OAuth clients; groups; data tables."""

    def role(self, organization_id: str, role_id: str) -> Role | None:
        """Return one role."""

    def roles_page(
        self, organization_id: str, name: str, ids: Sequence[str], window: PageRequest
    ) -> Page[Role]:
        """Return one page of roles in creation order, or by name; `name` may have `*` at either end."""

    def replace_role(self, role: Role) -> None:
        """Store a role over the one of its id."""

    def remove_role(self, organization_id: str, role_id: str) -> None:
        """Remove a role; who holds it is for the caller to change before."""

    def users(self, organization_id: str, user_ids: Sequence[str]) -> Sequence[User]:
        """Return those of the named users that exist, in the order of the names."""

    def users_page(
        self, organization_id: str, ids: Sequence[str], active: bool | None, window: PageRequest
    ) -> Page[User]:
        """Return one page of users in creation order."""

    def users_with_role(self, organization_id: str, role_id: str) -> Sequence[User]:
        """Return the users that a role is granted to."""

    def replace_user(self, user: User) -> None:
        """Store a user over the one of the same id."""

    def clients_with_role(self, organization_id: str, role_id: str) -> Sequence[OAuthClient]:
        """Return the OAuth clients that a role is granted to."""

    def replace_client(self, client: OAuthClient) -> None:
        """Store an OAuth client over the one of its id."""

    def remove_client(self, organization_id: str, client_id: str) -> None:
        """Remove an OAuth client."""

    def add_group(self, group: Group) -> None:
        """Store a new group."""

    def group(self, organization_id: str, group_id: str) -> Group | None:
        """Return one group with its members."""

    def groups_page(self, organization_id: str, ids: Sequence[str], window: PageRequest) -> Page[Group]:
        """Return one page of groups in creation order."""

    def search_groups(
        self, organization_id: str, criteria: Sequence[NameCriterion], window: PageRequest
    ) -> Page[Group]:
        """Return one page of the groups whose name meets all criteria; by name or in creation order."""

    def groups_of(self, organization_id: str, user_id: str) -> Sequence[Group]:
        """Return the groups that a user is a member of."""

    def replace_group(self, group: Group, *, expected_version: int) -> bool:
        """Store a group if its stored version is `expected_version`; tell if it was."""

    def remove_group(self, organization_id: str, group_id: str) -> None:
        """Remove a group; its members stay users."""

    def add_data_table(self, table: DataTable) -> None:
        """Store a new data table."""

    def data_table(self, organization_id: str, table_id: str) -> DataTable | None:
        """Return one data table."""

    def data_tables_page(self, organization_id: str, name: str, window: PageRequest) -> Page[DataTable]:
        """Return one page of data tables in creation order, or by name; `name` may have `*` at either end."""

    def remove_data_table(self, organization_id: str, table_id: str) -> None:
        """Remove a data table."""


class GrantRepository(Protocol):
    """Codes and refresh tokens of logins, and the end of tokens before their time."""

    def add_code(self, code: AuthorizationCode) -> None:
        """Store a new code."""

    def code(self, digest: str) -> AuthorizationCode | None:
        """Return a code, used or not, expired or not."""

    def use_code(self, digest: str) -> bool:
        """Mark a code as used; tell if it was not used before."""

    def add_refresh_token(self, token: RefreshToken) -> None:
        """Store a new refresh token."""

    def refresh_token(self, digest: str) -> RefreshToken | None:
        """Return a refresh token, used or not, expired or not."""

    def use_refresh_token(self, digest: str) -> bool:
        """Mark a refresh token as used; tell if it was not used before."""

    def end_token(self, digest: str, family: str) -> None:
        """Remove an access token, and with it all of its login if it comes from one."""

    def end_family(self, family: str) -> None:
        """Remove every token of one login; its code stays as used, so that a repeat is still recognised."""

    def end_user(self, user_id: str) -> int:
        """Remove all tokens and codes of a user; return how many access tokens there were."""

    def end_client(self, client_id: str) -> int:
        """Remove all tokens and codes of an OAuth client; return how many access tokens there were."""

    def remove_expired(self, before: datetime) -> None:
        """Remove codes and refresh tokens that expired before a time."""


class AuditRepository(Protocol):
    """The audit trail."""

    def add(self, entry: AuditEntry) -> None:
        """Append one row."""

    def page(self, organization_id: str, window: PageRequest) -> Page[AuditEntry]:
        """Return one page, newest first."""

    def search(self, organization_id: str, query: AuditQuery) -> Sequence[AuditEntry]:
        """Return the entries that fit, newest first."""

    def get(self, organization_id: str, entry_id: str) -> AuditEntry | None:
        """Return one entry."""


class IdempotencyRepository(Protocol):
    """Answers kept for repeats."""

    def get(self, organization_id: str, client_id: str, key: str) -> StoredAnswer | None:
        """Return the kept answer. Its status is 0 while the first request is under way."""

    def put(self, organization_id: str, client_id: str, key: str, answer: StoredAnswer, at: datetime) -> None:
        """Keep an answer, replacing a reservation."""

    def remove(self, organization_id: str, client_id: str, key: str) -> None:
        """Forget a reservation."""

    def remove_older(self, before: datetime) -> int:
        """Forget answers kept before a time; return how many."""


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A data key of the vault, encrypted with the master key; of no use without the key file.

    Args:
        id: 16 hexadecimal digits, derived from the data key; every sealed value names it.
        purpose: `seal` or `digest`.
        wrapped: the encrypted data key.
        created: the newest key of purpose `seal` seals; older ones only open.
    """

    id: str
    purpose: str
    wrapped: bytes
    created: datetime


class KeyringRepository(Protocol):
    """The vault's wrapped data keys."""

    def add(self, key: WrappedKey) -> None:
        """Store a new wrapped key."""

    def all(self) -> Sequence[WrappedKey]:
        """Return every wrapped key, oldest first; none before the first start."""


class WebhookRepository(Protocol):
    """Webhooks and the events that came in through them."""

    def add(self, webhook: Webhook) -> None:
        """Store the intake of an integration."""

    def get(self, webhook_id: str) -> Webhook | None:
        """Return one webhook."""

    def of_integrations(self, integration_ids: Sequence[str]) -> Mapping[str, str]:
        """Return integration id to webhook id, of those that have one."""

    def add_event(self, event: WebhookEvent) -> None:
        """Append an event; of each integration a limited number of the newest stays."""

    def events(self, organization_id: str, integration_id: str, window: PageRequest) -> Page[WebhookEvent]:
        """Return one page, newest first; of all integrations with ""."""


class DocumentRepository(Protocol):
    """Small texts that belong to an entity (`owner`, "" for the organization itself)."""

    def get(self, organization_id: str, owner: str, kind: str) -> str | None:
        """Return a text, None if there is none."""

    def get_many(self, organization_id: str, owners: Sequence[str], kind: str) -> Mapping[str, str]:
        """Return owner to text, of those owners that have one."""

    def put(self, organization_id: str, owner: str, kind: str, content: str, at: datetime) -> None:
        """Store a text in the place of what was there; `at` is its time, or when it may be removed."""

    def remove(self, organization_id: str, owner: str, kind: str = "") -> None:
        """Remove a text, or (kind "") all of an owner."""

    def remove_before(self, kind: str, moment: datetime) -> None:
        """Remove the texts of a kind whose time is before a moment, whatever they belong to."""


class ContentsRepository(Protocol):
    """Everything that is stored, as a whole."""

    def take(self) -> Contents:
        """Return everything but keys and logins."""

    def put(self, contents: Contents) -> None:
        """Replace everything but keys and logins."""


class Transaction(Protocol):
    """All repositories inside one transaction. Valid only while the work runs, on the store's own thread."""

    @property
    def integrations(self) -> IntegrationRepository:
        """The integrations."""

    @property
    def credentials(self) -> CredentialRepository:
        """The credentials."""

    @property
    def actions(self) -> ActionRepository:
        """The actions."""

    @property
    def identities(self) -> IdentityRepository:
        """The identities."""

    @property
    def directory(self) -> DirectoryRepository:
        """Roles, users and clients as lists, groups, data tables."""

    @property
    def grants(self) -> GrantRepository:
        """Codes and refresh tokens of logins."""

    @property
    def audit(self) -> AuditRepository:
        """The audit."""

    @property
    def idempotency(self) -> IdempotencyRepository:
        """The idempotency."""

    @property
    def keyring(self) -> KeyringRepository:
        """The vault's wrapped keys."""

    @property
    def webhooks(self) -> WebhookRepository:
        """Webhooks and their events."""

    @property
    def documents(self) -> DocumentRepository:
        """Small texts of entities."""

    @property
    def contents(self) -> ContentsRepository:
        """Everything as a whole."""


class Store(Protocol):
    """The durable store."""

    async def write(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` in a transaction and return its result after the commit is durable.

        An exception of `work` undoes its changes alone (others in the same group commit stay) and is raised.
        """

    async def read(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` on a consistent view without writing."""

    async def ping(self) -> None:
        """Return if the store answers; raise Unavailable if not."""

    def close(self) -> None:
        """Finish what is queued and close all connections."""


@dataclass(frozen=True, slots=True)
class SealPlace:
    """Where a sealed value lives; part of its associated data, so that it cannot be moved."""

    organization_id: str
    credential_id: str
    field: str
    version: int


class Vault(Protocol):
    """Sealing and opening of secrets, and everything else that is cryptography."""

    def seal(self, secret: Secret, place: SealPlace) -> bytes:
        """Encrypt a secret for one place."""

    def open(self, sealed: bytes, place: SealPlace) -> Secret:
        """Decrypt; raise VaultError if it was changed, moved or sealed with an unknown key."""

    def opener(self, sealed: bytes, place: SealPlace) -> Callable[[], Secret]:
        """Return what decrypts each time it is called, as `open` does; it keeps nothing in clear."""

    def fingerprint(self, secret: Secret) -> str:
        """Return a keyed fingerprint: equal for equal secrets, useless without the key."""

    def hash_password(self, password: Secret) -> str:
        """Return an argon2id hash."""

    def verify_password(self, password_hash: str, password: Secret) -> bool:
        """Tell if the password is the hashed one."""

    def digest_token(self, token: str) -> str:
        """Return the one-way digest under which a random token or client secret is stored."""

    def matches_challenge(self, challenge: str, verifier: str) -> bool:
        """Tell if a PKCE verifier belongs to an S256 challenge."""


class ActionEngine(Protocol):
    """Runs data actions."""

    def forget_logins(self) -> None:
        """Forget the logins of all integrations; the next runs make new ones."""

    async def run(self, run: Run) -> RunResult:
        """Run one action; a failed run is a result with `success` false, not an exception."""

    def runs_at_once(self, engine: str, credential_type: str | None) -> bool:
        """Tell if `run_now` can run actions of an engine with a credential of this type, None for none."""

    def run_now(self, run: Run, listener: RunListener) -> RunUnderWay:
        """Begin a run that nobody awaits; the listener hears how it ended, perhaps before this returns.

        Args:
            run: in execute mode, of an action that `runs_at_once`.

        Raises:
            LimitReached: too many runs.
        """

    async def aclose(self) -> None:
        """Close upstream connections."""
