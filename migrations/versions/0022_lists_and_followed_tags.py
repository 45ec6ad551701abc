"""Lists, and tags that are followed or featured."""

import sqlalchemy as sa
from alembic import op

revision = "0022_lists_and_followed_tags"
down_revision = "0021_push"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "featured_tags",
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("tag_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_featured_tags_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tag_id"], ["tags.id"], name=op.f("fk_featured_tags_tag_id_tags"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_featured_tags")),
        sa.UniqueConstraint(
            "account_id", "tag_id", name=op.f("uq_featured_tags_account_id_tag_id")
        ),
    )
    op.create_index(op.f("ix_featured_tags_tag_id"), "featured_tags", ["tag_id"], unique=False)
    op.create_table(
        "lists",
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("replies_policy", sa.Text(), server_default="list", nullable=False),
        sa.Column("exclusive", sa.Boolean(), server_default="false", nullable=False),
        sa.CheckConstraint(
            "replies_policy IN ('list', 'followed', 'none')", name=op.f("ck_lists_replies_policy")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_lists_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lists")),
    )
    op.create_index(op.f("ix_lists_account_id_id"), "lists", ["account_id", "id"], unique=False)
    op.create_table(
        "tag_follows",
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("tag_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_tag_follows_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tag_id"], ["tags.id"], name=op.f("fk_tag_follows_tag_id_tags"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tag_follows")),
        sa.UniqueConstraint("account_id", "tag_id", name=op.f("uq_tag_follows_account_id_tag_id")),
    )
    op.create_index(
        op.f("ix_tag_follows_account_id_id"), "tag_follows", ["account_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_tag_follows_tag_id_account_id"),
        "tag_follows",
        ["tag_id", "account_id"],
        unique=False,
    )
    op.create_table(
        "list_accounts",
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("list_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("follow_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_list_accounts_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["follow_id"],
            ["follows.id"],
            name=op.f("fk_list_accounts_follow_id_follows"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["list_id"],
            ["lists.id"],
            name=op.f("fk_list_accounts_list_id_lists"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_accounts")),
        sa.UniqueConstraint(
            "list_id", "account_id", name=op.f("uq_list_accounts_list_id_account_id")
        ),
    )
    op.create_index(
        op.f("ix_list_accounts_account_id"), "list_accounts", ["account_id"], unique=False
    )
    op.create_index(
        op.f("ix_list_accounts_follow_id"), "list_accounts", ["follow_id"], unique=False
    )
    op.create_index(
        op.f("ix_list_accounts_list_id_id"), "list_accounts", ["list_id", "id"], unique=False
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_index(op.f("ix_list_accounts_list_id_id"), table_name="list_accounts")
    op.drop_index(op.f("ix_list_accounts_follow_id"), table_name="list_accounts")
    op.drop_index(op.f("ix_list_accounts_account_id"), table_name="list_accounts")
    op.drop_table("list_accounts")
    op.drop_index(op.f("ix_tag_follows_tag_id_account_id"), table_name="tag_follows")
    op.drop_index(op.f("ix_tag_follows_account_id_id"), table_name="tag_follows")
    op.drop_table("tag_follows")
    op.drop_index(op.f("ix_lists_account_id_id"), table_name="lists")
    op.drop_table("lists")
    op.drop_index(op.f("ix_featured_tags_tag_id"), table_name="featured_tags")
    op.drop_table("featured_tags")
