"""Logins: codes, refresh tokens, scopes; and the directory: groups, data tables, more of roles and users."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()
COMPARED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.DateTime().with_variant(sa.DateTime(timezone=True), "postgresql")
# What rows have that were stored before the column was.
BEGINNING = "1970-01-01 00:00:00.000000"


def upgrade() -> None:
    """Add what a login and the directory need."""
    _columns()
    _logins()
    _groups()
    _data_tables()


def _text(name: str, default: str = "") -> sa.Column[str]:
    return sa.Column(name, TEXT, nullable=False, server_default=default)


def _created() -> sa.Column[datetime]:
    return sa.Column("created", INSTANT, nullable=False, server_default=BEGINNING)


def _columns() -> None:
    for column in (
        _text("description"),
        _text("policies", "[]"),
        sa.Column("name_key", COMPARED, nullable=False, server_default=""),
        _created(),
    ):
        op.add_column("roles", column)
    op.execute("UPDATE roles SET name_key = lower(name)")
    op.create_index("ix_roles_order", "roles", ["organization_id", "created", "id"])
    op.create_index("ix_roles_by_name", "roles", ["organization_id", "name_key"])
    for column in (
        _text("title"),
        _text("department"),
        sa.Column("active", sa.Boolean(), nullable=False, server_default=sa.true()),
        _created(),
    ):
        op.add_column("users", column)
    op.create_index("ix_users_order", "users", ["organization_id", "created", "id"])
    for column in (
        _text("description"),
        _text("redirect_uris", "[]"),
        _text("scopes", "[]"),
        sa.Column("modified", INSTANT, nullable=True),
        _text("created_by"),
    ):
        op.add_column("oauth_clients", column)
    op.add_column("access_tokens", sa.Column("scopes", TEXT, nullable=True))
    op.add_column("access_tokens", sa.Column("family", COMPARED, nullable=False, server_default=""))
    op.create_index("ix_access_tokens_family", "access_tokens", ["family"])
    op.create_index("ix_access_tokens_user", "access_tokens", ["user_id"])


def _logins() -> None:
    op.create_table(
        "authorization_codes",
        sa.Column("digest", COMPARED, nullable=False),
        sa.Column("organization_id", COMPARED, nullable=False),
        sa.Column("client_id", COMPARED, nullable=False),
        sa.Column("user_id", COMPARED, nullable=False),
        sa.Column("redirect_uri", TEXT, nullable=False),
        sa.Column("challenge", TEXT, nullable=False),
        sa.Column("scopes", TEXT, nullable=False),
        sa.Column("family", COMPARED, nullable=False),
        sa.Column("expires", INSTANT, nullable=False),
        sa.Column("used", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_authorization_codes"),
    )
    op.create_index("ix_authorization_codes_expires", "authorization_codes", ["expires"])
    op.create_index("ix_authorization_codes_family", "authorization_codes", ["family"])
    op.create_table(
        "refresh_tokens",
        sa.Column("digest", COMPARED, nullable=False),
        sa.Column("organization_id", COMPARED, nullable=False),
        sa.Column("client_id", COMPARED, nullable=False),
        sa.Column("user_id", COMPARED, nullable=False),
        sa.Column("scopes", TEXT, nullable=False),
        sa.Column("family", COMPARED, nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("expires", INSTANT, nullable=False),
        sa.Column("used", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_refresh_tokens"),
    )
    op.create_index("ix_refresh_tokens_expires", "refresh_tokens", ["expires"])
    op.create_index("ix_refresh_tokens_family", "refresh_tokens", ["family"])
    op.create_index("ix_refresh_tokens_user", "refresh_tokens", ["user_id"])


def _groups() -> None:
    op.create_table(
        "groups",
        sa.Column("sequence", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", COMPARED, nullable=False),
        sa.Column("organization_id", COMPARED, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("name_key", COMPARED, nullable=False),
        sa.Column("description", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("visibility", TEXT, nullable=False),
        sa.Column("rules_visible", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("owner_ids", TEXT, nullable=False),
        sa.Column("created", INSTANT, nullable=False),
        sa.Column("modified", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_groups"),
        sa.UniqueConstraint("id", name="uq_groups_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_groups_order", "groups", ["organization_id", "sequence"])
    op.create_index("ix_groups_by_name", "groups", ["organization_id", "name_key"])
    op.create_table(
        "group_members",
        sa.Column("group_sequence", NUMBER, autoincrement=False, nullable=False),
        sa.Column("user_id", COMPARED, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_sequence"],
            ["groups.sequence"],
            name="fk_group_members_group_sequence",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("group_sequence", "user_id", name="pk_group_members"),
    )
    op.create_index("ix_group_members_user", "group_members", ["user_id"])


def _data_tables() -> None:
    op.create_table(
        "data_tables",
        sa.Column("sequence", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", COMPARED, nullable=False),
        sa.Column("organization_id", COMPARED, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("name_key", COMPARED, nullable=False),
        sa.Column("description", TEXT, nullable=False),
        sa.Column("schema", TEXT, nullable=False),
        sa.Column("created", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_data_tables"),
        sa.UniqueConstraint("id", name="uq_data_tables_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_data_tables_order", "data_tables", ["organization_id", "sequence"])
    op.create_index("ix_data_tables_by_name", "data_tables", ["organization_id", "name_key"])
