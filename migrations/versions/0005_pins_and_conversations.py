"""Pins, and conversations that can be muted."""

import sqlalchemy as sa
from alembic import op

revision = "0005_pins_and_conversations"
down_revision = "0004_event_transactions"
branch_labels = None
depends_on = None

# Each reply gets the status that its conversation began with. Walked once from the beginnings, so
# that it takes as long for deep conversations as for broad ones.
_BACKFILL = """
WITH RECURSIVE tree (id, conversation_id) AS (
    SELECT r.id, s.id
    FROM statuses s JOIN statuses r ON r.in_reply_to_id = s.id
    WHERE s.in_reply_to_id IS NULL
    UNION ALL
    SELECT r.id, t.conversation_id FROM tree t JOIN statuses r ON r.in_reply_to_id = t.id
)
UPDATE statuses s SET conversation_id = t.conversation_id FROM tree t WHERE s.id = t.id
"""


def upgrade() -> None:
    """Add the tables, and the conversation of each reply."""
    op.create_table(
        "pins",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("status_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_pins_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["status_id"],
            ["statuses.id"],
            name=op.f("fk_pins_status_id_statuses"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pins")),
        sa.UniqueConstraint("status_id", name=op.f("uq_pins_status_id")),
    )
    op.create_index(op.f("ix_pins_account_id_id"), "pins", ["account_id", "id"])
    op.create_table(
        "conversation_mutes",
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_conversation_mutes_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "account_id", "conversation_id", name=op.f("pk_conversation_mutes")
        ),
    )
    op.add_column("statuses", sa.Column("conversation_id", sa.BigInteger(), nullable=True))
    op.execute(_BACKFILL)
    op.create_index(
        op.f("ix_statuses_conversation_id_id"),
        "statuses",
        ["conversation_id", "id"],
        postgresql_where=sa.text("conversation_id IS NOT NULL"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_index(op.f("ix_statuses_conversation_id_id"), "statuses")
    op.drop_column("statuses", "conversation_id")
    op.drop_table("conversation_mutes")
    op.drop_table("pins")
