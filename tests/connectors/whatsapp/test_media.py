"""Files that people sent: two calls, one short-lived address, the token to one host only."""

from collections.abc import Callable

import httpx
import pytest

from connectors.delivery.errors import AccountDown, DeliveryError, Refused, TryAgain
from connectors.events import MediaRef
from tests.connectors.whatsapp.support import TOKEN, channel, graph_error

REF = MediaRef("1003383421387256")
CDN = "https://lookaside.test/file?mid=1"
INFO = {"url": CDN, "mime_type": "image/jpeg", "sha256": "a", "file_size": 11, "id": REF.ref}


class Store:
    """The vendor's media: each host answers with what it was given, in turn."""

    def __init__(self, *files: httpx.Response, info: httpx.Response | None = None) -> None:
        self.files, self.info = list(files), info or httpx.Response(200, json=INFO)
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        return self.info if request.url.path.startswith("/v24.0") else self.files.pop(0)

    @property
    def hosts(self) -> list[str]:
        """Hosts that were asked, in order."""
        return [request.url.host for request in self.asked]


async def read(answer: Callable[[httpx.Request], httpx.Response], ref: MediaRef = REF, **given: str) -> bytes:
    """The whole file."""
    async with channel(answer, **given).fetch("orikka-de", ref) as fetched:
        assert (fetched.mime, fetched.size) == ("image/jpeg", 11)
        return b"".join([chunk async for chunk in fetched.chunks])


def moved(to: str) -> httpx.Response:
    return httpx.Response(302, headers={"location": to})


async def test_a_file_in_two_calls() -> None:
    store = Store(httpx.Response(200, content=b"jpeg-bytes!"))
    assert await read(store) == b"jpeg-bytes!"
    info, file = store.asked
    assert str(info.url) == "https://graph.test/v24.0/1003383421387256?phone_number_id=106540352242922"
    assert str(file.url) == CDN
    assert [request.headers["authorization"] for request in store.asked] == [f"Bearer {TOKEN}"] * 2
    assert all(request.headers["user-agent"] for request in store.asked)


async def test_a_dead_address_is_asked_for_again_once() -> None:
    store = Store(httpx.Response(404), httpx.Response(200, content=b"jpeg-bytes!"))
    assert await read(store) == b"jpeg-bytes!"
    assert store.hosts == ["graph.test", "lookaside.test"] * 2
    with pytest.raises(Refused, match="media_gone"):
        await read(Store(httpx.Response(404), httpx.Response(404)))


async def test_redirects_lose_the_token_at_another_host() -> None:
    store = Store(moved("/file2"), moved("https://cdn.test/x"), httpx.Response(200, content=b"jpeg-bytes!"))
    assert await read(store) == b"jpeg-bytes!"
    assert store.hosts == ["graph.test", "lookaside.test", "lookaside.test", "cdn.test"]
    assert ["authorization" in request.headers for request in store.asked] == [True, True, True, False]


@pytest.mark.parametrize(
    "target", ["http://cdn.test/x", "ftp://cdn.test/x", "file:///etc/passwd", "http://127.0.0.1/x"]
)
async def test_no_way_leads_out_of_https(target: str) -> None:
    store = Store(moved(target))
    with pytest.raises(Refused, match="media_address"):
        await read(store)
    assert store.hosts == ["graph.test", "lookaside.test"]
    with pytest.raises(Refused, match="media_address"):
        await read(Store(info=httpx.Response(200, json={**INFO, "url": target})))


@pytest.mark.parametrize(
    "url", ["", "https:///x", "https://[::1", "https://a.test:port/", "https://a b/", 7, "https://\u0130/"]
)
async def test_an_address_that_is_none(url: object) -> None:
    store = Store(httpx.Response(410), httpx.Response(410), info=httpx.Response(200, json={**INFO, "url": url}))
    with pytest.raises(Refused):
        await read(store)


async def test_a_simulator_may_speak_http_from_its_own_address_only() -> None:
    url = "http://localhost:9000/v24.0"
    info = httpx.Response(200, json={**INFO, "url": "http://localhost:9000/file"})
    assert await read(Store(httpx.Response(200, content=b"jpeg-bytes!"), info=info), api_url=url) == b"jpeg-bytes!"
    with pytest.raises(Refused, match="media_address"):
        await read(Store(moved("http://localhost:9001/file"), info=info), api_url=url)


@pytest.mark.parametrize("target", ["https://[::1", "https://a.test:port/"])
async def test_a_redirect_to_nowhere(target: str) -> None:
    with pytest.raises((Refused, TryAgain)):
        await read(Store(moved(target)))


async def test_circles_end() -> None:
    with pytest.raises(Refused, match="media_redirects"):
        await read(Store(*[moved(CDN) for _ in range(9)]))


@pytest.mark.parametrize(
    ("info", "kind"),
    [
        (httpx.Response(400, json=graph_error(100, error_subcode=33)), Refused),
        (httpx.Response(400, json=graph_error(100)), Refused),
        (httpx.Response(404, text=""), Refused),
        (httpx.Response(401, json=graph_error(190)), AccountDown),
        (httpx.Response(500, text=""), TryAgain),
        (httpx.Response(200, json={}), Refused),
    ],
)
async def test_the_vendor_does_not_know_the_file(info: httpx.Response, kind: type[DeliveryError]) -> None:
    with pytest.raises(DeliveryError) as caught:
        await read(Store(info=info))
    assert type(caught.value) is kind


@pytest.mark.parametrize(("status", "kind"), [(500, TryAgain), (429, TryAgain), (403, Refused), (410, Refused)])
async def test_the_store_does_not_give_the_file(status: int, kind: type[DeliveryError]) -> None:
    with pytest.raises(DeliveryError) as caught:
        await read(Store(httpx.Response(status), httpx.Response(status)))
    assert type(caught.value) is kind


@pytest.mark.parametrize("ref", ["", "../me", "1?fields=x", "a/b", "x" * 200])
async def test_an_id_is_only_an_id(ref: str) -> None:
    store = Store()
    with pytest.raises(Refused, match="media_ref"):
        await read(store, MediaRef(ref))
    assert store.asked == []


async def test_a_connection_that_breaks_midway_is_tried_again() -> None:
    class Broken(httpx.AsyncByteStream):
        async def __aiter__(self):  # type: ignore[no-untyped-def]
            yield b"jpeg"
            raise httpx.ReadError("reset")

    with pytest.raises(TryAgain, match="media_broken"):
        await read(Store(httpx.Response(200, stream=Broken())))


async def test_an_unreachable_store_is_tried_again() -> None:
    def away(request: httpx.Request) -> httpx.Response:
        if request.url.host == "graph.test":
            return httpx.Response(200, json=INFO)
        raise httpx.ReadTimeout("slow")

    with pytest.raises(TryAgain, match="unreachable"):
        await read(away)
