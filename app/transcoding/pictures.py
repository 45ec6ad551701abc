"""Pictures: drawn anew, so that of what came with a file only pixels are kept (MD-3).

`draw`, `cut` and `draw_emoji` ask a confined process, which runs `drawing`.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from app.transcoding import drawing, sandbox


@dataclass(frozen=True, slots=True)
class Drawn:
    """What came of a picture. Sizes are `(width, height)`.

    `suffix` is that of the original; of a still, which has none, that of the small one.
    """

    small: tuple[int, int]
    blurhash: str
    original: tuple[int, int] | None = None
    suffix: str | None = None
    is_animated: bool = False


_DRAWN = TypeAdapter(Drawn)


async def draw(folder: Path, job: drawing.Job = "picture") -> Drawn:
    """Make of `folder/upload` what is kept of it; with `thumbnail` only the small one.

    With `still` that stands for a film or a sound, and is a PNG or a JPEG.

    With `kind` a moving picture is left as it is: somebody else makes a film of it.

    Raises:
        Unreadable: it is broken, or more than we are ready to draw.
    """
    return _DRAWN.validate_json(await _ask(folder, job))


async def cut(folder: Path, width: int, height: int) -> None:
    """Make of `folder/upload` a picture of these measures, `small.webp`. It stands still.

    Raises:
        Unreadable: it is broken, or more than we are ready to draw.
    """
    await _ask(folder, "cut", str(width), str(height))


async def draw_emoji(folder: Path) -> bool:
    """Make of `folder/upload` an emoji, `small.webp`; if it moves, True and a `still.png` too.

    Raises:
        Unreadable: it is broken, or more than we are ready to draw.
    """
    return bool(json.loads(await _ask(folder, "emoji")))


async def _ask(folder: Path, *job: str) -> bytes:
    return await sandbox.run(
        sandbox.python(drawing.__name__, str(folder), *job), folder, seconds=drawing.CPU_SECONDS
    )
