"""Letters to messages of mail: plain text, in the language of whoever reads it."""

import tomllib
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

from app import clock
from app.domain.identity.letters import Letter
from app.languages import preferred
from app.settings import Settings

_TEXTS = Path(__file__).parent.parent / "templates" / "letters.toml"
# Where each leads; a token is added where there is one.
_PATHS = {
    "confirm_email": "/auth/confirmation",
    "set_password": "/auth/password/new",
    "password_changed": "/auth/password/forgotten",
    "not_posted": "",
}


def message(letter: Letter, settings: Settings) -> EmailMessage:
    """The message. Nothing in it is secret but the link, and nothing that others wrote (LG-8)."""
    language = preferred([*texts()], letter.locale, "")
    known = texts()[language]
    link = settings.origin + _PATHS[letter.about]
    if letter.token:
        link += "?" + urlencode({"token": letter.token, "lang": language})
    written = EmailMessage(policy=SMTP)
    written["From"] = Address(settings.title, addr_spec=settings.mail_from or "")
    written["To"] = letter.email
    written["Subject"] = known[f"{letter.about}_subject"]
    written["Date"] = format_datetime(clock.now())
    written["Message-ID"] = make_msgid(domain=settings.domain.partition(":")[0])
    written["Content-Language"] = language
    # Nobody's absence is announced to a machine (RFC 3834).
    written["Auto-Submitted"] = "auto-generated"
    written.set_content(
        known[letter.about]
        .lstrip()
        .format(username=letter.username, site=settings.title, link=link)
    )
    return written


@cache
def texts() -> dict[str, dict[str, str]]:
    """`{language: {key: text}}`."""
    return tomllib.loads(_TEXTS.read_text())
