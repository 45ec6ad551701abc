"""Notification policies and requests; notifications about reports and warnings."""

import sqlalchemy as sa
from alembic import op

revision = "0014_notification_requests"
down_revision = "0013_notes_and_endorsements"
branch_labels = None
depends_on = None

_VERDICTS = (
    ("for_not_following", "accept"),
    ("for_not_followers", "accept"),
    ("for_new_accounts", "accept"),
    ("for_private_mentions", "accept"),
    ("for_limited_accounts", "filter"),
    ("for_bots", "accept"),
)
_ABOUT = {"report_id": "reports", "warning_id": "account_warnings"}
_ACT = ["account_id", "type", "from_account_id", "status_id", "emoji"]
# The whole name was one letter too long.
_OLD_ACT = "uq_notifications_account_id_type_from_account_id_status_2d2d"


def _account(table: str, name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [name], ["accounts.id"], name=op.f(f"fk_{table}_{name}_accounts"), ondelete="CASCADE"
    )


def upgrade() -> None:
    """Create the tables; let a notification be about a report or a warning."""
    op.create_table(
        "notification_policies",
        sa.Column("account_id", sa.BigInteger(), autoincrement=False, nullable=False),
        *(
            sa.Column(name, sa.Text(), server_default=default, nullable=False)
            for name, default in _VERDICTS
        ),
        *(
            sa.CheckConstraint(
                f"{name} IN ('accept', 'filter', 'drop')",
                name=op.f(f"ck_notification_policies_{name}"),
            )
            for name, _ in _VERDICTS
        ),
        _account("notification_policies", "account_id"),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_notification_policies")),
    )
    op.create_table(
        "notification_requests",
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("from_account_id", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        _account("notification_requests", "account_id"),
        _account("notification_requests", "from_account_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification_requests")),
        sa.UniqueConstraint(
            "account_id",
            "from_account_id",
            name=op.f("uq_notification_requests_account_id_from_account_id"),
        ),
    )
    op.create_index(
        op.f("ix_notification_requests_account_id_id"),
        "notification_requests",
        ["account_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_notification_requests_from_account_id"),
        "notification_requests",
        ["from_account_id"],
        unique=False,
    )
    op.create_table(
        "notification_permissions",
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("from_account_id", sa.BigInteger(), autoincrement=False, nullable=False),
        _account("notification_permissions", "account_id"),
        _account("notification_permissions", "from_account_id"),
        sa.PrimaryKeyConstraint(
            "account_id", "from_account_id", name=op.f("pk_notification_permissions")
        ),
    )
    op.create_index(
        op.f("ix_notification_permissions_from_account_id"),
        "notification_permissions",
        ["from_account_id"],
        unique=False,
    )
    for name, table in _ABOUT.items():
        op.add_column("notifications", sa.Column(name, sa.BigInteger(), nullable=True))
        op.create_foreign_key(
            op.f(f"fk_notifications_{name}_{table}"),
            "notifications",
            table,
            [name],
            ["id"],
            ondelete="CASCADE",
        )
        op.create_index(
            op.f(f"ix_notifications_{name}"),
            "notifications",
            [name],
            unique=False,
            postgresql_where=sa.text(f"{name} IS NOT NULL"),
        )
    op.create_index(
        "ix_notifications_filtered",
        "notifications",
        ["account_id", "from_account_id", "id"],
        unique=False,
        postgresql_where=sa.text("filtered"),
    )
    op.drop_constraint(_OLD_ACT, "notifications")
    op.create_unique_constraint(
        "uq_notifications_act",
        "notifications",
        [*_ACT, *_ABOUT],
        postgresql_nulls_not_distinct=True,
    )


def downgrade() -> None:
    """What was kept aside is lost, and what was told of reports and warnings."""
    op.execute(
        "DELETE FROM notifications "
        "WHERE filtered OR report_id IS NOT NULL OR warning_id IS NOT NULL"
    )
    op.drop_constraint("uq_notifications_act", "notifications")
    op.create_unique_constraint(
        _OLD_ACT, "notifications", _ACT, postgresql_nulls_not_distinct=True
    )
    op.drop_index("ix_notifications_filtered", table_name="notifications")
    for name in _ABOUT:
        op.drop_index(op.f(f"ix_notifications_{name}"), table_name="notifications")
        op.drop_column("notifications", name)
    op.drop_table("notification_permissions")
    op.drop_table("notification_requests")
    op.drop_table("notification_policies")
