"""`docs/operating.md` tells the truth about the settings."""

import re
from pathlib import Path

import pytest

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
