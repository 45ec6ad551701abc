"""Applications, as clients see them."""

from typing import Self

from pydantic import Field

from app.entities.base import Entity, Id, example
from app.entities.notifications.push_subscriptions import VAPID_KEY
from app.models.identity import applications as models

_APPLICATION = {
    "id": "116057013207040000",
    "name": "Toot",
    "website": "https://toot.example.org",
    "scopes": ["read", "write", "follow"],
    "redirect_uris": ["urn:ietf:wg:oauth:2.0:oob"],
    "redirect_uri": "urn:ietf:wg:oauth:2.0:oob",
    "vapid_key": VAPID_KEY,
}


class Application(Entity):
    """A registered client."""

    model_config = example(_APPLICATION)

    id: Id = Field(description="Which application.")
    name: str = Field(description="What people see when they are asked to let it in.")
    website: str | None = Field(description="Where people learn more about it.")
    scopes: list[str] = Field(description="What it may ask for.")
    redirect_uris: list[str] = Field(description="Where answers to it may go.")
    redirect_uri: str = Field(description="The same in one text, a line each; for old clients.")
    vapid_key: str = Field(description="What push messages are signed with; for old clients.")

    @classmethod
    def from_row(cls, row: models.Application, vapid_key: str) -> Self:
        """The client as anybody who holds a token of it may see it."""
        return cls(**_members(row), vapid_key=vapid_key)


class CredentialApplication(Application):
    """A client that was just registered. The secret is shown this once and not kept."""

    model_config = example(
        {
            **_APPLICATION,
            "client_id": "dGhpcyBpcyBub3QgYSByZWFsIGNsaWVudCBpZC4uLi4",
            "client_secret": "bm9yIGlzIHRoaXMgYSByZWFsIGNsaWVudCBzZWNyZXQ",
            "client_secret_expires_at": 0,
        }
    )

    client_id: str = Field(description="Names the client in every OAuth request.")
    client_secret: str = Field(description="Proves it; empty for a public client.")
    client_secret_expires_at: int = Field(description="0: never.")

    @classmethod
    def from_registration(cls, row: models.Application, secret: str, vapid_key: str) -> Self:
        """The client with its secret, for whoever registered it."""
        return cls(
            **_members(row),
            vapid_key=vapid_key,
            client_id=row.client_id,
            client_secret=secret,
            client_secret_expires_at=0,
        )


def _members(row: models.Application) -> dict[str, object]:
    return {
        "id": str(row.id),
        "name": row.name,
        "website": row.website,
        "scopes": row.scopes.split(),
        "redirect_uris": row.redirect_uris,
        "redirect_uri": "\n".join(row.redirect_uris),
    }
