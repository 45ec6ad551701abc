"""Count the bookmarks of a status."""

import sqlalchemy as sa
from alembic import op

revision = "0036_bookmarks_count"
down_revision = "0035_private_feeds"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the counter, and count what is there."""
    op.add_column(
        "statuses", sa.Column("bookmarks_count", sa.Integer(), server_default="0", nullable=False)
    )
    op.execute(
        """
        UPDATE statuses s SET bookmarks_count = m.n
        FROM (SELECT status_id, count(*) AS n FROM bookmarks GROUP BY status_id) m
        WHERE s.id = m.status_id
        """
    )
    op.create_check_constraint(
        op.f("ck_statuses_bookmarks_count"), "statuses", "bookmarks_count >= 0"
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_column("statuses", "bookmarks_count")
