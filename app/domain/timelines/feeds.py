"""Feeds: what anybody may read by an account, with a tag or by everybody, for feed readers.

They come again and again and mostly find nothing new. So what a feed holds at this moment is one
statement that reads ids and versions and nothing else; whether it has changed is seen from those.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from app import ids
from app.database import Reader
from app.domain.accounts.accounts import KNOWN
from app.domain.statuses import rows, text
from app.domain.timelines.timelines import SAID_TO_ALL
from app.errors import NotFound

# FE-4.
LENGTH = 20

Kind = Literal["account", "tag", "public"]
Format = Literal["atom", "rss", "json"]

# `$1` is the viewer, which is nobody; `$2` below which id; `$3` how many; `$4` the name.
_VERSIONS = "s.id, s.version, a.version AS author_version"

_ACCOUNT = f"""
SELECT whose.id AS account_id, whose.version AS author_version, whose.username, said.id,
       said.version
FROM (
    SELECT a.id, a.version, a.username FROM accounts a
    WHERE lower(a.username) = lower($4::text) AND a.suspended_at IS NULL AND {KNOWN}
) whose
LEFT JOIN LATERAL (
    SELECT s.id, s.version FROM statuses s {rows.JOINS}
    WHERE s.account_id = whose.id AND s.reblog_of_id IS NULL AND s.id < $2 AND {rows.VISIBLE}
      AND (s.in_reply_to_account_id IS NULL OR s.in_reply_to_account_id = s.account_id)
    ORDER BY s.id DESC LIMIT $3
) said ON true
ORDER BY said.id DESC
"""

_TAG = f"""
SELECT {_VERSIONS}
FROM status_tags st JOIN statuses s ON s.id = st.status_id {rows.JOINS}
WHERE st.tag_id = (SELECT t.id FROM tags t WHERE t.name = $4) AND st.status_id < $2
  AND s.visibility = 'public' AND s.reblog_of_id IS NULL AND {rows.MET}
ORDER BY st.status_id DESC LIMIT $3
"""

_PUBLIC = f"""
SELECT {_VERSIONS} FROM statuses s {rows.JOINS}
WHERE {SAID_TO_ALL} AND s.id < $2 AND {rows.MET}
ORDER BY s.id DESC LIMIT $3
"""

_BEGINNING = ids.moment(0)


@dataclass(frozen=True, slots=True)
class Feed:
    """Which feed: of the account or the tag `name`, or of everybody."""

    kind: Kind
    name: str = ""


@dataclass(frozen=True, slots=True)
class Edition:
    """What a feed, or a later page of it, holds at this moment.

    Two editions with the same `version` show the same. `below_id` is where the next page begins.
    `name` is written as its owner writes it, or as tags are compared.
    """

    name: str
    status_ids: Sequence[int]
    version: str
    updated_at: datetime
    account_id: int | None = None
    below_id: int | None = None


async def edition(reader: Reader, feed: Feed, *, below_id: int | None = None) -> Edition:
    """What anybody may read of a feed, newest first, in one statement.

    Of an account all it said to everybody, also where that is not listed; neither replies to
    others nor what it passed on.

    Raises:
        NotFound: there is no such account, or what is named cannot be a tag.
    """
    position = (ids.BIGGEST if below_id is None else below_id, LENGTH + 1)
    if feed.kind == "public":
        return _edition("", await reader.fetch(_PUBLIC, 0, *position))
    if feed.kind == "tag":
        name = text.normalise_hashtag(feed.name)
        if name is None:
            raise NotFound
        return _edition(name, await reader.fetch(_TAG, 0, *position, name))
    found = await reader.fetch(_ACCOUNT, 0, *position, feed.name)
    if not found:
        raise NotFound
    return _edition(found[0]["username"], found, account_id=found[0]["account_id"])


def _edition(name: str, found: Sequence[Any], account_id: int | None = None) -> Edition:
    page = found[:LENGTH]
    # The id is in the version as well: a page that lost its last status is another one.
    versions = repr([name, *(tuple(row) for row in found)])
    times = [
        ids.moment(row[column])
        for row in page
        for column in ("version", "author_version")
        if row[column] is not None
    ]
    return Edition(
        name=name,
        status_ids=[row["id"] for row in page if row["id"] is not None],
        version=hashlib.sha256(versions.encode()).hexdigest()[:32],
        updated_at=max(times, default=_BEGINNING),
        account_id=account_id,
        below_id=page[-1]["id"] if len(found) > LENGTH else None,
    )
