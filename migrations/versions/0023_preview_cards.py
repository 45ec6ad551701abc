"""Add preview cards."""

import sqlalchemy as sa
from alembic import op

revision = "0023_preview_cards"
down_revision = "0022_lists_and_followed_tags"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table, and let statuses show a card."""
    op.create_table(
        "preview_cards",
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("author_name", sa.Text(), nullable=False),
        sa.Column("provider_name", sa.Text(), nullable=False),
        sa.Column("image", sa.Text(), nullable=True),
        sa.Column("image_description", sa.Text(), nullable=False),
        sa.Column("blurhash", sa.Text(), nullable=True),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preview_cards")),
        sa.UniqueConstraint("image", name=op.f("uq_preview_cards_image")),
        sa.UniqueConstraint("url", name=op.f("uq_preview_cards_url")),
    )
    op.add_column("statuses", sa.Column("preview_card_id", sa.BigInteger(), nullable=True))
    op.create_index(
        op.f("ix_statuses_preview_card_id_id"),
        "statuses",
        ["preview_card_id", "id"],
        unique=False,
        postgresql_where=sa.text("preview_card_id IS NOT NULL"),
    )
    op.create_foreign_key(
        op.f("fk_statuses_preview_card_id_preview_cards"),
        "statuses",
        "preview_cards",
        ["preview_card_id"],
        ["id"],
        ondelete="SET NULL",
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_constraint(
        op.f("fk_statuses_preview_card_id_preview_cards"), "statuses", type_="foreignkey"
    )
    op.drop_index(
        op.f("ix_statuses_preview_card_id_id"),
        table_name="statuses",
        postgresql_where=sa.text("preview_card_id IS NOT NULL"),
    )
    op.drop_column("statuses", "preview_card_id")
    op.drop_table("preview_cards")
