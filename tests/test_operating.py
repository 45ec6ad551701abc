"""`docs/operating.md` tells the truth about the settings."""

import re
from pathlib import Path

import pytest

from app.errors import CannotStart
from app.settings import PREFIX, Settings, load

DOCUMENT = Path(__file__).parent.parent / "docs" / "operating.md"

_ROW = re.compile(rf"^\| `({PREFIX}[A-Z0-9_]+)` \| `?([^`|]*?)`? \| (.+) \|$", re.MULTILINE)


def shown(value: object) -> str:
    """How the table writes a default."""
    if value is None:
        return "none"
    if isinstance(value, list):
        return ",".join(map(str, value)) or "empty"
    return str(value) or "empty"


def test_the_table_has_every_setting_with_its_default() -> None:
    table = {name: default for name, default, _ in _ROW.findall(DOCUMENT.read_text())}

    assert table == {
        PREFIX + name.upper(): shown(field.default) for name, field in Settings.model_fields.items()
    }


def test_every_default_can_be_set_as_the_table_writes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    defaults = {name: field.default for name, field in Settings.model_fields.items()}
    for name, default in defaults.items():
        if default not in (None, "", []):
            monkeypatch.setenv(PREFIX + name.upper(), shown(default))

    assert load().model_dump() == defaults


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("BASE_URL", f"https://{rest}") for rest in ("", "a/b", "a?b", "a#b", "a:99999", "u@a")),
        ("BASE_URL", "https://a b"),
        ("BASE_URL", "ftp://a"),
        ("DATABASE_URL", "mysql://a/b"),
        ("DATABASE_URL", "postgresql://u:p@a:port/b"),
        ("DATABASE_URL", "postgresql://u:p@a:54321 /b"),
        ("MEILISEARCH_URL", "http://a:b"),
        ("S3_ENDPOINT", "s3.example.org"),
        ("CORS_ORIGINS", "*,app.example.org"),
        ("CORS_ORIGINS", "https://app.example.org/path"),
        ("ALLOWED_HOSTS", "https://a"),
        ("ALLOWED_HOSTS", "a:8000"),
        ("LANGUAGES", "Nederlands!"),
        ("LANGUAGES", ","),
        ("CONTACT_EMAIL", "help desk"),
        ("OUTGOING_PORTS", "80,0"),
        ("SMTP_PORT", "65536"),
        ("TRUSTED_PROXIES", "10.0.0.0/99"),
    ],
)
def test_what_cannot_work_is_refused_at_the_start(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(PREFIX + name, value)

    with pytest.raises(CannotStart, match=f"Wrong setting. {PREFIX}{name}"):
        load()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BASE_URL", "https://hardop.example.org:8443/"),
        ("BASE_URL", "http://[::1]:8000"),
        ("DATABASE_URL", "postgres:///hardop?host=/run/postgresql"),
        ("DATABASE_URL", "postgresql://u:p%40w@[::1]:5432/b?sslmode=require"),
        ("DATABASE_URL", "postgresql://u:p@a:5432,b:5433/c"),
        ("MEILISEARCH_URL", "https://search.example.org/meili/"),
        ("CORS_ORIGINS", "https://a.example.org:8443,capacitor://localhost"),
        ("ALLOWED_HOSTS", "hardop.example.org,10.0.0.1,[::1]"),
        ("LANGUAGES", "nl,en-GB"),
        ("CONTACT_EMAIL", "help@mail.local"),
    ],
)
def test_what_can_work_is_taken(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(PREFIX + name, value)

    load()
