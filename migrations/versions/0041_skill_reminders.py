"""Remember of which skills people were told that they are about to be forgotten."""

import sqlalchemy as sa
from alembic import op

revision = "0041_skill_reminders"
down_revision = "0040_withdrawn_endorsements"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column(
        "featured_tags", sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True)
    )


def downgrade() -> None:
    """Drop it, and the notifications of which only we know."""
    op.execute("DELETE FROM notifications WHERE type = 'skills_fading'")
    op.drop_column("featured_tags", "reminded_at")
