"""Parameters as schemas: a body in the encoding that clients use, a query in the way of Rails."""

from collections.abc import Iterator
from typing import Any, Final

from pydantic.json_schema import models_json_schema

from app.parameters import ParameterModel

REF: Final = "#/components/schemas/"

_JSON: Final = "application/json"
_FORM: Final = "application/x-www-form-urlencoded"
_FILES: Final = "multipart/form-data"
_NO_SCHEMAS: Final = frozenset(("default", "enum", "example", "examples", "value"))
# Java, for one, has a List of its own.
_TAKEN: Final = {"List": "UserList"}


def body(
    models: list[type[ParameterModel]], schemas: dict[str, Any], *, is_form: bool
) -> dict[str, Any]:
    """A request body: what the models describe, all together.

    One encoding of those that are read: of several, generators make several methods or a wrong one.
    """
    references = [{"$ref": f"{REF}{model.__name__}"} for model in models]
    schema = references[0] if len(references) == 1 else {"allOf": references}
    declared = [schemas[model.__name__] for model in models]
    has_files = any("'binary'" in str(each) for each in declared)
    kind = _FILES if has_files else _FORM if is_form else _JSON
    content: dict[str, Any] = {"schema": schema}
    objects = {
        name: {"style": "deepObject", "explode": True}
        for each in declared
        for name, property_ in each.get("properties", {}).items()
        if _is_object(_without_null(property_), schemas)
    }
    if objects and kind != _JSON:
        content["encoding"] = objects
    return {
        "required": any(each.get("required") for each in declared),
        "content": {kind: content},
    }


def query(schema: dict[str, Any], schemas: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The properties of a schema as query parameters, in the way of Rails."""
    for name, property_ in schema.get("properties", {}).items():
        plain = _without_null(property_)
        parameter: dict[str, Any] = {"name": name, "in": "query"}
        if "description" in plain:
            parameter["description"] = plain.pop("description")
        if name in schema.get("required", ()):
            parameter["required"] = True
        if plain.get("type") == "array":
            parameter |= {"name": f"{name}[]", "style": "form", "explode": True}
        elif _is_object(plain, schemas):
            parameter |= {"style": "deepObject", "explode": True}
        yield {**parameter, "schema": plain}


def _without_null(property_: dict[str, Any]) -> dict[str, Any]:
    """A property as it is when given: a query cannot say null."""
    plain = {key: value for key, value in property_.items() if key != "title"}
    if plain.get("default", ...) is None:
        del plain["default"]
    kinds = [kind for kind in plain.get("anyOf", ()) if kind != {"type": "null"}]
    if len(kinds) == 1:
        del plain["anyOf"]
        plain |= kinds[0]
    return plain


def _is_object(property_: dict[str, Any], schemas: dict[str, Any]) -> bool:
    target = schemas.get(property_.get("$ref", "").removeprefix(REF), property_)
    return bool(target.get("type") == "object")


def of(models: list[type[ParameterModel]]) -> dict[str, Any]:
    """The schemas of the models and of all they use, by name.

    Raises:
        ValueError: two models have the same name.
    """
    _, described = models_json_schema(
        [(model, "validation") for model in models], ref_template=REF + "{model}"
    )
    definitions: dict[str, Any] = described.get("$defs", {})
    for model in models:
        if model.__name__ not in definitions:
            raise ValueError(f"Two parameter models are called {model.__name__}")
    for definition in definitions.values():
        for property_ in definition.get("properties", {}).values():
            # A default that is no value of the type only says "not given".
            if "type" in property_ and property_.get("default", ...) is None:
                del property_["default"]
    return definitions


def hoist(schemas: dict[str, Any], more: dict[str, Any]) -> None:
    """Add schemas to those that are there.

    Raises:
        ValueError: two different ones have the same name.
    """
    for name, schema in more.items():
        if schemas.setdefault(name, schema) != schema:
            raise ValueError(f"Two different schemas are called {name}")


def drop_unused(contract: dict[str, Any]) -> None:
    """Leave out schemas that nothing refers to: models of queries are parameters by now."""
    schemas: dict[str, Any] = contract["components"].pop("schemas")
    kept: dict[str, Any] = {}
    referred = _referred(contract)
    while referred:
        kept |= {name: schemas[name] for name in referred}
        referred = _referred([schemas[name] for name in referred]) - kept.keys()
    contract["components"] = {"schemas": dict(sorted(kept.items())), **contract["components"]}


def rename(contract: dict[str, Any]) -> None:
    """Give a schema another name where its own is taken in a language of SDKs."""
    schemas: dict[str, Any] = contract["components"]["schemas"]
    for name in _TAKEN.keys() & schemas.keys():
        schemas[_TAKEN[name]] = schemas.pop(name)
    _refer(contract)


def _refer(part: Any) -> None:
    """Let references to schemas that have another name lead to it."""
    if isinstance(part, dict):
        name = str(part.get("$ref", "")).removeprefix(REF)
        if name in _TAKEN:
            part["$ref"] = REF + _TAKEN[name]
        part = list(part.values())
    if isinstance(part, list):
        for each in part:
            _refer(each)


def drop_titles(part: Any, *, names: bool = False) -> None:
    """Leave out titles made of names: they say nothing, and generators make bad names of them.

    `names`: the keys of this part are names of things.
    """
    if isinstance(part, list):
        for each in part:
            drop_titles(each)
    elif isinstance(part, dict):
        if not names and isinstance(part.get("title"), str) and "version" not in part:
            del part["title"]
        for key, value in part.items():
            if names or key not in _NO_SCHEMAS:
                drop_titles(value, names=key == "properties" and not names)


def _referred(part: Any) -> set[str]:
    """The names of the schemas to which a part of the document refers."""
    if isinstance(part, list):
        return {name for each in part for name in _referred(each)}
    if not isinstance(part, dict):
        return set()
    own = part.get("$ref")
    found = {own.removeprefix(REF)} if isinstance(own, str) and own.startswith(REF) else set()
    return found.union(*(_referred(each) for each in part.values()))
