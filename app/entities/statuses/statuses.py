"""Statuses: what people say out loud."""

from typing import Literal

from pydantic import Field

from app.entities.accounts.accounts import ACCOUNT, Account, Visibility
from app.entities.base import Absent, Entity, Html, Id, Timestamp, Url, example
from app.entities.instance.custom_emojis import CustomEmoji
from app.entities.statuses.filters import FilterResult
from app.entities.statuses.media_attachments import MediaAttachment
from app.entities.statuses.polls import Poll
from app.entities.statuses.preview_cards import PreviewCard

REACTION = {"name": "💡", "count": 2, "me": True}
STATUS = {
    "id": "116057013207040512",
    "created_at": "2026-11-20T09:30:00.000Z",
    "in_reply_to_id": None,
    "in_reply_to_account_id": None,
    "sensitive": False,
    "spoiler_text": "",
    "visibility": "public",
    "language": "en",
    "uri": "https://hardop.example.org/users/amina/statuses/116057013207040512",
    "url": "https://hardop.example.org/@amina/116057013207040512",
    "replies_count": 1,
    "reblogs_count": 0,
    "favourites_count": 3,
    "edited_at": None,
    "content": (
        "<p>The pH sensors drift when it freezes. "
        '<a href="https://hardop.example.org/tags/waterquality" class="mention hashtag" '
        'rel="tag">#<span>waterQuality</span></a></p>'
    ),
    "reblog": None,
    "application": {"name": "Elk", "website": "https://elk.example.org"},
    "account": ACCOUNT,
    "media_attachments": [],
    "mentions": [],
    "tags": [{"name": "waterquality", "url": "https://hardop.example.org/tags/waterquality"}],
    "emojis": [],
    "card": None,
    "poll": None,
    "favourited": True,
    "reblogged": False,
    "muted": False,
    "bookmarked": False,
    "filtered": [],
    "quotes_count": 0,
    "quote": None,
    "quote_approval": {"automatic": ["public"], "manual": [], "current_user": "automatic"},
    "reactions": [REACTION],
    "emoji_reactions": [REACTION],
    "emoji_reactions_count": 2,
}


class StatusApplication(Entity):
    """The app a status was posted with."""

    model_config = example({"name": "Elk", "website": "https://elk.example.org"})

    name: str = Field(description="What it is called.")
    website: str | None = Field(description="Where to find it.")


class StatusMention(Entity):
    """An account that a text mentions."""

    model_config = example(
        {
            "id": "116057013207040000",
            "username": "amina",
            "acct": "amina",
            "url": "https://hardop.example.org/@amina",
        }
    )

    id: Id = Field(description="The account.")
    username: str = Field(description="Its user name.")
    acct: str = Field(description="How it is mentioned.")
    url: Url = Field(description="Its profile; the same as the link in the text.")


class StatusTag(Entity):
    """A hashtag that a text uses."""

    model_config = example(
        {"name": "waterquality", "url": "https://hardop.example.org/tags/waterquality"}
    )

    name: str = Field(description="Normalised, without `#`.")
    url: Url = Field(description="Its page; the same as the link in the text.")


class Reaction(Entity):
    """An emoji that people answered with."""

    model_config = example(REACTION)

    name: str = Field(description="The emoji, or the shortcode of a custom one.")
    count: int = Field(description="How many people.")
    me: Absent[bool] = Field(None, description="You are one of them.")
    url: Absent[Url] = Field(None, description="The picture of a custom emoji.")
    static_url: Absent[Url] = Field(None, description="The same, not moving.")


class ReactionOfAccount(Entity):
    """Who answered with which emoji."""

    model_config = example({"name": "💡", "account": ACCOUNT})

    name: str = Field(description="The emoji, or the shortcode of a custom one.")
    account: Account = Field(description="Who it was.")


class QuoteApproval(Entity):
    """Who may quote a status."""

    model_config = example({"automatic": ["public"], "manual": [], "current_user": "automatic"})

    automatic: list[Literal["public", "followers", "following", "unsupported_policy"]] = Field(
        description="Who may at once; nobody when it is empty."
    )
    manual: list[Literal["public", "followers", "following", "unsupported_policy"]] = Field(
        description="Who has to be let: always empty here."
    )
    current_user: Literal["automatic", "manual", "denied", "unknown"] = Field(
        description="Whether you may: `automatic` or `denied`."
    )


class Status(Entity):
    """What an account says out loud, or passes on: then `reblog` holds what."""

    model_config = example(STATUS)

    id: Id = Field(description="Newer ones sort later.")
    created_at: Timestamp = Field(description="When it was posted.")
    in_reply_to_id: Id | None = Field(description="The status it answers.")
    in_reply_to_account_id: Id | None = Field(description="The account it answers.")
    sensitive: bool = Field(description="Media are to be hidden at first.")
    spoiler_text: str = Field(description="Plain text to show instead; empty when there is none.")
    visibility: Visibility = Field(
        description="`public`; `unlisted`: everybody, but not in public timelines; `private`: "
        "followers and who is mentioned; `direct`: who is mentioned."
    )
    language: str | None = Field(description="ISO 639.")
    uri: Url = Field(description="Identifies it, for machines.")
    url: Url | None = Field(description="The status, for people.")
    replies_count: int = Field(description="How many answers.")
    reblogs_count: int = Field(description="How many passed it on.")
    favourites_count: int = Field(description="How many favourites.")
    edited_at: Timestamp | None = Field(description="When it was last changed.")
    content: Absent[Html] = Field(
        None, description="The text; absent only in the answer to deleting it."
    )
    text: Absent[str] = Field(
        None, description="The text as it was written; only in the answer to deleting it."
    )
    reblog: "Status | None" = Field(description="What is passed on.")
    application: StatusApplication | None = Field(
        None, description="The app it was posted with; everybody who may read the status sees it."
    )
    account: Account = Field(description="Who posted it, or passed it on.")
    media_attachments: list[MediaAttachment] = Field(description="In the author's order.")
    mentions: list[StatusMention] = Field(description="Each account once.")
    tags: list[StatusTag] = Field(description="The hashtags.")
    emojis: list[CustomEmoji] = Field(description="The custom emojis the text uses.")
    card: PreviewCard | None = Field(description="What a link leads to.")
    poll: Poll | None = Field(description="A question with answers to choose from.")
    favourited: Absent[bool] = Field(None, description="By you. Only with a user's token.")
    reblogged: Absent[bool] = Field(None, description="By you. Only with a user's token.")
    muted: Absent[bool] = Field(
        None, description="You mute its conversation. Only with a user's token."
    )
    bookmarked: Absent[bool] = Field(None, description="By you. Only with a user's token.")
    pinned: Absent[bool] = Field(
        None, description="On top of your profile. Only of a status of yours that can be."
    )
    filtered: Absent[list[FilterResult]] = Field(
        None, description="Your filters that match. Only with a user's token."
    )
    quotes_count: Absent[int] = Field(None, description="How many quote it.")
    quote: "Quote | None" = Field(None, description="What it quotes.")
    quote_approval: Absent[QuoteApproval] = Field(None, description="Who may quote it.")
    reactions: Absent[list[Reaction]] = Field(None, description="Emojis, in order of appearance.")
    emoji_reactions: Absent[list[Reaction]] = Field(
        None, description="The same, by the name that other clients read."
    )
    emoji_reactions_count: Absent[int] = Field(None, description="The sum of their counts.")


class Quote(Entity):
    """What a status quotes, as far as you may see it."""

    model_config = example({"state": "deleted", "quoted_status": None})

    state: Literal[
        "pending",
        "accepted",
        "rejected",
        "revoked",
        "deleted",
        "unauthorized",
        "blocked_account",
        "blocked_domain",
        "muted_account",
    ] = Field(
        description="`accepted`: show it; `revoked`: its author took it back; `deleted`; "
        "`unauthorized`: you may not read it; `blocked_account`, `muted_account`: you do not "
        "want to see its author. The others do not happen here."
    )
    quoted_status: Status | None = Field(None, description="What is quoted.")
    quoted_status_id: Id | None = Field(
        None, description="In place of `quoted_status` inside of a quoted status."
    )


class StatusSource(Entity):
    """A status as it was written, for editing it."""

    model_config = example(
        {
            "id": "116057013207040512",
            "text": "The pH sensors drift when it freezes. #waterQuality",
            "spoiler_text": "",
        }
    )

    id: Id = Field(description="Which status.")
    text: str = Field(description="Plain text.")
    spoiler_text: str = Field(description="Plain text.")


class EditedOption(Entity):
    """An answer, as it once was."""

    title: str = Field(description="Plain text.")


class EditedPoll(Entity):
    """What a status asked once."""

    options: list[EditedOption] = Field(description="The answers, in order.")


class StatusEdit(Entity):
    """A status as it once was; the last one is as it is now."""

    model_config = example(
        {
            "content": "<p>The pH sensors drift.</p>",
            "spoiler_text": "",
            "sensitive": False,
            "created_at": "2026-11-20T09:30:00.000Z",
            "account": ACCOUNT,
            "media_attachments": [],
            "emojis": [],
        }
    )

    content: Html = Field(description="The text.")
    spoiler_text: str = Field(description="Plain text to show instead.")
    sensitive: bool = Field(description="Media are to be hidden at first.")
    created_at: Timestamp = Field(description="When it was changed into this.")
    account: Account = Field(description="Who posted it.")
    media_attachments: list[MediaAttachment] = Field(description="In the author's order.")
    emojis: list[CustomEmoji] = Field(description="The custom emojis the text uses.")
    poll: Absent[EditedPoll] = Field(None, description="What it asked, if anything.")


class Context(Entity):
    """What stands around a status in its conversation."""

    model_config = example({"ancestors": [STATUS], "descendants": []})

    ancestors: list[Status] = Field(description="What it answers, the first one first.")
    descendants: list[Status] = Field(description="What answers it, each followed by its own.")
