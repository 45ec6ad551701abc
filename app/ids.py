"""Ids: 63-bit integers that sort by time, made before the row is written; strings in JSON.

48 bits of milliseconds since 1970, then 16 bits that tell ids of one millisecond apart. The last
part counts on from a random start, so that one process never repeats itself and two processes
rarely meet; a primary key settles the rest.
"""

import secrets
from datetime import UTC, datetime, timedelta
from itertools import count

from app import clock

BIGGEST = 2**63 - 1

_SEQUENCE_BITS = 16
PER_MILLISECOND = 1 << _SEQUENCE_BITS
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_sequence = count(secrets.randbelow(PER_MILLISECOND))


def new(at: datetime | None = None) -> int:
    """An id for something that came to be `at` that moment, or now."""
    return first(at or clock.now()) | (next(_sequence) & 0xFFFF)


def first(at: datetime) -> int:
    """The smallest id of the millisecond `at`: a bound for reading by time."""
    return ((at - _EPOCH) // _MILLISECOND) << _SEQUENCE_BITS


def moment(id_: int) -> datetime:
    """When the thing with this id came to be, to the millisecond."""
    return _EPOCH + (id_ >> _SEQUENCE_BITS) * _MILLISECOND
