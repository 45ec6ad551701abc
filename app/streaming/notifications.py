"""Notifications in streams: to the devices of the one they concern."""

from dataclasses import replace
from typing import Any

from app.database import Reader
from app.domain.notifications import notifications
from app.domain.notifications.notifications import Notifications
from app.domain.timelines import streams
from app.rendering.notifications import notifications as render
from app.rendering.statuses import Renderer
from app.streaming.batches import Batch, Delivery, Listener
from app.streaming.channels import NOTIFICATIONS, READ_NOTIFICATIONS, USER


async def deliveries(reader: Reader, renderer: Renderer, batch: Batch) -> list[Delivery]:
    """What is to be told of notifications."""
    return [
        *await _created(reader, renderer, batch),
        *(
            batch.delivery(
                event, "notifications_merged", None, _listeners(batch, event.payload["account_id"])
            )
            for event in batch.named("notifications.merged")
        ),
    ]


async def _created(reader: Reader, renderer: Renderer, batch: Batch) -> list[Delivery]:
    events = batch.named("notifications.created")
    viewers = {*batch.audience.subjects(USER), *batch.audience.subjects(NOTIFICATIONS)}
    if not events or not viewers:
        return []
    event_of = {id_: event for event in events for id_ in event.payload["ids"]}
    shown = await notifications.shown(reader, viewers, event_of)
    seen = await streams.visible(
        reader, {(row["account_id"], row["status_id"]) for row in shown.rows if row["status_id"]}
    )
    # All together, so that one by one they find everything read.
    await renderer.each_status_of(reader, seen, "")
    return [
        batch.delivery(event_of[row["id"]], "notification", payload, _listeners(batch, viewer))
        for row in shown.rows
        for viewer in [row["account_id"]]
        for payload in await render(
            reader, renderer, _alone(shown, row, seen.get((viewer, row["status_id"]))), viewer
        )
    ]


def _alone(shown: Notifications, row: Any, status: Any) -> Notifications:
    """One of them; of the accounts only the one it is about, if it is about one only."""
    about = shown.subjects
    if not (row["report_id"] or row["warning_id"] or row["topic_endorsement_id"]):
        sender = [each for each in about.accounts if each["id"] == row["from_account_id"]]
        about = replace(about, accounts=sender, reports=(), warnings=(), endorsements=())
    return Notifications(
        rows=[row], subjects=replace(about, statuses=[] if status is None else [status])
    )


def _listeners(batch: Batch, viewer: int) -> list[Listener]:
    """All that may read notifications: a token for statuses alone hears of these alone."""
    return [
        *batch.listeners(NOTIFICATIONS, [viewer]),
        *(
            (stream, subscription)
            for stream, subscription in batch.listeners(USER, [viewer])
            if READ_NOTIFICATIONS in stream.caller.scopes
        ),
    ]
