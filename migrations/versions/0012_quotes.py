"""Quotes."""

import sqlalchemy as sa
from alembic import op

revision = "0012_quotes"
down_revision = "0011_account_states"
branch_labels = None
depends_on = None

_CHECKS = {
    "quotes_count": "quotes_count >= 0",
    "quote_policy": "quote_policy IN ('public', 'followers', 'nobody')",
    "quote_state": "quote_state IN ('accepted', 'revoked')",
}


def upgrade() -> None:
    """Let statuses name what they quote, and who may quote them."""
    op.add_column("statuses", sa.Column("quote_of_id", sa.BigInteger(), nullable=True))
    op.add_column("statuses", sa.Column("quote_state", sa.Text(), nullable=True))
    op.add_column(
        "statuses",
        sa.Column("quote_policy", sa.Text(), server_default="public", nullable=False),
    )
    op.add_column(
        "statuses", sa.Column("quotes_count", sa.Integer(), server_default="0", nullable=False)
    )
    for name, condition in _CHECKS.items():
        op.create_check_constraint(op.f(f"ck_statuses_{name}"), "statuses", condition)
    op.create_foreign_key(
        op.f("fk_statuses_quote_of_id_statuses"),
        "statuses",
        "statuses",
        ["quote_of_id"],
        ["id"],
        ondelete="SET NULL",
    )
    op.create_index(
        op.f("ix_statuses_quote_of_id_id"),
        "statuses",
        ["quote_of_id", "id"],
        postgresql_where=sa.text("quote_of_id IS NOT NULL"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_index(op.f("ix_statuses_quote_of_id_id"), "statuses")
    for column in ("quote_of_id", "quote_state", "quote_policy", "quotes_count"):
        op.drop_column("statuses", column)
