"""Add media attachments."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020_media_attachments"
down_revision = "0019_conversations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table, and say of statuses and their edits what hangs on them."""
    op.create_table(
        "media_attachments",
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("status_id", sa.BigInteger(), nullable=True),
        sa.Column("position", sa.SmallInteger(), nullable=True),
        sa.Column("held_by_id", sa.BigInteger(), nullable=True),
        sa.Column("unattached_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("upload", sa.Text(), nullable=True),
        sa.Column("file", sa.Text(), nullable=True),
        sa.Column("preview", sa.Text(), nullable=True),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("focus_x", sa.Float(), nullable=True),
        sa.Column("focus_y", sa.Float(), nullable=True),
        sa.Column("blurhash", sa.Text(), nullable=True),
        sa.Column(
            "meta", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False
        ),
        sa.CheckConstraint(
            "kind IN ('image', 'gifv', 'video', 'audio', 'unknown')",
            name=op.f("ck_media_attachments_kind"),
        ),
        sa.CheckConstraint(
            "state <> 'ready' OR file IS NOT NULL", name=op.f("ck_media_attachments_ready")
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'ready', 'failed')", name=op.f("ck_media_attachments_state")
        ),
        sa.CheckConstraint(
            "position IS NULL OR status_id IS NOT NULL", name=op.f("ck_media_attachments_position")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_media_attachments_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["status_id"],
            ["statuses.id"],
            name=op.f("fk_media_attachments_status_id_statuses"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_attachments")),
    )
    op.create_index(
        op.f("ix_media_attachments_account_id"), "media_attachments", ["account_id"], unique=False
    )
    op.create_index(op.f("ix_media_attachments_file"), "media_attachments", ["file"], unique=True)
    op.create_index(
        op.f("ix_media_attachments_held_by_id"),
        "media_attachments",
        ["held_by_id"],
        unique=False,
        postgresql_where=sa.text("held_by_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_media_attachments_preview"), "media_attachments", ["preview"], unique=True
    )
    op.create_index(
        op.f("ix_media_attachments_status_id"),
        "media_attachments",
        ["status_id"],
        unique=False,
        postgresql_where=sa.text("status_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_media_attachments_unattached_since"),
        "media_attachments",
        ["unattached_since"],
        unique=False,
        postgresql_where=sa.text("status_id IS NULL AND held_by_id IS NULL"),
    )
    op.create_index(
        op.f("ix_media_attachments_upload"), "media_attachments", ["upload"], unique=True
    )
    op.add_column(
        "status_edits",
        sa.Column(
            "media", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False
        ),
    )
    op.add_column(
        "statuses",
        sa.Column("media_attachments_count", sa.Integer(), server_default="0", nullable=False),
    )
    op.create_index(
        "ix_statuses_account_media",
        "statuses",
        ["account_id", "id"],
        unique=False,
        postgresql_where=sa.text("media_attachments_count > 0"),
    )
    op.create_index(
        "ix_statuses_public_media",
        "statuses",
        ["id"],
        unique=False,
        postgresql_where=sa.text(
            "media_attachments_count > 0 AND visibility = 'public' AND reblog_of_id IS NULL AND (in_reply_to_account_id IS NULL OR in_reply_to_account_id = account_id)"
        ),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_statuses_public_media", table_name="statuses")
    op.drop_index("ix_statuses_account_media", table_name="statuses")
    op.drop_column("statuses", "media_attachments_count")
    op.drop_column("status_edits", "media")
    op.drop_table("media_attachments")
