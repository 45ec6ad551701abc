"""What you say of yourself: as you wrote it, and how it looks."""

from typing import Annotated, ClassVar

from fastapi import APIRouter, Response
from pydantic import Field

from app import access, responses
from app.database import SessionReader
from app.dependencies import Caller, CurrentAccount, Media, Reads, Rendering, Session, Viewer
from app.domain.accounts import pictures, profiles
from app.domain.accounts.profiles import Changes
from app.entities.accounts.accounts import CredentialAccount
from app.entities.accounts.profiles import Profile
from app.parameters import Flag, ParameterModel, Parameters, Text, Upload
from app.rendering.profiles import profile
from app.route import HardopRoute
from app.routers.accounts import shown

router = APIRouter(route_class=HardopRoute, prefix="/api/v1/profile", tags=["accounts"])

# Far above every limit there is, which are for people and are counted elsewhere.
Words = Annotated[Text, Field(max_length=20_000)]


class FieldParameters(ParameterModel):
    """A row of the table on a profile."""

    name: Words = Field("", description="What the row is about; 255 characters.")
    value: Words = Field("", description="Plain text or a link; 255 characters.")


class ProfileParameters(ParameterModel):
    """What to change; what is left out stays as it is."""

    # Two pictures, also when they come as text, which a third more of them is.
    max_body_bytes: ClassVar[int] = 22 * 1024 * 1024
    max_text_bytes: ClassVar[int] = max_body_bytes

    display_name: Words | None = Field(None, description="30 characters.")
    note: Words | None = Field(None, description="Plain text, 500 characters as statuses count.")
    avatar: Upload | None = Field(
        None, description="JPEG, PNG, GIF or WebP of 8 MB; also as a `data:` URI."
    )
    header: Upload | None = Field(
        None, description="JPEG, PNG, GIF or WebP of 8 MB; also as a `data:` URI."
    )
    avatar_description: Words | None = Field(None, description="What it shows; 150 characters.")
    header_description: Words | None = Field(None, description="What it shows; 150 characters.")
    locked: Flag | None = Field(
        None, description="Following has to be allowed; false accepts all who asked."
    )
    bot: Flag | None = Field(None, description="The account is automated.")
    discoverable: Flag | None = Field(None, description="It may be suggested to others.")
    indexable: Flag | None = Field(None, description="Its public statuses may be found by search.")
    hide_collections: Flag | None = Field(
        None, description="Keep private whom it follows and who follows it."
    )
    show_media: Flag | None = Field(None, description="The profile has a tab of its media.")
    show_media_replies: Flag | None = Field(
        None, description="That tab has the media of replies, too."
    )
    show_featured: Flag | None = Field(
        None, description="The profile has a tab of hashtags and people it features."
    )
    attribution_domains: list[Words] | None = Field(
        None, description="Sites that may name it as an author."
    )
    fields_attributes: list[FieldParameters] | None = Field(
        None, description="The table on the profile, at most 4 rows; replaces all of it."
    )


@router.get("", response_model=Profile)
@access.user("profile", "read:accounts")
async def get_profile(caller: Caller, reads: Reads, renderer: Rendering) -> Response:
    """Your profile, for editing: texts as you wrote them, and as others see them.

    A picture you did not choose is null, where others see a default one.
    """
    row = await profiles.own(reads, caller.account_id)
    return responses.json_object(await profile(renderer, reads, row))


@router.patch("", response_model=Profile)
@access.user("write:accounts", patient=True)
async def update_profile(
    params: Parameters[ProfileParameters],
    viewer: Viewer,
    session: Session,
    renderer: Rendering,
    media: Media,
) -> Response:
    """Change your profile and its pictures."""
    await profiles.update(session, viewer, await profile_changes(params), media)
    reader = SessionReader(session)
    row = await profiles.own(reader, viewer)
    return responses.json_object(await profile(renderer, reader, row))


@router.delete("/avatar", response_model=CredentialAccount)
@access.user("write:accounts")
async def delete_avatar(
    caller: Caller, account: CurrentAccount, session: Session, renderer: Rendering
) -> Response:
    """Go back to the default picture."""
    await profiles.remove_picture(session, account, pictures.AVATAR)
    return await shown.own(session, caller, renderer)


@router.delete("/header", response_model=CredentialAccount)
@access.user("write:accounts")
async def delete_header(
    caller: Caller, account: CurrentAccount, session: Session, renderer: Rendering
) -> Response:
    """Go back to the default header picture."""
    await profiles.remove_picture(session, account, pictures.HEADER)
    return await shown.own(session, caller, renderer)


async def profile_changes(params: ProfileParameters) -> Changes:
    """What the parameters say is to change."""
    return Changes(
        display_name=params.display_name,
        note=params.note,
        avatar=await _content(params.avatar),
        header=await _content(params.header),
        avatar_description=params.avatar_description,
        header_description=params.header_description,
        locked=params.locked,
        bot=params.bot,
        discoverable=params.discoverable,
        indexable=params.indexable,
        hide_collections=params.hide_collections,
        show_media=params.show_media,
        show_media_replies=params.show_media_replies,
        show_featured=params.show_featured,
        attribution_domains=params.attribution_domains,
        fields=_rows(params.fields_attributes),
    )


async def _content(upload: Upload | None) -> bytes | None:
    """What was uploaded; of a file that is too large, enough to see that it is."""
    return await upload.read(pictures.MAX_BYTES + 1) if upload else None


def _rows(fields: list[FieldParameters] | None) -> list[tuple[str, str]] | None:
    return None if fields is None else [(field.name, field.value) for field in fields]
