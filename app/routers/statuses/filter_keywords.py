"""The keywords of filters, one by one."""

from fastapi import APIRouter
from pydantic import Field

from app import access
from app.dependencies import Reads, Session, Viewer
from app.domain.statuses import filters
from app.domain.statuses.filters import Words
from app.entities.base import Empty
from app.entities.statuses.filters import FilterKeyword, keywords
from app.parameters import Flag, ParameterModel, Parameters, PathId, Text
from app.route import HardopRoute

router = APIRouter(route_class=HardopRoute, prefix="/api/v2/filters", tags=["filters"])


class KeywordParameters(ParameterModel):
    """What to look for; what is left out stays as it is."""

    keyword: Text | None = Field(None, description="At most 512 characters.")
    whole_word: Flag | None = Field(None, description="Not inside of other words; true at first.")


@router.get("/{filter_id}/keywords")
@access.user("read:filters")
async def get_filter_keywords(
    filter_id: PathId, viewer: Viewer, reads: Reads
) -> list[FilterKeyword]:
    """The words a filter of yours looks for."""
    return keywords(await filters.one(reads, viewer, filter_id))


@router.post("/{filter_id}/keywords")
@access.user("write:filters", idempotent=True)
async def add_filter_keyword(
    filter_id: PathId, params: Parameters[KeywordParameters], viewer: Viewer, session: Session
) -> FilterKeyword:
    """Look for further words."""
    found = await filters.own(session, viewer, filter_id)
    added = await filters.add_words(session, found, Words(params.keyword, params.whole_word))
    await filters.changed(session, found)
    return FilterKeyword.from_keyword(added)


@router.get("/keywords/{keyword_id}")
@access.user("read:filters")
async def get_filter_keyword(keyword_id: PathId, viewer: Viewer, session: Session) -> FilterKeyword:
    """One keyword of a filter of yours."""
    _, found = await filters.keyword(session, viewer, keyword_id)
    return FilterKeyword.from_keyword(found)


@router.put("/keywords/{keyword_id}")
@access.user("write:filters")
async def update_filter_keyword(
    keyword_id: PathId, params: Parameters[KeywordParameters], viewer: Viewer, session: Session
) -> FilterKeyword:
    """Look for other words instead."""
    owner, found = await filters.keyword(session, viewer, keyword_id)
    filters.change_words(found, Words(params.keyword, params.whole_word))
    session.add(found)
    await filters.changed(session, owner)
    return FilterKeyword.from_keyword(found)


@router.delete("/keywords/{keyword_id}")
@access.user("write:filters")
async def delete_filter_keyword(keyword_id: PathId, viewer: Viewer, session: Session) -> Empty:
    """Look for these words no longer."""
    await filters.delete_keyword(session, viewer, keyword_id)
    return Empty()
