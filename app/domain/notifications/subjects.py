"""Subjects: the accounts, statuses, reports and warnings that notifications are about."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from app.database import Reader
from app.domain.accounts import accounts as accounts_
from app.domain.moderation import account_warnings
from app.domain.moderation import reports as reports_
from app.domain.statuses import rows


@dataclass(frozen=True, slots=True)
class Subjects:
    """Thin rows, in any order; of reports and warnings the rows of `domain.moderation`."""

    accounts: Sequence[Any]
    statuses: Sequence[Any]
    reports: Sequence[Any] = ()
    warnings: Sequence[Any] = ()


async def read(
    reader: Reader,
    viewer: int,
    *,
    accounts: Collection[int],
    statuses: Collection[int | None],
    reports: Collection[int | None] = (),
    warnings: Collection[int | None] = (),
) -> Subjects:
    """What there is of these, as the viewer may read it, and whom the reports are about."""
    reported = await reports_.by_ids(reader, _wanted(reports))
    people = {*accounts, *(row["target_account_id"] for row in reported)}
    return Subjects(
        accounts=await accounts_.thin_rows(reader, people),
        statuses=await rows.by_ids(reader, viewer, _wanted(statuses)),
        reports=reported,
        warnings=await account_warnings.by_ids(reader, _wanted(warnings)),
    )


def _wanted(ids: Collection[int | None]) -> list[int]:
    return sorted({id_ for id_ in ids if id_})
