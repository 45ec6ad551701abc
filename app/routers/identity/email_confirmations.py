"""Confirming an e-mail address with a one-time link."""

from fastapi import APIRouter, Request, Response

from app import access, services
from app.dependencies import Session
from app.domain.identity import one_time_links, users
from app.models.identity.one_time_links import Purpose
from app.routers.identity import pages
from app.routers.identity.pages import Browsing, Form, PageRoute
from app.routers.identity.passwords import bad_link

router = APIRouter(route_class=PageRoute, prefix="/auth/confirmation")


@router.get("", include_in_schema=False)
@access.public(rate="login")
async def show_confirmation(
    request: Request, browser: Browsing, session: Session, token: str = ""
) -> Response:
    """Ask whether the address is right: programs that scan mail follow links too."""
    _ = browser
    user = await one_time_links.user_by_link(session, token, Purpose.CONFIRM_EMAIL)
    if user is None:
        return bad_link(request)
    language = pages.language_of(request)
    return pages.page(
        request,
        "button.html",
        heading=pages.text(language, "confirm"),
        text=pages.text(language, "confirm_text", email=user.email),
        action="/auth/confirmation",
        button=pages.text(language, "confirm_button"),
        token=token,
    )


@router.post("", include_in_schema=False)
@access.public(rate="login")
async def confirm_email(
    request: Request, form: Form, browser: Browsing, session: Session
) -> Response:
    """Confirm the address, which uses the link up."""
    _ = browser
    user = await one_time_links.use(session, form.get("token", ""), Purpose.CONFIRM_EMAIL)
    if user is None:
        return bad_link(request)
    await users.confirm(session, user)
    await pages.audit_login(request, session, "confirm_email", user)
    services.of(request).authenticator.forget()
    language = pages.language_of(request)
    return pages.page(
        request,
        "message.html",
        heading=pages.text(language, "confirmed"),
        text=pages.text(language, "confirmed_text" if user.approved else "confirmed_waits_text"),
        link="",
        request_id="",
    )
