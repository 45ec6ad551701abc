"""Topics: what people here know about, each a hashtag."""

from app.domain.statuses import text


def written(topic: str) -> str | None:
    """How the tag of a topic is written, without `#`: `Water quality` is `WaterQuality`.

    None if no tag can be called so.
    """
    first, *others = topic.split() or [""]
    name = "".join([first.lstrip("#\uff03"), *(word[:1].upper() + word[1:] for word in others)])
    if others:
        name = name[:1].upper() + name[1:]
    return name if text.normalise_hashtag(name) is not None else None


def name_of(topic: str) -> str | None:
    """The name that tells the tag of a topic from others: `Water quality` is `waterquality`.

    None if no tag can be called so.
    """
    return text.normalise_hashtag(written(topic) or "")
