"""How much something was used, day by day, as clients know it: figures as text."""

from collections.abc import Mapping

from app import clock
from app.domain.statuses.tags import HISTORY_DAYS

_DAY_SECONDS = 86_400


def history(counted: Mapping[int, tuple[int, int]]) -> list[dict[str, str]]:
    """TagHistory entities of the last days, newest first.

    `counted` is `{midnight in seconds since 1970: (accounts, uses)}`.
    """
    today = int(clock.now().timestamp()) // _DAY_SECONDS * _DAY_SECONDS
    days = [today - ago * _DAY_SECONDS for ago in range(HISTORY_DAYS)]
    return [
        {"day": str(day), "accounts": str(accounts), "uses": str(uses)}
        for day in days
        for accounts, uses in [counted.get(day, (0, 0))]
    ]
