"""Filters as older clients know them: one for each keyword."""

from datetime import date

from fastapi import APIRouter
from pydantic import Field

from app import access
from app.database import SessionReader
from app.dependencies import Reads, Session, Viewer
from app.deprecations import deprecated
from app.domain.statuses import keyword_filters
from app.domain.statuses.filters import Wish, Words
from app.entities.base import Empty
from app.entities.statuses.filters import V1Filter
from app.parameters import Flag, Parameters, PathId, Text
from app.route import HardopRoute
from app.routers.statuses.filters import ExpiryParameters

# When version 2 came.
_SINCE = date(2022, 11, 14)

router = APIRouter(route_class=HardopRoute, prefix="/api/v1/filters", tags=["filters"])


class KeywordFilterParameters(ExpiryParameters):
    """What to make of a filter; what is left out stays as it is."""

    phrase: Text | None = Field(None, description="What to look for; at most 512 characters.")
    context: list[Text] | None = Field(
        None, description="Where it works: home, notifications, public, thread, account."
    )
    irreversible: Flag | None = Field(None, description="Leave out what matches.")
    whole_word: Flag | None = Field(None, description="Not inside of other words; true at first.")

    def wish(self) -> Wish:
        """What is meant of the filter."""
        action = None if self.irreversible is None else ("hide" if self.irreversible else "warn")
        return Wish(None, self.context, action, self.ends_anew, self.seconds)

    def words(self) -> Words:
        """What is meant of its keyword."""
        return Words(self.phrase, self.whole_word)


@router.get("")
@deprecated(since=_SINCE, instead="get_filters")
@access.user("read:filters")
async def get_keyword_filters(viewer: Viewer, reads: Reads) -> list[V1Filter]:
    """All keywords of your filters."""
    return [V1Filter.from_row(row) for row in await keyword_filters.everything(reads, viewer)]


@router.post("")
@deprecated(since=_SINCE, instead="create_filter")
@access.user("write:filters", idempotent=True)
async def create_keyword_filter(
    params: Parameters[KeywordFilterParameters],
    viewer: Viewer,
    session: Session,
) -> V1Filter:
    """Begin to filter by a keyword."""
    keyword_id = await keyword_filters.create(session, viewer, params.wish(), params.words())
    return V1Filter.from_row(await keyword_filters.one(SessionReader(session), viewer, keyword_id))


@router.get("/{keyword_id}")
@deprecated(since=_SINCE, instead="get_filter_keyword")
@access.user("read:filters")
async def get_keyword_filter(keyword_id: PathId, viewer: Viewer, reads: Reads) -> V1Filter:
    """One keyword."""
    return V1Filter.from_row(await keyword_filters.one(reads, viewer, keyword_id))


@router.put("/{keyword_id}")
@deprecated(since=_SINCE, instead="update_filter_keyword")
@access.user("write:filters")
async def update_keyword_filter(
    keyword_id: PathId,
    params: Parameters[KeywordFilterParameters],
    viewer: Viewer,
    session: Session,
) -> V1Filter:
    """Change a keyword and, if it is the only one of its filter, where and how it works."""
    await keyword_filters.update(session, viewer, keyword_id, params.wish(), params.words())
    return V1Filter.from_row(await keyword_filters.one(SessionReader(session), viewer, keyword_id))


@router.delete("/{keyword_id}")
@deprecated(since=_SINCE, instead="delete_filter_keyword")
@access.user("write:filters")
async def delete_keyword_filter(keyword_id: PathId, viewer: Viewer, session: Session) -> Empty:
    """Filter by a keyword no longer."""
    await keyword_filters.delete(session, viewer, keyword_id)
    return Empty()
