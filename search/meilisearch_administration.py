"""Filling and changing the indexes in Meilisearch: for the worker and for commands (SE-2).

Meilisearch accepts a change at once and makes it later. Here each is waited for: what returns, was
made.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple, TypeVar

import structlog
from meilisearch import Client
from meilisearch.errors import MeilisearchApiError, MeilisearchError
from meilisearch.models.key import Key
from meilisearch.models.task import Task, TaskInfo

from search import meilisearch_indexes as indexes
from search.engines import Document, Kind

Result = TypeVar("Result")

# The client opens a connection for each call and would wait for ever.
_CALL_SECONDS = 30
_TASK_SECONDS = 300.0
_FIRST_LOOK_SECONDS, _LONGEST_PAUSE_SECONDS = 0.02, 0.5
_PAGE = 1000
# Ids in one filter.
_DELETED_AT_ONCE = 200

_BUILT = "_new"

# How a key is called, and what it may do: no more than who uses it needs.
ACTIONS: Mapping[str, Sequence[str]] = {
    "search": ("search",),
    "index": (
        *("documents.add", "documents.delete", "documents.get"),
        *("indexes.create", "indexes.delete", "indexes.get", "indexes.swap"),
        *("settings.get", "settings.update", "tasks.get"),
    ),
}

log = structlog.get_logger("search")


class NotAccepted(Exception):
    """Meilisearch is away, or did not do what it was told."""


class IndexLost(NotAccepted):
    """There is no such index any more, or it is not set as ours are."""


class _Refused(NotAccepted):
    """It did not like what it got: half of it may be good."""


class Kept(NamedTuple):
    """What Meilisearch has of a document: enough to see whether it is the newest."""

    version: int
    is_evidence: bool | None


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of a server: one to search with, one to fill indexes with."""

    search: str
    index: str


class MeilisearchIndexes:
    """The indexes of one server. One task at a time may use it: the client is not thread-safe.

    Everything raises `NotAccepted` if Meilisearch is away or refuses. `built` names the indexes
    that are being filled before they take the place of those that answer.
    """

    def __init__(self, url: str, key: str | None, prefix: str) -> None:
        self._client = Client(url, key, timeout=_CALL_SECONDS)
        self._prefix = prefix

    async def are_ready(self) -> bool:
        """Whether there are indexes, set as ours are. Meilisearch makes others by itself."""
        for kind in indexes.KINDS:
            try:
                found = await self._call(self._client.index(self._uid(kind)).get_settings)
            except IndexLost:
                return False
            if not _agree(indexes.SETTINGS[kind], found):
                return False
        return True

    async def build(self) -> None:
        """Make empty indexes, to be filled; what was begun before is given up."""
        await self.give_up()
        for kind in indexes.KINDS:
            uid = self._uid(kind, built=True)
            await self._do(partial(self._client.create_index, uid, {"primaryKey": "id"}))
            settings = dict(indexes.SETTINGS[kind])
            await self._do(partial(self._client.index(uid).update_settings, settings))

    async def swap(self) -> None:
        """Let what was built answer, all of it at one moment, and delete what answered before.

        An index that never answered has to be there to be swapped. It is not set as ours are, and
        so it cannot answer either: sorting is refused.
        """
        for kind in indexes.KINDS:
            if not await self._exists(self._uid(kind)):
                create = partial(self._client.create_index, self._uid(kind), {"primaryKey": "id"})
                await self._do(create)
        pairs: list[Mapping[str, list[str] | bool]] = [
            {"indexes": [self._uid(kind), self._uid(kind, built=True)]} for kind in indexes.KINDS
        ]
        await self._do(partial(self._client.swap_indexes, pairs))
        await self.give_up()

    async def give_up(self) -> None:
        """Delete what was being built, if anything was."""
        for kind in indexes.KINDS:
            uid = self._uid(kind, built=True)
            if await self._exists(uid):
                await self._do(partial(self._client.delete_index, uid))

    async def put(self, kind: Kind, documents: Sequence[Document], *, built: bool = False) -> None:
        """Keep these documents, new or changed. What Meilisearch will never take is logged.

        A batch that is refused is tried again by halves, so that one bad document costs itself.
        """
        if not documents:
            return
        index = self._client.index(self._uid(kind, built=built))
        try:
            sent = [indexes.document(each) for each in documents]
            await self._do(partial(index.add_documents, sent))
        except _Refused:
            if len(documents) == 1:
                log.error("not_indexed", kind=kind, id=str(documents[0].id))
                return
            half = len(documents) // 2
            await self.put(kind, documents[:half], built=built)
            await self.put(kind, documents[half:], built=built)

    async def delete(self, kind: Kind, ids: Sequence[int], *, built: bool = False) -> None:
        """Forget these documents."""
        for start in range(0, len(ids), _DELETED_AT_ONCE):
            some = ids[start : start + _DELETED_AT_ONCE]
            await self._delete(kind, indexes.one_of("id", some), built=built)

    async def delete_statuses_of(self, account_id: int, *, built: bool = False) -> None:
        """Forget what somebody wrote."""
        await self._delete("statuses", indexes.one_of("account_id", [account_id]), built=built)

    async def kept(
        self, kind: Kind, *, filters: Sequence[str], built: bool = False
    ) -> dict[int, Kept]:
        """`{id: what is kept of it}` of the documents that match all filters."""
        index = self._client.index(self._uid(kind, built=built))
        found: dict[int, Kept] = {}
        offset = 0
        while True:
            asked = {
                "filter": list(filters),
                "fields": ["id", "version", "is_evidence"],
                "limit": _PAGE,
                "offset": offset,
            }
            page = await self._call(partial(index.get_documents, asked))
            for each in page.results:
                row = dict(each)
                found[int(row["id"])] = Kept(row["version"], row.get("is_evidence"))
            offset += len(page.results)
            if not page.results or offset >= page.total:
                return found

    async def keys(self) -> Keys:
        """Keys that can do what is needed, and no more; for who has the master key.

        Asked again, they are the same.
        """
        known = (await self._call(partial(self._client.get_keys, {"limit": _PAGE}))).results
        made = {name: await self._key(name, known) for name in ACTIONS}
        return Keys(**made)

    async def _key(self, name: str, known: Sequence[Key]) -> str:
        wanted = {
            "name": f"{self._prefix}{name}",
            "actions": list(ACTIONS[name]),
            "indexes": [f"{self._prefix}*"],
            "expiresAt": None,
        }
        for key in known:
            same = key.name == wanted["name"] and key.indexes == wanted["indexes"]
            if same and sorted(key.actions) == sorted(ACTIONS[name]):
                return key.key
        key = await self._call(partial(self._client.create_key, wanted))
        return key.key

    def _uid(self, kind: Kind, *, built: bool = False) -> str:
        return indexes.uid(self._prefix, kind) + (_BUILT if built else "")

    async def _exists(self, uid: str) -> bool:
        try:
            await self._call(partial(self._client.get_raw_index, uid))
        except IndexLost:
            return False
        return True

    async def _delete(self, kind: Kind, matching: str, *, built: bool) -> None:
        index = self._client.index(self._uid(kind, built=built))
        await self._do(partial(index.delete_documents, filter=matching))

    async def _do(self, change: Callable[[], TaskInfo]) -> None:
        """Make a change, and return when it is made."""
        task_uid = (await self._call(change)).task_uid
        deadline = time.monotonic() + _TASK_SECONDS
        pause = _FIRST_LOOK_SECONDS
        while True:
            await asyncio.sleep(pause)
            task = await self._call(partial(self._client.get_task, task_uid))
            if task.status == "succeeded":
                return
            if task.status in ("failed", "canceled"):
                raise _failure(task)
            if time.monotonic() > deadline:
                raise NotAccepted(f"task {task_uid} is not done in time")
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)

    async def _call(self, call: Callable[[], Result]) -> Result:
        try:
            return await asyncio.to_thread(call)
        except MeilisearchApiError as error:
            if error.code == "index_not_found":
                raise IndexLost from error
            if error.status_code == 413:
                raise _Refused("too much at once") from error
            raise NotAccepted(error.code or f"status {error.status_code}") from error
        except (MeilisearchError, OSError, ValueError) as error:
            # A connection that breaks in the middle, and an answer that is none, are no errors of
            # the client's own.
            raise NotAccepted(type(error).__name__) from error


def _failure(task: Task) -> NotAccepted:
    error = task.error or {}
    code = str(error.get("code", task.status))
    if code == "index_not_found":
        return IndexLost()
    return _Refused(code) if error.get("type") == "invalid_request" else NotAccepted(code)


def _agree(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> bool:
    """Whether an index is set as it should be."""
    ordered = ("searchableAttributes", "rankingRules")
    unordered = ("filterableAttributes", "sortableAttributes")
    return all(theirs.get(name) == ours[name] for name in ordered) and all(
        sorted(map(str, theirs.get(name) or ())) == sorted(ours[name]) for name in unordered
    )
