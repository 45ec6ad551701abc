"""Let scheduled statuses say why they could not be posted."""

import sqlalchemy as sa
from alembic import op

revision = "0033_scheduled_statuses_fail"
down_revision = "0032_instance_pictures"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("scheduled_statuses", sa.Column("error", sa.Text()))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("scheduled_statuses", "error")
