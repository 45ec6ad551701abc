"""What people note about people, whom they feature, and domains they block."""

import sqlalchemy as sa
from alembic import op

revision = "0013_notes_and_endorsements"
down_revision = "0012_quotes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "domain_blocks",
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_domain_blocks_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_domain_blocks")),
        sa.UniqueConstraint(
            "account_id", "domain", name=op.f("uq_domain_blocks_account_id_domain")
        ),
    )
    op.create_index(
        op.f("ix_domain_blocks_account_id_id"), "domain_blocks", ["account_id", "id"], unique=False
    )
    op.create_table(
        "notes",
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("target_account_id", sa.BigInteger(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.CheckConstraint("comment <> ''", name=op.f("ck_notes_comment")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_notes_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["target_account_id"],
            ["accounts.id"],
            name=op.f("fk_notes_target_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "target_account_id", name=op.f("pk_notes")),
    )
    op.create_index(
        op.f("ix_notes_target_account_id"), "notes", ["target_account_id"], unique=False
    )
    op.create_table(
        "endorsements",
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("target_account_id", sa.BigInteger(), nullable=False),
        sa.Column("follow_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_endorsements_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["follow_id"],
            ["follows.id"],
            name=op.f("fk_endorsements_follow_id_follows"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["target_account_id"],
            ["accounts.id"],
            name=op.f("fk_endorsements_target_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_endorsements")),
        sa.UniqueConstraint(
            "account_id",
            "target_account_id",
            name=op.f("uq_endorsements_account_id_target_account_id"),
        ),
        sa.UniqueConstraint("follow_id", name=op.f("uq_endorsements_follow_id")),
    )
    op.create_index(
        op.f("ix_endorsements_account_id_id"), "endorsements", ["account_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_endorsements_target_account_id"),
        "endorsements",
        ["target_account_id"],
        unique=False,
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_index(op.f("ix_endorsements_target_account_id"), table_name="endorsements")
    op.drop_index(op.f("ix_endorsements_account_id_id"), table_name="endorsements")
    op.drop_table("endorsements")
    op.drop_index(op.f("ix_notes_target_account_id"), table_name="notes")
    op.drop_table("notes")
    op.drop_index(op.f("ix_domain_blocks_account_id_id"), table_name="domain_blocks")
    op.drop_table("domain_blocks")
