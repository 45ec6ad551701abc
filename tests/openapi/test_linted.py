"""The contract is what generators and readers expect: Spectral finds nothing."""

import json
from pathlib import Path

import pytest
from jsonschema_rs import Draft202012Validator

from tests.node import install, node

pytestmark = pytest.mark.timeout(400)

FOLDER = Path(__file__).parents[2] / "openapi"
SPECTRAL = "node_modules/@stoplight/spectral-cli/dist/index.js"


def test_spectral_finds_nothing() -> None:
    tools = install(FOLDER / "tools")

    done = node(
        tools,
        SPECTRAL,
        *("lint", FOLDER / "openapi.json", "--ruleset", FOLDER / "spectral.yaml"),
        *("--format", "json", "--quiet", "--fail-severity", "hint"),
    )

    findings = [
        f"{finding['code']}: {finding['message']} {'/'.join(map(str, finding['path']))}"
        for finding in json.loads(done.stdout or "[]")
    ]
    assert findings == []
    assert done.returncode == 0, done.stderr


def test_examples_of_schemas_are_whole() -> None:
    """Spectral looks at the examples of requests and answers only."""
    document = json.loads((FOLDER / "openapi.json").read_text())
    components = document["components"]

    for schema in components["schemas"].values():
        validator = Draft202012Validator({**schema, "components": components})
        for example in schema.get("examples", ()):
            validator.validate(example)
