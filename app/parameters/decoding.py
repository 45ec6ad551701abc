"""Turns what a client sent into one nested structure, whichever way it was encoded.

Clients send the same parameters as a query, a form, multipart or JSON, with brackets raw or
percent-encoded (client API, section 0, traps 3 and 4). Names follow Rails:

    a=1                  {"a": "1"}
    a[]=1&a[]=2          {"a": ["1", "2"]}
    a[0]=1&a[1]=2        {"a": {"0": "1", "1": "2"}}     the model makes it a list
    h[k]=1&h[l][m]=2     {"h": {"k": "1", "l": {"m": "2"}}}
    h[][k]=1&h[][k]=2    {"h": [{"k": "1"}, {"k": "2"}]}
    a=1&a=2              {"a": Repeated(["1", "2"])}     refused where one value is wanted (HT-3)

Everything here is bounded (IN-1) and raises only errors a client may see.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import unquote_to_bytes

from pydantic_core import from_json

from app.errors import BadRequest, Invalid, TooLarge

MAX_PARAMETERS = 200
MAX_ITEMS = 100
MAX_NESTING = 32

_NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
_HALF_A_PAIR = re.compile("[\ud800-\udfff]")
_SHOWABLE = re.compile(r"[A-Za-z0-9_]{1,64}")
_FORM = re.compile(rb"[A-Za-z_][A-Za-z0-9_.%\[\]-]*=")


class Repeated(list[Any]):
    """The values of a parameter that was given more than once under its bare name."""


def decode_query(query_string: bytes) -> dict[str, Any]:
    """The parameters of a query string.

    Raises:
        BadRequest: names contradict each other or are nested too deeply.
        Invalid: a value is not valid Unicode, or an array is too long.
        TooLarge: there are more than `MAX_PARAMETERS`.
    """
    if not query_string:
        return {}
    if query_string.isascii() and not (b"%" in query_string or b"+" in query_string):
        plain = _plain(query_string.decode("ascii"))
        if plain is not None:
            return plain
    return _assemble(_pairs(query_string))


def decode_form(body: bytes) -> dict[str, Any]:
    """The parameters of an `application/x-www-form-urlencoded` body; raises as `decode_query`."""
    return decode_query(body)


def looks_like_form(body: bytes) -> bool:
    """Whether a body without a content type begins as a form does."""
    return _FORM.match(body) is not None


def decode_parts(parts: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """The parameters of a multipart body, already split; raises as `decode_query`."""
    given = list(parts)
    _refuse_too_many(len(given))
    for name, value in given:
        _refuse_nul(name, value)
    return _assemble(given)


def decode_json(body: bytes) -> dict[str, Any]:
    """The parameters of a JSON body.

    Raises:
        BadRequest: it is not JSON, too deep, or not an object.
        Invalid: a text has a NUL or half a surrogate pair, or an array is too long.
        TooLarge: an object has more than `MAX_PARAMETERS` members.
    """
    try:
        decoded = from_json(body, allow_inf_nan=False, cache_strings="keys")
    except ValueError:
        _refuse_half_a_pair(body)
        raise BadRequest("The request body is not valid JSON") from None
    if not isinstance(decoded, dict):
        raise BadRequest("The request body must be a JSON object")
    _check(decoded)
    return decoded


def _refuse_half_a_pair(body: bytes) -> None:
    """What is wrong with a body may be its text only, which is then refused as it is in forms.

    Raises:
        Invalid: it is JSON but for half a surrogate pair, which only this parser lets through.
    """
    if b"\\u" not in body:
        return
    try:
        decoded = json.loads(body)
        sent = {name: json.dumps(value, ensure_ascii=False) for name, value in decoded.items()}
    except (ValueError, RecursionError, AttributeError):
        return
    for name, text in sent.items():
        if _HALF_A_PAIR.search(name) or _HALF_A_PAIR.search(text):
            raise refusal(name, "must be valid Unicode")


def shown(name: object) -> str:
    """`name` if it looks like a parameter's name; never a client's arbitrary text."""
    text = str(name)
    return text if _SHOWABLE.fullmatch(text) else "parameter"


def refusal(name: str, description: str) -> Invalid:
    """The error for one parameter that cannot be read."""
    return Invalid({shown(name.partition("[")[0]): [("ERR_INVALID", description)]})


def _plain(text: str) -> dict[str, Any] | None:
    """The hot path: unescaped ASCII, no brackets, no name twice. None if it is not that simple."""
    if "[" in text or "\x00" in text:
        return None
    pairs = text.split("&")
    _refuse_too_many(len(pairs))
    decoded = {}
    for pair in pairs:
        name, _, value = pair.partition("=")
        if name in decoded:
            return None
        if name:
            decoded[name] = value
    return decoded


def _pairs(encoded: bytes) -> list[tuple[str, str]]:
    sent = encoded.split(b"&")
    _refuse_too_many(len(sent))
    pairs = []
    for pair in sent:
        raw_name, _, raw_value = pair.partition(b"=")
        try:
            name = unquote_to_bytes(raw_name.replace(b"+", b" ")).decode()
        except UnicodeDecodeError:
            raise refusal("", "must be valid Unicode") from None
        try:
            value = unquote_to_bytes(raw_value.replace(b"+", b" ")).decode()
        except UnicodeDecodeError:
            raise refusal(name, "must be valid Unicode") from None
        _refuse_nul(name, value)
        if name:
            pairs.append((name, value))
    return pairs


def _assemble(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    root: dict[str, Any] = {}
    for name, value in pairs:
        path = _path(name)
        try:
            _put(root, path, value)
        except _ContradictionError:
            raise BadRequest(
                f"The parameter {shown(path[0])} is given in two ways that exclude each other"
            ) from None
    return root


class _ContradictionError(Exception):
    """`a=1&a[b]=2`: the same name is a value and an object."""


def _path(name: str) -> list[str]:
    match = _NAME.fullmatch(name)
    if match is None:
        return [name]
    first, brackets = match.groups()
    if not brackets:
        return [first]
    path = [first, *brackets[1:-1].split("][")]
    # Mastodon.py writes a list of its own accord, and again when it was written as one.
    while path[-2:] == ["", ""]:
        path.pop()
    if len(path) > MAX_NESTING:
        raise BadRequest(f"Parameters may be nested {MAX_NESTING} levels deep at most")
    return path


def _put(container: dict[str, Any], path: Sequence[str], value: object) -> None:
    key = path[0]
    if len(path) == 1:
        _put_value(container, key, value)
    elif path[1] == "":
        items = container.setdefault(key, [])
        if type(items) is not list:
            raise _ContradictionError
        _append(items, path[2:], value)
        if len(items) > MAX_ITEMS:
            raise refusal(key, f"is too long (maximum is {MAX_ITEMS} items)")
    else:
        child = container.setdefault(key, {})
        if not isinstance(child, dict):
            raise _ContradictionError
        _put(child, path[1:], value)


def _put_value(container: dict[str, Any], key: str, value: object) -> None:
    if key not in container:
        container[key] = value
        return
    earlier = container[key]
    if isinstance(earlier, Repeated):
        earlier.append(value)
    elif isinstance(earlier, list | dict):
        raise _ContradictionError
    else:
        container[key] = Repeated((earlier, value))


def _append(items: list[Any], path: Sequence[str], value: object) -> None:
    if not path:
        if items and isinstance(items[-1], dict):
            raise _ContradictionError
        items.append(value)
        return
    if path[0] == "":
        raise _ContradictionError
    last = items[-1] if items else None
    if last is not None and not isinstance(last, dict):
        raise _ContradictionError
    # A name that the last object already has begins the next one.
    if last is None or _has(last, path):
        last = {}
        items.append(last)
    _put(last, path, value)


def _has(given: Mapping[str, Any], path: Sequence[str]) -> bool:
    if "" in path:
        return False
    found: Any = given
    for key in path:
        if not isinstance(found, dict) or key not in found:
            return False
        found = found[key]
    return True


def _refuse_too_many(count: int) -> None:
    if count > MAX_PARAMETERS:
        raise TooLarge(f"A request may have {MAX_PARAMETERS} parameters at most")


def _refuse_nul(name: str, value: object) -> None:
    if "\x00" in name or (isinstance(value, str) and "\x00" in value):
        raise refusal(name, "must not contain NUL")


def _check(decoded: dict[str, Any]) -> None:
    """Walk without recursion: depth, sizes, and NUL, which PostgreSQL cannot store."""
    waiting: list[tuple[str, Any, int]] = [("", decoded, 1)]
    while waiting:
        name, value, depth = waiting.pop()
        if isinstance(value, str):
            _refuse_nul(name, value)
        elif isinstance(value, dict | list):
            if depth > MAX_NESTING:
                raise BadRequest(f"Parameters may be nested {MAX_NESTING} levels deep at most")
            if isinstance(value, dict):
                _refuse_too_many(len(value))
                for key, member in value.items():
                    _refuse_nul(name or key, key)
                    waiting.append((name or key, member, depth + 1))
            else:
                if len(value) > MAX_ITEMS:
                    raise refusal(name, f"is too long (maximum is {MAX_ITEMS} items)")
                waiting.extend((name, item, depth + 1) for item in value)
