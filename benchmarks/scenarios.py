"""What is driven: the same work for the server and for the floor."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from urllib.parse import quote, urlencode

from benchmarks.load import Request
from benchmarks.seed import Organisation
from benchmarks.words import SEARCHES, Writer

HOME = "/api/v1/timelines/home?limit=20"
POSTS = "/api/v1/statuses"


@dataclass(frozen=True, slots=True)
class Scenario:
    """One kind of work. `calls`: how many requests one unit of it takes."""

    name: str
    title: str
    calls: int
    server: Sequence[Request]
    floor: Sequence[Request]
    # It leaves jobs behind, which must be done before the next is measured.
    writes: bool = False


def _home(organisation: Organisation) -> Scenario:
    return Scenario(
        "home",
        "Home timeline of 20",
        1,
        [Request(HOME, token) for _, token in organisation.people],
        [Request(f"/home/{account_id}") for account_id, _ in organisation.people],
    )


def _conversation(organisation: Organisation) -> Scenario:
    asked = [
        Request(f"{POSTS}/{status_id}{rest}", organisation.people[number % _count(organisation)][1])
        for number, status_id in enumerate(organisation.conversations)
        for rest in ("", "/context")
    ]
    return Scenario("conversation", "Status page with context", 2, asked, _answers(asked))


def _search(organisation: Organisation) -> Scenario:
    asked = [
        Request(
            f"/api/v1/accounts/search?limit=20&q={quote(SEARCHES[number % len(SEARCHES)])}", token
        )
        for number, (_, token) in enumerate(organisation.people)
    ]
    return Scenario("search", "Account search", 1, asked, _answers(asked))


def _posting(organisation: Organisation) -> Scenario:
    random = Random(2)
    writer = Writer(random)
    count = 10 * _count(organisation)
    bodies = []
    for _ in range(count):
        someone = f"person{random.randint(1, _count(organisation))}"
        text, _ = writer.status([someone] if random.random() < 0.2 else [])
        bodies.append(urlencode({"status": text}))
    asked = [
        Request(POSTS, organisation.people[number % _count(organisation)][1], "POST", body)
        for number, body in enumerate(bodies)
    ]
    floor = [Request("/posts", method="POST", body=body) for body in bodies]
    return Scenario("posting", "Posting", 1, asked, floor, writes=True)


_MAKERS: tuple[Callable[[Organisation], Scenario], ...] = (_home, _conversation, _search, _posting)
NAMES = ("home", "conversation", "search", "posting")


def scenarios(organisation: Organisation) -> list[Scenario]:
    """All of them; the one that writes comes last."""
    return [make(organisation) for make in _MAKERS]


def recorded(found: Sequence[Scenario]) -> list[tuple[str, str]]:
    """Path and token of every answer the floor has to know beforehand."""
    return [
        (request.path, request.token)
        for scenario in found
        for request, copy in zip(scenario.server, scenario.floor, strict=True)
        if copy.path.startswith("/answers/")
    ]


def _answers(asked: Sequence[Request]) -> list[Request]:
    # The query becomes part of the path: the floor parses nothing.
    return [Request("/answers" + answer_name(request.path, request.token)) for request in asked]


def answer_name(path: str, token: str) -> str:
    """Under which path the floor answers what the server answers to `path`."""
    return f"{path.replace('?', '/').replace('%', '-')}/{token}"


def _count(organisation: Organisation) -> int:
    return len(organisation.people)
