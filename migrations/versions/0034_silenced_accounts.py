"""Find those whom moderators silenced."""

import sqlalchemy as sa
from alembic import op

revision = "0034_silenced_accounts"
down_revision = "0033_scheduled_statuses_fail"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the index."""
    op.create_index(
        "ix_accounts_silenced",
        "accounts",
        ["id"],
        postgresql_where=sa.text("silenced_at IS NOT NULL"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_accounts_silenced", table_name="accounts")
