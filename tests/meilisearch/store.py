"""What the stand-in for Meilisearch keeps: indexes, tasks, keys; and how it searches."""

import copy
import re
import threading
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from tests.meilisearch.filters import BadFilter, condition

DEFAULTS: dict[str, Any] = {
    "displayedAttributes": ["*"],
    "searchableAttributes": ["*"],
    "filterableAttributes": [],
    "sortableAttributes": [],
    "rankingRules": ["words", "typo", "proximity", "attributeRank", "sort", "wordPosition"],
    "prefixSearch": "indexingTime",
    "pagination": {"maxTotalHits": 1000},
}

_PART = re.compile(r'(-?)(?:"([^"]*)"|(\S+))')


class Refused(Exception):
    """An error answer of Meilisearch."""

    def __init__(self, status: int, code: str, message: str = "", type: str = "") -> None:
        super().__init__(message or code)
        self.status = status
        self.body = {
            "message": message or code,
            "code": code,
            "type": type or ("auth" if status in (401, 403) else "invalid_request"),
            "link": f"https://docs.meilisearch.com/errors#{code}",
        }


def now() -> str:
    """With a fraction: the official client refuses times without."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Index:
    """Documents, their words, and how they are searched."""

    def __init__(self, primary_key: str | None = None) -> None:
        self.primary_key = primary_key
        self.settings = copy.deepcopy(DEFAULTS)
        self.documents: dict[str, dict[str, Any]] = {}
        self._words: dict[str, list[str]] = {}
        self._holders: dict[str, set[str]] = {}
        self.created_at = now()

    def add(self, documents: list[dict[str, Any]]) -> None:
        key = self.primary_key or "id"
        for document in documents:
            if key not in document:
                raise Refused(400, "missing_document_id")
            if not re.fullmatch(r"[A-Za-z0-9_-]{1,511}", str(document[key])):
                raise Refused(400, "invalid_document_id")
        for document in documents:
            self.remove(str(document[key]))
            self._keep(str(document[key]), document)

    def remove(self, id_: str) -> None:
        if self.documents.pop(id_, None) is not None:
            for word in set(self._words.pop(id_)):
                self._holders[word].discard(id_)

    def change(self, settings: dict[str, Any]) -> None:
        self.settings |= settings
        before, self.documents, self._words, self._holders = self.documents, {}, {}, {}
        for id_, document in before.items():
            self._keep(id_, document)

    def matching(self, expression: object, code: str) -> list[str]:
        try:
            holds = condition(expression, self.settings["filterableAttributes"])
        except BadFilter as problem:
            raise Refused(400, code, str(problem)) from None
        return [id_ for id_, document in self.documents.items() if holds(document)]

    def search(self, query: dict[str, Any]) -> list[dict[str, Any]]:
        ids = self._found(query)
        wanted = query.get("filter")
        if wanted is not None:
            try:
                holds = condition(wanted, self.settings["filterableAttributes"])
            except BadFilter as problem:
                raise Refused(400, "invalid_search_filter", str(problem)) from None
            ids = [id_ for id_ in ids if holds(self.documents[id_])]
        for rule in reversed(query.get("sort") or []):
            name, _, order = rule.partition(":")
            if name not in self.settings["sortableAttributes"]:
                raise Refused(400, "invalid_search_sort", f"`{name}` is not sortable")
            ids.sort(key=lambda id_: self.documents[id_][name], reverse=order == "desc")
        ids.sort(key=lambda id_: -self._rank.get(id_, 0))
        return [self.documents[id_] for id_ in ids[: self.settings["pagination"]["maxTotalHits"]]]

    def _keep(self, id_: str, document: dict[str, Any]) -> None:
        self.documents[id_] = document
        names = self.settings["searchableAttributes"]
        shown = document if names == ["*"] else names
        self._words[id_] = " ".join(str(document.get(name) or "") for name in shown).lower().split()
        for word in self._words[id_]:
            self._holders.setdefault(word, set()).add(id_)

    def _found(self, query: dict[str, Any]) -> list[str]:
        """Those that hold what is asked for; with `_rank`, how much of it."""
        self._rank: dict[str, int] = {}
        parts = [
            (minus == "-", (phrase or word).lower().split(), bool(phrase))
            for minus, phrase, word in _PART.findall(query.get("q") or "")
        ]
        among = query.get("attributesToSearchOn")
        goes_on = self.settings["prefixSearch"] == "indexingTime"
        sets, unwanted = [], set()
        for place, (is_negated, words, is_phrase) in enumerate(parts):
            is_last = place == len(parts) - 1
            holders = self._holding(words, prefix=goes_on and is_last and not is_phrase)
            if among:
                holders = {id_ for id_ in holders if self._says(id_, words[-1], among)}
            if is_negated:
                unwanted |= holders
            else:
                sets.append(holders)
        if not sets:
            return [id_ for id_ in self.documents if id_ not in unwanted]
        strategy = query.get("matchingStrategy", "last")
        if strategy == "frequency":
            # The most frequent words are given up first.
            sets.sort(key=len)
        kept = sets if strategy == "all" else sets[:1]
        found = set.intersection(*kept) - unwanted
        for id_ in found:
            self._rank[id_] = sum(id_ in each for each in sets)
        return sorted(found)

    def _holding(self, words: list[str], *, prefix: bool) -> set[str]:
        *first, last = words
        ends = {word for word in self._holders if word.startswith(last)} if prefix else {last}
        found: set[str] = set().union(*(self._holders.get(word, set()) for word in ends))
        if not first:
            return found
        text = f" {' '.join(words)} "
        return {id_ for id_ in found if text in f" {' '.join(self._words[id_])} "}

    def _says(self, id_: str, word: str, names: list[str]) -> bool:
        said = " ".join(str(self.documents[id_].get(name) or "") for name in names)
        return any(each.startswith(word) for each in said.lower().split())


class Store:
    """Everything. What is asked of it is asked under its lock."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.indexes: dict[str, Index] = {}
        self.keys: dict[str, dict[str, Any]] = {}
        self.tasks: list[dict[str, Any]] = []
        self._due: dict[int, Callable[[], None]] = {}
        # A test may say that some documents are refused, or that a kind of task fails.
        self.bad_ids: set[str] = set()
        self.failing: dict[str, str] = {}

    def index(self, uid: str) -> Index:
        if uid not in self.indexes:
            raise Refused(404, "index_not_found", f"Index `{uid}` not found.")
        return self.indexes[uid]

    def enqueue(self, kind: str, uid: str | None, act: Callable[[], None]) -> dict[str, Any]:
        """Accept a change, to be made when somebody looks after it."""
        number = len(self.tasks)
        task = {
            "uid": number,
            "batchUid": None,
            "indexUid": uid,
            "status": "enqueued",
            "type": kind,
            "canceledBy": None,
            "details": None,
            "error": None,
            "duration": None,
            "enqueuedAt": now(),
            "startedAt": None,
            "finishedAt": None,
        }
        self.tasks.append(task)
        self._due[number] = act
        return {"taskUid": number, **{name: task[name] for name in _SHORT}}

    def forget_tasks(self) -> None:
        """As if what was accepted was lost before it was made."""
        self._due.clear()

    def task(self, number: int, *, does: bool) -> dict[str, Any]:
        """A task, after all up to it were done, in their order; or as it is."""
        if number >= len(self.tasks):
            raise Refused(404, "task_not_found")
        for due in sorted(each for each in self._due if does and each <= number):
            self._do(self.tasks[due], self._due.pop(due))
        return {name: value for name, value in self.tasks[number].items() if value is not None}

    def key(self, wanted: dict[str, Any]) -> dict[str, Any]:
        made = {
            "name": wanted.get("name"),
            "description": None,
            "key": uuid.uuid4().hex * 2,
            "uid": str(uuid.uuid4()),
            "actions": wanted["actions"],
            "indexes": wanted["indexes"],
            "expiresAt": wanted["expiresAt"],
            "createdAt": now(),
            "updatedAt": now(),
        }
        self.keys[made["key"]] = made
        return made

    def swap(self, pairs: list[dict[str, Any]]) -> None:
        missing = [uid for pair in pairs for uid in pair["indexes"] if uid not in self.indexes]
        if missing:
            raise Refused(404, "index_not_found")
        for pair in pairs:
            one, other = pair["indexes"]
            kept = self.indexes
            kept[one], kept[other] = kept[other], kept[one]

    def add(self, uid: str, documents: list[dict[str, Any]], *, may_create: bool) -> None:
        """As Meilisearch does, into a new index if there is none and the key may create one."""
        if uid not in self.indexes and not may_create:
            raise Refused(404, "index_not_found")
        if self.bad_ids & {str(each.get("id")) for each in documents}:
            raise Refused(400, "invalid_document_id")
        self.indexes.setdefault(uid, Index()).add(documents)

    def _do(self, task: dict[str, Any], act: Callable[[], None]) -> None:
        task["startedAt"] = now()
        try:
            if code := self.failing.get(task["type"]):
                raise Refused(500, code, type="internal")
            act()
        except Refused as problem:
            task |= {"status": "failed", "error": problem.body}
        else:
            task["status"] = "succeeded"
        task |= {"finishedAt": now(), "duration": "PT0.1S"}


_SHORT = ("indexUid", "status", "type", "enqueuedAt")
