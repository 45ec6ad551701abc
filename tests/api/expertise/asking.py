"""Asking who knows about something."""

from typing import Any

import httpx


async def ask(
    client: httpx.AsyncClient, headers: dict[str, str], q: str, **params: object
) -> list[dict[str, Any]]:
    """Expert entities, best first."""
    response = await client.get(
        "/api/hardop/v1/experts",
        params={"q": q, **{name: str(value) for name, value in params.items()}},
        headers=headers,
    )
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()
    return found


def names(found: list[dict[str, Any]]) -> list[str]:
    """Their user names."""
    return [one["account"]["username"] for one in found]
