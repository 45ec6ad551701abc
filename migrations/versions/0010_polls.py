"""Polls."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010_polls"
down_revision = "0009_notification_groups"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables, and where they are named."""
    op.create_table(
        "polls",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status_id", sa.BigInteger(), nullable=False),
        sa.Column("options", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("tallies", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("voters_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("multiple", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("hide_totals", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_closed", sa.Boolean(), server_default="false", nullable=False),
        sa.CheckConstraint(
            "cardinality(options) = cardinality(tallies)", name=op.f("ck_polls_tallies")
        ),
        sa.CheckConstraint("voters_count >= 0", name=op.f("ck_polls_voters_count")),
        sa.ForeignKeyConstraint(
            ["status_id"],
            ["statuses.id"],
            name=op.f("fk_polls_status_id_statuses"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_polls")),
        sa.UniqueConstraint("status_id", name=op.f("uq_polls_status_id")),
    )
    op.create_table(
        "poll_votes",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("poll_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("choice", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["poll_id"], ["polls.id"], name=op.f("fk_poll_votes_poll_id_polls"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_poll_votes_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_votes")),
        sa.UniqueConstraint(
            "poll_id", "account_id", "choice", name=op.f("uq_poll_votes_poll_id_account_id_choice")
        ),
    )
    op.create_index(op.f("ix_poll_votes_account_id"), "poll_votes", ["account_id"])
    op.add_column("statuses", sa.Column("poll_id", sa.BigInteger(), nullable=True))
    op.add_column(
        "status_edits", sa.Column("poll_options", postgresql.ARRAY(sa.Text()), nullable=True)
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_column("status_edits", "poll_options")
    op.drop_column("statuses", "poll_id")
    op.drop_table("poll_votes")
    op.drop_table("polls")
