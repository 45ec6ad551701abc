"""Filters: what you want to be spared."""

from fastapi import APIRouter
from pydantic import Field

from app import access
from app.database import SessionReader
from app.dependencies import Reads, Session, Viewer
from app.domain.statuses import filters
from app.domain.statuses.filters import Wish, Words
from app.entities.base import Empty
from app.entities.statuses.filters import Action, Filter
from app.errors import Invalid
from app.parameters import Flag, Id, ParameterModel, Parameters, PathId, Text
from app.route import HardopRoute

router = APIRouter(route_class=HardopRoute, prefix="/api/v2/filters", tags=["filters"])

_LONGEST_SECONDS = 100 * 365 * 86_400


class ExpiryParameters(ParameterModel):
    """When a filter ends."""

    # A text, for an empty one is something else than none at all.
    expires_in: Text | None = Field(
        None, description="In how many seconds it ends; empty or null: never."
    )

    @property
    def ends_anew(self) -> bool:
        """Whether anything was said of its end."""
        return "expires_in" in self.model_fields_set

    @property
    def seconds(self) -> int | None:
        """In how many seconds it ends; None is never.

        Raises:
            Invalid: that is not a number.
        """
        sent = (self.expires_in or "").strip()
        if not sent:
            return None
        if not (sent.isascii() and sent.isdigit() and int(sent[:12]) <= _LONGEST_SECONDS):
            raise Invalid({"expires_in": [("ERR_INVALID", "is not a number")]})
        return int(sent)


class KeywordAttributes(ParameterModel):
    """A keyword to add; with an `id` one to change or to take away."""

    id: Id | None = Field(None, description="Which keyword; none for a new one.")
    keyword: Text | None = Field(None, description="At most 512 characters.")
    whole_word: Flag | None = Field(None, description="Not inside of other words.")
    is_gone: Flag = Field(False, alias="_destroy", description="Take it away.")

    def words(self) -> Words:
        """What is meant."""
        return Words(self.keyword, self.whole_word, self.id, self.is_gone)


class FilterParameters(ExpiryParameters):
    """What to make of a filter; what is left out stays as it is."""

    title: Text | None = Field(None, description="At most 256 characters.")
    context: list[Text] | None = Field(
        None, description="Where it works: home, notifications, public, thread, account."
    )
    filter_action: Action | None = Field(
        None, description="What to do with a match: warn, hide or blur; warn if left out."
    )
    keywords_attributes: list[KeywordAttributes] = Field([], description="Keywords to change.")

    def wish(self) -> Wish:
        """What is meant."""
        words = [each.words() for each in self.keywords_attributes]
        return Wish(
            self.title, self.context, self.filter_action, self.ends_anew, self.seconds, words
        )


@router.get("")
@access.user("read:filters")
async def get_filters(viewer: Viewer, reads: Reads) -> list[Filter]:
    """All your filters, those that have ended too."""
    return [Filter.from_row(row) for row in await filters.everything(reads, viewer)]


@router.post("")
@access.user("write:filters", idempotent=True)
async def create_filter(
    params: Parameters[FilterParameters], viewer: Viewer, session: Session
) -> Filter:
    """Begin to filter."""
    filter_id = await filters.create(session, viewer, params.wish())
    return Filter.from_row(await filters.one(SessionReader(session), viewer, filter_id))


@router.get("/{filter_id}")
@access.user("read:filters")
async def get_filter(filter_id: PathId, viewer: Viewer, reads: Reads) -> Filter:
    """One filter of yours."""
    return Filter.from_row(await filters.one(reads, viewer, filter_id))


@router.put("/{filter_id}")
@access.user("write:filters")
async def update_filter(
    filter_id: PathId, params: Parameters[FilterParameters], viewer: Viewer, session: Session
) -> Filter:
    """Change a filter, and its keywords."""
    await filters.update(session, viewer, filter_id, params.wish())
    return Filter.from_row(await filters.one(SessionReader(session), viewer, filter_id))


@router.delete("/{filter_id}")
@access.user("write:filters")
async def delete_filter(filter_id: PathId, viewer: Viewer, session: Session) -> Empty:
    """Filter no longer."""
    await filters.delete_own(session, viewer, filter_id)
    return Empty()
