"""Files that nobody sees any more."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from app import clock
from app.database import Database
from app.media_store import MediaStore
from app.models.instance.custom_emojis import CustomEmoji
from app.workers import media
from tests.factories import make_account

pytestmark = pytest.mark.anyio


def make_old(folder: Path, *, except_for: str) -> None:
    earlier = (clock.now() - timedelta(hours=2)).timestamp()
    for file in folder.iterdir():
        if file.name != except_for:
            os.utime(file, (earlier, earlier))


async def test_only_what_nothing_shows_is_removed(database: Database, tmp_path: Path) -> None:
    store = MediaStore(tmp_path)
    avatar, header, emoji, replaced, fresh = [
        await store.put(b"a picture", "webp") for _ in range(5)
    ]
    await make_account(database, avatar=avatar, header=header)
    async with database.session() as session:
        session.add(CustomEmoji(shortcode="drop", picture=emoji))
        await session.commit()
    # Killed while it was written.
    (tmp_path / f".{fresh}").touch()
    (tmp_path / "notes.txt").touch()
    make_old(tmp_path, except_for=fresh)

    await media.sweep(database, store)

    left = set(os.listdir(tmp_path))
    assert left == {avatar, header, emoji, fresh, "notes.txt"}
    assert replaced not in left


async def test_a_server_without_uploads_has_nothing_to_sweep(
    database: Database, tmp_path: Path
) -> None:
    await media.sweep(database, MediaStore(tmp_path / "absent"))

    assert not (tmp_path / "absent").exists()
