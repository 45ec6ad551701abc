"""Alembic's environment: connection from `app/migrate.py`, tables from `app.models`."""

from typing import Any

from alembic import context
from sqlmodel import SQLModel

import app.models  # noqa: F401 - registers the tables


def include_name(name: str | None, kind: str, parents: Any) -> bool:  # noqa: ARG001
    """Leave the queue's schema to pgqueuer."""
    return not (kind == "schema" and name == "jobs")


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    include_name=include_name,
    compare_type=True,
    compare_server_default=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
