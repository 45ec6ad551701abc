"""Topics: what people here know about, each the name of a hashtag."""

from app.domain.statuses import text


def name_of(topic: str) -> str | None:
    """The name of the tag that stands for a topic: `water quality` is `waterquality`.

    None if no tag can have it.
    """
    return text.normalise_hashtag("".join(topic.split()))
