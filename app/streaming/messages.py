"""Messages: what happened, made into bytes once for all streams it goes to."""

from pydantic_core import to_json


class Message:
    """One event as clients hear of it. `payload` is JSON; None: there is nothing to say about it.

    `position` is where a client goes on that heard this message last.
    """

    __slots__ = ("_event_stream", "_frames", "_quoted", "event", "payload", "position")

    def __init__(self, event: str, payload: bytes | None, position: str) -> None:
        self.event = event
        self.payload = payload
        self.position = position
        self._event_stream: bytes | None = None
        self._quoted: str | None = None
        # `{label: frame}`
        self._frames: dict[str, str] = {}

    def event_stream(self) -> bytes:
        """As a server-sent event. Some clients need JSON in each, and a space after each colon."""
        if self._event_stream is None:
            self._event_stream = b"event: %b\ndata: %b\nid: %b\n\n" % (
                self.event.encode(),
                b"{}" if self.payload is None else self.payload,
                self.position.encode(),
            )
        return self._event_stream

    def frame(self, label: str) -> str:
        """As a frame of a WebSocket: the payload is JSON in a string."""
        frame = self._frames.get(label)
        if frame is None:
            if self._quoted is None and self.payload is not None:
                self._quoted = to_json(self.payload.decode()).decode()
            payload = "" if self.payload is None else f',"payload":{self._quoted}'
            frame = f'{{"stream":{label},"event":"{self.event}"{payload}}}'
            self._frames[label] = frame
        return frame
