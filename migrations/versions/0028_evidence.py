"""Let skills age, and colleagues endorse each other."""

import sqlalchemy as sa
from alembic import op

revision = "0028_evidence"
down_revision = "0027_sign_up_blocks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add when a featured tag was confirmed, and the table of endorsements of topics."""
    op.add_column(
        "featured_tags", sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True)
    )
    # Whoever shows a tag today stands by it.
    op.execute("UPDATE featured_tags SET confirmed_at = now()")
    op.alter_column("featured_tags", "confirmed_at", nullable=False)
    op.create_table(
        "topic_endorsements",
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("target_account_id", sa.BigInteger(), nullable=False),
        sa.Column("tag_id", sa.BigInteger(), nullable=False),
        sa.Column("status_id", sa.BigInteger(), nullable=True),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="shown", nullable=False),
        sa.CheckConstraint(
            "account_id <> target_account_id", name=op.f("ck_topic_endorsements_not_self")
        ),
        sa.CheckConstraint(
            "state IN ('shown', 'hidden', 'declined')", name=op.f("ck_topic_endorsements_state")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_topic_endorsements_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["target_account_id"],
            ["accounts.id"],
            name=op.f("fk_topic_endorsements_target_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tag_id"],
            ["tags.id"],
            name=op.f("fk_topic_endorsements_tag_id_tags"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["status_id"],
            ["statuses.id"],
            name=op.f("fk_topic_endorsements_status_id_statuses"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic_endorsements")),
        sa.UniqueConstraint(
            "account_id",
            "target_account_id",
            "tag_id",
            name=op.f("uq_topic_endorsements_account_id_target_account_id_tag_id"),
        ),
    )
    for columns in (["target_account_id", "id"], ["account_id", "id"], ["tag_id"]):
        op.create_index(
            op.f(f"ix_topic_endorsements_{'_'.join(columns)}"),
            "topic_endorsements",
            columns,
            unique=False,
        )
    op.create_index(
        op.f("ix_topic_endorsements_status_id"),
        "topic_endorsements",
        ["status_id"],
        unique=False,
        postgresql_where=sa.text("status_id IS NOT NULL"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("topic_endorsements")
    op.drop_column("featured_tags", "confirmed_at")
