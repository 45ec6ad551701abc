"""Let the server have a thumbnail and an icon of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0032_instance_pictures"
down_revision = "0031_search_progress"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "instance_pictures",
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('thumbnail', 'icon')", name=op.f("ck_instance_pictures_kind")
        ),
        sa.PrimaryKeyConstraint("kind", "width", name=op.f("pk_instance_pictures")),
        sa.UniqueConstraint("file", name=op.f("uq_instance_pictures_file")),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("instance_pictures")
