"""Files that nobody sees any more."""

import os
import tempfile
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from app import clock
from app.database import Database
from app.media_store import UPLOAD, FolderStore
from app.models.instance.custom_emojis import CustomEmoji
from app.workers import media
from tests.factories import as_account, make_account, make_status
from tests.media import V1, make_media

pytestmark = pytest.mark.anyio


def make_old(folder: Path, *, except_for: str) -> None:
    earlier = (clock.now() - timedelta(hours=2)).timestamp()
    for file in folder.iterdir():
        if file.name != except_for:
            os.utime(file, (earlier, earlier))


async def test_only_what_nothing_shows_is_removed(database: Database, tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    avatar, header, emoji, replaced, fresh, file, preview = [
        await store.put(b"a picture", "webp") for _ in range(7)
    ]
    waiting = await store.put(b"a film", UPLOAD)
    ada = await make_account(database, avatar=avatar, header=header)
    await make_media(database, ada, file=file, preview=preview)
    await make_media(database, ada, is_ready=False, upload=waiting)
    async with database.session() as session:
        session.add(CustomEmoji(shortcode="drop", picture=emoji))
        await session.commit()
    # Killed while it was written.
    (tmp_path / f".{fresh}").touch()
    (tmp_path / "notes.txt").touch()
    make_old(tmp_path, except_for=fresh)

    await media.sweep(database, store)

    left = set(os.listdir(tmp_path))
    assert left == {avatar, header, emoji, fresh, file, preview, waiting, "notes.txt"}
    assert replaced not in left


async def test_a_server_without_uploads_has_nothing_to_sweep(
    database: Database, tmp_path: Path
) -> None:
    await media.sweep(database, FolderStore(tmp_path / "absent"))

    assert not (tmp_path / "absent").exists()


async def test_what_a_killed_process_worked_on_is_removed(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """MD-3: an original does not stay because somebody was killed."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    names = ("hardop-media-dead", "hardop-media-busy", "of-somebody-else")
    for name in names:
        (tmp_path / name).mkdir()
        (tmp_path / name / "upload").touch()
    make_old(tmp_path, except_for="hardop-media-busy")

    await media.sweep(database, FolderStore(tmp_path / "absent"))

    assert set(os.listdir(tmp_path)) == set(names[1:])


async def test_what_nothing_came_of_is_said_to_have_failed(
    client: httpx.AsyncClient, database: Database, tmp_path: Path
) -> None:
    """Clients ask until there is an answer."""
    ada = await make_account(database)
    headers = await as_account(database, ada)
    waiting = await make_media(database, ada, is_ready=False)
    lost = await make_media(
        database, ada, is_ready=False, created_at=clock.now() - timedelta(hours=13)
    )

    await media.sweep(database, FolderStore(tmp_path))

    for one, status in ((waiting, 206), (lost, 422)):
        assert (await client.get(f"{V1}/{one.id}", headers=headers)).status_code == status


async def test_what_was_uploaded_for_nothing_is_removed(database: Database, tmp_path: Path) -> None:
    """MD-6: after a day, unless it hangs on something or is to."""
    store = FolderStore(tmp_path)
    ada = await make_account(database)
    yesterday = clock.now() - timedelta(hours=25)
    await make_media(database, ada, unattached_since=yesterday)
    status_id = await make_status(database, ada)
    kept = [
        await make_media(database, ada),
        await make_media(database, ada, unattached_since=yesterday, held_by_id=1),
        await make_media(database, ada, unattached_since=yesterday, status_id=status_id),
    ]

    await media.sweep(database, store)

    left = await database.fetch("SELECT id FROM media_attachments ORDER BY id")
    assert [row["id"] for row in left] == [one.id for one in kept]
