"""Accounts as moderators see them."""

from typing import Any

from pydantic import Field

from app.entities.accounts.accounts import ACCOUNT, ROLE, Account, Role
from app.entities.base import Entity, Id, Timestamp, example

ADMIN_ACCOUNT: dict[str, Any] = {
    "id": "116057013207040000",
    "username": "amina",
    "domain": None,
    "created_at": "2026-02-12T09:30:00.000Z",
    "email": "amina@example.org",
    "ip": None,
    "ips": [],
    "locale": "nl",
    "invite_request": None,
    "role": ROLE,
    "confirmed": True,
    "approved": True,
    "disabled": False,
    "silenced": False,
    "suspended": False,
    "sensitized": False,
    "account": ACCOUNT,
}


class AdminIp(Entity):
    """An address that somebody logged in from."""

    ip: str = Field(description="The address.")
    used_at: Timestamp = Field(description="When.")


class AdminAccount(Entity):
    """An account with its login and its state."""

    model_config = example(ADMIN_ACCOUNT)

    id: Id = Field(description="Which account.")
    username: str = Field(description="Its name.")
    domain: str | None = Field(description="Always null: there is one server.")
    created_at: Timestamp = Field(description="When it came to be.")
    email: str = Field(description="The address of its owner; empty if nobody can log in.")
    ip: str | None = Field(description="Always null: addresses are not kept.")
    ips: list[AdminIp] = Field(description="Always empty.")
    locale: str | None = Field(description="The language of its owner.")
    invite_request: str | None = Field(description="Why they asked for an account.")
    role: Role | None = Field(description="What they may do.")
    confirmed: bool = Field(description="The address was confirmed.")
    approved: bool = Field(description="Somebody accepted the sign-up, or nobody had to.")
    disabled: bool = Field(description="The login is barred.")
    silenced: bool = Field(description="Only those who follow it come across it.")
    suspended: bool = Field(description="Gone, until that is undone.")
    sensitized: bool = Field(description="What it posts is hidden behind a click.")
    account: Account = Field(description="Its profile.")
