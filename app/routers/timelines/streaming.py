"""Streams: what happens, told while it happens."""

from fastapi import APIRouter, Request
from fastapi.sse import EventSourceResponse
from pydantic import Field
from starlette.responses import PlainTextResponse, Response
from starlette.websockets import WebSocket

from app import access
from app.errors import BadRequest, Forbidden
from app.parameters import Flag, ParameterModel, Parameters, Text
from app.route import WORK, HardopRoute, HardopSocketRoute, Work
from app.streaming import channels, sockets
from app.streaming.event_streams import MEDIA_TYPE, EventStream
from app.streaming.streams import Stream

PATH = "/api/v1/streaming"

router = APIRouter(
    route_class=HardopRoute,
    prefix=PATH,
    tags=["timelines"],
    default_response_class=EventSourceResponse,
)


class PublicStream(ParameterModel):
    """Which public statuses."""

    only_media: Flag = Field(False, description="Only those with pictures or sound.")


class ListStream(ParameterModel):
    """Which list."""

    list: Text = Field("", description="Its id; the list is your own.")


class TagStream(ParameterModel):
    """Which tag."""

    tag: Text = Field("", description="Its name, without the number sign.")


@router.get("/health", response_class=PlainTextResponse)
@access.public(rate="none")
async def get_streaming_health() -> Response:
    """`OK`, when streams can be opened here."""
    return PlainTextResponse("OK")


@router.get("/user")
@access.stream("read:statuses")
async def stream_home(request: Request) -> Response:
    """What comes to your home, your notifications, and changes of your filters."""
    return await _open(request, "user")


@router.get("/user/notification")
@access.stream("read:notifications")
async def stream_notifications(request: Request) -> Response:
    """Your notifications only."""
    return await _open(request, "user:notification")


@router.get("/public")
@access.stream("read:statuses")
async def stream_public(params: Parameters[PublicStream], request: Request) -> Response:
    """What anybody says to everybody."""
    return await _open(request, "public:media" if params.only_media else "public")


@router.get("/public/local")
@access.stream("read:statuses")
async def stream_local(params: Parameters[PublicStream], request: Request) -> Response:
    """As `public`: there is one server only."""
    return await _open(request, "public:local:media" if params.only_media else "public:local")


@router.get("/public/remote")
@access.stream("read:statuses")
async def stream_remote(request: Request) -> Response:
    """Nothing: there is one server only."""
    return await _open(request, "public:remote")


@router.get("/hashtag")
@access.stream("read:statuses")
async def stream_tag(params: Parameters[TagStream], request: Request) -> Response:
    """What anybody says about a tag."""
    return await _open(request, "hashtag", tag=params.tag)


@router.get("/hashtag/local")
@access.stream("read:statuses")
async def stream_local_tag(params: Parameters[TagStream], request: Request) -> Response:
    """As `hashtag`: there is one server only."""
    return await _open(request, "hashtag:local", tag=params.tag)


@router.get("/list")
@access.stream("read:statuses")
async def stream_list(params: Parameters[ListStream], request: Request) -> Response:
    """What the members of one of your lists say."""
    return await _open(request, "list", list=params.list)


@router.get("/direct")
@access.stream("read:statuses")
async def stream_conversations(request: Request) -> Response:
    """What is said in your conversations."""
    return await _open(request, "direct")


@router.get("/{channel}", include_in_schema=False)
@access.stream()
async def stream_unknown(channel: str) -> Response:  # noqa: ARG001 - whatever it is
    """There is no such stream."""
    raise BadRequest("Unknown channel requested")


async def _open(request: Request, name: str, **params: str) -> Response:
    """Begin to listen, after what was missed since `Last-Event-ID`."""
    work: Work = request.scope[WORK]
    shared = work.services
    subscription = await channels.subscription(shared.database, work.caller, name, params)
    if request.method == "HEAD":
        return Response(media_type=MEDIA_TYPE)
    stream = Stream(work.caller, work.token or "", is_socket=False)
    stream.subscriptions.add(subscription)
    missed = await shared.hub.join(stream, heard=request.headers.get("last-event-id", ""))
    return EventStream(shared.hub, stream, missed)


@access.stream()
async def hold_socket(socket: WebSocket) -> None:
    """Any streams, on one connection: subscribe and unsubscribe by frames."""
    work: Work = socket.scope[WORK]
    shared = work.services
    if not sockets.is_welcome(socket.headers.get("origin"), shared.settings):
        raise Forbidden
    stream = Stream(work.caller, work.token or "", is_socket=True)
    await shared.hub.join(stream)
    try:
        # What a client offers it wants to be answered with, or it closes the connection.
        await socket.accept(next(iter(socket.scope["subprotocols"]), None))
        conversation = sockets.Conversation(socket, shared.hub, stream, shared.database)
        await conversation.hold(socket.query_params)
    finally:
        shared.hub.leave(stream)


router.routes.append(HardopSocketRoute(PATH, hold_socket))
