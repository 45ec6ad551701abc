"""What the fault tests share."""

import os
from collections.abc import AsyncIterator, Iterator
from itertools import count

import asyncpg
import pytest

from app.migrate import migrate
from tests.faults.clusters import Cluster
from tests.faults.workers import Workplace
from tests.postgres import create_from_template
from tests.processes import folder

_numbers = count(1)


@pytest.fixture(scope="session")
def second_cluster() -> Iterator[Cluster]:
    """A PostgreSQL that this suite did not start as the embedded one."""
    with folder() as made:
        cluster = Cluster(made)
        try:
            yield cluster
        finally:
            cluster.close()


@pytest.fixture
async def workplace(cluster: str) -> AsyncIterator[Workplace]:
    """A database and a folder of the test's own, for workers that are killed."""
    name = f"killed_worker_{os.getpid()}_{next(_numbers)}"
    dsn = await create_from_template(cluster, name, migrate)
    connection, blocker = await asyncpg.connect(dsn), await asyncpg.connect(dsn)
    try:
        with folder() as base:
            yield Workplace(dsn, base, connection, blocker)
    finally:
        await blocker.close()
        await connection.close()
