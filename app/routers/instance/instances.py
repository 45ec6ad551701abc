"""What this server is, and what it can do."""

from datetime import date

from fastapi import APIRouter

from app import access
from app.dependencies import Reads, Rendering, Settings, Usage
from app.deprecations import deprecated
from app.domain.accounts import accounts
from app.domain.instance import instance_pictures, rules
from app.domain.notifications import vapid_keys
from app.entities.accounts.accounts import Account
from app.entities.instance.instances import Instance, Language, V1Instance, WeekOfActivity
from app.entities.instance.rules import Rule
from app.languages import NAMES
from app.route import HardopRoute

router = APIRouter(route_class=HardopRoute, prefix="/api", tags=["instance"])


@router.get("/v2/instance")
@access.public()
async def get_instance(
    settings: Settings, usage: Usage, reads: Reads, renderer: Rendering
) -> Instance:
    """What this server is, its limits, and whom to ask about it."""
    figures = await usage.figures(reads)
    contact = await _contact(settings, reads, renderer)
    vapid_key = await vapid_keys.public_key(reads, settings)
    pictures = await instance_pictures.current(reads)
    return Instance.from_settings(
        settings, figures, contact, await _rules(reads), vapid_key, pictures
    )


@router.get("/v1/instance")
@deprecated(since=date(2022, 11, 14), instead="get_instance")
@access.public()
async def get_v1_instance(
    settings: Settings, usage: Usage, reads: Reads, renderer: Rendering
) -> V1Instance:
    """The same, as older clients read it."""
    figures = await usage.figures(reads)
    contact = await _contact(settings, reads, renderer)
    pictures = await instance_pictures.current(reads)
    return V1Instance.from_settings(settings, figures, contact, await _rules(reads), pictures)


@router.get("/v1/instance/peers")
@access.public()
async def get_peers() -> list[str]:
    """Other servers this one talks to: none."""
    return []


@router.get("/v1/peers/search")
@access.public()
async def search_peers() -> list[str]:
    """Other servers whose names begin so: none."""
    return []


@router.get("/v1/instance/domain_blocks")
@access.public()
async def get_domain_blocks() -> list[str]:
    """Other servers this one refuses to talk to: none, for it talks to none."""
    return []


@router.get("/v1/instance/translation_languages")
@access.public()
async def get_translation_languages() -> dict[str, list[str]]:
    """Into which languages each can be translated: none."""
    return {}


@router.get("/v1/instance/languages")
@access.public()
async def get_languages() -> list[Language]:
    """The languages a status can be said to be in."""
    return [Language(code=code, name=name) for code, name in NAMES.items()]


@router.get("/v1/instance/activity")
@access.public()
async def get_activity(usage: Usage, reads: Reads) -> list[WeekOfActivity]:
    """The last twelve weeks, this one first. Nothing here is about a person."""
    return [
        WeekOfActivity(
            week=str(week.week),
            statuses=str(week.statuses),
            logins=str(week.authors),
            registrations=str(week.registrations),
        )
        for week in await usage.activity(reads)
    ]


async def _rules(reads: Reads) -> list[Rule]:
    return [Rule.from_row(row) for row in await rules.current(reads)]


async def _contact(settings: Settings, reads: Reads, renderer: Rendering) -> Account | None:
    name = settings.contact_account.removeprefix("@").lower()
    found = await accounts.by_usernames(reads, [name]) if name else {}
    if name not in found:
        return None
    (body,) = await renderer.accounts(reads, [found[name]])
    return Account.model_validate_json(body)
