"""Remember what became of an endorsement that was taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0040_withdrawn_endorsements"
down_revision = "0039_endorsement_notifications"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column(
        "topic_endorsements",
        sa.Column("withdrawn", sa.Boolean(), server_default="false", nullable=False),
    )


def downgrade() -> None:
    """Let what was taken back go."""
    op.execute("DELETE FROM topic_endorsements WHERE withdrawn")
    op.drop_column("topic_endorsements", "withdrawn")
