"""Turns what pydantic found wrong into the errors clients know. Never repeats what they sent."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.errors import BadRequest, HardopError, Invalid
from app.parameters.decoding import shown

_CODES = {
    "string_too_long": ("ERR_TOO_LONG", "is too long (maximum is {max_length} characters)"),
    "string_too_short": ("ERR_TOO_SHORT", "is too short (minimum is {min_length} characters)"),
    "greater_than_equal": ("ERR_INVALID", "must be greater than or equal to {ge}"),
    "greater_than": ("ERR_INVALID", "must be greater than {gt}"),
    "less_than_equal": ("ERR_INVALID", "must be less than or equal to {le}"),
    "less_than": ("ERR_INVALID", "must be less than {lt}"),
    "extra_forbidden": ("ERR_INVALID", "is not a parameter of this method"),
}
# A client that sends these is wrong about the API, not about its user's input (client API, errors).
_MALFORMED = {
    "literal_error": "must be one of {expected}",
    "enum": "must be one of {expected}",
    "negative": "must not be negative",
}


def refused(found: Sequence[Mapping[str, Any]]) -> HardopError:
    """The error to raise for parameters that do not fit their model, as pydantic describes it.

    A missing or malformed one is 400, the rest is 422 with every problem in it.
    """
    for problem in found:
        if problem["type"] == "missing":
            return BadRequest(f"param is missing or the value is empty: {_name(problem['loc'])}")
    for problem in found:
        if problem["type"] in _MALFORMED:
            text = _MALFORMED[problem["type"]].format_map(problem.get("ctx", {}))
            return BadRequest(f"{_name(problem['loc'])} {text}")
    problems: dict[str, list[tuple[str, str]]] = {}
    for problem in found:
        problems.setdefault(_name(problem["loc"]), []).append(_describe(problem))
    return Invalid(problems)


def _name(location: tuple[int | str, ...]) -> str:
    """`poll/options/0`. Parts that are not names of ours are not shown."""
    return "/".join(shown(part) for part in location) or "parameters"


def _describe(problem: Mapping[str, Any]) -> tuple[str, str]:
    kind, context = problem["type"], problem.get("ctx", {})
    if kind.startswith("ERR_"):
        return kind, problem["msg"]
    if kind == "value_error":
        return "ERR_INVALID", str(context["error"])
    if kind in ("too_long", "too_short"):
        return _size(kind, context)
    if kind == "string_too_short" and context["min_length"] == 1:
        return "ERR_BLANK", "can't be blank"
    code, text = _CODES.get(kind, ("ERR_INVALID", "is invalid"))
    return code, text.format_map(context)


def _size(kind: str, context: dict[str, Any]) -> tuple[str, str]:
    # pydantic says "Value" of a text whose type has a validator of its own.
    if context["field_type"] in ("List", "Dictionary", "Set"):
        if kind == "too_long":
            return "ERR_TOO_LONG", f"is too long (maximum is {context['max_length']} items)"
        return "ERR_TOO_SHORT", f"is too short (minimum is {context['min_length']} items)"
    kind = f"string_{kind}"
    if kind == "string_too_short" and context["min_length"] == 1:
        return "ERR_BLANK", "can't be blank"
    code, text = _CODES[kind]
    return code, text.format_map(context)
