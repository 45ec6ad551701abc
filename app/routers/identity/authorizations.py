"""Letting applications in, and shutting them out again (OA-3 to OA-6, OA-17)."""

import re
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Request, Response

from app import access, services
from app.database import SessionReader
from app.dependencies import Session, Settings
from app.domain.identity import applications, redirect_uris, users
from app.domain.identity.oauth_requests import Answer, OAuthRequest
from app.domain.identity.oauth_server import (
    Consent,
    authorization_answer,
    consent_or_answer,
    redirect_target,
)
from app.domain.identity.sessions import Visitor
from app.errors import BadRequest, Forbidden
from app.parameters import PathId, read_parameters
from app.routers.identity import pages
from app.routers.identity.pages import Browsing, Form, PageRoute

router = APIRouter(route_class=PageRoute, prefix="/oauth")

_CARRIED = (
    *("response_type", "client_id", "redirect_uri", "scope", "state"),
    *("code_challenge", "code_challenge_method", "lang"),
)
_CODE = re.compile(r"[A-Za-z0-9_-]{20,100}")
_ERROR = re.compile(r"[ -~]{1,300}")
# Some clients write their language's word for false.
_FALSE = frozenset(("", "0", "f", "false", "off", "none", "no"))


@router.get("/authorize", include_in_schema=False)
@access.public(rate="login")
async def show_authorization(
    request: Request, browser: Browsing, session: Session, settings: Settings
) -> Response:
    """Ask a person whether an application may use their account."""
    given = await read_parameters(request)
    oauth_request = OAuthRequest("GET", given, visitor=browser.visitor)
    # Nothing is ever sent to an address that is not registered, and nothing to any address before
    # somebody is logged in: else this would be an open redirector (RFC 9700, 4.11.2).
    await redirect_target(session, oauth_request)
    again = str(given.get("force_login", "")).lower() not in _FALSE
    if browser.visitor is None or again:
        return pages.redirect(_sign_in(oauth_request, force=again))
    _require_complete(browser.visitor)
    found = await consent_or_answer(session, settings, oauth_request)
    if isinstance(found, Answer):
        return pages.redirect(found.location)
    return _consent_page(request, oauth_request, found, settings.token_idle_days)


@router.post("/authorize", include_in_schema=False)
@access.public(rate="login")
async def authorize(
    request: Request, form: Form, browser: Browsing, session: Session, settings: Settings
) -> Response:
    """Do as the person decided: a code for the application, or its refusal."""
    oauth_request = OAuthRequest("POST", form, visitor=browser.visitor)
    application, _ = await redirect_target(session, oauth_request)
    if browser.visitor is None:
        return pages.redirect(_sign_in(oauth_request))
    _require_complete(browser.visitor)
    if form.get("decision") not in ("allow", "deny"):
        raise BadRequest
    answer = await authorization_answer(
        session, settings, oauth_request, agreed=form["decision"] == "allow"
    )
    await _audit(request, session, browser.visitor, form["decision"], application.id)
    return pages.redirect(answer.location)


@router.get("/authorize/native", include_in_schema=False)
@access.public(rate="login")
async def show_code(request: Request, browser: Browsing, code: str = "") -> Response:
    """Show a code, for applications that a browser cannot return to."""
    _ = browser
    language = pages.language_of(request)
    headers = {"Referrer-Policy": "no-referrer"}
    if _CODE.fullmatch(code):
        heading = pages.text(language, "code_title")
        return pages.page(
            request, "code.html", heading=heading, code=code, headers=headers, account=None
        )
    error = request.query_params.get("error", "")
    if not _ERROR.fullmatch(error):
        raise BadRequest
    denied = error == "access_denied"
    reason = request.query_params.get("error_description", "")
    shown = reason if _ERROR.fullmatch(reason) else error
    return pages.page(
        request,
        "message.html",
        heading=pages.text(language, "denied" if denied else "not_completed"),
        text=pages.text(language, "denied_text")
        if denied
        else pages.text(language, "not_completed_text", reason=shown),
        link="",
        request_id="",
        headers=headers,
        account=None,
    )


@router.get("/authorized_applications", include_in_schema=False)
@access.public(rate="login")
async def show_authorized_applications(
    request: Request, browser: Browsing, session: Session, withdrawn: str = ""
) -> Response:
    """The applications a person has let in."""
    if browser.visitor is None:
        return pages.redirect("/auth/sign_in?" + urlencode({"next": pages.HOME}))
    user, language = browser.visitor.user, pages.language_of(request)
    rows = await applications.let_in_by(SessionReader(session), user.id, user.tokens_not_before)
    return pages.page(
        request,
        "authorized_applications.html",
        heading=pages.text(language, "applications"),
        done=bool(withdrawn),
        rows=[
            {
                "id": row["id"],
                "name": row["name"],
                "host": _host(row["website"]),
                "since": row["first_at"].date().isoformat(),
                "scopes": scope_lines(language, row["scopes"].split()),
                "feeds_count": row["feeds_count"],
            }
            for row in rows
        ],
    )


@router.post("/authorized_applications/{application_id}/revoke", include_in_schema=False)
@access.public(rate="login")
async def withdraw_authorization(
    application_id: PathId, request: Request, form: Form, browser: Browsing, session: Session
) -> Response:
    """Shut an application out: all its tokens of this person end, and the feeds it made them."""
    _ = form
    if browser.visitor is None:
        raise Forbidden
    await applications.shut_out(
        session, user_id=browser.visitor.user.id, application_id=application_id
    )
    await _audit(request, session, browser.visitor, "withdraw", application_id)
    services.of(request).authenticator.forget()
    return pages.redirect(f"{pages.HOME}?withdrawn=1")


async def _audit(
    request: Request, session: Session, visitor: Visitor, action: str, application_id: int
) -> None:
    """Write down what somebody decided about an application (AU-2)."""
    await pages.audit_login(
        request, session, f"{action}_application", visitor.user, application_id=str(application_id)
    )


def scope_lines(language: str, scopes: list[str]) -> list[str]:
    """What the scopes allow, in words; the narrow ones of one kind in one line."""
    known = pages.texts()[language]
    lines: list[str] = []
    nouns: dict[str, list[str]] = {}
    for scope in scopes:
        if f"scope_{scope}" in known:
            lines.append(known[f"scope_{scope}"])
        else:
            kind, _, noun = scope.rpartition(":")
            nouns.setdefault(kind.replace(":", "_"), []).append(known.get(f"noun_{noun}", noun))
    return lines + [
        pages.text(language, f"{kind}_some", noun=", ".join(words)) for kind, words in nouns.items()
    ]


def _consent_page(
    request: Request, oauth_request: OAuthRequest, consent: Consent, idle_days: int
) -> Response:
    application, language = consent.application, pages.language_of(request)
    parameters = _carried(oauth_request)
    return pages.page(
        request,
        "consent.html",
        heading=pages.text(language, "consent", app=application.name),
        allow_form_elsewhere=True,
        application=application,
        website_host=_host(application.website),
        redirect_host=redirect_uris.host(consent.redirect_uri),
        out_of_band=consent.redirect_uri == redirect_uris.OUT_OF_BAND,
        idle_days=idle_days,
        scope_lines=scope_lines(language, consent.scopes),
        parameters=parameters,
        other_account="/oauth/authorize?" + urlencode({**parameters, "force_login": "true"}),
    )


def _sign_in(oauth_request: OAuthRequest, *, force: bool = False) -> str:
    carried = _carried(oauth_request)
    parameters = {"next": "/oauth/authorize?" + urlencode(carried)}
    if force:
        parameters["force"] = "1"
    if "lang" in carried:
        parameters["lang"] = carried["lang"]
    return "/auth/sign_in?" + urlencode(parameters)


def _carried(oauth_request: OAuthRequest) -> dict[str, str]:
    """The parameters of the request, to come back with the form or after logging in."""
    given = oauth_request.form
    return {name: given[name] for name in _CARRIED if name in given}


def _require_complete(visitor: Visitor) -> None:
    if problem := users.waits_for(visitor.user):
        raise Forbidden(problem)


def _host(website: str | None) -> str:
    return urlsplit(website).netloc if website else ""
