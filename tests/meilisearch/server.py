"""The stand-in for Meilisearch on a real port. Every request is held against its OpenAPI document.

What we send and the document does not allow is answered with an error, and fails the test.
"""

import json
import re
import threading
from collections.abc import Callable
from fnmatch import fnmatchcase
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from jsonschema_rs import Draft202012Validator

from tests.meilisearch.store import Index, Refused, Store, now

MASTER_KEY = "the master key of the stand-in"

_FILE = Path(__file__).parent.parent / "schemas" / "meilisearch-openapi.json"
_DOCUMENT = json.loads(_FILE.read_text())


# The document only says what an answer to a federated search is like.
_ANSWERS = {"multi_search_with_post": {"$ref": "#/components/schemas/SearchResults"}}


class _Operation:
    """One operation of the document: what may be sent, and what comes back."""

    def __init__(self, path: str, method: str, described: dict[str, Any]) -> None:
        self.id: str = described["operationId"]
        self.method = method.upper()
        self.path = re.compile(re.sub(r"\{\w+\}", "([^/]+)", path))
        self.actions = [name for each in described.get("security", []) for name in each["Bearer"]]
        self.parameters = {each["name"] for each in described.get("parameters", [])}
        body = described.get("requestBody")
        self.request = _validator(body["content"]["application/json"]["schema"]) if body else None
        ((self.status, answer),) = [
            (int(code), each) for code, each in described["responses"].items()
        ]
        content = answer.get("content", {}).get("application/json")
        schema = _ANSWERS.get(self.id) or (content and content["schema"])
        self.response = _validator(schema) if schema else None

    def problem(self, sent: Any, asked: dict[str, list[str]]) -> str:
        """What the document does not allow, or nothing."""
        if unknown := asked.keys() - self.parameters:
            return f"{self.id}: unknown parameters {unknown}"
        for error in self.request.iter_errors(sent) if self.request else ():
            return f"{self.id}: {error.instance_path} {error.message}"
        return ""


def _validator(schema: dict[str, Any]) -> Draft202012Validator:
    return Draft202012Validator({**schema, "components": _DOCUMENT["components"]})


_OPERATIONS = [
    _Operation(path, method, described)
    for path, methods in _DOCUMENT["paths"].items()
    for method, described in methods.items()
]


def _operation(method: str, path: str) -> tuple[_Operation | None, tuple[str, ...]]:
    for operation in _OPERATIONS:
        found = operation.path.fullmatch(path)
        if found and operation.method == method:
            return operation, found.groups()
    return None, ()


class Meilisearch:
    """A server that can be stopped and started, and told to fail."""

    def __init__(self) -> None:
        self.store = Store()
        self.violations: list[str] = []
        self.requests: list[tuple[str, Any]] = []
        # What the next requests of an operation get: an HTTP status, or bytes instead of JSON.
        self.trouble: dict[str, int | bytes] = {}
        # Searches wait while it is clear.
        self.answers = threading.Event()
        self.answers.set()
        # Changes are accepted, and not made.
        self.holds = False
        self._port = 0
        self._server: ThreadingHTTPServer | None = None
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Listen, on the same port as before."""
        double = self

        class Handler(_Handler):
            meilisearch = double

        self._server = _Server(("127.0.0.1", self._port), Handler)
        self._server.daemon_threads = True
        self._port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        """Be away: connections are refused, and open ones are closed at their next request."""
        self.answers.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    @property
    def is_up(self) -> bool:
        return self._server is not None

    def asked(self, operation: str) -> list[Any]:
        """The bodies of the requests of one kind, oldest first."""
        return [body for name, body in self.requests if name == operation]

    def answer(
        self, method: str, target: str, authorization: str, body: bytes
    ) -> tuple[int, bytes]:
        """The status and the body that a request gets."""
        parts = urlsplit(target)
        operation, groups = _operation(method, parts.path)
        if operation is None:
            return self._violation(f"{method} {parts.path} is not in the document")
        sent = json.loads(body) if body else None
        self.requests.append((operation.id, sent))
        if problem := operation.problem(sent, parse_qs(parts.query)):
            return self._violation(problem)
        if operation.id == "multi_search_with_post":
            self.answers.wait(30)
        trouble = self.trouble.get(operation.id)
        if trouble is not None:
            return (200, trouble) if isinstance(trouble, bytes) else (trouble, b"")
        try:
            with self.store.lock:
                self._admit(operation, authorization, groups, sent)
                answer = self._act(operation.id, groups, sent, authorization)
                content = json.dumps(answer).encode()
        except Refused as refused:
            return refused.status, json.dumps(refused.body).encode()
        for error in operation.response.iter_errors(answer) if operation.response else ():
            return self._violation(f"{operation.id} answers {error.instance_path} {error.message}")
        return operation.status, content

    def _violation(self, what: str) -> tuple[int, bytes]:
        self.violations.append(what)
        return 400, json.dumps(Refused(400, "bad_request", what).body).encode()

    def _admit(
        self, operation: _Operation, authorization: str, groups: tuple[str, ...], sent: Any
    ) -> None:
        token = authorization.removeprefix("Bearer ")
        if token == MASTER_KEY or not operation.actions:
            return
        key = self.store.keys.get(token)
        if key is None:
            raise Refused(401 if not token else 403, "invalid_api_key")
        if not set(key["actions"]) & set(operation.actions):
            raise Refused(403, "invalid_api_key", f"{operation.id} needs {operation.actions}")
        uids: list[str] = [*groups] if operation.id != "get_task" else []
        if operation.id == "multi_search_with_post":
            uids = [each["indexUid"] for each in sent["queries"]]
        for uid in uids:
            if not any(fnmatchcase(uid, pattern) for pattern in key["indexes"]):
                raise Refused(403, "invalid_api_key", f"not for {uid}")

    def _act(self, name: str, groups: tuple[str, ...], sent: Any, authorization: str) -> Any:
        act: Callable[..., Any] = getattr(self, f"_{name}")
        if name == "replace_documents":
            key = self.store.keys.get(authorization.removeprefix("Bearer "))
            return act(*groups, sent, may_create=key is None or "indexes.create" in key["actions"])
        return act(*groups, *([sent] if sent is not None else []))

    # The operations, by the ids of the document.

    def _multi_search_with_post(self, sent: Any) -> Any:
        return {"results": [self._search(query) for query in sent["queries"]]}

    def _search(self, query: dict[str, Any]) -> dict[str, Any]:
        found = self.store.index(query["indexUid"]).search(query)
        limit, offset = query.get("limit", 20), query.get("offset", 0)
        names = query.get("attributesToRetrieve")
        return {
            "indexUid": query["indexUid"],
            "hits": [
                {name: value for name, value in each.items() if names is None or name in names}
                for each in found[offset : offset + limit]
            ],
            "query": query.get("q") or "",
            "processingTimeMs": 1,
            "limit": limit,
            "offset": offset,
            "estimatedTotalHits": len(found),
        }

    def _create_index(self, sent: Any) -> Any:
        uid = sent["uid"]

        def act() -> None:
            if uid in self.store.indexes:
                raise Refused(409, "index_already_exists")
            self.store.indexes[uid] = Index(sent.get("primaryKey"))

        return self.store.enqueue("indexCreation", uid, act)

    def _get_index(self, uid: str) -> Any:
        index = self.store.index(uid)
        times = {"createdAt": index.created_at, "updatedAt": now()}
        return {"uid": uid, "primaryKey": index.primary_key, **times}

    def _delete_index(self, uid: str) -> Any:
        def act() -> None:
            self.store.index(uid)
            del self.store.indexes[uid]

        return self.store.enqueue("indexDeletion", uid, act)

    def _swap_indexes(self, sent: Any) -> Any:
        return self.store.enqueue("indexSwap", None, lambda: self.store.swap(sent))

    def _replace_documents(self, uid: str, sent: Any, *, may_create: bool) -> Any:
        return self.store.enqueue(
            "documentAdditionOrUpdate",
            uid,
            lambda: self.store.add(uid, sent, may_create=may_create),
        )

    def _documents_by_query_post(self, uid: str, sent: Any) -> Any:
        index = self.store.index(uid)
        ids = index.matching(sent.get("filter"), "invalid_document_filter")
        limit, offset = sent.get("limit", 20), sent.get("offset", 0)
        names = sent.get("fields")
        return {
            "results": [
                {name: index.documents[id_][name] for name in names if name in index.documents[id_]}
                for id_ in ids[offset : offset + limit]
            ],
            "limit": limit,
            "offset": offset,
            "total": len(ids),
        }

    def _delete_documents_by_filter(self, uid: str, sent: Any) -> Any:
        def act() -> None:
            index = self.store.index(uid)
            for id_ in index.matching(sent["filter"], "invalid_document_filter"):
                index.remove(id_)

        return self.store.enqueue("documentDeletion", uid, act)

    def _get_all(self, uid: str) -> Any:
        return self.store.index(uid).settings

    def _update_all(self, uid: str, sent: Any) -> Any:
        def act() -> None:
            self.store.indexes.setdefault(uid, Index()).change(sent)

        return self.store.enqueue("settingsUpdate", uid, act)

    def _get_task(self, number: str) -> Any:
        return self.store.task(int(number), does=not self.holds)

    def _create_api_key(self, sent: Any) -> Any:
        return self.store.key(sent)

    def _list_api_keys(self) -> Any:
        keys = [*self.store.keys.values()]
        return {"results": keys, "offset": 0, "limit": 1000, "total": len(keys)}

    def _get_health(self) -> Any:
        return {"status": "available"}


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: Any) -> None:
        """Say nothing: who asked may be gone."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    meilisearch: Meilisearch

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        if not self.meilisearch.is_up:
            self.close_connection = True
            return
        status, content = self.meilisearch.answer(
            self.command, self.path, self.headers.get("authorization", ""), body
        )
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PATCH = do_DELETE = _answer  # noqa: N815 - the library's names

    def log_message(self, *_: Any) -> None:
        """Say nothing."""
