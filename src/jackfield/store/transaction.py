"""All repositories over one connection."""

from __future__ import annotations

from sqlalchemy import Connection

from jackfield.store.actions import SqlActions
from jackfield.store.audit import SqlAudit
from jackfield.store.contents import SqlContents
from jackfield.store.credentials import SqlCredentials
from jackfield.store.directory import SqlDirectory
from jackfield.store.documents import SqlDocuments
from jackfield.store.grants import SqlGrants
from jackfield.store.idempotency import SqlIdempotency
from jackfield.store.identities import SqlIdentities
from jackfield.store.integrations import SqlIntegrations
from jackfield.store.keyring import SqlKeyring
from jackfield.store.webhooks import SqlWebhooks


class SqlTransaction:
    """Implements `domain.ports.Transaction`; its repositories see and make changes of one transaction.

    Args:
        connection: with a transaction begun; whoever began it ends it.
    """

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def integrations(self) -> SqlIntegrations:
        """The integrations."""
        return SqlIntegrations(self._connection)

    @property
    def credentials(self) -> SqlCredentials:
        """The credentials."""
        return SqlCredentials(self._connection)

    @property
    def actions(self) -> SqlActions:
        """The data actions."""
        return SqlActions(self._connection)

    @property
    def identities(self) -> SqlIdentities:
        """Organization, users, clients, roles and tokens."""
        return SqlIdentities(self._connection)

    @property
    def directory(self) -> SqlDirectory:
        """Roles, users and clients as lists, groups, data tables."""
        return SqlDirectory(self._connection)

    @property
    def grants(self) -> SqlGrants:
        """Codes and refresh tokens of logins."""
        return SqlGrants(self._connection)

    @property
    def audit(self) -> SqlAudit:
        """The audit trail."""
        return SqlAudit(self._connection)

    @property
    def idempotency(self) -> SqlIdempotency:
        """Answers kept for repeats."""
        return SqlIdempotency(self._connection)

    @property
    def keyring(self) -> SqlKeyring:
        """The vault's wrapped keys."""
        return SqlKeyring(self._connection)

    @property
    def webhooks(self) -> SqlWebhooks:
        """Webhooks and their events."""
        return SqlWebhooks(self._connection)

    @property
    def documents(self) -> SqlDocuments:
        """Small texts of entities."""
        return SqlDocuments(self._connection)

    @property
    def contents(self) -> SqlContents:
        """Everything as a whole."""
        return SqlContents(self._connection)
