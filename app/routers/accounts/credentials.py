"""Your own account: reading and changing it."""

from typing import Annotated, ClassVar

from fastapi import APIRouter, Response
from pydantic import Field

from app import access, responses
from app.database import SessionReader
from app.dependencies import Caller, CurrentAccount, Media, Reads, Rendering, Session
from app.domain.accounts import pictures, profiles
from app.domain.accounts.profiles import Changes
from app.entities.accounts.accounts import CredentialAccount, QuotePolicy
from app.languages import language_or_none
from app.models.statuses.statuses import Visibility
from app.parameters import Flag, ParameterModel, Parameters, Text, Upload
from app.rendering.credentials import credentials
from app.route import HardopRoute

router = APIRouter(route_class=HardopRoute, prefix="/api/v1", tags=["accounts"])

# Far above every limit there is, which are for people and are counted elsewhere.
Words = Annotated[Text, Field(max_length=20_000)]


class FieldParameters(ParameterModel):
    """A row of the table on a profile."""

    name: Words = Field("", description="What the row is about; 255 characters.")
    value: Words = Field("", description="Plain text or a link; 255 characters.")


class SourceParameters(ParameterModel):
    """How to post when a status does not say."""

    privacy: Visibility | None = Field(None, description="The visibility of a status.")
    sensitive: Flag | None = Field(None, description="Whether to hide its media.")
    language: Text | None = Field(None, description="ISO 639; empty for none.")
    quote_policy: QuotePolicy | None = Field(None, description="Who may quote a status.")


class ProfileParameters(ParameterModel):
    """What to change; what is left out stays as it is."""

    # Two pictures, also when they come as text.
    max_body_bytes: ClassVar[int] = 16 * 1024 * 1024

    display_name: Words | None = Field(None, description="30 characters.")
    note: Words | None = Field(None, description="Plain text, 500 characters as statuses count.")
    avatar: Upload | None = Field(
        None, description="JPEG, PNG, GIF or WebP of 2 MB; or a `data:` URI of 1 MB."
    )
    header: Upload | None = Field(
        None, description="JPEG, PNG, GIF or WebP of 8 MB; or a `data:` URI of 1 MB."
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
    attribution_domains: list[Words] | None = Field(
        None, description="Sites that may name it as an author."
    )
    fields_attributes: list[FieldParameters] | None = Field(
        None, description="The table on the profile, at most 4 rows; replaces all of it."
    )
    source: SourceParameters | None = Field(None, description="How to post by default.")


@router.get("/accounts/verify_credentials", response_model=CredentialAccount)
@access.user("profile", "read:accounts")
async def verify_credentials(caller: Caller, reads: Reads, renderer: Rendering) -> Response:
    """Your own account, with what you may edit and do."""
    row = await profiles.own(reads, caller.account_id)
    return responses.json_object(await credentials(renderer, reads, row, caller.role))


@router.patch("/accounts/update_credentials", response_model=CredentialAccount)
@access.user("write:accounts")
async def update_credentials(
    params: Parameters[ProfileParameters],
    caller: Caller,
    account: CurrentAccount,
    session: Session,
    renderer: Rendering,
    media: Media,
) -> Response:
    """Change your profile, its pictures, and how you post by default."""
    changes = Changes(
        display_name=params.display_name,
        note=params.note,
        avatar=await _content(params.avatar, pictures.AVATAR),
        header=await _content(params.header, pictures.HEADER),
        avatar_description=params.avatar_description,
        header_description=params.header_description,
        locked=params.locked,
        bot=params.bot,
        discoverable=params.discoverable,
        indexable=params.indexable,
        hide_collections=params.hide_collections,
        attribution_domains=params.attribution_domains,
        fields=_rows(params.fields_attributes),
        posting_defaults=_defaults(params.source),
    )
    await profiles.update(session, account, changes, media)
    return await _own(caller, session, renderer)


@router.delete("/profile/avatar", response_model=CredentialAccount)
@access.user("write:accounts")
async def delete_avatar(
    caller: Caller, account: CurrentAccount, session: Session, renderer: Rendering
) -> Response:
    """Go back to the default picture."""
    await profiles.remove_picture(session, account, pictures.AVATAR)
    return await _own(caller, session, renderer)


@router.delete("/profile/header", response_model=CredentialAccount)
@access.user("write:accounts")
async def delete_header(
    caller: Caller, account: CurrentAccount, session: Session, renderer: Rendering
) -> Response:
    """Go back to the default header picture."""
    await profiles.remove_picture(session, account, pictures.HEADER)
    return await _own(caller, session, renderer)


async def _own(caller: Caller, session: Session, renderer: Rendering) -> Response:
    reader = SessionReader(session)
    row = await profiles.own(reader, caller.account_id)
    return responses.json_object(await credentials(renderer, reader, row, caller.role))


async def _content(upload: Upload | None, kind: pictures.Kind) -> bytes | None:
    """What was uploaded; of a file that is too large, enough to see that it is."""
    return await upload.read(kind.max_bytes + 1) if upload else None


def _rows(fields: list[FieldParameters] | None) -> list[tuple[str, str]] | None:
    return None if fields is None else [(field.name, field.value) for field in fields]


def _defaults(source: SourceParameters | None) -> dict[str, object]:
    if source is None:
        return {}
    given: dict[str, object] = {
        name: value
        for name in ("privacy", "sensitive", "quote_policy")
        if (value := getattr(source, name)) is not None
    }
    # Empty or null: statuses have no language by default.
    if "language" in source.model_fields_set:
        given["language"] = language_or_none(source.language)
    return given
