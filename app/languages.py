"""Languages: which codes we take for one (ISO 639-1, and -3 where there is no shorter code)."""

import re

_CODE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", re.IGNORECASE)


def language_or_none(code: str | None) -> str | None:
    """The primary language of a code in lower case; None for what is no code at all.

    Never an error: a client with an odd locale must be able to post (client API section g).
    """
    if not code or not _CODE.fullmatch(code):
        return None
    return code.partition("-")[0].lower()
