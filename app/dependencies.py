"""What an endpoint may ask for, by annotation."""

from typing import Annotated

from fastapi import Depends, Request
from sqlmodel.ext.asyncio.session import AsyncSession

from app.database import Database
from app.domain.accounts.accounts import own
from app.domain.identity import tokens
from app.domain.instance import usage
from app.domain.moderation import accounts, audit
from app.domain.statuses.media_uploads import Uploads
from app.error_handler import REQUEST_ID
from app.media_store import MediaStore
from app.models.accounts.accounts import Account
from app.rendering.public_feeds import PublicFeeds
from app.rendering.statuses import Renderer
from app.route import WORK, Work
from app.settings import Settings as SettingsModel
from search.engines import SearchEngine


async def _work(request: Request) -> Work:
    work: Work = request.scope[WORK]
    return work


async def _session(request: Request) -> AsyncSession:
    work: Work = request.scope[WORK]
    return work.open_session()


async def _caller(request: Request) -> tokens.Caller:
    work: Work = request.scope[WORK]
    return work.caller


async def _actor(request: Request) -> audit.Actor:
    caller = request.scope[WORK].caller
    return audit.Actor(
        "user",
        account_id=caller.account_id or None,
        application_id=caller.application_id or None,
        token_id=caller.token_id or None,
        request_id=request.scope.get(REQUEST_ID),
    )


async def _moderator(request: Request) -> accounts.Moderator:
    caller = request.scope[WORK].caller
    return accounts.Moderator(await _actor(request), caller.account_id, caller.role)


async def _token(request: Request) -> str:
    work: Work = request.scope[WORK]
    return work.token or ""


async def _viewer(request: Request) -> int:
    work: Work = request.scope[WORK]
    return work.caller.account_id


async def _current_account(request: Request) -> Account:
    work: Work = request.scope[WORK]
    return await own(work.open_session(), work.caller.account_id)


async def _database(request: Request) -> Database:
    work: Work = request.scope[WORK]
    return work.services.database


async def _renderer(request: Request) -> Renderer:
    work: Work = request.scope[WORK]
    return work.services.renderer


async def _feeds(request: Request) -> PublicFeeds:
    work: Work = request.scope[WORK]
    return work.services.feeds


async def _media(request: Request) -> MediaStore:
    work: Work = request.scope[WORK]
    return work.services.media


async def _uploads(request: Request) -> Uploads:
    work: Work = request.scope[WORK]
    return work.services.uploads


async def _usage(request: Request) -> usage.Usage:
    work: Work = request.scope[WORK]
    return work.services.usage


async def _engine(request: Request) -> SearchEngine:
    work: Work = request.scope[WORK]
    return work.services.engine


async def _settings(request: Request) -> SettingsModel:
    work: Work = request.scope[WORK]
    return work.services.settings


# The request's transaction, committed by `app/route.py` before the answer leaves.
Session = Annotated[AsyncSession, Depends(_session)]
# Plain statements outside any transaction.
Reads = Annotated[Database, Depends(_database)]
# Who asks, with scopes and role; `Viewer` is just the account's id, 0 for anonymous.
Caller = Annotated[tokens.Caller, Depends(_caller)]
Viewer = Annotated[int, Depends(_viewer)]
# The access token itself, for what has to give it back.
Token = Annotated[str, Depends(_token)]
# The same as the audit log names them.
Actor = Annotated[audit.Actor, Depends(_actor)]
# The same with how high they stand, for deciding about others.
Moderator = Annotated[accounts.Moderator, Depends(_moderator)]
# The account row of the caller, in the request's session, for writing. Whoever stores files begins
# the transaction after that, and asks for the row then.
CurrentAccount = Annotated[Account, Depends(_current_account)]
# Who finds people and statuses by their words.
Engine = Annotated[SearchEngine, Depends(_engine)]
Rendering = Annotated[Renderer, Depends(_renderer)]
# Feeds that anybody may read.
Feeds = Annotated[PublicFeeds, Depends(_feeds)]
# What people uploaded.
Media = Annotated[MediaStore, Depends(_media)]
# Who takes in what people upload.
Uploading = Annotated[Uploads, Depends(_uploads)]
Usage = Annotated[usage.Usage, Depends(_usage)]
Settings = Annotated[SettingsModel, Depends(_settings)]
