"""Conversations."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019_conversations"
down_revision = "0018_scheduled_statuses"
branch_labels = None
depends_on = None

# What was said among a few so far; all of it is read.
_BACKFILL = """
INSERT INTO conversations
    (id, created_at, account_id, conversation_id, participant_ids, last_status_id)
SELECT ((extract(epoch FROM now()) * 1000)::bigint << 16) + row_number() OVER (), now(),
       found.account_id, found.conversation_id, found.participant_ids, max(found.status_id)
FROM (
    SELECT p.id AS account_id, coalesce(s.conversation_id, s.id) AS conversation_id,
           s.id AS status_id, ARRAY(
               SELECT o.id FROM (
                   SELECT s.account_id AS id
                   UNION SELECT m.account_id FROM mentions m WHERE m.status_id = s.id
               ) o WHERE o.id <> p.id ORDER BY o.id
           ) AS participant_ids
    FROM statuses s
    CROSS JOIN LATERAL (
        SELECT s.account_id AS id
        UNION SELECT m.account_id FROM mentions m WHERE m.status_id = s.id
    ) p
    WHERE s.visibility = 'direct' AND s.reblog_of_id IS NULL
) found
GROUP BY 3, 4, 5
"""


def upgrade() -> None:
    """Add the table, and fill it with what there is."""
    op.create_table(
        "conversations",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("participant_ids", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("last_status_id", sa.BigInteger(), nullable=True),
        sa.Column("unread", sa.Boolean(), server_default="false", nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_conversations_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["last_status_id"],
            ["statuses.id"],
            name=op.f("fk_conversations_last_status_id_statuses"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
        sa.UniqueConstraint(
            "account_id",
            "conversation_id",
            "participant_ids",
            name=op.f("uq_conversations_account_id_conversation_id_participant_ids"),
        ),
    )
    op.create_index(
        op.f("ix_conversations_account_id_last_status_id"),
        "conversations",
        ["account_id", "last_status_id"],
    )
    op.create_index(op.f("ix_conversations_last_status_id"), "conversations", ["last_status_id"])
    op.create_index(
        "ix_statuses_direct",
        "statuses",
        ["account_id", "id"],
        postgresql_where=sa.text("visibility = 'direct'"),
    )
    op.execute(_BACKFILL)


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_statuses_direct", "statuses")
    op.drop_table("conversations")
