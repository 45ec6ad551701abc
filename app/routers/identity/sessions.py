"""Logging in and out with a browser."""

from urllib.parse import parse_qs

from fastapi import APIRouter, Request, Response

from app import access, services
from app.dependencies import Reads, Session, Settings
from app.domain.identity import applications, sessions, users
from app.errors import TooManyRequests
from app.models.identity.users import User
from app.routers.identity import pages
from app.routers.identity.pages import Browsing, Form, PageRoute

router = APIRouter(route_class=PageRoute, prefix="/auth")

_WAITS = {users.UNCONFIRMED: "waits_confirmation", users.PENDING: "waits_approval"}


@router.get("/sign_in", include_in_schema=False)
@access.public(rate="login")
async def show_sign_in(
    request: Request, browser: Browsing, session: Session, next: str = "", force: str = ""
) -> Response:
    """The form to log in with."""
    if browser.visitor is not None and not force:
        return pages.redirect(pages.local(next))
    return await _form(request, session, next)


@router.post("/sign_in", include_in_schema=False)
@access.public(rate="login")
async def sign_in(
    request: Request, form: Form, reads: Reads, session: Session, settings: Settings
) -> Response:
    """Log in, and go on to where the person wanted to be."""
    name, password = form.get("username", ""), form.get("password", "")
    after = form.get("next", "")
    limits = services.of(request).limits
    language = pages.language_of(request)
    # Outside of the transaction: who guesses is kept waiting, and must not keep a connection.
    user_id = await users.id_by_login(reads, name)
    who = name if user_id is None else (user_id, pages.knows(request, settings, user_id))
    try:
        await limits.attempt_login(request, who)
    except TooManyRequests as refusal:
        await _failed(request, session, user_id, "log_in_locked")
        error = pages.too_many(language, refusal)
        return await _form(
            request, session, after, name, error, status=429, headers=refusal.headers
        )
    user = await users.user_by_password(session, name, password)
    if user is None:
        await _failed(request, session, user_id, "log_in_failed")
        error = pages.text(language, "wrong_login")
        return await _form(request, session, after, name, error, status=422)
    await limits.logged_in(request, who)
    if problem := users.waits_for(user):
        await _failed(request, session, user_id, "log_in_failed")
        error = pages.text(language, _WAITS[problem])
        return await _form(request, session, after, name, error, status=403)
    cookie = await sessions.start(session, user)
    await pages.audit_login(request, session, "log_in", user)
    response = pages.redirect(pages.local(after))
    pages.set_cookie(response, settings, cookie)
    pages.know(response, settings, user.id)
    return response


@router.get("/sign_out", include_in_schema=False)
@access.public(rate="login")
async def show_sign_out(request: Request, browser: Browsing) -> Response:
    """Ask before logging out: a link must not do it."""
    _ = browser
    language = pages.language_of(request)
    return pages.page(
        request,
        "button.html",
        heading=pages.text(language, "sign_out"),
        text=pages.text(language, "sign_out_text"),
        action="/auth/sign_out",
        button=pages.text(language, "sign_out"),
        token="",
        account=None,
    )


@router.post("/sign_out", include_in_schema=False)
@access.public(rate="login")
async def sign_out(
    request: Request, form: Form, browser: Browsing, session: Session, settings: Settings
) -> Response:
    """Log out in this browser."""
    _ = form
    await sessions.end(session, browser.cookie)
    if browser.visitor is not None:
        await pages.audit_login(request, session, "log_out", browser.visitor.user)
    language = pages.language_of(request)
    response = pages.page(
        request,
        "message.html",
        heading=pages.text(language, "signed_out"),
        text=pages.text(language, "signed_out_text"),
        link="/auth/sign_in",
        link_text=pages.text(language, "sign_in"),
        request_id="",
        account=None,
        headers={"Clear-Site-Data": '"cookies","storage"'},
    )
    response.delete_cookie(
        pages.cookie_name(settings),
        path="/",
        secure=settings.origin.startswith("https:"),
        httponly=True,
        samesite="lax",
    )
    return response


async def _failed(request: Request, session: Session, user_id: int | None, action: str) -> None:
    """Write down that somebody tried to get in (AU-2). Of a name that nobody has, nothing."""
    user = None if user_id is None else await session.get(User, user_id)
    if user is not None:
        await pages.audit_login(request, session, action, user)


async def _form(
    request: Request,
    session: Session,
    after: str,
    username: str = "",
    error: str = "",
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    asker = await _asker(session, after)
    return pages.page(
        request,
        "sign_in.html",
        heading=pages.text(pages.language_of(request), "sign_in"),
        status=status,
        # The page that asks for consent may have nothing to ask, and send the person on at once.
        allow_form_elsewhere=bool(asker),
        headers=headers,
        error=error,
        sends_mail=services.of(request).settings.smtp_host is not None,
        next=pages.local(after),
        username=username,
        asker=asker,
        account=None,
    )


async def _asker(session: Session, after: str) -> str:
    """The name of the application that sent the person here, if one did."""
    path, _, query = after.partition("?")
    if path.rstrip("/") != "/oauth/authorize":
        return ""
    client_id = parse_qs(query).get("client_id", [""])[0]
    application = await applications.by_client_id(session, client_id.replace("\x00", ""))
    return application.name if application is not None else ""
