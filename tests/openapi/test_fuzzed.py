"""What Schemathesis makes of the contract: no 5xx, and nothing that is not in it.

Here it makes few requests of each operation; `make fuzz` makes 20,000 of all.
"""

import os
import re
import sys
from collections import defaultdict
from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import pytest
from fastapi import FastAPI

from app.contract.examples import THINGS
from app.database import Database
from app.models.identity.users import Role
from tests.api.access_row import Row
from tests.api.test_authorization import EVERY_SCOPE, World
from tests.factories import make_account, make_token

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(7200)]

FOLDER = Path(__file__).parents[2] / "openapi"
PROGRAM = Path(sys.executable).parent / "schemathesis"
# Of each operation; besides its example, and the edges of what it takes.
MANY = int(os.environ.get("HARDOP_TEST_FUZZ", "0"))
HOW = ("--phases=examples,coverage,fuzzing", f"--max-examples={MANY}")
HOW_IN_THE_SUITE = ("--phases=fuzzing", "--max-examples=2")


@pytest.fixture
async def world(database: Database, app: FastAPI) -> AsyncIterator[World]:
    owner = await make_account(database, role=Role.OWNER)
    yield World(database, owner, {"owner": await make_token(database, owner, EVERY_SCOPE)})
    app.state.services.networks.forget()


async def things(world: World) -> dict[str, list[str]]:
    """By the name of a parameter, some that are there."""
    found: dict[str, list[str]] = defaultdict(list)
    for _ in range(5 if MANY else 1):
        for name in THINGS:
            placeholders = {"": f"{{{name}}}", "quoting_id": "{status_id}"}
            made = await world.objects(Row("", "user", send=placeholders))
            found[name].append(made[name])
        found["account_id"].append(str((await make_account(world.database)).id))
    return found


def configuration(known: dict[str, list[str]]) -> str:
    dictionaries = [f"{name} = {{ values = {values} }}" for name, values in known.items()]
    parameters = [
        f"'{place}.{name}' = {{ dictionary = '{name}', probability = 0.7 }}"
        for name in known
        for place in ("path", "query", "body")
    ]
    given = (FOLDER / "schemathesis.toml").read_text()
    return "\n".join([given, "[dictionaries]", *dictionaries, "[parameters]", *parameters])


async def test_nothing_is_off_the_contract(live: str, world: World, tmp_path: Path) -> None:
    settings = tmp_path / "schemathesis.toml"
    settings.write_text(configuration(await things(world)))
    token = f"Authorization: Bearer {world.tokens['owner']}"

    done = await anyio.run_process(
        [
            *(PROGRAM, "--config-file", settings, "run", FOLDER / "openapi.json"),
            *("--url", live, "--header", token, "--no-color"),
            *(HOW if MANY else HOW_IN_THE_SUITE),
        ],
        cwd=tmp_path,
        check=False,
    )

    said = done.stdout.decode()
    print(said)
    assert done.returncode == 0, said + done.stderr.decode()
    assert int(re.findall(r"(\d+) generated", said)[-1]) > 500
