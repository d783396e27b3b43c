"""How many integrations of each type there are, kept beside the length of the whole list."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Count what is there; from now on each addition and removal keeps the numbers."""
    op.execute(
        sa.text(
            "INSERT INTO list_totals (organization_id, list, total)"
            " SELECT organization_id, 'integrations/' || type_id, count(*) FROM integrations"
            " GROUP BY organization_id, type_id"
        )
    )
