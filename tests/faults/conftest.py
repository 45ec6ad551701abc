"""What the fault tests share."""

from collections.abc import Iterator

import pytest

from tests.faults.clusters import Cluster
from tests.processes import folder


@pytest.fixture(scope="session")
def second_cluster() -> Iterator[Cluster]:
    """A PostgreSQL that this suite did not start as the embedded one."""
    with folder() as made:
        cluster = Cluster(made)
        try:
            yield cluster
        finally:
            cluster.close()
