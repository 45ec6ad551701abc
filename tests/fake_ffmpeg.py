"""Programs that behave as ffmpeg and ffprobe do, for machines that have none.

A file "is" what stands behind `PROBE:` in it, as JSON in the form of ffprobe.
"""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.pictures import MP3, MP4, picture

_FFPROBE = """#!{python}
import sys
assert sys.argv[sys.argv.index("-protocol_whitelist") + 1] == "file,pipe", sys.argv
assert "-f" in sys.argv
content = open(sys.argv[-1], "rb").read()
sys.stdout.write(content.partition(b"PROBE:")[2].decode())
"""

_FFMPEG = """#!{python}
import json, sys
assert sys.argv[sys.argv.index("-protocol_whitelist") + 1] == "file,pipe", sys.argv
assert "-f" in sys.argv
source = open(sys.argv[sys.argv.index("-i") + 1], "rb").read()
if b"BROKEN" in source:
    sys.exit(1)
format = {{"duration": "601" if b"ENDLESS" in source else "2.02", "bit_rate": "111568"}}
target = sys.argv[-1]
with open(target, "wb") as file:
    if target.endswith(".png"):
        file.write({still!r})
    elif target.endswith(".mp3"):
        made = {{"streams": [{{"codec_type": "audio"}}], "format": format}}
        file.write({mp3!r} + b"PROBE:" + json.dumps(made).encode())
    else:
        streams = [{{"codec_type": "video", "width": 320, "height": 240, "avg_frame_rate": "15/1"}}]
        if "-an" not in sys.argv:
            streams.append({{"codec_type": "audio"}})
        made = {{"streams": streams, "format": format}}
        file.write({mp4!r} + b"PROBE:" + json.dumps(made).encode())
"""


def install(folder: Path, *, ffmpeg: str = "") -> str:
    """Put both programs into a folder, or another script as `ffmpeg`; its path."""
    values = {"python": sys.executable, "still": picture(), "mp3": MP3, "mp4": MP4}
    for name, text in (("ffmpeg", _FFMPEG), ("ffprobe", _FFPROBE)):
        file = folder / name
        file.write_text((name == "ffmpeg" and ffmpeg) or text.format(**values))
        file.chmod(0o755)
    return str(folder / "ffmpeg")


VIDEO = {"codec_type": "video", "width": 320, "height": 240, "avg_frame_rate": "15/1"}
AUDIO = {"codec_type": "audio"}


def film(
    *streams: dict[str, Any], start: bytes = MP4, duration: object = "2.0", **more: str
) -> bytes:
    """A file of which ffprobe says that it has these streams."""
    probed = {"streams": streams, "format": {"duration": duration, "bit_rate": "1000"}, **more}
    return start + b"PROBE:" + json.dumps(probed).encode()


REAL = shutil.which("ffmpeg")
needs_ffmpeg = pytest.mark.skipif(REAL is None, reason="this machine has no ffmpeg")
