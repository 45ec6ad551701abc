"""The entities say what the contract of clients says, and their examples are true."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema_rs import Draft202012Validator

import app.entities
from app.entities.base import Entity
from app.entities.statuses.scheduled_statuses import ScheduledStatus
from app.entities.statuses.statuses import Status
from tests.contract import client_definitions, entities_of

for module in pkgutil.walk_packages(app.entities.__path__, "app.entities."):
    importlib.import_module(module.name)


def _entities(kind: type[Entity]) -> Iterator[type[Entity]]:
    for one in kind.__subclasses__():
        yield one
        yield from _entities(one)


ENTITIES = sorted(set(_entities(Entity)), key=lambda kind: (kind.__name__, kind.__module__))


def _own(kind: type[Entity]) -> dict[str, Any]:
    """The schema of an entity of ours; of one that holds itself, what its reference leads to."""
    schema = kind.model_json_schema(mode="serialization")
    if "properties" in schema:
        return schema
    return {**schema["$defs"][kind.__name__], "$defs": schema["$defs"]}


def _described(name: str) -> tuple[dict[str, Any], set[str]]:
    """The properties of an entity of the client contract, and which of them are required."""
    schema = client_definitions()[name]
    properties: dict[str, Any] = dict(schema.get("properties", {}))
    required = set(schema.get("required", ()))
    for part in schema.get("allOf", ()):
        if "$ref" in part:
            more, needed = _described(part["$ref"].rpartition("/")[2])
        else:
            more, needed = part["properties"], set(part["required"])
        properties |= more
        required |= needed
    return properties, required


def _may_be_null(schema: dict[str, Any]) -> bool:
    if not schema:
        return True  # anything
    kinds = schema.get("type", ())
    return kinds == "null" or "null" in kinds or any(map(_may_be_null, schema.get("anyOf", ())))


@pytest.mark.parametrize("kind", ENTITIES, ids=lambda kind: kind.__name__)
def test_examples_are_true(kind: type[Entity]) -> None:
    schema = _own(kind)

    for example in schema.get("examples", ()):
        Draft202012Validator(schema).validate(example)
        assert example.keys() <= schema["properties"].keys()
        if kind.__name__ in client_definitions():
            Draft202012Validator(
                {"$ref": f"#/$defs/{kind.__name__}", "$defs": client_definitions()}
            ).validate(example)


@pytest.mark.parametrize(
    "kind",
    [kind for kind in ENTITIES if kind.__name__ in client_definitions()],
    ids=lambda kind: kind.__name__,
)
def test_clients_find_what_they_decode_strictly(kind: type[Entity]) -> None:
    schema = _own(kind)
    properties, required = _described(kind.__name__)
    if kind.__name__ == "Status":
        # Absent from the answer to deleting a status, as the contract says in words.
        required = required - {"content"}

    assert required <= set(schema.get("required", ()))
    nullable = {
        name
        for name, described in schema["properties"].items()
        if name in properties and _may_be_null(described)
    }
    assert nullable <= {name for name, described in properties.items() if _may_be_null(described)}


@pytest.mark.parametrize("kind", ENTITIES, ids=lambda kind: kind.__name__)
def test_every_entity_and_every_key_is_described(kind: type[Entity]) -> None:
    assert kind.__doc__
    undescribed = [name for name, field in kind.model_fields.items() if not field.description]

    assert undescribed == []


def test_an_answer_that_may_be_either_is_held_against_both() -> None:
    either = ("Status", "ScheduledStatus")
    assert [*entities_of(Status | ScheduledStatus | None)] == [(either, "object")]
    assert [*entities_of(list[Status | ScheduledStatus])] == [(either, "list")]
    # Of what the contract does not know it says nothing.
    assert [*entities_of(Status | dict[str, str])] == []
