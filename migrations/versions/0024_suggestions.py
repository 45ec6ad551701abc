"""Remember whom people do not want to be suggested, and which tabs profiles have."""

import sqlalchemy as sa
from alembic import op

revision = "0024_suggestions"
down_revision = "0023_preview_cards"
branch_labels = None
depends_on = None

_TABS = ("show_media", "show_media_replies", "show_featured")


def upgrade() -> None:
    """Create the table, and add the columns."""
    op.create_table(
        "dismissed_suggestions",
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("target_account_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_dismissed_suggestions_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["target_account_id"],
            ["accounts.id"],
            name=op.f("fk_dismissed_suggestions_target_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "account_id", "target_account_id", name=op.f("pk_dismissed_suggestions")
        ),
    )
    op.create_index(
        op.f("ix_dismissed_suggestions_target_account_id"),
        "dismissed_suggestions",
        ["target_account_id"],
        unique=False,
    )
    for name in _TABS:
        op.add_column(
            "accounts", sa.Column(name, sa.Boolean(), server_default="true", nullable=False)
        )
    op.create_index(
        "ix_accounts_directory",
        "accounts",
        [sa.text("last_status_on DESC NULLS LAST"), sa.text("id DESC")],
        unique=False,
        postgresql_where=sa.text("discoverable"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_index(
        "ix_accounts_directory", table_name="accounts", postgresql_where=sa.text("discoverable")
    )
    for name in reversed(_TABS):
        op.drop_column("accounts", name)
    op.drop_index(
        op.f("ix_dismissed_suggestions_target_account_id"), table_name="dismissed_suggestions"
    )
    op.drop_table("dismissed_suggestions")
