"""Tell programs that want it when a public feed changes."""

import sqlalchemy as sa
from alembic import op

revision = "0037_websub_subscriptions"
down_revision = "0036_bookmarks_count"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "websub_subscriptions",
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("callback", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("ends", sa.Boolean(), nullable=False),
        sa.Column("lease_seconds", sa.Integer(), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivered_version", sa.Text(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "NOT ends OR verified_at IS NULL", name=op.f("ck_websub_subscriptions_ends")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_websub_subscriptions_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_websub_subscriptions")),
    )
    op.create_index(
        op.f("ix_websub_subscriptions_topic_callback"),
        "websub_subscriptions",
        ["topic", "callback"],
        unique=True,
        postgresql_where=sa.text("verified_at IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_websub_subscriptions_account_id"), "websub_subscriptions", ["account_id"]
    )
    op.create_index(
        op.f("ix_websub_subscriptions_expires_at"), "websub_subscriptions", ["expires_at"]
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("websub_subscriptions")
