"""The public addresses of things. Content links and entity URLs must be byte for byte the same."""

from urllib.parse import quote


def account_url(origin: str, username: str) -> str:
    """The profile of an account, for people."""
    return f"{origin}/@{username}"


def account_uri(origin: str, username: str) -> str:
    """What identifies an account, for machines."""
    return f"{origin}/users/{username}"


def status_url(origin: str, username: str, status_id: int) -> str:
    """A status, for people. Command-line clients parse exactly `scheme://host/segment/id`."""
    return f"{origin}/@{username}/{status_id}"


def status_uri(origin: str, username: str, status_id: int) -> str:
    """What identifies a status, for machines."""
    return f"{origin}/users/{username}/statuses/{status_id}"


def tag_url(origin: str, name: str) -> str:
    """A tag's page; `name` is normalised."""
    return f"{origin}/tags/{quote(name)}"


def media_url(origin: str, name: str) -> str:
    """A stored file."""
    return f"{origin}/media/{name}"


def avatar_url(origin: str, name: str | None) -> str:
    """An account's picture, or the one for those who have none: clients crash on null."""
    return media_url(origin, name) if name else f"{origin}/static/avatar.png"


def header_url(origin: str, name: str | None) -> str:
    """An account's header picture, or the one for those who have none."""
    return media_url(origin, name) if name else f"{origin}/static/header.png"
