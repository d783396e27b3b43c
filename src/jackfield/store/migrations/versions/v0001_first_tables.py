"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

# Migrations spell types out: they must go on making what they made when they were written.
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()
COMPARED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.DateTime().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    """Make all tables of the first version."""
    _identities()
    _integrations()
    _actions()
    _credentials()
    _records()


def _identities() -> None:
    op.create_table(
        "organizations",
        sa.Column("id", COMPARED, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("default_country_code", TEXT, nullable=False),
        sa.Column("created", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_organizations"),
    )
    op.create_table(
        "roles",
        sa.Column("id", COMPARED, nullable=False),
        sa.Column("organization_id", COMPARED, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("permissions", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_roles"),
    )
    op.create_table(
        "users",
        sa.Column("id", COMPARED, nullable=False),
        sa.Column("organization_id", COMPARED, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("email", TEXT, nullable=False),
        sa.Column("email_key", COMPARED, nullable=False),
        sa.Column("password_hash", TEXT, nullable=False),
        sa.Column("role_ids", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
    )
    op.create_index("uq_users_email_key", "users", ["email_key"], unique=True)
    op.create_table(
        "oauth_clients",
        sa.Column("id", COMPARED, nullable=False),
        sa.Column("organization_id", COMPARED, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("secret_digest", TEXT, nullable=False),
        sa.Column("grant_type", TEXT, nullable=False),
        sa.Column("role_ids", TEXT, nullable=False),
        sa.Column("token_seconds", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_oauth_clients"),
    )
    op.create_table(
        "access_tokens",
        sa.Column("digest", COMPARED, nullable=False),
        sa.Column("organization_id", COMPARED, nullable=False),
        sa.Column("client_id", COMPARED, nullable=False),
        sa.Column("user_id", COMPARED, nullable=True),
        sa.Column("expires", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_access_tokens"),
    )
    op.create_index("ix_access_tokens_expires", "access_tokens", ["expires"])


def _integrations() -> None:
    op.create_table(
        "integrations",
        sa.Column("sequence", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", COMPARED, nullable=False),
        sa.Column("organization_id", COMPARED, nullable=False),
        sa.Column("type_id", COMPARED, nullable=False),
        sa.Column("intended_state", TEXT, nullable=False),
        sa.Column("reported_state", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("name_key", COMPARED, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("properties", TEXT, nullable=False),
        sa.Column("advanced", TEXT, nullable=False),
        sa.Column("notes", TEXT, nullable=False),
        sa.Column("created", INSTANT, nullable=False),
        sa.Column("modified", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_integrations"),
        sa.UniqueConstraint("id", name="uq_integrations_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_integrations_by_id", "integrations", ["organization_id", "id"])
    op.create_index("ix_integrations_by_name", "integrations", ["organization_id", "name_key", "sequence"])
    op.create_index(
        "ix_integrations_by_state", "integrations", ["organization_id", "reported_state", "sequence"]
    )
    op.create_index("ix_integrations_by_type", "integrations", ["organization_id", "type_id", "sequence"])
    op.create_index("ix_integrations_order", "integrations", ["organization_id", "sequence"])
    op.create_table(
        "integration_credentials",
        sa.Column("integration_sequence", NUMBER, autoincrement=False, nullable=False),
        sa.Column("slot", TEXT, nullable=False),
        sa.Column("credential_id", COMPARED, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["integration_sequence"],
            ["integrations.sequence"],
            name="fk_integration_credentials_integration_sequence",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("integration_sequence", "slot", name="pk_integration_credentials"),
    )
    op.create_index(
        "ix_integration_credentials_use", "integration_credentials", ["credential_id", "integration_sequence"]
    )


def _actions() -> None:
    op.create_table(
        "actions",
        sa.Column("sequence", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", COMPARED, nullable=False),
        sa.Column("state", COMPARED, nullable=False),
        sa.Column("kind", COMPARED, nullable=False),
        sa.Column("organization_id", COMPARED, nullable=False),
        sa.Column("integration_id", COMPARED, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("name_key", COMPARED, nullable=False),
        sa.Column("category", TEXT, nullable=False),
        sa.Column("category_key", COMPARED, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("secure", sa.Boolean(), nullable=False),
        sa.Column("config", TEXT, nullable=False),
        sa.Column("input_schema", TEXT, nullable=False),
        sa.Column("success_schema", TEXT, nullable=False),
        sa.Column("created", INSTANT, nullable=False),
        sa.Column("modified", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["integration_id"], ["integrations.id"], name="fk_actions_integration_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("sequence", name="pk_actions"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_actions_by_category", "actions", ["organization_id", "state", "category_key", "sequence", "kind"]
    )
    op.create_index("ix_actions_by_id", "actions", ["organization_id", "state", "id", "kind"])
    op.create_index(
        "ix_actions_by_name", "actions", ["organization_id", "state", "name_key", "sequence", "kind"]
    )
    op.create_index("ix_actions_categories", "actions", ["organization_id", "state", "category", "secure"])
    op.create_index("ix_actions_integration", "actions", ["integration_id", "kind", "id"])
    op.create_index("ix_actions_order", "actions", ["organization_id", "state", "sequence", "kind"])
    op.create_index("uq_actions_id", "actions", ["id", "state"], unique=True)


def _credentials() -> None:
    op.create_table(
        "credentials",
        sa.Column("sequence", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", COMPARED, nullable=False),
        sa.Column("organization_id", COMPARED, nullable=False),
        sa.Column("name", TEXT, nullable=True),
        sa.Column("type_name", TEXT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created", INSTANT, nullable=False),
        sa.Column("modified", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_credentials"),
        sa.UniqueConstraint("id", name="uq_credentials_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_credentials_order", "credentials", ["organization_id", "sequence"])
    op.create_table(
        "sealed_fields",
        sa.Column("credential_sequence", NUMBER, autoincrement=False, nullable=False),
        sa.Column("field", TEXT, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["credential_sequence"],
            ["credentials.sequence"],
            name="fk_sealed_fields_credential_sequence",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("credential_sequence", "field", name="pk_sealed_fields"),
    )
    op.create_table(
        "removed_credentials",
        sa.Column("id", COMPARED, nullable=False),
        sa.Column("organization_id", COMPARED, nullable=False),
        sa.Column("sequence", NUMBER, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_removed_credentials"),
    )


def _records() -> None:
    op.create_table(
        "list_totals",
        sa.Column("organization_id", COMPARED, nullable=False),
        sa.Column("list", COMPARED, nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "list", name="pk_list_totals"),
    )
    op.create_table(
        "audit_entries",
        sa.Column("sequence", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", COMPARED, nullable=False),
        sa.Column("organization_id", COMPARED, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("actor", TEXT, nullable=False),
        sa.Column("action", TEXT, nullable=False),
        sa.Column("entity_kind", TEXT, nullable=False),
        sa.Column("entity_id", COMPARED, nullable=False),
        sa.Column("before", TEXT, nullable=False),
        sa.Column("after", TEXT, nullable=False),
        sa.Column("correlation_id", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_audit_entries"),
        sa.UniqueConstraint("id", name="uq_audit_entries_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_entries_entity", "audit_entries", ["entity_id", "sequence"])
    op.create_index("ix_audit_entries_order", "audit_entries", ["organization_id", "sequence"])
    op.create_table(
        "stored_answers",
        sa.Column("organization_id", COMPARED, nullable=False),
        sa.Column("client_id", COMPARED, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "client_id", "key", name="pk_stored_answers"),
    )
    op.create_index("ix_stored_answers_at", "stored_answers", ["at"])
    op.create_table(
        "vault_keys",
        sa.Column("sequence", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", COMPARED, nullable=False),
        sa.Column("purpose", TEXT, nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("created", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_vault_keys"),
        sa.UniqueConstraint("id", name="uq_vault_keys_id"),
        sqlite_autoincrement=True,
    )
