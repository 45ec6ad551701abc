"""Remember which files reported statuses show, so that they are kept for the report."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0029_reported_files"
down_revision = "0028_evidence"
branch_labels = None
depends_on = None

_FILL = """
UPDATE reported_statuses SET files = ARRAY(
    SELECT substring(shown.url FROM '[^/]+$')
    FROM jsonb_array_elements(entity -> 'media_attachments') AS media,
         unnest(ARRAY[media ->> 'url', media ->> 'preview_url']) AS shown (url)
    WHERE shown.url IS NOT NULL
)
"""


def upgrade() -> None:
    """Add the column, also for what was reported before."""
    op.add_column(
        "reported_statuses",
        sa.Column("files", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
    )
    op.execute(_FILL)
    op.create_index(
        "ix_reported_statuses_files",
        "reported_statuses",
        ["files"],
        unique=False,
        postgresql_using="gin",
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_index(
        "ix_reported_statuses_files", table_name="reported_statuses", postgresql_using="gin"
    )
    op.drop_column("reported_statuses", "files")
