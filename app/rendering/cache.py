"""A bounded store for rendered bodies."""

from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Generations(Generic[Key, Value]):
    """Keeps at least the `size` entries used last, at most twice that many.

    Two dictionaries instead of a linked list: a hit costs one look-up and no reordering.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._young: dict[Key, Value] = {}
        self._old: dict[Key, Value] = {}

    def get(self, key: Key) -> Value | None:
        """The value kept under `key`, which thereby counts as used."""
        value = self._young.get(key)
        if value is None:
            value = self._old.get(key)
            if value is not None:
                self.put(key, value)
        return value

    def put(self, key: Key, value: Value) -> None:
        """Keep `value`; the generation that was not used since the last turn is dropped."""
        if len(self._young) >= self._size:
            self._old, self._young = self._young, {}
        self._young[key] = value
