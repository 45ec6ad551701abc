"""Block domains of addresses, addresses and networks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027_sign_up_blocks"
down_revision = "0026_files_of_accounts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "email_domain_blocks",
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("allow_with_approval", sa.Boolean(), server_default="false", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_email_domain_blocks")),
        sa.UniqueConstraint("domain", name=op.f("uq_email_domain_blocks_domain")),
    )
    op.create_table(
        "canonical_email_blocks",
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("canonical_email_hash", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "canonical_email_hash ~ '^[0-9a-f]{64}$'",
            name=op.f("ck_canonical_email_blocks_canonical_email_hash"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canonical_email_blocks")),
        sa.UniqueConstraint(
            "canonical_email_hash", name=op.f("uq_canonical_email_blocks_canonical_email_hash")
        ),
    )
    op.create_table(
        "ip_blocks",
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("network", postgresql.CIDR(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), server_default="", nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "severity IN ('sign_up_requires_approval', 'sign_up_block', 'no_access')",
            name=op.f("ck_ip_blocks_severity"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ip_blocks")),
        sa.UniqueConstraint("network", name=op.f("uq_ip_blocks_network")),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("ip_blocks")
    op.drop_table("canonical_email_blocks")
    op.drop_table("email_domain_blocks")
