"""The filters of Meilisearch, as far as we write them: comparisons, IN, NOT, AND, OR, brackets."""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

_TOKEN = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[()\[\],]|[<>=!]=?|[^\s()\[\],<>=!"]+)')

Document = Mapping[str, Any]
Condition = Callable[[Document], bool]


class BadFilter(Exception):
    """It cannot be read, or asks for an attribute that is not filterable."""


def condition(expression: object, filterable: Collection[str]) -> Condition:
    """A filter as it is sent: text, or a list of filters that all have to hold."""
    if expression is None:
        return lambda _: True
    if isinstance(expression, str):
        return _Parser(expression, filterable).parse()
    if not isinstance(expression, list):
        raise BadFilter("neither text nor a list")
    parts = [condition(each, filterable) for each in expression]
    return lambda document: all(part(document) for part in parts)


class _Parser:
    def __init__(self, text: str, filterable: Collection[str]) -> None:
        self._tokens = _TOKEN.findall(text)
        if "".join(self._tokens).replace(" ", "") != re.sub(r"\s", "", text):
            raise BadFilter(text)
        self._filterable = filterable

    def parse(self) -> Condition:
        found = self._either()
        if self._tokens:
            raise BadFilter(f"what is {self._tokens[0]}?")
        return found

    def _either(self) -> Condition:
        parts = [self._all()]
        while self._take("OR"):
            parts.append(self._all())
        return lambda document: any(part(document) for part in parts)

    def _all(self) -> Condition:
        parts = [self._one()]
        while self._take("AND"):
            parts.append(self._one())
        return lambda document: all(part(document) for part in parts)

    def _one(self) -> Condition:
        if self._take("NOT"):
            negated = self._one()
            return lambda document: not negated(document)
        if self._take("("):
            inner = self._either()
            self._need(")")
            return inner
        return self._comparison()

    def _comparison(self) -> Condition:
        name = self._next()
        if name not in self._filterable:
            raise BadFilter(f"Attribute `{name}` is not filterable")
        if self._take("IN"):
            self._need("[")
            values: set[str] = set()
            while not self._take("]"):
                values.add(self._value())
                self._take(",")
            return lambda document: bool(values & _values(document.get(name)))
        operator, value = self._next(), self._value()
        if operator == "=":
            return lambda document: value in _values(document.get(name))
        number = float(value)
        if operator == ">":
            return lambda document: document[name] > number
        if operator == "<":
            return lambda document: document[name] < number
        raise BadFilter(f"what is {operator}?")

    def _value(self) -> str:
        token = self._next()
        value = re.sub(r"\\(.)", r"\1", token[1:-1]) if token.startswith('"') else token
        if len(value.encode()) > 468:
            raise BadFilter("a value of more than 468 bytes")
        return value

    def _take(self, token: str) -> bool:
        if self._tokens and self._tokens[0] == token:
            self._tokens.pop(0)
            return True
        return False

    def _need(self, token: str) -> None:
        if not self._take(token):
            raise BadFilter(f"{token} is missing")

    def _next(self) -> str:
        if not self._tokens:
            raise BadFilter("it ends too early")
        return str(self._tokens.pop(0))


def _values(value: Any) -> set[str]:
    """As they are compared: as text, and any of a list."""
    if value is None:
        return set()
    if isinstance(value, list):
        return set(map(str, value))
    return {str(value).lower() if isinstance(value, bool) else str(value)}
