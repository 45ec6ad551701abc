"""Notifications to JSON bytes, one by one and in groups."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json, to_json

from app import clock
from app.database import Reader
from app.domain.notifications.groups import Group, Groups
from app.domain.notifications.notifications import Notifications
from app.domain.notifications.requests import Requests
from app.domain.notifications.subjects import Subjects
from app.rendering import account_warnings, custom_emojis, reports
from app.rendering.statuses import Renderer
from app.rendering.topic_endorsements import topic_endorsement

# What a client shows of a type that it does not know, if it said which ones it knows.
_FALLBACKS = {
    "admin.sign_up": ("New account", "Somebody signed up."),
    "admin.report": ("New report", "Somebody reported an account."),
    "moderation_warning": ("Warning", "A moderator sent you a warning."),
    "reaction": ("Reaction", "Somebody put an emoji under your status."),
    "endorsement": ("Endorsement", "A colleague says what you know about."),
    "skills_fading": (
        "Still true?",
        "Some hashtags on your profile are about to count no more as what you know about. "
        "Feature them again if they still should.",
    ),
}

_PARTIAL = ("id", "acct", "url", "avatar", "avatar_static", "locked", "bot")


async def notifications(
    reader: Reader,
    renderer: Renderer,
    page: Notifications,
    viewer: int,
    supported_types: Collection[str] = (),
) -> list[bytes]:
    """Notification entities, in the order of the page; one whose thing is gone is left out.

    Filters leave none out: what they match says so in `filtered`, and its reader's client decides.

    With `supported_types` the others come with a text that says what they are about.
    """
    subjects = await _subjects(reader, renderer, page.subjects, viewer)
    pictures = await _pictures(reader, renderer, page.rows)
    rendered: list[bytes] = []
    for row in page.rows:
        if not subjects.hold(row):
            continue
        head = {
            "id": str(row["id"]),
            "type": row["type"],
            "group_key": row["group_key"] or f"ungrouped-{row['id']}",
            "created_at": clock.iso(row["created_at"]),
            **_particulars(row, pictures, supported_types),
        }
        if row["filtered"]:
            head["filtered"] = True
        rendered.append(b"{%b,%b}" % (to_json(head)[1:-1], subjects.members(row)))
    return rendered


async def groups(
    reader: Reader,
    renderer: Renderer,
    page: Groups,
    viewer: int,
    *,
    partial: bool = False,
    supported_types: Collection[str] = (),
) -> bytes:
    """A GroupedNotificationsResults entity. A group whose thing is gone is left out.

    `partial`: of each group only the newest account is whole, of the others there is a picture.
    """
    subjects = await _subjects(reader, renderer, page.subjects, viewer)
    pictures = await _pictures(reader, renderer, [group.row for group in page.groups])
    shown: list[bytes] = []
    whole: dict[int, bytes] = {}
    others: dict[int, bytes] = {}
    for group in page.groups:
        sample = [id_ for id_ in group.sample if id_ in subjects.people]
        if not sample or not subjects.hold(group.row):
            continue
        entity = to_json(_group(group, sample, pictures, supported_types))
        shown.append(b"%b%b}" % (entity[:-1], subjects.decisions(group.row)))
        for place, id_ in enumerate(sample):
            (others if partial and place else whole)[id_] = subjects.people[id_]
    parts = [
        b'"accounts":[%b]' % b",".join(whole.values()),
        b'"statuses":[%b]' % b",".join(subjects.statuses.values()),
        b'"notification_groups":[%b]' % b",".join(shown),
    ]
    if partial:
        pictured = [_partial(body) for id_, body in others.items() if id_ not in whole]
        parts.insert(1, b'"partial_accounts":%b' % to_json(pictured))
    return b"{%b}" % b",".join(parts)


async def requests(reader: Reader, renderer: Renderer, page: Requests, viewer: int) -> list[bytes]:
    """NotificationRequest entities, in the order of the page."""
    subjects = await _subjects(reader, renderer, page.subjects, viewer)
    return [
        b'{%b,"account":%b,"last_status":%b}'
        % (
            to_json(
                {
                    "id": str(row["id"]),
                    "created_at": clock.iso(row["created_at"]),
                    "updated_at": clock.iso(row["updated_at"]),
                    "notifications_count": str(row["kept"]),
                }
            )[1:-1],
            subjects.people[row["from_account_id"]],
            subjects.statuses.get(row["last_status_id"], b"null"),
        )
        for row in page.rows
        if row["from_account_id"] in subjects.people
    ]


def _group(
    group: Group,
    sample: Sequence[int],
    pictures: Mapping[str, dict[str, Any]],
    supported_types: Collection[str],
) -> dict[str, Any]:
    row = group.row
    entity = {
        "group_key": group.key,
        "notifications_count": group.members,
        "type": row["type"],
        "most_recent_notification_id": group.most_recent_id,
        "sample_account_ids": [str(id_) for id_ in sample],
        **_particulars(row, pictures, supported_types),
    }
    if group.page_min_id is not None:
        entity |= {
            "page_min_id": str(group.page_min_id),
            "page_max_id": str(group.page_max_id),
            "latest_page_notification_at": clock.iso(group.latest_at),
        }
    if row["status_id"]:
        entity["status_id"] = str(row["status_id"])
    return entity


def _particulars(
    row: Any, pictures: Mapping[str, dict[str, Any]], supported_types: Collection[str]
) -> dict[str, Any]:
    """What only notifications of some types have."""
    found: dict[str, Any] = {}
    if row["emoji"]:
        found["emoji"] = row["emoji"]
        if row["emoji"] in pictures:
            found["emoji_url"] = pictures[row["emoji"]]["url"]
    if supported_types and row["type"] in _FALLBACKS and row["type"] not in supported_types:
        title, summary = _FALLBACKS[row["type"]]
        found["fallback"] = {"title": title, "summary": summary, "description": ""}
    return found


def _partial(body: bytes) -> dict[str, Any]:
    account = from_json(body)
    return {name: account[name] for name in _PARTIAL}


@dataclass(frozen=True, slots=True)
class _Subjects:
    """What notifications are about, rendered, by id."""

    people: Mapping[int, bytes]
    statuses: Mapping[int, bytes]
    reports: Mapping[int, bytes]
    warnings: Mapping[int, bytes]
    endorsements: Mapping[int, bytes]

    def hold(self, row: Any) -> bool:
        """Whether all that a notification is about is still there."""
        return (
            row["from_account_id"] in self.people
            and (not row["status_id"] or row["status_id"] in self.statuses)
            and (not row["report_id"] or row["report_id"] in self.reports)
            and (not row["warning_id"] or row["warning_id"] in self.warnings)
            and (
                not row["topic_endorsement_id"] or row["topic_endorsement_id"] in self.endorsements
            )
        )

    def members(self, row: Any) -> bytes:
        """The account, and what else there is: older clients fail on a null status."""
        account = self.people[row["from_account_id"]]
        status = self.statuses[row["status_id"]] if row["status_id"] else b""
        return b'"account":%b%b%b' % (
            account,
            b',"status":%b' % status if status else b"",
            self.decisions(row),
        )

    def decisions(self, row: Any) -> bytes:
        """What somebody has, or had, to decide; with a comma in front."""
        if row["report_id"]:
            return b',"report":%b' % self.reports[row["report_id"]]
        if row["warning_id"]:
            return b',"moderation_warning":%b' % self.warnings[row["warning_id"]]
        if row["topic_endorsement_id"]:
            return b',"endorsement":%b' % self.endorsements[row["topic_endorsement_id"]]
        return b""


async def _subjects(
    reader: Reader, renderer: Renderer, subjects: Subjects, viewer: int
) -> _Subjects:
    people = _by_id(await renderer.accounts(reader, subjects.accounts))
    return _Subjects(
        people=people,
        statuses=_by_id(await renderer.statuses(reader, subjects.statuses, viewer)),
        reports={
            row["id"]: reports.report(row, people[row["target_account_id"]])
            for row in subjects.reports
            if row["target_account_id"] in people
        },
        warnings={
            row["id"]: account_warnings.warning(row, people[row["target_account_id"]])
            for row in subjects.warnings
            if row["target_account_id"] in people
        },
        endorsements={
            row["id"]: topic_endorsement(row, renderer.origin, people)
            for row in subjects.endorsements
            if {row["account_id"], row["target_account_id"]} <= people.keys()
        },
    )


def _by_id(bodies: Sequence[bytes]) -> dict[int, bytes]:
    # Every entity begins with its id: `{"id":"1",`. Its place tells nothing, for what was deleted
    # in the meantime is not among them.
    return {int(body[7 : body.index(b'"', 7)]): body for body in bodies}


async def _pictures(
    reader: Reader, renderer: Renderer, rows: Sequence[Any]
) -> dict[str, dict[str, Any]]:
    return await custom_emojis.named(
        reader, renderer.origin, [row["emoji"] for row in rows if row["emoji"]]
    )
