"""Webhooks, their events, and small documents of entities."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()
COMPARED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.DateTime().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    """Make the three tables."""
    op.create_table(
        "webhooks",
        sa.Column("id", COMPARED, nullable=False),
        sa.Column("organization_id", COMPARED, nullable=False),
        sa.Column("integration_id", COMPARED, nullable=False),
        sa.ForeignKeyConstraint(
            ["integration_id"], ["integrations.id"], name="fk_webhooks_integration_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_webhooks"),
    )
    op.create_index("ix_webhooks_integration", "webhooks", ["integration_id"])
    op.create_table(
        "webhook_events",
        sa.Column("sequence", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", COMPARED, nullable=False),
        sa.Column("organization_id", COMPARED, nullable=False),
        sa.Column("integration_id", COMPARED, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("body", TEXT, nullable=False),
        sa.Column("correlation_id", TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["integration_id"],
            ["integrations.id"],
            name="fk_webhook_events_integration_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("sequence", name="pk_webhook_events"),
        sa.UniqueConstraint("id", name="uq_webhook_events_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_webhook_events_integration", "webhook_events", ["integration_id", "sequence"])
    op.create_index("ix_webhook_events_order", "webhook_events", ["organization_id", "sequence"])
    op.create_table(
        "documents",
        sa.Column("organization_id", COMPARED, nullable=False),
        sa.Column("owner", COMPARED, nullable=False),
        sa.Column("kind", COMPARED, nullable=False),
        sa.Column("content", TEXT, nullable=False),
        sa.Column("modified", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "owner", "kind", name="pk_documents"),
    )
