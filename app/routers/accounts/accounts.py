"""Accounts: reading the profiles of others."""

from fastapi import APIRouter, Response
from pydantic import Field

from app import access, responses
from app.dependencies import Reads, Rendering, Settings
from app.domain.accounts import accounts
from app.entities.accounts.accounts import Account
from app.errors import Unprocessable
from app.parameters import Id, ParameterModel, Parameters, PathId, Text
from app.route import HardopRoute

MAX_IDS = 40

router = APIRouter(route_class=HardopRoute, prefix="/api/v1/accounts", tags=["accounts"])


class AccountsParameters(ParameterModel):
    """Which accounts."""

    id: list[Id] = Field([], description="Up to 40 ids; unknown ones are left out.")


class LookupParameters(ParameterModel):
    """Which account."""

    acct: Text = Field(description="`user` or `user@host`, with or without `@` in front.")


@router.get("", response_model=list[Account])
@access.optional("read:accounts")
async def get_accounts(
    params: Parameters[AccountsParameters], reads: Reads, renderer: Rendering
) -> Response:
    """Several accounts at once, in the order of their ids."""
    if len(params.id) > MAX_IDS:
        raise Unprocessable(f"Validation failed: At most {MAX_IDS} ids")
    rows = await accounts.by_ids(reads, params.id)
    return responses.json_list(await renderer.accounts(reads, rows))


@router.get("/lookup", response_model=Account, responses={404: {}})
@access.optional("read:accounts")
async def lookup_account(
    params: Parameters[LookupParameters], reads: Reads, renderer: Rendering, settings: Settings
) -> Response:
    """The account of this name, whatever the case."""
    row = await accounts.by_acct(reads, params.acct, domain=settings.domain)
    return responses.json_object((await renderer.accounts(reads, [row]))[0])


@router.get("/{account_id}", response_model=Account)
@access.optional("read:accounts")
async def get_account(account_id: PathId, reads: Reads, renderer: Rendering) -> Response:
    """One account. A suspended one says so, and nothing of itself."""
    row = await accounts.require(reads, account_id)
    return responses.json_object((await renderer.accounts(reads, [row]))[0])


@router.get("/{account_id}/identity_proofs")
@access.optional("read:accounts")
async def get_identity_proofs(account_id: PathId, reads: Reads) -> list[str]:
    """What proves who an account is elsewhere: nothing, as of every server of today."""
    await accounts.require(reads, account_id)
    return []
