"""What the pages for people have in common: their look, language, cookie and forms (LG-1 to LG-4).

They are plain HTML without a script. Every other route of the server is for programs.
"""

import hashlib
import json
import math
import re
import tomllib
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

import app
from app import access, services
from app.dependencies import Session, Settings
from app.domain.identity import sessions
from app.domain.identity.sessions import Visitor
from app.domain.moderation import audit
from app.error_handler import REQUEST_ID
from app.errors import Forbidden, TooManyRequests
from app.languages import preferred
from app.models.identity.users import User
from app.parameters import read_parameters
from app.route import HardopRoute
from app.settings import Settings as SettingsModel

HOME = "/oauth/authorized_applications"
LANGUAGES = ("en", "nl")

_ROOT = Path(app.__file__).parent
_STYLESHEET = _ROOT / "static" / "pages.css"
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_COOKIE_SECONDS = int(sessions.LONGEST.total_seconds())
_KNOWN_SECONDS = 365 * 24 * 3600
_BROWSER = "hardop.browser"
_LANGUAGE = "hardop.language"
# A path of ours and nothing that a browser could read as another host (LG-4).
_LOCAL = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")
_ENCODED_SLASH = re.compile(r"%(2f|5c|0[0-9a-f]|1[0-9a-f])", re.IGNORECASE)

_templates = Environment(
    loader=FileSystemLoader(_ROOT / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

router = APIRouter(route_class=HardopRoute)


@dataclass(frozen=True, slots=True)
class Browser:
    """Who looks at a page: a browser, and the person who is logged in with it, if anybody is."""

    cookie: str
    visitor: Visitor | None
    is_new: bool


class PageRoute(HardopRoute):
    """A route for people: its errors are pages too."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The life of every request, and an error page instead of an error object."""
        handle = super().get_route_handler()

        async def handle_page(request: Request) -> Response:
            response = await handle(request)
            if response.status_code < 400 or isinstance(response, HTMLResponse):
                return response
            return _error_page(request, response)

        return handle_page


async def audit_login(
    request: Request, session: Session, action: str, user: User, **details: Any
) -> None:
    """Write down what somebody did, or tried, to their login (AU-2)."""
    actor = audit.Actor(
        "user", account_id=user.account_id, request_id=request.scope.get(REQUEST_ID)
    )
    await audit.record(session, actor, action, "account", user.account_id, **details)


async def _stranger(request: Request, settings: Settings) -> Browser:
    cookie = request.cookies.get(cookie_name(settings), "")
    found = Browser(cookie or sessions.new_cookie(), None, is_new=not cookie)
    request.scope[_BROWSER] = found
    return found


# Nobody asked yet who is logged in.
Unasked = Annotated[Browser, Depends(_stranger)]


async def _browser(request: Request, browser: Unasked, session: Session) -> Browser:
    if not browser.is_new:
        visitor = await sessions.visitor_by_cookie(session, browser.cookie)
        browser = request.scope[_BROWSER] = replace(browser, visitor=visitor)
    return browser


Browsing = Annotated[Browser, Depends(_browser)]


async def _form(request: Request, browser: Unasked, settings: Settings) -> dict[str, str]:
    """The fields of a form that came from a page of ours, in this browser (LG-2).

    Raises:
        Forbidden: it did not.
    """
    given = await read_parameters(request)
    fields = {name: value for name, value in given.items() if isinstance(value, str)}
    request.scope[_LANGUAGE] = fields.get("lang", "")
    token = fields.pop("form_token", "")
    from_here = _is_same_origin(request, settings)
    if not from_here or not sessions.is_form_token(settings, browser.cookie, token):
        raise Forbidden("form_expired")
    return fields


Form = Annotated[dict[str, str], Depends(_form)]


@router.get("/static/pages.css", include_in_schema=False)
@access.public(rate="none")
async def get_stylesheet() -> Response:
    """What the pages look like. Its address changes with it, so that it may be kept."""
    return Response(
        _stylesheet()[0],
        media_type="text/css",
        headers={"Cache-Control": "public, max-age=31536000, immutable"},
    )


def page(
    request: Request,
    template: str,
    *,
    heading: str,
    status: int = 200,
    allow_form_elsewhere: bool = False,
    headers: dict[str, str] | None = None,
    **values: Any,
) -> HTMLResponse:
    """A page. `heading` and the texts in `values` are shown as they are, escaped.

    `allow_form_elsewhere`: browsers apply `form-action` to the redirects that follow, of which
    the last goes to the application (LG-3).
    """
    settings = services.of(request).settings
    browser: Browser | None = request.scope.get(_BROWSER)
    language = language_of(request)
    context = {
        "t": lambda key, **named: text(language, key, **named),
        "lang": language,
        "site": settings.title,
        "stylesheet": f"/static/pages.css?v={_stylesheet()[1]}",
        "heading": heading,
        "error": "",
        "account": browser.visitor.account if browser and browser.visitor else None,
        "form_token": sessions.form_token(settings, browser.cookie) if browser else "",
        **values,
    }
    response = HTMLResponse(
        _templates.get_template(template).render(context),
        status_code=status,
        headers={
            "Content-Security-Policy": POLICY
            + ("" if allow_form_elsewhere else "; form-action 'self'"),
            "Content-Language": language,
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cache-Control": "no-store",
            "Vary": "Accept-Language, Cookie",
            **(headers or {}),
        },
    )
    if browser is not None and browser.is_new:
        set_cookie(response, settings, browser.cookie)
    return response


def redirect(location: str) -> RedirectResponse:
    """On to another page. 303: nobody sends a password along (OA-18)."""
    return RedirectResponse(
        location,
        status_code=303,
        headers={"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"},
    )


def local(path: str) -> str:
    """`path` if it leads to a page of ours, else the page a person begins with (LG-4)."""
    before_query = path.partition("?")[0]
    is_local = bool(_LOCAL.fullmatch(path)) and not _ENCODED_SLASH.search(before_query)
    return path if is_local and before_query != "/" else HOME


def cookie_name(settings: SettingsModel) -> str:
    """The session's cookie. The strict name needs TLS, which one's own machine does not have."""
    return "__Host-hardop_session" if _is_secure(settings) else "hardop_session"


def set_cookie(response: Response, settings: SettingsModel, value: str) -> None:
    """Give a browser its session, or a name by which its forms are known."""
    response.set_cookie(
        cookie_name(settings),
        value,
        max_age=_COOKIE_SECONDS,
        path="/",
        secure=_is_secure(settings),
        httponly=True,
        samesite="lax",
    )


def know(response: Response, settings: SettingsModel, user_id: int) -> None:
    """Let a browser show later that a user logged in with it."""
    response.set_cookie(
        _known_name(settings),
        sessions.known_browser(settings, user_id),
        max_age=_KNOWN_SECONDS,
        path="/",
        secure=_is_secure(settings),
        httponly=True,
        samesite="strict",
    )


def knows(request: Request, settings: SettingsModel, user_id: int) -> bool:
    """Whether the user logged in with this browser before."""
    given = request.cookies.get(_known_name(settings), "")
    return sessions.is_known_browser(settings, user_id, given)


def _known_name(settings: SettingsModel) -> str:
    return "__Host-hardop_known" if _is_secure(settings) else "hardop_known"


def language_of(request: Request) -> str:
    """The language of a page: the one that was asked for, else the browser's, else English."""
    sent = request.scope.get(_LANGUAGE) or request.query_params.get("lang", "")
    return preferred(LANGUAGES, str(sent), request.headers.get("accept-language", ""))


def text(language: str, key: str, **named: object) -> str:
    """What a page says, in one of `LANGUAGES`."""
    return texts()[language][key].format(**named)


def too_many(language: str, refusal: TooManyRequests) -> str:
    """That it was too often, and how long to wait."""
    minutes = math.ceil(int(refusal.headers["Retry-After"]) / 60)
    return text(language, "too_many", minutes=minutes)


@cache
def texts() -> dict[str, dict[str, str]]:
    """`{language: {key: text}}`."""
    return tomllib.loads((_ROOT / "templates" / "texts.toml").read_text())


@cache
def _stylesheet() -> tuple[bytes, str]:
    content = _STYLESHEET.read_bytes()
    return content, hashlib.sha256(content).hexdigest()[:12]


def _error_page(request: Request, response: Response) -> HTMLResponse:
    problem = json.loads(bytes(response.body))
    language = language_of(request)
    keys = texts()[language]
    candidates = (f"error_{problem['detail']}", f"error_{response.status_code}", "error_500")
    kept = ("retry-after", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset")
    return page(
        request,
        "message.html",
        heading=keys["error_title"],
        status=response.status_code,
        headers={name: response.headers[name] for name in kept if name in response.headers},
        error=next(keys[key] for key in candidates if key in keys),
        text="",
        link="",
        request_id=problem["instance"].rpartition("/")[2] if response.status_code >= 500 else "",
    )


def _is_same_origin(request: Request, settings: SettingsModel) -> bool:
    """What the browser says of where the form was. Programs say nothing: their token decides."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin")
    if origin is None:
        return True
    return origin in (settings.origin, f"http://{request.headers.get('host')}")


def _is_secure(settings: SettingsModel) -> bool:
    return settings.origin.startswith("https:")
