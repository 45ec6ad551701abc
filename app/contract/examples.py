"""An example of every request and of every answer.

Answers are the examples of their schemas. What is sent is written down in `examples.toml`, by
operation; `tests/api/test_examples.py` sends each of them, so that they stay true.
"""

import tomllib
from pathlib import Path
from typing import Any, Final

from app.contract.schemas import REF

# What stands for a thing, in paths and in what is sent: each another one.
_FIRST = 116057013207040000
THINGS: Final = {
    "notification_id": "2717",
    "group_key": "ungrouped-2717",
    "token": "hdp_fd_example",
    **{
        f"{noun}_id": str(_FIRST + number)
        for noun, number in {
            "account": 0,
            "media": 1,
            "list": 100,
            "scheduled": 200,
            "status": 512,
            "quoting": 513,
            "poll": 600,
            "conversation": 700,
            "keyword": 800,
            "filter": 850,
            "filter_status": 900,
            "announcement": 1000,
            "featured_tag": 1100,
            "tag": 1200,
            "link": 1300,
            "publisher": 1400,
            "report": 1500,
            "request": 1600,
            "endorsement": 1700,
            "contested": 1800,
            "email_domain_block": 1900,
            "canonical_email_block": 2000,
            "ip_block": 2100,
            "emoji": 2200,
            "feed": 2300,
        }.items()
    },
}
_WORDS: Final = {
    "topic": "waterquality",
    "effective_date": "2026-12-01",
    "username": "amina",
    "format": "json",
}
# One word for several things.
_NAMES: Final = {
    "tags": "waterquality",
    "tag": "waterquality",
    "media": "logo.webp",
    "static": "avatar.png",
}
_NAME: Final = "👍"

Sent = dict[str, Any]


def load() -> dict[str, Sent]:
    """What is sent to each operation, and what some answer; with ids for the placeholders."""
    text = (Path(__file__).parent / "examples.toml").read_text()
    loaded: dict[str, Sent] = _filled(tomllib.loads(text))
    return loaded


def _filled(part: Any) -> Any:
    if isinstance(part, str):
        return THINGS.get(part[1:-1], part) if part.startswith("{") else part
    if isinstance(part, list):
        return [_filled(each) for each in part]
    if isinstance(part, dict):
        return {key: _filled(value) for key, value in part.items()}
    return part


def declare(contract: dict[str, Any], written: dict[str, Sent]) -> None:
    """Add the examples to every operation; `written` is what `load` found.

    Raises:
        ValueError: one is missing, or there is one of an operation that does not exist.
    """
    schemas: dict[str, Any] = contract["components"]["schemas"]
    left, shared = dict(written), Sent()
    _say_null(schemas)
    for path, operations in contract["paths"].items():
        for operation in operations.values():
            name = operation["operationId"]
            own = left.pop(name, {})
            for parameter in operation.get("parameters", ()):
                _show_parameter(parameter, path, own)
            for content in operation.get("requestBody", {}).get("content", {}).values():
                _show_body(content, name, own)
            for content in _answers(operation):
                _show(content, own, schemas, shared)
    if left:
        raise ValueError(f"examples.toml has what no operation takes: {', '.join(left)}")
    contract["components"]["examples"] = dict(sorted(shared.items()))


def _say_null(schemas: Sent) -> None:
    """The framework leaves out of examples what is null."""
    for schema in schemas.values():
        for example in schema.get("examples", ()):
            _complete(example, schema, schemas)


def _complete(example: Any, schema: Sent, schemas: Sent) -> None:
    """Say null where a key is required that has no value."""
    for part in (schema, *schema.get("anyOf", ())):
        target = schemas.get(part.get("$ref", "").removeprefix(REF), part)
        if isinstance(example, list):
            for each in example:
                _complete(each, target.get("items", {}), schemas)
        elif isinstance(example, dict):
            for name, described in target.get("properties", {}).items():
                if name in example:
                    _complete(example[name], described, schemas)
                elif name in target.get("required", ()):
                    example[name] = None


def _show_body(content: Sent, name: str, sent: Sent) -> None:
    if "body" not in sent:
        raise ValueError(f"Nothing in examples.toml is sent to {name}")
    content["example"] = sent["body"]


def _answers(operation: Sent) -> list[Sent]:
    """Every kind of content of an answer to what went well."""
    return [
        content
        for status, response in operation["responses"].items()
        if status[0] == "2"
        for content in response.get("content", {}).values()
    ]


def _show_parameter(parameter: Sent, path: str, sent: Sent) -> None:
    name = parameter["name"].removesuffix("[]")
    own = sent.get(parameter["in"], {})
    if parameter["in"] == "path":
        before = path.partition("/{name}")[0].rpartition("/")[2]
        shown = THINGS | _WORDS | {"name": _NAMES.get(before, _NAME)} | own
        if name not in shown:
            raise ValueError(f"Nothing says what {{{name}}} of {path} may be")
        parameter["example"] = shown[name]
        noun = name.removesuffix("_id").replace("_", " ")
        parameter.setdefault("description", f"The id of the {noun}.")
    elif name in own:
        parameter["example"] = own[name]


def _show(content: Sent, own: Sent, schemas: Sent, shared: Sent) -> None:
    """The answer: of its own, or that of its schema, which many operations share."""
    schema = content.get("schema", {})
    if "answer" in own:
        content["example"] = own["answer"]
        return
    kind = schema.get("type")
    one = schema.get("items", schema) if kind == "array" else schema
    # Of several, the first.
    one = next(iter(one.get("anyOf", ())), one)
    name = one.get("$ref", "").removeprefix(REF)
    if not name:
        return
    value = _of(schemas[name])
    title = f"{name}List" if kind == "array" else name
    shared[title] = {"value": [value] if kind == "array" else value}
    content["examples"] = {title: {"$ref": f"#/components/examples/{title}"}}


def _of(schema: Sent) -> Any:
    """The example of a schema; an object without properties has none."""
    return schema["examples"][0] if schema.get("properties") else {}
