"""The story of docs/sdks.md, with the SDK for Python."""

import os
import sys
import time
from io import BytesIO
from typing import TypeVar
from urllib.parse import urlencode

from hardop_client import AuthenticatedClient, Client
from hardop_client.api.expertise import find_experts
from hardop_client.api.feeds import get_account_feed
from hardop_client.api.identity import create_token, register_app
from hardop_client.api.media import upload_media_at_once
from hardop_client.api.statuses import create_status, get_status, react_to_status
from hardop_client.api.timelines import get_home_timeline
from hardop_client.models import (
    CredentialApplication,
    Error,
    FeedFormat,
    JsonFeed,
    MediaAttachment,
    RegisterAppParameters,
    Status,
    StatusParameters,
    Token,
    TokenParameters,
    UploadParameters,
)
from hardop_client.types import File

Kind = TypeVar("Kind")
URL, USERNAME, PICTURE = (os.environ[name] for name in ("SERVER", "NAME", "PICTURE"))
REDIRECT = "urn:ietf:wg:oauth:2.0:oob"


def expect(kind: type[Kind], answer: object) -> Kind:
    assert isinstance(answer, kind), answer
    return answer


# Register an app, and let a person authorise it.
anybody = Client(base_url=URL)
app = expect(
    CredentialApplication,
    register_app.sync(
        client=anybody,
        body=RegisterAppParameters("Story", redirect_uris=[REDIRECT], scopes="read write"),
    ),
)
asked = {
    "client_id": app.client_id,
    "redirect_uri": REDIRECT,
    "response_type": "code",
    "scope": "read write",
}
print(f"{URL}/oauth/authorize?{urlencode(asked)}", flush=True)
token = expect(
    Token,
    create_token.sync(
        client=anybody,
        body=TokenParameters(
            client_id=app.client_id,
            client_secret=app.client_secret,
            redirect_uri=REDIRECT,
            grant_type="authorization_code",
            code=sys.stdin.readline().strip(),
        ),
    ),
)
client = AuthenticatedClient(base_url=URL, token=token.access_token)

# Post with an image.
with open(PICTURE, "rb") as picture:
    image = expect(
        MediaAttachment,
        upload_media_at_once.sync(
            client=client,
            body=UploadParameters(
                file=File(BytesIO(picture.read()), "ice.png", "image/png"), description="Ice."
            ),
        ),
    )
for number in range(5):
    said = expect(
        Status,
        create_status.sync(
            client=client,
            body=StatusParameters(
                status=f"Measured {number}", media_ids=[image.id] if number == 4 else []
            ),
        ),
    )
assert said.media_attachments[0].description == "Ice."

# Page through home.
seen: list[str] = []
while page := expect(
    list,
    get_home_timeline.sync(client=client, limit=2, max_id=seen[-1])
    if seen
    else get_home_timeline.sync(client=client, limit=2),
):
    seen += [status.id for status in page]
assert len(seen) == len(set(seen)) == 5, seen

# React, find an expert, read a feed.
reacted = expect(Status, react_to_status.sync(said.id, "💡", client=client))
assert reacted.reactions
assert [(each.name, each.me) for each in reacted.reactions] == [("💡", True)]
until = time.monotonic() + 30
while not (experts := expect(list, find_experts.sync(client=client, q="water sensors"))):
    assert time.monotonic() < until, "nobody knows"
assert experts[0].reasons
feed = expect(JsonFeed, get_account_feed.sync(USERNAME, FeedFormat.JSON, client=client))
assert feed.items

# What goes wrong has a type.
missing = get_status.sync_detailed("1", client=client)
assert (missing.status_code, expect(Error, missing.parsed).code) == (404, "not_found")
empty = create_status.sync_detailed(client=client, body=StatusParameters(status=""))
assert (empty.status_code, expect(Error, empty.parsed).code) == (422, "invalid")
for _ in range(100):
    asked_again = find_experts.sync_detailed(client=client, q="water sensors")
    if asked_again.status_code == 429:
        break
assert expect(Error, asked_again.parsed).code == "too_many_requests"
assert int(asked_again.headers["Retry-After"]) > 0
print("The end")
