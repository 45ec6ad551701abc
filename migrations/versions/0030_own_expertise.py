"""Let people decide what they are known for."""

import sqlalchemy as sa
from alembic import op

revision = "0030_own_expertise"
down_revision = "0029_reported_files"
branch_labels = None
depends_on = None


def _reference(table: str, column: str, to: str, ondelete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"), ondelete=ondelete
    )


def upgrade() -> None:
    """Add the pause, and the tables of hidden topics and contested evidence."""
    op.add_column(
        "accounts",
        sa.Column("expertise_paused", sa.Boolean(), server_default="false", nullable=False),
    )
    op.create_table(
        "hidden_topics",
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("tag_id", sa.BigInteger(), nullable=False),
        _reference("hidden_topics", "account_id", "accounts", "CASCADE"),
        _reference("hidden_topics", "tag_id", "tags", "CASCADE"),
        sa.PrimaryKeyConstraint("account_id", "tag_id", name=op.f("pk_hidden_topics")),
    )
    op.create_index(op.f("ix_hidden_topics_tag_id"), "hidden_topics", ["tag_id"], unique=False)
    op.create_table(
        "contested_evidence",
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("status_id", sa.BigInteger(), nullable=True),
        sa.Column("topic_endorsement_id", sa.BigInteger(), nullable=True),
        sa.Column("comment", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_account_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'upheld', 'rejected')", name=op.f("ck_contested_evidence_state")
        ),
        sa.CheckConstraint(
            "num_nonnulls(status_id, topic_endorsement_id) = 1",
            name=op.f("ck_contested_evidence_one_thing"),
        ),
        _reference("contested_evidence", "account_id", "accounts", "CASCADE"),
        _reference("contested_evidence", "status_id", "statuses", "CASCADE"),
        _reference("contested_evidence", "topic_endorsement_id", "topic_endorsements", "CASCADE"),
        _reference("contested_evidence", "decided_by_account_id", "accounts", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contested_evidence")),
        sa.UniqueConstraint("status_id", name=op.f("uq_contested_evidence_status_id")),
        sa.UniqueConstraint(
            "topic_endorsement_id", name=op.f("uq_contested_evidence_topic_endorsement_id")
        ),
    )
    op.create_index(
        op.f("ix_contested_evidence_account_id_id"),
        "contested_evidence",
        ["account_id", "id"],
        unique=False,
    )
    op.create_index(
        "ix_contested_evidence_open",
        "contested_evidence",
        ["id"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        op.f("ix_contested_evidence_decided_by_account_id"),
        "contested_evidence",
        ["decided_by_account_id"],
        unique=False,
        postgresql_where=sa.text("decided_by_account_id IS NOT NULL"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("contested_evidence")
    op.drop_table("hidden_topics")
    op.drop_column("accounts", "expertise_paused")
