"""What the organisation tells everybody."""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Self

from pydantic import Field

from app.database import Reader
from app.domain.accounts import accounts
from app.domain.statuses import rows as status_rows
from app.domain.statuses import text
from app.entities.base import Absent, Entity, Html, Id, Timestamp, Url, example
from app.entities.instance.custom_emojis import CustomEmoji
from app.entities.statuses.statuses import Reaction, StatusMention, StatusTag
from app.rendering import custom_emojis, html, links

_STATUS = re.compile(r"/@[A-Za-z0-9_.-]+/([0-9]{1,18})$")


class AnnouncementStatus(Entity):
    """A status that an announcement links to."""

    id: Id = Field(description="Which status.")
    url: Url = Field(description="The same as the link in the text.")


class Announcement(Entity):
    """A notice to show until it is dismissed or over."""

    model_config = example(
        {
            "id": "116057013207040800",
            "content": "<p>This week we share what went wrong.</p>",
            "starts_at": None,
            "ends_at": None,
            "all_day": False,
            "published_at": "2026-11-20T09:30:00.000Z",
            "updated_at": "2026-11-20T09:30:00.000Z",
            "read": False,
            "mentions": [],
            "statuses": [],
            "tags": [],
            "emojis": [],
            "reactions": [],
        }
    )

    id: Id = Field(description="Which announcement.")
    content: Html = Field(description="The text.")
    starts_at: Timestamp | None = Field(description="When what it is about begins.")
    ends_at: Timestamp | None = Field(description="When it is over.")
    all_day: bool = Field(description="Show days, not times.")
    published_at: Timestamp = Field(description="When it was published.")
    updated_at: Timestamp = Field(description="When it was last changed.")
    read: Absent[bool] = Field(None, description="You dismissed it.")
    mentions: list[StatusMention] = Field(description="Accounts that the text mentions.")
    statuses: list[AnnouncementStatus] = Field(description="Statuses that the text links to.")
    tags: list[StatusTag] = Field(description="Hashtags of the text.")
    emojis: list[CustomEmoji] = Field(description="The custom emojis the text uses.")
    reactions: list[Reaction] = Field(description="Emojis that people answered with.")

    @classmethod
    def from_row(
        cls,
        row: Mapping[str, Any],
        *,
        origin: str,
        people: Mapping[str, Mapping[str, Any]],
        emojis: Mapping[str, Mapping[str, Any]],
        statuses: Collection[int],
    ) -> Self:
        """From a row of `domain.instance.announcements.current`.

        `people` is `{user name in lower case: account row}` of those who may be mentioned,
        `emojis` is `{shortcode: CustomEmoji}` of those that may be used, `statuses` are those that
        may be linked to.
        """
        parsed = _parsed(row, origin)
        mentioned = {
            name: (people[name]["username"], links.account_url(origin, people[name]["username"]))
            for name in parsed.usernames
            if name in people
        }
        reactions = json.loads(row["reactions"] or "[]")
        for reaction in reactions:
            picture = emojis.get(reaction["name"], {})
            reaction |= {key: picture[key] for key in ("url", "static_url") if key in picture}
        codes = custom_emojis.shortcodes(row["text"])
        return cls(
            id=str(row["id"]),
            content=html.status_html(row["text"], origin=origin, accounts=mentioned),
            starts_at=row["starts_at"],
            ends_at=row["ends_at"],
            all_day=row["all_day"],
            published_at=row["published_at"],
            updated_at=row["updated_at"],
            read=row["read"],
            mentions=[
                StatusMention(id=str(people[name]["id"]), username=username, acct=username, url=url)
                for name, (username, url) in mentioned.items()
            ],
            statuses=[
                AnnouncementStatus(id=str(id_), url=url)
                for id_, url in _linked(row, origin).items()
                if id_ in statuses
            ],
            tags=[StatusTag(name=name, url=links.tag_url(origin, name)) for name in parsed.tags],
            emojis=[CustomEmoji.model_validate(emojis[code]) for code in codes if code in emojis],
            reactions=[Reaction.model_validate(reaction) for reaction in reactions],
        )


async def announcements_of(
    reader: Reader, rows: Sequence[Mapping[str, Any]], *, origin: str
) -> list[Announcement]:
    """Announcements from rows of `domain.instance.announcements`, with what their texts name."""
    named = {name for row in rows for name in _parsed(row, origin).usernames}
    linked = {id_ for row in rows for id_ in _linked(row, origin)}
    answers = {
        reaction["name"] for row in rows for reaction in json.loads(row["reactions"] or "[]")
    }
    codes = {*custom_emojis.shortcodes(*(row["text"] for row in rows)), *answers}
    people = await accounts.by_usernames(reader, named)
    emojis = await custom_emojis.named(reader, origin, codes)
    # As far as anybody may read them: everybody is told the same.
    readable = await status_rows.by_ids(reader, 0, sorted(linked)) if linked else []
    statuses = {row["id"] for row in readable}
    return [
        Announcement.from_row(row, origin=origin, people=people, emojis=emojis, statuses=statuses)
        for row in rows
    ]


def _parsed(row: Mapping[str, Any], origin: str) -> text.Parsed:
    return text.parse(row["text"], domain=origin.partition("://")[2])


def _linked(row: Mapping[str, Any], origin: str) -> dict[int, str]:
    """`{id: address}` of what may be statuses that a text links to."""
    return {
        int(found[1]): link.url
        for link in _parsed(row, origin).links
        if link.url.startswith(f"{origin}/") and (found := _STATUS.search(link.url))
    }
