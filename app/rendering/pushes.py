"""Push messages: a notification in a few words, in the language of whoever it is for."""

from typing import Any, Final

import regex
from pydantic_core import to_json

from app.domain.notifications.pushes import Due
from app.rendering import links

MAX_BODY: Final = 140

_TITLES: Final = {
    "en": {
        "mention": "{} mentioned you",
        "status": "{} just posted",
        "reblog": "{} boosted your post",
        "favourite": "{} favourited your post",
        "reaction": "{} reacted to your post",
        "follow": "{} is now following you",
        "follow_request": "{} asks to follow you",
        "poll": "A poll by {} has ended",
        "update": "{} edited a post you boosted",
        "quote": "{} quoted you",
        "quoted_update": "{} edited a post you quoted",
        "endorsement": "{} says what you know about",
        "skills_fading": "Hashtags on your profile count no more soon",
        "admin.sign_up": "{} signed up",
        "admin.report": "{} sent a report",
        "moderation_warning": "A moderator sent you a warning",
    },
    "nl": {
        "mention": "{} noemde je",
        "status": "{} heeft net iets geplaatst",
        "reblog": "{} deelde je bericht",
        "favourite": "{} markeerde je bericht als favoriet",
        "reaction": "{} reageerde op je bericht",
        "follow": "{} volgt je nu",
        "follow_request": "{} wil je volgen",
        "poll": "Een peiling van {} is afgelopen",
        "update": "{} bewerkte een bericht dat je deelde",
        "quote": "{} citeerde je",
        "quoted_update": "{} bewerkte een bericht dat je citeerde",
        "endorsement": "{} zegt waar jij verstand van hebt",
        "skills_fading": "Hashtags op je profiel tellen binnenkort niet meer",
        "admin.sign_up": "{} heeft zich aangemeld",
        "admin.report": "{} stuurde een melding",
        "moderation_warning": "Een moderator stuurde je een waarschuwing",
    },
    "de": {
        "mention": "{} hat dich erwähnt",
        "status": "{} hat gerade etwas veröffentlicht",
        "reblog": "{} hat deinen Beitrag geteilt",
        "favourite": "{} hat deinen Beitrag favorisiert",
        "reaction": "{} hat auf deinen Beitrag reagiert",
        "follow": "{} folgt dir jetzt",
        "follow_request": "{} möchte dir folgen",
        "poll": "Eine Umfrage von {} ist beendet",
        "update": "{} hat einen Beitrag bearbeitet, den du geteilt hast",
        "quote": "{} hat dich zitiert",
        "quoted_update": "{} hat einen Beitrag bearbeitet, den du zitiert hast",
        "endorsement": "{} sagt, womit du dich auskennst",
        "skills_fading": "Hashtags in deinem Profil zählen bald nicht mehr",
        "admin.sign_up": "{} hat sich registriert",
        "admin.report": "{} hat etwas gemeldet",
        "moderation_warning": "Du hast eine Warnung erhalten",
    },
}
# The first language is everybody's.
_FIRST = "en"

_GRAPHEME = regex.compile(r"\X")
# More than this nobody looks at: a grapheme can be long.
_LOOKED_AT = 10 * MAX_BODY


def text(due: Due, origin: str) -> bytes:
    """What the application reads, as JSON (client API, push message)."""
    row = due.row
    return to_json(
        {
            "access_token": due.token,
            "preferred_locale": row["locale"],
            # A number: that is how applications decode it (decision 8).
            "notification_id": row["id"],
            "notification_type": row["type"],
            "icon": links.avatar_url(origin, row["avatar"]),
            "title": _title(row),
            "body": _body(row),
        }
    )


def _title(row: Any) -> str:
    language = row["locale"].partition("-")[0].lower()
    titles = _TITLES.get(language, _TITLES[_FIRST])
    return titles[row["type"]].format(row["display_name"] or row["username"])


def _body(row: Any) -> str:
    """What was said: of the status its warning or its words; or what the account says of itself."""
    words = row["statement"] or row["spoiler_text"] or row["text"] or row["note"]
    return _shortened(" ".join(words[:_LOOKED_AT].split()))


def _shortened(words: str) -> str:
    """At most `MAX_BODY` characters, and no half ones."""
    if len(words) <= MAX_BODY:
        return words
    kept = ""
    for grapheme in _GRAPHEME.findall(words[: MAX_BODY * 2]):
        if len(kept) + len(grapheme) >= MAX_BODY:
            break
        kept += grapheme
    return kept.rstrip() + "…"
