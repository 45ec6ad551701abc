"""Scheduled statuses."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018_scheduled_statuses"
down_revision = "0017_vocabulary"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "scheduled_statuses",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("scheduled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("draft", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_scheduled_statuses_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheduled_statuses")),
    )
    op.create_index(
        op.f("ix_scheduled_statuses_account_id_id"), "scheduled_statuses", ["account_id", "id"]
    )
    op.create_index(
        op.f("ix_scheduled_statuses_account_id_scheduled_at"),
        "scheduled_statuses",
        ["account_id", "scheduled_at"],
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("scheduled_statuses")
