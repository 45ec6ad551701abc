"""Mentions: whom a text names, who may therefore read it."""

from collections.abc import Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from app.database import SessionReader
from app.domain.accounts import accounts
from app.domain.statuses import text
from app.errors import Unprocessable
from app.models.accounts.accounts import Account


class UnexpectedMentions(Unprocessable):
    """The text mentions accounts that the client did not expect; `account_ids` names them."""

    code = "unexpected_mentions"
    message = "Validation failed: Status mentions unexpected accounts"

    def __init__(self, account_ids: Sequence[int]) -> None:
        super().__init__()
        self.account_ids = list(account_ids)


async def mentioned(session: AsyncSession, parsed: text.Parsed) -> list[int]:
    """The accounts that a text names, as far as they exist."""
    found = await accounts.by_usernames(
        SessionReader(session), {mention.username for mention in parsed.mentions}
    )
    return sorted(row["id"] for row in found.values())


def expect(mentioned: Sequence[int], allowed: Sequence[int] | None, account: Account) -> None:
    """Let only `allowed` accounts be mentioned, and the author; None allows everybody.

    Raises:
        UnexpectedMentions: others are.
    """
    if allowed is None:
        return
    unexpected = set(mentioned) - set(allowed) - {account.id}
    if unexpected:
        raise UnexpectedMentions(sorted(unexpected))
