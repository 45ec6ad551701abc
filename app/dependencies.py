"""What an endpoint may ask for, by annotation."""

from typing import Annotated

from fastapi import Depends, Request
from sqlmodel.ext.asyncio.session import AsyncSession

from app import services
from app.database import Database
from app.domain.identity import tokens
from app.errors import Unauthorized
from app.models.accounts.accounts import Account
from app.rendering.statuses import Renderer
from app.route import WORK, Work
from app.settings import Settings as SettingsModel


async def _work(request: Request) -> Work:
    work: Work = request.scope[WORK]
    return work


async def _session(request: Request) -> AsyncSession:
    work: Work = request.scope[WORK]
    return work.open_session()


async def _caller(request: Request) -> tokens.Caller:
    work: Work = request.scope[WORK]
    return work.caller


async def _viewer(request: Request) -> int:
    work: Work = request.scope[WORK]
    return work.caller.account_id


async def _current_account(request: Request) -> Account:
    work: Work = request.scope[WORK]
    account = await work.open_session().get(Account, work.caller.account_id)
    if account is None:
        raise Unauthorized
    return account


async def _database(request: Request) -> Database:
    return services.of(request).database


async def _renderer(request: Request) -> Renderer:
    return services.of(request).renderer


async def _settings(request: Request) -> SettingsModel:
    return services.of(request).settings


# The request's transaction, committed by `app/route.py` before the answer leaves.
Session = Annotated[AsyncSession, Depends(_session)]
# Plain statements outside any transaction.
Reads = Annotated[Database, Depends(_database)]
# Who asks, with scopes and role; `Viewer` is just the account's id, 0 for anonymous.
Caller = Annotated[tokens.Caller, Depends(_caller)]
Viewer = Annotated[int, Depends(_viewer)]
# The account row of the caller, in the request's session, for writing.
CurrentAccount = Annotated[Account, Depends(_current_account)]
Rendering = Annotated[Renderer, Depends(_renderer)]
Settings = Annotated[SettingsModel, Depends(_settings)]
