"""Choosing a password, by who knows the present one or by who has a link (LG-5, LG-8)."""

from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from app import access, services
from app.dependencies import Reads, Session, Settings
from app.domain.identity import letters, one_time_links, passwords, sessions, users
from app.domain.identity import passwords as passwords_
from app.errors import Invalid, NotFound, TooManyRequests
from app.models.identity.one_time_links import Purpose
from app.models.identity.users import User
from app.routers.identity import pages
from app.routers.identity.pages import Browsing, Form, PageRoute
from app.settings import Settings as SettingsModel

router = APIRouter(route_class=PageRoute, prefix="/auth/password")


@router.get("", include_in_schema=False)
@access.public(rate="login")
async def show_password(request: Request, browser: Browsing) -> Response:
    """The form to change one's password with."""
    if browser.visitor is None:
        return pages.redirect("/auth/sign_in?" + urlencode({"next": "/auth/password"}))
    return _form(request, username=browser.visitor.account.username)


@router.post("", include_in_schema=False)
@access.public(rate="login")
async def change_password(
    request: Request, form: Form, browser: Browsing, session: Session, settings: Settings
) -> Response:
    """Change one's password. Everything else that was logged in is not any more (OA-19)."""
    visitor = browser.visitor
    if visitor is None:
        return pages.redirect("/auth/sign_in?" + urlencode({"next": "/auth/password"}))
    limits, username = services.of(request).limits, visitor.account.username
    who = (visitor.user.id, True)
    await limits.attempt_login(request, who)
    if not await passwords.fits(form.get("current_password", ""), visitor.user.password_hash):
        await pages.audit_login(request, session, "change_password_failed", visitor.user)
        error = pages.text(pages.language_of(request), "wrong_current")
        return _form(request, username=username, error=error, wrong="current_password")
    await limits.logged_in(request, who)
    return await _set(request, session, settings, visitor.user, form, username=username)


@router.get("/new", include_in_schema=False)
@access.public(rate="login")
async def show_new_password(
    request: Request, browser: Browsing, session: Session, token: str = ""
) -> Response:
    """The form behind a one-time link. Looking at it does not use the link up."""
    _ = browser
    user = await one_time_links.user_by_link(session, token, Purpose.SET_PASSWORD)
    if user is None:
        return bad_link(request)
    return _form(request, token=token, username=user.email)


@router.post("/new", include_in_schema=False)
@access.public(rate="login")
async def set_new_password(
    request: Request, form: Form, browser: Browsing, session: Session, settings: Settings
) -> Response:
    """Choose a password with a one-time link, which is used up by it."""
    _ = browser
    token = form.get("token", "")
    user = await one_time_links.user_by_link(session, token, Purpose.SET_PASSWORD)
    if user is None:
        return bad_link(request)
    return await _set(request, session, settings, user, form, token=token, username=user.email)


@router.get("/forgotten", include_in_schema=False)
@access.public(rate="login")
async def show_forgotten_password(
    request: Request, browser: Browsing, settings: Settings
) -> Response:
    """The form to ask with for a link that lets one choose a password."""
    _ = browser
    _require_mail(settings)
    return _forgotten(request)


@router.post("/forgotten", include_in_schema=False)
@access.public(rate="login")
async def ask_for_password(
    request: Request,
    form: Form,
    browser: Browsing,
    reads: Reads,
    session: Session,
    settings: Settings,
) -> Response:
    """Have a link mailed. The answer is the same whether anybody has that name (LG-7).

    Also if they were mailed enough: they have links by now, and are not kept out by who asked.
    """
    _ = browser
    _require_mail(settings)
    name, language = form.get("username", ""), pages.language_of(request)
    user_id = await users.id_by_login(reads, name)
    who = name if user_id is None else (user_id, False)
    try:
        wanted = await services.of(request).limits.ask_for_password(request, who)
    except TooManyRequests as refusal:
        error = pages.too_many(language, refusal)
        return _forgotten(request, name, error, status=429, headers=refusal.headers)
    if wanted:
        await letters.ask_for_password(session, user_id)
    return pages.page(
        request,
        "message.html",
        heading=pages.text(language, "mail_sent"),
        text=pages.text(language, "mail_sent_text"),
        link="/auth/sign_in",
        link_text=pages.text(language, "sign_in"),
        request_id="",
    )


def _require_mail(settings: SettingsModel) -> None:
    """Where nothing is mailed an administrator makes the link."""
    if settings.smtp_host is None:
        raise NotFound("no_mail")


def _forgotten(
    request: Request,
    username: str = "",
    error: str = "",
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    return pages.page(
        request,
        "forgotten_password.html",
        heading=pages.text(pages.language_of(request), "forgotten_password"),
        status=status,
        headers=headers,
        error=error,
        username=username,
    )


def bad_link(request: Request) -> Response:
    """The page for a link that is used, too old or made up."""
    language = pages.language_of(request)
    return pages.page(
        request,
        "message.html",
        heading=pages.text(language, "error_title"),
        status=NotFound.status,
        error=pages.text(language, "bad_link"),
        text="",
        link="",
        request_id="",
    )


async def _set(
    request: Request,
    session: Session,
    settings: Settings,
    user: User,
    form: dict[str, str],
    *,
    username: str,
    token: str = "",
) -> Response:
    language = pages.language_of(request)
    try:
        await users.set_password(session, settings, user, form.get("new_password", ""), token)
    except Invalid as refusal:
        details: dict[str, list[dict[str, str]]] = refusal.members["details"]  # type: ignore[assignment]
        code = details["password"][0]["error"].removeprefix("ERR_").lower()
        length = passwords_.min_length(settings)
        error = pages.text(language, f"password_{code}", length=length)
        return _form(request, token=token, username=username, error=error, wrong="new_password")
    cookie = await sessions.start(session, user)
    action = "reset_password" if token else "change_password"
    await pages.audit_login(request, session, action, user)
    services.of(request).authenticator.forget()
    response = pages.page(
        request,
        "message.html",
        heading=pages.text(language, "password_changed"),
        text=pages.text(language, "password_changed_text"),
        link="",
        request_id="",
    )
    pages.set_cookie(response, settings, cookie)
    return response


def _form(
    request: Request, *, username: str, token: str = "", error: str = "", wrong: str = ""
) -> Response:
    language = pages.language_of(request)
    return pages.page(
        request,
        "password.html",
        heading=pages.text(language, "choose_password" if token else "change_password"),
        status=422 if error else 200,
        error=error,
        wrong=wrong,
        action="/auth/password/new" if token else "/auth/password",
        ask_current=not token,
        token=token,
        username=username,
        min_length=passwords_.min_length(services.of(request).settings),
    )
