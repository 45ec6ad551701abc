"""Blocks and mutes."""

import sqlalchemy as sa
from alembic import op

revision = "0008_blocks_and_mutes"
down_revision = "0007_reports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "blocks",
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("target_account_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("account_id <> target_account_id", name=op.f("ck_blocks_not_self")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_blocks_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["target_account_id"],
            ["accounts.id"],
            name=op.f("fk_blocks_target_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blocks")),
        sa.UniqueConstraint(
            "account_id", "target_account_id", name=op.f("uq_blocks_account_id_target_account_id")
        ),
    )
    op.create_index(op.f("ix_blocks_account_id_id"), "blocks", ["account_id", "id"], unique=False)
    op.create_index(
        op.f("ix_blocks_target_account_id_account_id"),
        "blocks",
        ["target_account_id", "account_id"],
        unique=False,
    )
    op.create_table(
        "mutes",
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("target_account_id", sa.BigInteger(), nullable=False),
        sa.Column("hide_notifications", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("account_id <> target_account_id", name=op.f("ck_mutes_not_self")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_mutes_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["target_account_id"],
            ["accounts.id"],
            name=op.f("fk_mutes_target_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mutes")),
        sa.UniqueConstraint(
            "account_id", "target_account_id", name=op.f("uq_mutes_account_id_target_account_id")
        ),
    )
    op.create_index(op.f("ix_mutes_account_id_id"), "mutes", ["account_id", "id"], unique=False)
    op.create_index(
        op.f("ix_mutes_expires_at"),
        "mutes",
        ["expires_at"],
        unique=False,
        postgresql_where=sa.text("expires_at IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_mutes_target_account_id"), "mutes", ["target_account_id"], unique=False
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_index(op.f("ix_mutes_target_account_id"), table_name="mutes")
    op.drop_index(
        op.f("ix_mutes_expires_at"),
        table_name="mutes",
        postgresql_where=sa.text("expires_at IS NOT NULL"),
    )
    op.drop_index(op.f("ix_mutes_account_id_id"), table_name="mutes")
    op.drop_table("mutes")
    op.drop_index(op.f("ix_blocks_target_account_id_account_id"), table_name="blocks")
    op.drop_index(op.f("ix_blocks_account_id_id"), table_name="blocks")
    op.drop_table("blocks")
