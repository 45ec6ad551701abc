"""Subjects: the accounts, statuses and decisions that notifications are about."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from app.database import Reader
from app.domain.accounts import accounts as accounts_
from app.domain.expertise import topic_endorsements
from app.domain.moderation import account_warnings
from app.domain.moderation import reports as reports_
from app.domain.statuses import rows


@dataclass(frozen=True, slots=True)
class Subjects:
    """Thin rows, in any order; of what is not an account or a status the rows of its own domain."""

    accounts: Sequence[Any]
    statuses: Sequence[Any]
    reports: Sequence[Any] = ()
    warnings: Sequence[Any] = ()
    endorsements: Sequence[Any] = ()


async def read(
    reader: Reader,
    viewer: int,
    *,
    accounts: Collection[int],
    statuses: Collection[int | None],
    reports: Collection[int | None] = (),
    warnings: Collection[int | None] = (),
    endorsements: Collection[int | None] = (),
) -> Subjects:
    """What there is of these, as the viewer may read it, and whom they are about."""
    reported = await reports_.by_ids(reader, _wanted(reports))
    praised = await topic_endorsements.by_ids(reader, viewer, _wanted(endorsements))
    people = {*accounts, *(row["target_account_id"] for row in (*reported, *praised))}
    return Subjects(
        accounts=await accounts_.thin_rows(reader, people),
        statuses=await rows.by_ids(reader, viewer, _wanted(statuses)),
        reports=reported,
        warnings=await account_warnings.by_ids(reader, _wanted(warnings)),
        endorsements=praised,
    )


def _wanted(ids: Collection[int | None]) -> list[int]:
    return sorted({id_ for id_ in ids if id_})
