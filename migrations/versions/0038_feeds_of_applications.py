"""Let private feeds end with the application that made them."""

import sqlalchemy as sa
from alembic import op

revision = "0038_feeds_of_applications"
down_revision = "0037_websub_subscriptions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("private_feeds", sa.Column("application_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_private_feeds_application_id_applications"),
        "private_feeds",
        "applications",
        ["application_id"],
        ["id"],
        ondelete="CASCADE",
    )
    op.create_index(
        op.f("ix_private_feeds_application_id"), "private_feeds", ["application_id"]
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_column("private_feeds", "application_id")
