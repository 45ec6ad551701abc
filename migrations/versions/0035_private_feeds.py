"""Let people read in feed readers what they may read."""

import sqlalchemy as sa
from alembic import op

revision = "0035_private_feeds"
down_revision = "0034_silenced_accounts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "private_feeds",
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("list_id", sa.BigInteger(), nullable=True),
        sa.Column("query", sa.Text(), nullable=True),
        sa.Column("last_used_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('home', 'bookmarks', 'list', 'search', 'topic')",
            name=op.f("ck_private_feeds_kind"),
        ),
        sa.CheckConstraint(
            "(list_id IS NOT NULL) = (kind = 'list')", name=op.f("ck_private_feeds_list")
        ),
        sa.CheckConstraint(
            "(query IS NOT NULL) = (kind IN ('search', 'topic'))",
            name=op.f("ck_private_feeds_query"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_private_feeds_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["list_id"],
            ["lists.id"],
            name=op.f("fk_private_feeds_list_id_lists"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_private_feeds")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_private_feeds_token_hash")),
    )
    op.create_index(
        op.f("ix_private_feeds_account_id_id"), "private_feeds", ["account_id", "id"]
    )
    op.create_index(op.f("ix_private_feeds_list_id"), "private_feeds", ["list_id"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("private_feeds")
