"""Let events be read as they are committed, and tell listeners about them."""

import sqlalchemy as sa
from alembic import op

revision = "0004_event_transactions"
down_revision = "0003_audit_and_instance"
branch_labels = None
depends_on = None

_TELL = """
CREATE FUNCTION tell_listeners() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('hardop_events', '');
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    """Number events by transaction, and notify with each statement that records some."""
    op.add_column(
        "events",
        sa.Column(
            "transaction",
            sa.BigInteger(),
            server_default=sa.text("(pg_current_xact_id()::text)::bigint"),
            nullable=False,
        ),
    )
    op.create_index(op.f("ix_events_transaction"), "events", ["transaction"], unique=False)
    op.execute(_TELL)
    op.execute(
        "CREATE TRIGGER tell_listeners AFTER INSERT ON events "
        "FOR EACH STATEMENT EXECUTE FUNCTION tell_listeners()"
    )


def downgrade() -> None:
    """Take both away."""
    op.execute("DROP TRIGGER tell_listeners ON events")
    op.execute("DROP FUNCTION tell_listeners()")
    op.drop_index(op.f("ix_events_transaction"), table_name="events")
    op.drop_column("events", "transaction")
