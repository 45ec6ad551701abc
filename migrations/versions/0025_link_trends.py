"""Let links trend, and moderators see what is not shown."""

import sqlalchemy as sa
from alembic import op

revision = "0025_link_trends"
down_revision = "0024_workplaces"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table of sites."""
    op.create_table(
        "publishers",
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publishers")),
        sa.UniqueConstraint("domain", name=op.f("uq_publishers_domain")),
    )
    op.add_column(
        "trends", sa.Column("shown", sa.Boolean(), server_default="true", nullable=False)
    )
    op.drop_constraint(op.f("ck_trend_reviews_kind"), "trend_reviews", type_="check")
    op.create_check_constraint(
        op.f("ck_trend_reviews_kind"),
        "trend_reviews",
        "kind IN ('tag', 'status', 'link', 'publisher')",
    )


def downgrade() -> None:
    """Drop it; what was decided about sites is forgotten."""
    op.execute("DELETE FROM trend_reviews WHERE kind = 'publisher'")
    op.execute("DELETE FROM trends")
    op.drop_constraint(op.f("ck_trend_reviews_kind"), "trend_reviews", type_="check")
    op.create_check_constraint(
        op.f("ck_trend_reviews_kind"), "trend_reviews", "kind IN ('tag', 'status', 'link')"
    )
    op.drop_column("trends", "shown")
    op.drop_table("publishers")
