"""The tables. A change here needs a migration in `migrations/versions`; a test compares the two.

Every list is ordered by `sequence`, a number that grows with each row and is never used twice, so that order
and cursors stay the same whatever is added or removed. Each index ends in what a list is sorted by.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
)

from jackfield.store.column_types import SEQUENCE, Compared, Instant, StoredText

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
    }
)


def _sequence() -> Column[int]:
    return Column("sequence", SEQUENCE, primary_key=True, autoincrement=True)


def _text(name: str, *, nullable: bool = False) -> Column[str]:
    return Column(name, StoredText, nullable=nullable)


def _compared(name: str, *, primary_key: bool = False, nullable: bool = False) -> Column[str]:
    return Column(name, Compared, primary_key=primary_key, nullable=nullable)


def _id() -> Column[str]:
    return Column("id", Compared, nullable=False, unique=True)


def _time(name: str) -> Column[datetime]:
    return Column(name, Instant, nullable=False)


organizations = Table(
    "organizations",
    metadata,
    _compared("id", primary_key=True),
    _text("name"),
    _text("default_country_code"),
    _time("created"),
)

roles = Table(
    "roles",
    metadata,
    _compared("id", primary_key=True),
    _compared("organization_id"),
    _text("name"),
    _text("permissions"),
    _text("description"),
    _text("policies"),
    _compared("name_key"),
    _time("created"),
    Index("ix_roles_order", "organization_id", "created", "id"),
    Index("ix_roles_by_name", "organization_id", "name_key"),
)

users = Table(
    "users",
    metadata,
    _compared("id", primary_key=True),
    _compared("organization_id"),
    _text("name"),
    _text("email"),
    _compared("email_key"),
    _text("password_hash"),
    _text("role_ids"),
    _text("title"),
    _text("department"),
    Column("active", Boolean, nullable=False),
    _time("created"),
    Index("uq_users_email_key", "email_key", unique=True),
    Index("ix_users_order", "organization_id", "created", "id"),
)

oauth_clients = Table(
    "oauth_clients",
    metadata,
    _compared("id", primary_key=True),
    _compared("organization_id"),
    _text("name"),
    _text("secret_digest"),
    _text("grant_type"),
    _text("role_ids"),
    Column("token_seconds", Integer, nullable=False),
    Column("active", Boolean, nullable=False),
    _time("created"),
    _text("description"),
    _text("redirect_uris"),
    _text("scopes"),
    Column("modified", Instant, nullable=True),
    _text("created_by"),
)

access_tokens = Table(
    "access_tokens",
    metadata,
    _compared("digest", primary_key=True),
    _compared("organization_id"),
    _compared("client_id"),
    _compared("user_id", nullable=True),
    _time("expires"),
    _text("scopes", nullable=True),
    _compared("family"),
    Index("ix_access_tokens_expires", "expires"),
    Index("ix_access_tokens_family", "family"),
    Index("ix_access_tokens_user", "user_id"),
)

authorization_codes = Table(
    "authorization_codes",
    metadata,
    _compared("digest", primary_key=True),
    _compared("organization_id"),
    _compared("client_id"),
    _compared("user_id"),
    _text("redirect_uri"),
    _text("challenge"),
    _text("scopes"),
    _compared("family"),
    _time("expires"),
    Column("used", Boolean, nullable=False),
    Index("ix_authorization_codes_expires", "expires"),
    Index("ix_authorization_codes_family", "family"),
)

refresh_tokens = Table(
    "refresh_tokens",
    metadata,
    _compared("digest", primary_key=True),
    _compared("organization_id"),
    _compared("client_id"),
    _compared("user_id"),
    _text("scopes"),
    _compared("family"),
    Column("public", Boolean, nullable=False),
    _time("expires"),
    Column("used", Boolean, nullable=False),
    Index("ix_refresh_tokens_expires", "expires"),
    Index("ix_refresh_tokens_family", "family"),
    Index("ix_refresh_tokens_user", "user_id"),
)

groups = Table(
    "groups",
    metadata,
    _sequence(),
    _id(),
    _compared("organization_id"),
    _text("name"),
    _compared("name_key"),
    _text("description"),
    _text("kind"),
    _text("visibility"),
    Column("rules_visible", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    _text("owner_ids"),
    _time("created"),
    _time("modified"),
    Index("ix_groups_order", "organization_id", "sequence"),
    Index("ix_groups_by_name", "organization_id", "name_key"),
    sqlite_autoincrement=True,
)

group_members = Table(
    "group_members",
    metadata,
    Column(
        "group_sequence",
        SEQUENCE,
        ForeignKey("groups.sequence", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    _compared("user_id", primary_key=True),
    Column("position", Integer, nullable=False),
    Index("ix_group_members_user", "user_id"),
)

data_tables = Table(
    "data_tables",
    metadata,
    _sequence(),
    _id(),
    _compared("organization_id"),
    _text("name"),
    _compared("name_key"),
    _text("description"),
    _text("schema"),
    _time("created"),
    Index("ix_data_tables_order", "organization_id", "sequence"),
    Index("ix_data_tables_by_name", "organization_id", "name_key"),
    sqlite_autoincrement=True,
)

integrations = Table(
    "integrations",
    metadata,
    _sequence(),
    _id(),
    _compared("organization_id"),
    _compared("type_id"),
    _text("intended_state"),
    _text("reported_state"),
    _text("name"),
    _compared("name_key"),
    Column("version", Integer, nullable=False),
    _text("properties"),
    _text("advanced"),
    _text("notes"),
    _time("created"),
    _time("modified"),
    Index("ix_integrations_order", "organization_id", "sequence"),
    Index("ix_integrations_by_id", "organization_id", "id"),
    Index("ix_integrations_by_name", "organization_id", "name_key", "sequence"),
    Index("ix_integrations_by_type", "organization_id", "type_id", "sequence"),
    Index("ix_integrations_by_state", "organization_id", "reported_state", "sequence"),
    sqlite_autoincrement=True,
)

integration_credentials = Table(
    "integration_credentials",
    metadata,
    Column(
        "integration_sequence",
        SEQUENCE,
        ForeignKey("integrations.sequence", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("slot", StoredText, primary_key=True),
    _compared("credential_id"),
    Column("position", Integer, nullable=False),
    Index("ix_integration_credentials_use", "credential_id", "integration_sequence"),
)

webhooks = Table(
    # The id is what callers know a webhook by; it is random, and whoever has it may send events.
    "webhooks",
    metadata,
    _compared("id", primary_key=True),
    _compared("organization_id"),
    Column("integration_id", Compared, ForeignKey("integrations.id", ondelete="CASCADE"), nullable=False),
    Index("ix_webhooks_integration", "integration_id"),
)

webhook_events = Table(
    "webhook_events",
    metadata,
    _sequence(),
    _id(),
    _compared("organization_id"),
    Column("integration_id", Compared, ForeignKey("integrations.id", ondelete="CASCADE"), nullable=False),
    _time("at"),
    _text("body"),
    _text("correlation_id"),
    Index("ix_webhook_events_order", "organization_id", "sequence"),
    Index("ix_webhook_events_integration", "integration_id", "sequence"),
    sqlite_autoincrement=True,
)

documents = Table(
    # Small texts that belong to an entity and are read and replaced as a whole.
    "documents",
    metadata,
    _compared("organization_id", primary_key=True),
    _compared("owner", primary_key=True),
    _compared("kind", primary_key=True),
    _text("content"),
    _time("modified"),
)

credentials = Table(
    "credentials",
    metadata,
    _sequence(),
    _id(),
    _compared("organization_id"),
    _text("name", nullable=True),
    _text("type_name"),
    Column("version", Integer, nullable=False),
    _time("created"),
    _time("modified"),
    Index("ix_credentials_order", "organization_id", "sequence"),
    sqlite_autoincrement=True,
)

sealed_fields = Table(
    "sealed_fields",
    metadata,
    Column(
        "credential_sequence",
        SEQUENCE,
        ForeignKey("credentials.sequence", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("field", StoredText, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)

removed_credentials = Table(
    # Where a removed credential stood, so that a client that pages while it removes does not lose its place.
    "removed_credentials",
    metadata,
    _compared("id", primary_key=True),
    _compared("organization_id"),
    Column("sequence", SEQUENCE, nullable=False, autoincrement=False),
)

actions = Table(
    "actions",
    metadata,
    _sequence(),
    _compared("id"),
    _compared("state"),
    _compared("kind"),
    _compared("organization_id"),
    Column("integration_id", Compared, ForeignKey("integrations.id", ondelete="CASCADE"), nullable=False),
    _text("name"),
    _compared("name_key"),
    _text("category"),
    _compared("category_key"),
    Column("version", Integer, nullable=False),
    Column("secure", Boolean, nullable=False),
    _text("config"),
    _text("input_schema"),
    _text("success_schema"),
    _time("created"),
    _time("modified"),
    Index("uq_actions_id", "id", "state", unique=True),
    Index("ix_actions_order", "organization_id", "state", "sequence", "kind"),
    Index("ix_actions_by_id", "organization_id", "state", "id", "kind"),
    Index("ix_actions_by_name", "organization_id", "state", "name_key", "sequence", "kind"),
    Index("ix_actions_by_category", "organization_id", "state", "category_key", "sequence", "kind"),
    Index("ix_actions_categories", "organization_id", "state", "category", "secure"),
    Index("ix_actions_integration", "integration_id", "kind", "id"),
    sqlite_autoincrement=True,
)

list_totals = Table(
    # How long the unfiltered lists are, kept with each addition and removal: to count 100,000 rows takes
    # longer than to read a page of them.
    "list_totals",
    metadata,
    _compared("organization_id", primary_key=True),
    _compared("list", primary_key=True),
    Column("total", Integer, nullable=False),
)

audit_entries = Table(
    "audit_entries",
    metadata,
    _sequence(),
    _id(),
    _compared("organization_id"),
    _time("at"),
    _text("actor"),
    _text("action"),
    _text("entity_kind"),
    _compared("entity_id"),
    _text("before"),
    _text("after"),
    _text("correlation_id"),
    Index("ix_audit_entries_order", "organization_id", "sequence"),
    Index("ix_audit_entries_entity", "entity_id", "sequence"),
    sqlite_autoincrement=True,
)

stored_answers = Table(
    "stored_answers",
    metadata,
    _compared("organization_id", primary_key=True),
    _compared("client_id", primary_key=True),
    Column("key", StoredText, primary_key=True),
    _text("digest"),
    Column("status", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    _time("at"),
    Index("ix_stored_answers_at", "at"),
)

vault_keys = Table(
    "vault_keys",
    metadata,
    _sequence(),
    _id(),
    _text("purpose"),
    Column("wrapped", LargeBinary, nullable=False),
    _time("created"),
    sqlite_autoincrement=True,
)

REVISION_TABLE = "jackfield_revision"

revision = Table(
    # Alembic's own table under our name, so that a database with another program's `alembic_version` is not
    # mistaken for ours. It is not part of `metadata`: migrations do not make it.
    REVISION_TABLE,
    MetaData(),
    Column("version_num", String(32), primary_key=True),
)
