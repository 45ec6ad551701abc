"""The rules of the house."""

from fastapi import APIRouter

from app import access
from app.dependencies import Reads
from app.domain.instance import rules
from app.entities.instance.rules import Rule
from app.route import HardopRoute

router = APIRouter(route_class=HardopRoute, prefix="/api/v1/instance", tags=["instance"])


@router.get("/rules")
@access.public()
async def get_rules(reads: Reads) -> list[Rule]:
    """The rules of the house."""
    return [Rule.from_row(row) for row in await rules.current(reads)]
