"""Those who know about something, to JSON bytes."""

import re
from collections.abc import Set
from html import escape
from itertools import pairwise

from pydantic_core import to_json

from app import clock
from app.database import Reader
from app.domain.expertise.experts import Answer, Reason
from app.rendering import links
from app.rendering.statuses import Renderer
from search import formula, words

# How much of a text is shown, and of it in front of the first word that was asked for.
_SHOWN, _BEFORE = 240, 60
_WORD = re.compile(r"[^\W_]+")


async def experts(reader: Reader, renderer: Renderer, answer: Answer) -> list[bytes]:
    """Expert entities, in the order of the answer."""
    accounts = await renderer.each_account(reader, [each.account for each in answer.experts])
    return [
        b'{"account":%b,%b}'
        % (
            account,
            to_json(
                {
                    "score": found.score,
                    "unit": found.account["unit"],
                    "location": found.account["location"],
                    "topics": found.topics,
                    "reasons": [
                        _reason(reason, renderer.origin, answer.words) for reason in found.reasons
                    ],
                    "formula_version": formula.VERSION,
                }
            )[1:-1],
        )
        for account, found in zip(accounts, answer.experts, strict=True)
        if account is not None
    ]


def _reason(reason: Reason, origin: str, asked: Set[str]) -> dict[str, object]:
    row = reason.row
    return {
        "kind": "status",
        "points": reason.points,
        "created_at": clock.iso(row["created_at"]),
        "status_id": str(row["id"]),
        "url": links.status_url(origin, row["username"], row["id"]),
        # What is behind a warning is for those who open it.
        "highlight": highlighted(row["spoiler_text"] or row["text"], asked),
    }


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
