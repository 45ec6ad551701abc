"""Find the account that shows a file."""

import sqlalchemy as sa
from alembic import op

revision = "0026_files_of_accounts"
down_revision = "0025_link_trends"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add an index for each of its pictures."""
    for name in ("avatar", "header"):
        op.create_index(
            op.f(f"ix_accounts_{name}"),
            "accounts",
            [name],
            postgresql_where=sa.text(f"{name} IS NOT NULL"),
        )


def downgrade() -> None:
    """Drop them."""
    for name in ("header", "avatar"):
        op.drop_index(
            op.f(f"ix_accounts_{name}"),
            table_name="accounts",
            postgresql_where=sa.text(f"{name} IS NOT NULL"),
        )
