"""Mail: what people are told outside of this server."""

from typing import Any

import aiosmtplib
import structlog

from app.domain.identity import letters
from app.rendering.letters import message
from app.settings import Settings
from app.workers.tools import Tools

_SECONDS = 30.0
# From here on a server says that it will never take it (RFC 5321, section 4.2.1): if it speaks of
# the recipient or the message. Of us, or of the sender, an administrator can change its mind.
_NEVER = 500

log = structlog.get_logger("letters")


class NotSent(Exception):
    """The mail server was away, or did not take it yet. Tells no address (LO-2)."""


async def send(tools: Tools, event: dict[str, Any]) -> None:
    """Write to whoever an event concerns.

    Raises:
        NotSent: to be tried again.
    """
    if tools.settings.smtp_host is None:
        return
    async with tools.database.session() as session:
        letter = await letters.due(session, event)
        # A link is good before anybody has it.
        await session.commit()
    if letter is None:
        return
    try:
        await _send(tools.settings, letter)
    except aiosmtplib.SMTPRecipientsRefused as refusal:
        _judge(min(each.code for each in refusal.recipients))
    except aiosmtplib.SMTPDataError as refusal:
        _judge(refusal.code)
    except (aiosmtplib.SMTPException, OSError) as error:
        raise NotSent(type(error).__name__) from None


def _judge(code: int) -> None:
    if code < _NEVER:
        raise NotSent(str(code)) from None
    log.warning("letter refused", code=code)


async def _send(settings: Settings, letter: letters.Letter) -> None:
    await aiosmtplib.send(
        message(letter, settings),
        hostname=settings.smtp_host,
        port=settings.smtp_port,
        username=settings.smtp_username,
        password=settings.smtp_password,
        use_tls=settings.smtp_security == "tls",
        start_tls=settings.smtp_security == "starttls",
        timeout=_SECONDS,
    )
