"""Where somebody is logged in: seeing their browsers, and logging out of them (OA-17, LG-1)."""

from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from app import access
from app.dependencies import Session
from app.domain.identity import sessions
from app.errors import Forbidden
from app.parameters import PathId
from app.routers.identity import pages
from app.routers.identity.pages import Browsing, Form, PageRoute

_PATH = "/auth/sessions"
_MOMENT = "%Y-%m-%d %H:%M"

router = APIRouter(route_class=PageRoute, prefix=_PATH)


@router.get("", include_in_schema=False)
@access.public(rate="login")
async def show_sessions(
    request: Request, browser: Browsing, session: Session, ended: str = ""
) -> Response:
    """The browsers in which a person is logged in."""
    visitor = browser.visitor
    if visitor is None:
        return pages.redirect("/auth/sign_in?" + urlencode({"next": _PATH}))
    return pages.page(
        request,
        "sessions.html",
        heading=pages.text(pages.language_of(request), "browsers"),
        done=bool(ended),
        rows=[
            {
                "id": row.id,
                "since": row.created_at.strftime(_MOMENT),
                "used": row.last_used_at.strftime(_MOMENT),
                "is_this": row.id == visitor.session.id,
            }
            for row in await sessions.open_ones(session, visitor)
        ],
    )


@router.post("/end", include_in_schema=False)
@access.public(rate="login")
async def end_other_sessions(
    request: Request, form: Form, browser: Browsing, session: Session
) -> Response:
    """Log out everywhere but here."""
    _ = form
    if browser.visitor is None:
        raise Forbidden
    await sessions.end_others(session, browser.visitor)
    await pages.audit_login(request, session, "log_out_others", browser.visitor.user)
    return pages.redirect(f"{_PATH}?ended=1")


@router.post("/{session_id}/end", include_in_schema=False)
@access.public(rate="login")
async def end_session(
    session_id: PathId, request: Request, form: Form, browser: Browsing, session: Session
) -> Response:
    """Log out in one browser."""
    _ = form
    if browser.visitor is None:
        raise Forbidden
    await sessions.end_one(session, browser.visitor, session_id)
    await pages.audit_login(
        request, session, "log_out_others", browser.visitor.user, session_id=str(session_id)
    )
    return pages.redirect(f"{_PATH}?ended=1")
