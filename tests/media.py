"""Files that hang on statuses, or are about to."""

import io
from typing import Any

import httpx

from app.database import Database
from app.domain.statuses import media_attachments
from app.domain.statuses.media_attachments import Details, Uploaded
from app.media_store import MediaStore, new_name
from app.models.accounts.accounts import Account
from app.models.statuses.media_attachments import MediaAttachment, MediaKind

V1, V2 = "/api/v1/media", "/api/v2/media"

_META = {
    "original": {"width": 60, "height": 40, "size": "60x40", "aspect": 1.5},
    "small": {"width": 60, "height": 40, "size": "60x40", "aspect": 1.5},
}


async def make_media(
    database: Database,
    account: Account,
    kind: MediaKind = MediaKind.IMAGE,
    *,
    is_ready: bool = True,
    **columns: Any,
) -> MediaAttachment:
    """A file of an account, ready to be hung on a status; in the media store there is none."""
    uploaded = Uploaded(
        kind,
        size_bytes=1000,
        upload=None if is_ready else new_name("upload"),
        file=new_name("jpg") if is_ready else None,
        preview=new_name("webp") if is_ready else None,
        blurhash="L2Eyb[_3of_3~qofj[ofayayfQay",
        meta=_META,
    )
    async with database.session() as session:
        media = await media_attachments.upload(session, account.id, uploaded, Details())
        for name, value in columns.items():
            setattr(media, name, value)
        await session.commit()
    return media


async def read_whole(store: MediaStore, name: str) -> bytes:
    """A file that fits into memory."""
    return b"".join([part async for part in store.read(name, 0, await store.size(name))])


async def upload(
    client: httpx.AsyncClient,
    headers: dict[str, str],
    content: bytes,
    *,
    path: str = V2,
    name: str = "file",
    thumbnail: bytes | None = None,
    **fields: str,
) -> httpx.Response:
    """Upload a file as clients do: toot does not even say of which type it is."""
    files = {"file": (name, io.BytesIO(content), "")}
    if thumbnail is not None:
        files["thumbnail"] = ("thumbnail", io.BytesIO(thumbnail), "")
    return await client.post(path, headers=headers, files=files, data=fields)
