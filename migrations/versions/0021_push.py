"""Web Push: the key of the server, and what applications subscribed to."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021_push"
down_revision = "0020_media_attachments"
branch_labels = None
depends_on = None

# Whoever ends a token, and however: its application is told no more.
_END = """
CREATE FUNCTION end_push_subscription() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM push_subscriptions WHERE access_token_id = NEW.id;
    RETURN NULL;
END
$$
"""


def upgrade() -> None:
    """Create the tables, and end subscriptions with their tokens."""
    op.create_table(
        "vapid_keys",
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("private_key", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_vapid_keys_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vapid_keys")),
    )
    op.create_table(
        "push_subscriptions",
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), sa.Identity(), nullable=False),
        sa.Column("access_token_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("p256dh", sa.LargeBinary(), nullable=False),
        sa.Column("auth", sa.LargeBinary(), nullable=False),
        sa.Column("standard", sa.Boolean(), server_default="false", nullable=False),
        sa.Column(
            "alerts", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False
        ),
        sa.Column("policy", sa.Text(), server_default="all", nullable=False),
        sa.CheckConstraint(
            "policy IN ('all', 'followed', 'follower', 'none')",
            name=op.f("ck_push_subscriptions_policy"),
        ),
        sa.ForeignKeyConstraint(
            ["access_token_id"],
            ["access_tokens.id"],
            name=op.f("fk_push_subscriptions_access_token_id_access_tokens"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_push_subscriptions_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_subscriptions")),
        sa.UniqueConstraint("access_token_id", name=op.f("uq_push_subscriptions_access_token_id")),
    )
    op.create_index(
        op.f("ix_push_subscriptions_account_id"), "push_subscriptions", ["account_id"], unique=False
    )
    op.execute(_END)
    op.execute(
        "CREATE TRIGGER end_push_subscription AFTER UPDATE OF revoked_at ON access_tokens "
        "FOR EACH ROW WHEN (NEW.revoked_at IS NOT NULL) EXECUTE FUNCTION end_push_subscription()"
    )


def downgrade() -> None:
    """Forget it all; applications subscribe anew."""
    op.execute("DROP TRIGGER end_push_subscription ON access_tokens")
    op.execute("DROP FUNCTION end_push_subscription()")
    op.drop_table("push_subscriptions")
    op.drop_table("vapid_keys")
