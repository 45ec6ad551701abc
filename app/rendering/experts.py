"""Those who know about something, to JSON bytes."""

import re
from collections.abc import Mapping, Sequence, Set
from html import escape
from itertools import pairwise

from pydantic_core import to_json

from app import clock
from app.database import Reader
from app.domain.expertise.evidence import Reason
from app.domain.expertise.experts import Answer
from app.domain.expertise.known_for import KnownFor
from app.rendering import links
from app.rendering.statuses import Renderer
from search import formula, words

# How much of a text is shown, and of it in front of the first word that was asked for.
_SHOWN, _BEFORE = 240, 60
_WORD = re.compile(r"[^\W_]+")


async def experts(reader: Reader, renderer: Renderer, answer: Answer) -> list[bytes]:
    """Expert entities, in the order of the answer."""
    accounts = await renderer.each_account(reader, [each.account for each in answer.experts])
    said = await reasons(reader, renderer, [each.reasons for each in answer.experts], answer.words)
    return [
        b'{"account":%b,%b,"reasons":[%b],"formula_version":%d}'
        % (
            account,
            to_json(
                {
                    "score": found.score,
                    "unit": found.account["unit"],
                    "location": found.account["location"],
                    "topics": found.topics,
                }
            )[1:-1],
            b",".join(those),
            formula.VERSION,
        )
        for account, found, those in zip(accounts, answer.experts, said, strict=True)
        if account is not None
    ]


async def known_for(reader: Reader, renderer: Renderer, topics: Sequence[KnownFor]) -> list[bytes]:
    """KnownFor entities, in their order."""
    said = await reasons(reader, renderer, [each.reasons for each in topics], frozenset())
    return [
        b'%b,"reasons":[%b],"formula_version":%d}'
        % (
            to_json({"topic": known.topic, "score": known.score})[:-1],
            b",".join(those),
            formula.VERSION,
        )
        for known, those in zip(topics, said, strict=True)
    ]


async def reasons(
    reader: Reader, renderer: Renderer, given: Sequence[Sequence[Reason]], asked: Set[str]
) -> list[list[bytes]]:
    """ExpertReason entities: for each person all of theirs."""
    endorsers = {
        each.row["id"]: each.row for those in given for each in those if each.kind == "endorsement"
    }
    rows = list(endorsers.values())
    rendered = await renderer.each_account(reader, rows)
    accounts = {row["id"]: body for row, body in zip(rows, rendered, strict=True) if body}
    return [
        [
            _reason(each, renderer.origin, asked, accounts)
            for each in those
            # Whoever is erased at this moment says nothing more.
            if each.kind != "endorsement" or each.row["id"] in accounts
        ]
        for those in given
    ]


def _reason(reason: Reason, origin: str, asked: Set[str], accounts: Mapping[int, bytes]) -> bytes:
    row, is_endorsement = reason.row, reason.kind == "endorsement"
    if is_endorsement:
        text, status_id = row["statement"], row["status_id"]
    elif reason.kind == "skill":
        text, status_id = f"#{row['topics'][0]}", None
    else:
        # What is behind a warning is for those who open it.
        text, status_id = row["spoiler_text"] or row["text"], row["id"]
    shown = to_json(
        {
            "kind": reason.kind,
            "points": reason.points,
            "created_at": clock.iso(row["created_at"]),
            "status_id": status_id and str(status_id),
            "url": status_id and links.status_url(origin, row["username"], status_id),
            "highlight": highlighted(text, asked),
            "topic": row["topics"][0] if reason.kind in ("skill", "endorsement") else None,
            "people": reason.people,
        }
    )
    account = accounts[row["id"]] if is_endorsement else b"null"
    return b'%b,"account":%b}' % (shown[:-1], account)


def highlighted(text: str, asked: Set[str]) -> str:
    """The part of a text in which the words stand, as HTML, with these emphasised."""
    spans = [found.span() for found in _WORD.finditer(text) if _folded(found[0]) in asked]
    start = max(0, spans[0][0] - _BEFORE) if spans and len(text) > _SHOWN else 0
    end = min(len(text), start + _SHOWN)
    # Cut where no word is cut.
    start = text.find(" ", start) + 1 if start else 0
    end = text.rfind(" ", start, end) if end < len(text) and " " in text[start:end] else end
    spans = [span for span in spans if start <= span[0] and span[1] <= end]
    shown = ["…"] if start else []
    edges = [start, *(edge for span in spans for edge in span), end]
    for number, (left, right) in enumerate(pairwise(edges)):
        part = escape(text[left:right])
        shown.append(f"<strong>{part}</strong>" if number % 2 else part)
    return "".join(shown) + ("…" if end < len(text) else "")


def _folded(word: str) -> str:
    # Nothing else is there to fold, and a page has hundreds of texts.
    return word.lower() if word.isascii() else words.fold(word)
