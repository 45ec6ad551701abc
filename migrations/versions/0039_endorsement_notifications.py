"""Let a notification be about an endorsement of a topic."""

import sqlalchemy as sa
from alembic import op

revision = "0039_endorsement_notifications"
down_revision = "0038_feeds_of_applications"
branch_labels = None
depends_on = None

_ACT = ["account_id", "type", "from_account_id", "status_id", "emoji", "report_id", "warning_id"]


def upgrade() -> None:
    """Add the column."""
    op.add_column(
        "notifications", sa.Column("topic_endorsement_id", sa.BigInteger(), nullable=True)
    )
    op.create_foreign_key(
        op.f("fk_notifications_topic_endorsement_id_topic_endorsements"),
        "notifications",
        "topic_endorsements",
        ["topic_endorsement_id"],
        ["id"],
        ondelete="CASCADE",
    )
    op.create_index(
        op.f("ix_notifications_topic_endorsement_id"),
        "notifications",
        ["topic_endorsement_id"],
        postgresql_where=sa.text("topic_endorsement_id IS NOT NULL"),
    )
    _name_the_act([*_ACT, "topic_endorsement_id"])


def downgrade() -> None:
    """Forget what only it can say."""
    op.execute("DELETE FROM notifications WHERE topic_endorsement_id IS NOT NULL")
    _name_the_act(_ACT)
    op.drop_column("notifications", "topic_endorsement_id")


def _name_the_act(columns: list[str]) -> None:
    op.drop_constraint(op.f("uq_notifications_act"), "notifications")
    op.create_unique_constraint(
        op.f("uq_notifications_act"),
        "notifications",
        columns,
        postgresql_nulls_not_distinct=True,
    )
