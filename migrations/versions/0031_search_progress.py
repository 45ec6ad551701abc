"""Remember how far a search engine outside the database is."""

import sqlalchemy as sa
from alembic import op

revision = "0031_search_progress"
down_revision = "0030_own_expertise"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "search_progress",
        sa.Column("is_only", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Text(), nullable=False),
        sa.Column("reached_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("is_only", name=op.f("ck_search_progress_is_only")),
        sa.PrimaryKeyConstraint("is_only", name=op.f("pk_search_progress")),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("search_progress")
