"""Let the organisation say where people work."""

import sqlalchemy as sa
from alembic import op

revision = "0024_workplaces"
down_revision = "0024_suggestions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add unit, location and manager to accounts."""
    op.add_column("accounts", sa.Column("unit", sa.Text(), nullable=True))
    op.add_column("accounts", sa.Column("location", sa.Text(), nullable=True))
    op.add_column("accounts", sa.Column("manager_id", sa.BigInteger(), nullable=True))
    op.create_check_constraint(op.f("ck_accounts_manager_id"), "accounts", "manager_id <> id")
    op.create_index(
        op.f("ix_accounts_manager_id"),
        "accounts",
        ["manager_id"],
        unique=False,
        postgresql_where=sa.text("manager_id IS NOT NULL"),
    )
    op.create_foreign_key(
        op.f("fk_accounts_manager_id_accounts"),
        "accounts",
        "accounts",
        ["manager_id"],
        ["id"],
        ondelete="SET NULL",
    )


def downgrade() -> None:
    """Drop them."""
    for column in ("manager_id", "location", "unit"):
        op.drop_column("accounts", column)
