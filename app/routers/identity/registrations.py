"""Registrations: getting an account through an application."""

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import Field

from app import access, services
from app.dependencies import Actor, Caller, Session, Settings
from app.domain.accounts import registration
from app.domain.accounts.registration import Newcomer
from app.domain.identity import applications, issuing, letters
from app.domain.moderation import audit
from app.entities.base import Empty
from app.entities.identity.tokens import Token
from app.errors import Forbidden, Unprocessable
from app.languages import language_or_none
from app.models.identity.users import User
from app.network_access import address_of
from app.parameters import Flag, ParameterModel, Parameters, Text
from app.route import HardopRoute

router = APIRouter(route_class=HardopRoute, prefix="/api/v1")


class SignUpParameters(ParameterModel):
    """Who wants an account."""

    username: Text = Field("", description="Letters, digits and underscores; 30 at most.")
    email: Text = Field("", description="The person's e-mail address.")
    password: Text = Field("", description="Long enough, and not one that everybody knows.")
    agreement: Flag = Field(False, description="The person agreed to the rules.")
    locale: Text = Field("", description="The language of the person, e.g. `nl`.")
    reason: Annotated[Text, Field(max_length=2000)] = Field(
        "", description="Why; needed where sign-ups are approved one by one."
    )


class ConfirmationParameters(ParameterModel):
    """Where to send the message again."""

    email: Text = Field("", description="Another address, if the first was wrong.")


@router.post("/accounts")
@access.app("write:accounts", rate="sign-up", idempotent=True)
async def register_account(
    params: Parameters[SignUpParameters],
    caller: Caller,
    actor: Actor,
    session: Session,
    settings: Settings,
    request: Request,
) -> Token:
    """Get an account and a token for it.

    Where addresses are confirmed or sign-ups approved, the token answers 403 to everything else
    until that has happened. Everything that is wrong is told at once, in `details`.
    """
    if settings.registration == "closed" or not caller.application_id:
        raise Forbidden
    newcomer = Newcomer(
        username=params.username,
        email=params.email,
        password=params.password or None,
        locale=language_or_none(params.locale) or "en",
        reason=params.reason or None,
        address=address_of(request),
    )
    user = await registration.sign_up(session, settings, newcomer, agreement=params.agreement)
    await audit.record(session, actor, "sign_up", "account", user.account_id)
    application = await applications.behind_token(session, caller.application_id)
    answer = await issuing.issue(
        session, settings, application=application, user=user, scopes=application.scopes
    )
    return Token(**answer)


@router.post("/emails/confirmations")
@access.app(rate="confirm", idempotent=True)
async def resend_confirmation(
    params: Parameters[ConfirmationParameters],
    request: Request,
    caller: Caller,
    actor: Actor,
    session: Session,
) -> Empty:
    """Ask for another confirmation mail, to another address if one is given.

    Where nothing is mailed, a link that an administrator gave stays good for the address it was
    made for.
    """
    user = await _user(session, caller)
    if user.confirmed_at is not None:
        raise Forbidden("This method is only available while the e-mail is awaiting confirmation")
    if params.email:
        await registration.change_email(session, user, params.email)
        await audit.record(session, actor, "change_email", "account", user.account_id)
    await letters.ask_for_confirmation(session, user)
    services.of(request).authenticator.forget()
    return Empty()


@router.get("/emails/check_confirmation", responses={422: {}})
@access.app()
async def check_confirmation(caller: Caller, session: Session) -> bool:
    """Whether your e-mail address is confirmed."""
    return (await _user(session, caller)).confirmed_at is not None


async def _user(session: Session, caller: Caller) -> User:
    if not caller.user_id:
        raise Unprocessable("This method requires an authenticated user")
    return await session.get_one(User, caller.user_id)
