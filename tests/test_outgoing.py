"""Requests to addresses that people give: SS-1 to SS-7."""

import asyncio
import gzip
import ipaddress
from collections.abc import AsyncIterator, Callable, Sequence

import httpx
import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from app.outgoing import MAX_PER_HOST, NotFetched, Outgoing, Refused, is_public
from app.settings import Settings

pytestmark = pytest.mark.anyio

NetworkSettings = Callable[..., Settings]


@pytest.fixture
def network_settings(settings: Settings, httpserver: HTTPServer) -> NetworkSettings:
    """Settings that let requests go to the server of this test."""

    def make(**changed: object) -> Settings:
        allowed = {"outgoing_allow": ["127.0.0.0/8"], "outgoing_ports": [httpserver.port, 443, 80]}
        return settings.model_copy(update={**allowed, **changed})

    return make


@pytest.fixture
async def outgoing(network_settings: NetworkSettings) -> AsyncIterator[Outgoing]:
    async with Outgoing(network_settings()) as open_outgoing:
        yield open_outgoing


class Names:
    """A resolver of our own: names, their addresses, and a new answer at each question."""

    def __init__(self, **answers: Sequence[Sequence[str]]) -> None:
        self._answers = {name.replace("_", "."): list(found) for name, found in answers.items()}
        self.asked: list[str] = []

    async def __call__(self, host: str, _: int) -> Sequence[str]:
        self.asked.append(host)
        answers = self._answers.get(host)
        if answers is None:
            raise OSError("no such name")
        return answers.pop(0) if len(answers) > 1 else answers[0]


async def test_an_answer_is_fetched(outgoing: Outgoing, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/page").respond_with_data("<p>ja</p>", content_type="text/html")

    answer = await outgoing.get(httpserver.url_for("/page"))

    assert (answer.status, answer.content) == (200, b"<p>ja</p>")
    assert answer.headers["content-type"].startswith("text/html")
    request, _ = httpserver.log[0]
    assert request.headers["User-Agent"] == "Hardop (+http://hardop.test)"
    assert request.headers["Host"] == f"localhost:{httpserver.port}"


async def test_something_is_sent(outgoing: Outgoing, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/hook", method="POST", data=b"{}").respond_with_data(status=201)

    answer = await outgoing.post(
        httpserver.url_for("/hook"), content=b"{}", headers={"Content-Type": "application/json"}
    )

    assert answer.status == 201


@pytest.mark.parametrize(
    "url",
    [
        "http://[::]/",
        "http://[::1]/",
        "http://[::127.0.0.1]/",
        "http://[::ffff:169.254.169.254]/",
        "http://[::ffff:7f00:1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[64:ff9b:1::1]/",
        "http://[2002:7f00:1::]/",
        "http://[2001::1]/",
        "http://[2001:db8::1]/",
        "http://[fc00::1]/",
        "http://[fe80::1]/",
        "http://[fe80::1%25lo]/",
        "http://[fec0::1]/",
        "http://[ff02::1]/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://127.1/",
        "http://017700000001/",
        "http://①②⑦.0.0.1/",
        "http://127。0。0。1/",
        "http://localhost/",
        "http://LOCALHOST./",
        "http://0/",
        "http://10.0.0.1/",
        "http://100.64.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://172.16.0.1/",
        "http://192.0.0.8/",
        "http://192.168.1.1/",
        "http://224.0.0.1/",
        "http://255.255.255.255/",
        "https://user@10.0.0.1#@example.org/",
        "http://user:password@93.184.215.14/",
        "http://93.184.215.14:22/",
        "http://93.184.215.14:6379/",
        "ftp://93.184.215.14/",
        "file:///etc/passwd",
        "gopher://93.184.215.14/",
        "javascript:alert(1)",
        "//93.184.215.14/",
        "http:///nowhere",
        "http://",
        "nonsense",
        "",
        "http://[::1/",
        "http://a b/",
        "http://127.0.0.1:99999/",
    ],
)
async def test_what_must_not_be_asked_is_not(settings: Settings, url: str) -> None:
    """SS-2 to SS-4 and the vectors of section 22."""
    async with Outgoing(settings) as outgoing:
        # `ftp` and the like are refused by their words, `127.1` by what it resolves to, and what
        # this machine cannot resolve at all is not fetched either.
        with pytest.raises(NotFetched, match=r"^could not be fetched$"):
            await outgoing.get(url)


@pytest.mark.parametrize(
    ("text", "public"),
    [
        ("1.1.1.1", True),
        ("93.184.215.14", True),
        ("2606:4700::1111", True),
        ("2a02:898::1", True),
        ("192.0.0.8", False),
        ("192.88.99.1", False),
        ("198.18.0.1", False),
        ("198.51.100.1", False),
        ("203.0.113.1", False),
        ("240.0.0.1", False),
        ("::", False),
        ("::127.0.0.1", False),
        ("::ffff:1.1.1.1", False),
        ("64:ff9b::7f00:1", False),
        ("2001:1::1", False),
        ("2001:20::1", False),
        ("2002:7f00:1::", False),
        ("2620:4f:8000::1", False),
        ("3fff::1", False),
        ("4000::1", False),
        ("fec0::1", False),
        ("ff0e::1", False),
    ],
)
def test_public_addresses(text: str, public: bool) -> None:
    """SS-4."""
    assert is_public(ipaddress.ip_address(text)) is public


async def test_a_name_with_one_private_address_is_refused(
    settings: Settings, httpserver: HTTPServer
) -> None:
    names = Names(both_test=[["1.1.1.1", "10.0.0.1"]])

    async with Outgoing(settings, resolve=names) as outgoing:
        with pytest.raises(Refused):
            await outgoing.get("http://both.test/")


async def test_a_name_is_looked_up_once(
    network_settings: NetworkSettings, httpserver: HTTPServer
) -> None:
    """SS-3: the address that was judged is the one that is asked, whatever the name says next."""
    httpserver.expect_request("/").respond_with_data("ja")
    names = Names(changing_test=[["127.0.0.1"], ["10.0.0.1"]])

    async with Outgoing(network_settings(), resolve=names) as outgoing:
        answer = await outgoing.get(f"http://changing.test:{httpserver.port}/")

    assert answer.content == b"ja"
    assert names.asked.count("changing.test") == 1
    assert httpserver.log[0][0].headers["Host"] == f"changing.test:{httpserver.port}"


async def test_the_next_address_is_tried(
    network_settings: NetworkSettings, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/").respond_with_data("ja")
    names = Names(two_test=[["127.0.0.2", "127.0.0.1", "127.0.0.1"]], none_test=[["127.0.0.2"]])

    async with Outgoing(network_settings(), resolve=names) as outgoing:
        answer = await outgoing.get(f"http://two.test:{httpserver.port}/")
        with pytest.raises(NotFetched):
            await outgoing.get(f"http://none.test:{httpserver.port}/")
        with pytest.raises(NotFetched):
            await outgoing.get(f"http://unknown.test:{httpserver.port}/")

    assert answer.status == 200


async def test_our_own_servers_are_refused_where_their_network_is_allowed(
    network_settings: NetworkSettings, httpserver: HTTPServer
) -> None:
    """SS-4."""
    httpserver.expect_request("/").respond_with_data("secret")
    names = Names(search_internal=[["127.0.0.1"]], innocent_test=[["127.0.0.1"]])
    changed = network_settings(meilisearch_url=f"http://search.internal:{httpserver.port}")

    async with Outgoing(changed, resolve=names) as outgoing:
        with pytest.raises(Refused):
            await outgoing.get(f"http://innocent.test:{httpserver.port}/")

    assert httpserver.log == []


async def test_redirects_are_followed_and_each_is_judged(
    outgoing: Outgoing, httpserver: HTTPServer
) -> None:
    """SS-5."""
    httpserver.expect_request("/a").respond_with_data(status=301, headers={"Location": "/b"})
    httpserver.expect_request("/b").respond_with_data(
        status=307, headers={"Location": httpserver.url_for("/c")}
    )
    httpserver.expect_request("/c").respond_with_data("here")
    httpserver.expect_request("/inside").respond_with_data(
        status=302, headers={"Location": "http://10.0.0.1/"}
    )
    httpserver.expect_request("/odd").respond_with_data(
        status=302, headers={"Location": "http://999.0.0.1/"}
    )
    httpserver.expect_request("/loop").respond_with_data(status=302, headers={"Location": "/loop"})

    answer = await outgoing.get(httpserver.url_for("/a"))

    assert (answer.content, answer.url) == (b"here", httpserver.url_for("/c"))
    for path, redirects in (("/a", 1), ("/a", 0), ("/inside", 3), ("/odd", 3), ("/loop", 3)):
        with pytest.raises(Refused):
            await outgoing.get(httpserver.url_for(path), redirects=redirects)


async def test_a_redirect_after_sending_is_an_answer(
    outgoing: Outgoing, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/hook").respond_with_data(status=307, headers={"Location": "/other"})

    answer = await outgoing.post(httpserver.url_for("/hook"), content=b"x")

    assert answer.status == 307
    assert len(httpserver.log) == 1


async def test_credentials_stay_with_their_host(outgoing: Outgoing, httpserver: HTTPServer) -> None:
    """SS-5."""
    httpserver.expect_request("/same").respond_with_data(status=302, headers={"Location": "/end"})
    httpserver.expect_request("/other").respond_with_data(
        status=302, headers={"Location": f"http://127.0.0.1:{httpserver.port}/end"}
    )
    httpserver.expect_request("/end").respond_with_data()
    headers = {"Authorization": "Bearer secret", "Accept": "text/html"}

    await outgoing.get(httpserver.url_for("/same"), headers=headers)
    await outgoing.get(httpserver.url_for("/other"), headers=headers)

    same, other = (request for request, _ in httpserver.log if request.path == "/end")
    assert same.headers["Authorization"] == "Bearer secret"
    assert "Authorization" not in other.headers
    assert other.headers["Accept"] == "text/html"


async def test_https_does_not_become_http(settings: Settings) -> None:
    """SS-5. No certificate is needed to see it: the words of the redirect are enough."""
    async with Outgoing(settings) as outgoing:
        secure = outgoing._checked("https://example.org/")
        with pytest.raises(Refused):
            outgoing._follow(secure, "http://example.org/", httpx.Headers())


async def test_certificates_are_verified(
    network_settings: NetworkSettings, httpserver: HTTPServer
) -> None:
    """SS-7: a server without TLS, or with a certificate of nobody's, is no server."""
    async with Outgoing(network_settings()) as outgoing:
        with pytest.raises(NotFetched):
            await outgoing.get(f"https://127.0.0.1:{httpserver.port}/")


async def test_large_bodies_are_refused_or_cut(outgoing: Outgoing, httpserver: HTTPServer) -> None:
    """SS-6."""
    httpserver.expect_request("/").respond_with_data(b"x" * 10_000)

    with pytest.raises(NotFetched):
        await outgoing.get(httpserver.url_for("/"), max_bytes=9_999)

    assert len((await outgoing.get(httpserver.url_for("/"), max_bytes=10_000)).content) == 10_000
    assert (await outgoing.get(httpserver.url_for("/"), max_bytes=9, cut=True)).content == b"x" * 9


async def test_compressed_bodies_are_counted_unfolded(
    outgoing: Outgoing, httpserver: HTTPServer
) -> None:
    """SS-6."""
    folded = {"Content-Encoding": "gzip"}
    httpserver.expect_request("/bomb").respond_with_data(
        gzip.compress(b"\0" * 50_000_000), headers=folded
    )
    httpserver.expect_request("/fine").respond_with_data(gzip.compress(b"fine"), headers=folded)
    httpserver.expect_request("/broken").respond_with_data(b"no gzip", headers=folded)
    httpserver.expect_request("/other").respond_with_data(
        b"whatever", headers={"Content-Encoding": "br"}
    )

    assert (await outgoing.get(httpserver.url_for("/fine"))).content == b"fine"
    cut = await outgoing.get(httpserver.url_for("/bomb"), max_bytes=1000, cut=True)
    assert cut.content == b"\0" * 1000
    for path in ("/bomb", "/broken", "/other"):
        with pytest.raises(NotFetched):
            await outgoing.get(httpserver.url_for(path), max_bytes=1000)


async def test_who_says_nothing_is_left(
    network_settings: NetworkSettings, httpserver: HTTPServer
) -> None:
    """SS-6: the deadline is for all of it."""
    said = asyncio.Event()

    async def silent(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await said.wait()
        writer.close()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        changed = network_settings(outgoing_ports=[port])
        async with Outgoing(changed, deadline_seconds=0.05) as outgoing:
            with pytest.raises(NotFetched):
                await outgoing.get(f"http://127.0.0.1:{port}/")
        said.set()


async def test_one_host_gets_few_requests_at_a_time(
    outgoing: Outgoing, httpserver: HTTPServer
) -> None:
    """SS-6."""
    running: list[int] = []
    counts: list[int] = []

    def answer(_: Request) -> Response:
        running.append(1)
        counts.append(len(running))
        running.pop()
        return Response("ja")

    httpserver.expect_request("/").respond_with_handler(answer)
    url = httpserver.url_for("/")

    answers = await asyncio.gather(*(outgoing.get(url) for _ in range(5 * MAX_PER_HOST)))

    assert {answer.status for answer in answers} == {200}
    assert max(counts) <= MAX_PER_HOST
    assert outgoing._hosts == {}


async def test_the_environment_names_no_proxy(
    network_settings: NetworkSettings, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SS-3."""
    httpserver.expect_request("/").respond_with_data("straight")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")

    async with Outgoing(network_settings()) as outgoing:
        assert (await outgoing.get(httpserver.url_for("/"))).content == b"straight"
