"""The media store: a folder, or any store that speaks S3 (MD-4)."""

import io
import re
import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from app import clock
from app.errors import NotFound
from app.media_store import UPLOAD, FolderStore, MediaStore, open_store
from app.settings import Settings
from tests.media import read_whole

pytestmark = pytest.mark.anyio

BUCKET = "hardop"
LATER = timedelta(days=1)


@pytest.fixture(scope="module")
def s3() -> Iterator[Settings]:
    """Settings for a bucket on a server that speaks S3."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="eu-west-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    ).create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    yield Settings(
        _env_file=None,
        s3_bucket=BUCKET,
        s3_endpoint=endpoint,
        s3_prefix="media",
        s3_path_style="on",
        s3_region="eu-west-1",
        s3_access_key_id="test",
        s3_secret_access_key="test",
    )
    server.stop()


@pytest.fixture(params=["folder", "s3"])
async def store(
    request: pytest.FixtureRequest, tmp_path: Path, s3: Settings
) -> AsyncIterator[MediaStore]:
    if request.param == "folder":
        yield open_store(Settings(_env_file=None, data_dir=tmp_path))
    else:
        yield open_store(s3)


async def part(store: MediaStore, name: str, start: int, end: int) -> bytes:
    return b"".join([piece async for piece in store.read(name, start, end)])


async def test_what_is_kept_is_there(store: MediaStore) -> None:
    name = await store.put(b"0123456789", "webp")

    assert re.fullmatch(r"[0-9a-f]{32}\.webp", name)
    assert await store.size(name) == 10
    assert await read_whole(store, name) == b"0123456789"
    assert await part(store, name, 2, 5) == b"234"
    assert await part(store, name, 8, 99) == b"89"
    assert await part(store, name, 3, 3) == b""


async def test_two_files_have_two_names(store: MediaStore) -> None:
    assert await store.put(b"a", "png") != await store.put(b"a", "png")


async def test_large_files_pass_through(store: MediaStore) -> None:
    content = bytes(range(256)) * 40_000
    with tempfile.SpooledTemporaryFile(max_size=1000) as file:
        file.write(content)
        file.seek(0)
        name = await store.put(file, UPLOAD)  # type: ignore[arg-type]  # as good as any file

    assert await read_whole(store, name) == content
    assert await read_whole(store, await store.put(io.BytesIO(b"small"), UPLOAD)) == b"small"


async def test_what_is_not_there_is_not_found(store: MediaStore) -> None:
    absent = f"{'0' * 32}.webp"
    for name in (absent, "../settings.py", "x.webp", f"{'0' * 32}.html", f".{'0' * 32}.webp"):
        with pytest.raises(NotFound):
            await store.size(name)
        with pytest.raises(NotFound):
            await part(store, name, 0, 1)
        await store.remove(name)


async def test_what_is_removed_is_gone(store: MediaStore) -> None:
    name = await store.put(b"a", "png")
    await store.remove(name)
    await store.remove(name)

    with pytest.raises(NotFound):
        await store.size(name)


async def test_names_are_of_before_a_moment(store: MediaStore) -> None:
    name = await store.put(b"a", "png")

    assert name in await store.names(clock.now() + LATER)
    assert name not in await store.names(clock.now() - LATER)


async def test_a_folder_that_is_not_there_has_no_names(tmp_path: Path) -> None:
    assert await FolderStore(tmp_path / "absent").names(clock.now()) == []


async def test_a_file_that_shrinks_while_it_is_read_ends(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    name = await store.put(b"short", "png")

    assert await part(store, name, 0, 1000) == b"short"
