"""Silenced and sensitized accounts, what moderators decided, and what is left of the erased."""

import sqlalchemy as sa
from alembic import op

revision = "0011_account_states"
down_revision = "0010_polls"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and create the tables."""
    for name in ("silenced_at", "sensitized_at"):
        op.add_column("accounts", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "account_warnings",
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("target_account_id", sa.BigInteger(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("report_id", sa.BigInteger(), nullable=True),
        sa.Column("status_ids", sa.ARRAY(sa.BigInteger()), server_default="{}", nullable=False),
        sa.CheckConstraint(
            "action IN ('none', 'sensitive', 'disable', 'silence', 'suspend')",
            name=op.f("ck_account_warnings_action"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_account_warnings_account_id_accounts"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["target_account_id"],
            ["accounts.id"],
            name=op.f("fk_account_warnings_target_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["reports.id"],
            name=op.f("fk_account_warnings_report_id_reports"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_warnings")),
    )
    op.create_index(
        op.f("ix_account_warnings_target_account_id_id"),
        "account_warnings",
        ["target_account_id", "id"],
    )
    op.create_table(
        "erased_accounts",
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("username_hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erased_accounts")),
    )
    op.create_index(
        op.f("ix_erased_accounts_username_hash"), "erased_accounts", ["username_hash"]
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_table("erased_accounts")
    op.drop_table("account_warnings")
    op.drop_column("accounts", "sensitized_at")
    op.drop_column("accounts", "silenced_at")
