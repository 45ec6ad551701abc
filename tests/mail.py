"""A mail server that keeps what it is given."""

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope

from tests.certificates import Certificate

USERNAME, PASSWORD = "hardop", "let me mail"

_LINK = re.compile(r"^http\S+", re.MULTILINE)


class MailServer:
    """Answers with `answer` to each message, and keeps those that it takes.

    Before that, it knows only who has the `password`, and answers to sender and recipients.
    """

    def __init__(self, port: int) -> None:
        self.settings = {
            "smtp_host": "127.0.0.1",
            "smtp_port": port,
            "smtp_security": "none",
            "smtp_username": USERNAME,
            "smtp_password": PASSWORD,
            "mail_from": "hardop@hardop.test",
        }
        self.password = PASSWORD
        self.logins = 0
        # Whether the last message came over TLS.
        self.was_secret = False
        self.sender_answer = "250 OK"
        self.answer = "250 OK"
        self.recipients_answer = "250 OK"
        self.taken: list[EmailMessage] = []

    async def handle_MAIL(self, *given: Any) -> str:  # noqa: N802 - as the library calls it
        envelope: Envelope = given[2]
        envelope.mail_from = given[3]
        return self.sender_answer

    async def handle_RCPT(self, *given: Any) -> str:  # noqa: N802 - as the library calls it
        envelope: Envelope = given[2]
        envelope.rcpt_tos.append(given[3])
        return self.recipients_answer

    async def handle_DATA(self, *given: Any) -> str:  # noqa: N802 - as the library calls it
        self.was_secret = given[0].transport.get_extra_info("ssl_object") is not None
        envelope: Envelope = given[2]
        if self.answer.startswith("250"):
            assert isinstance(envelope.content, bytes)
            message = message_from_bytes(envelope.content, policy=default)
            assert isinstance(message, EmailMessage)
            self.taken.append(message)
        return self.answer

    def take(self) -> EmailMessage:
        """The only message that came since."""
        [message] = self.taken
        self.taken.clear()
        return message


def link_in(message: EmailMessage) -> str:
    """The link that a message has on a line of its own."""
    found = _LINK.search(message.get_content())
    assert found is not None
    return found[0]


@contextmanager
def mail_server(
    security: str = "none", certificate: Certificate | None = None
) -> Iterator[MailServer]:
    """A mail server on a port of its own, which wants a password.

    `security` is as in our settings, with the `certificate` it shows.
    """
    context = certificate.server_context() if certificate else None
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = MailServer(port)
    server.settings["smtp_security"] = security

    def is_known(_: Any, __: Any, ___: Any, ____: str, given: Any) -> AuthResult:
        server.logins += 1
        known = (given.login, given.password) == (USERNAME.encode(), server.password.encode())
        # What is not handled, the library answers: 535.
        return AuthResult(success=known, handled=known)

    controller = Controller(
        server,
        hostname="127.0.0.1",
        port=port,
        authenticator=is_known,
        auth_required=True,
        auth_require_tls=False,
        ssl_context=context if security == "tls" else None,
        tls_context=context if security == "starttls" else None,
        require_starttls=security == "starttls",
    )
    controller.start()
    try:
        yield server
    finally:
        controller.stop()
