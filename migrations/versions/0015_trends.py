"""Trends, what moderators think of them, and tags that are not proposed."""

import sqlalchemy as sa
from alembic import op

revision = "0015_trends"
down_revision = "0014_notification_requests"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "trends",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("object_id", sa.BigInteger(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "rank", name=op.f("pk_trends")),
    )
    op.create_table(
        "trend_reviews",
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("object_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("allowed", sa.Boolean(), nullable=False),
        sa.CheckConstraint("kind IN ('tag', 'status', 'link')", name=op.f("ck_trend_reviews_kind")),
        sa.PrimaryKeyConstraint("kind", "object_id", name=op.f("pk_trend_reviews")),
    )
    op.add_column("tags", sa.Column("listable", sa.Boolean(), server_default="true", nullable=False))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("tags", "listable")
    op.drop_table("trend_reviews")
    op.drop_table("trends")
