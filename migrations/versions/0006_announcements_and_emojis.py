"""Announcements that are published later, and emojis that move."""

import sqlalchemy as sa
from alembic import op

revision = "0006_announcements_and_emojis"
down_revision = "0005_pins_and_conversations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add when an announcement is published, and the still picture of an emoji."""
    op.add_column(
        "announcements",
        sa.Column(
            "published_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
    )
    op.execute("UPDATE announcements SET published_at = created_at")
    op.add_column(
        "announcements", sa.Column("told", sa.Boolean(), server_default="true", nullable=False)
    )
    op.add_column("custom_emojis", sa.Column("static_picture", sa.Text(), nullable=True))


def downgrade() -> None:
    """Take them away."""
    op.drop_column("custom_emojis", "static_picture")
    op.drop_column("announcements", "told")
    op.drop_column("announcements", "published_at")
