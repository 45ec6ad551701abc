"""What this server says of itself at length."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path

from app import access
from app.dependencies import Reads
from app.domain.instance import instance_texts
from app.entities.instance.instance_texts import ExtendedDescription, TermsOfService
from app.errors import NotFound
from app.models.instance.instance_texts import TextKind
from app.route import HardopRoute

router = APIRouter(route_class=HardopRoute, prefix="/api/v1/instance", tags=["instance"])

EffectiveDate = Annotated[str, Path(description="From when on they are valid: `2026-12-01`.")]


@router.get("/extended_description")
@access.public()
async def get_extended_description(reads: Reads) -> ExtendedDescription:
    """A longer text about this server."""
    return ExtendedDescription.from_row(
        await instance_texts.current(reads, TextKind.EXTENDED_DESCRIPTION)
    )


@router.get("/privacy_policy")
@access.public()
async def get_privacy_policy(reads: Reads) -> ExtendedDescription:
    """What happens to personal data here."""
    return ExtendedDescription.from_row(
        await instance_texts.current(reads, TextKind.PRIVACY_POLICY)
    )


@router.get("/terms_of_service", responses={404: {}})
@access.public()
async def get_terms_of_service(reads: Reads) -> TermsOfService:
    """The terms that are valid today; not found when there are none."""
    row = await instance_texts.current(reads, TextKind.TERMS_OF_SERVICE)
    if row is None:
        raise NotFound
    return TermsOfService.from_row(row)


@router.get("/terms_of_service/{effective_date}", responses={404: {}})
@access.public()
async def get_terms_of_service_of_day(
    effective_date: EffectiveDate, reads: Reads
) -> TermsOfService:
    """The terms that became, or will become, valid on a day."""
    try:
        day = date.fromisoformat(effective_date)
    except ValueError:
        raise NotFound from None
    row = await instance_texts.of_day(reads, TextKind.TERMS_OF_SERVICE, day)
    if row is None:
        raise NotFound
    return TermsOfService.from_row(row)
