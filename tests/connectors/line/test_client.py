"""The channel's contract: acknowledging, profiles, files."""

from collections.abc import AsyncIterator

import httpx
import pytest

from connectors.channel import Channel, Outgoing, Profile, Words
from connectors.delivery.errors import AccountDown, DeliveryError, Refused, TryAgain
from connectors.events import MediaRef
from tests.connectors.line.support import TOKEN, USER, Vendor, account, always, answer, body, event, fails

LOADING = "/v2/bot/chat/loading/start"
READ = "/v2/bot/chat/markAsRead"
PROFILE = f"/v2/bot/profile/{USER}"
CONTENT = "/v2/bot/message/46/content"
TRANSCODING = f"{CONTENT}/transcoding"


def test_it_is_a_channel() -> None:
    channel: Channel = Vendor().channel()
    assert (channel.name, channel.reports_delivery, channel.proof_wait_s) == ("line", False, 0.0)
    assert channel.reply_within_s == 50.0
    assert list(channel.accounts) == ["jp"]
    assert channel.parse(body([event()]))[0].account == channel.accounts["jp"].vendor_id
    assert isinstance(channel.failure("x", "y"), Refused)
    (call,) = channel.plan([Outgoing("m1", "Hello", "en")], Words("Options", "Choose:"))
    assert call.messages == ("m1",)
    assert 1 <= len(call.body["messages"]) <= 5


@pytest.mark.parametrize(
    ("sender", "read_token", "paths"),
    [
        (USER, "read", [READ, LOADING]),
        (USER, "", [LOADING]),
        ("C1", "read", [READ]),
        ("R1", "", []),
    ],
)
async def test_acknowledge(sender: str, read_token: str, paths: list[str]) -> None:
    vendor = Vendor({LOADING: always(202), READ: always(200)})
    await vendor.channel().acknowledge("jp", {"id": sender}, {"message": "46", "read_token": read_token})
    assert vendor.paths() == paths
    for at, path in enumerate(paths):
        expected = {"markAsReadToken": "read"} if path == READ else {"chatId": USER, "loadingSeconds": 20}
        assert vendor.body(at) == expected


async def test_a_failed_mark_does_not_stop_the_animation() -> None:
    vendor = Vendor({LOADING: always(202), READ: always(400, "invalid token")})
    with pytest.raises(DeliveryError):
        await vendor.channel().acknowledge("jp", {"id": USER}, {"read_token": "read"})
    assert vendor.paths() == [READ, LOADING]


async def test_profile() -> None:
    vendor = Vendor({PROFILE: always(200, displayName="Aiko", userId=USER, language="ja")})
    assert await vendor.channel().profile("jp", USER) == Profile("Aiko", "ja")


async def test_a_profile_holds_only_what_a_database_takes() -> None:
    raw = b'{"displayName":"A\\ud800\\u0000","language":"ja"}'
    vendor = Vendor({PROFILE: [lambda _: httpx.Response(200, content=raw)]})
    assert await vendor.channel().profile("jp", USER) == Profile("A\ufffd\ufffd", "ja")


async def test_profile_without_consent_to_tell_the_language() -> None:
    vendor = Vendor({PROFILE: always(200, displayName="A" * 500, language=7)})
    assert await vendor.channel().profile("jp", USER) == Profile("A" * 100, "")


@pytest.mark.parametrize("sender", [USER, "C1", "U../../quota"])
async def test_no_profile(sender: str) -> None:
    vendor = Vendor()
    assert await vendor.channel().profile("jp", sender) is None
    assert all(request.url.raw_path.count(b"/") == 4 for request in vendor.asked)


@pytest.mark.parametrize(
    ("given", "kind"), [(always(401), AccountDown), (always(429), TryAgain), ([fails(httpx.ReadTimeout)], TryAgain)]
)
async def test_profile_errors(given: list[object], kind: type[DeliveryError]) -> None:
    with pytest.raises(kind):
        await Vendor({PROFILE: given}).channel().profile("jp", USER)


async def test_fetch() -> None:
    def file(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=b"jpeg", headers={"content-type": "image/jpeg; q=1"})

    vendor = Vendor({CONTENT: [file]})
    async with vendor.channel().fetch("jp", MediaRef("46")) as fetched:
        assert (fetched.mime, fetched.size) == ("image/jpeg", 4)
        assert b"".join([chunk async for chunk in fetched.chunks]) == b"jpeg"
    assert vendor.asked[0].url.host == "api-data.line.me"
    assert vendor.asked[0].headers["authorization"] == f"Bearer {TOKEN}"


async def test_fetch_waits_until_line_has_prepared_the_file() -> None:
    vendor = Vendor(
        {
            CONTENT: [httpx.Response(202), httpx.Response(202), httpx.Response(200, content=b"mp4")],
            TRANSCODING: [answer(200, status="processing"), answer(200, status="succeeded")],
        }
    )
    async with vendor.channel().fetch("jp", MediaRef("46")) as fetched:
        assert b"".join([chunk async for chunk in fetched.chunks]) == b"mp4"
    assert vendor.paths() == [CONTENT, TRANSCODING, CONTENT, TRANSCODING, CONTENT]


@pytest.mark.parametrize(
    ("content", "transcoding", "kind", "code"),
    [
        (always(404), None, Refused, "gone"),
        (always(410), None, Refused, "gone"),
        (always(401), None, AccountDown, "token_invalid"),
        ([fails(httpx.ConnectError)], None, TryAgain, "unreachable"),
        ([fails(httpx.ReadTimeout)], None, TryAgain, "unreachable"),
        (always(429), None, TryAgain, "rate_limit"),
        (always(202), always(200, status="processing"), TryAgain, "preparing"),
        (always(202), always(200, status="failed"), Refused, "transcoding_failed"),
        (always(202), always(401), AccountDown, "token_invalid"),
    ],
)
async def test_fetch_errors(content: list[object], transcoding: list[object] | None, kind: type, code: str) -> None:
    vendor = Vendor({CONTENT: content, TRANSCODING: transcoding or always(404)})
    with pytest.raises(kind) as caught:
        async with vendor.channel().fetch("jp", MediaRef("46")):
            pass
    assert caught.value.code == code
    assert len(vendor.asked) <= 12


async def test_a_file_that_breaks_off() -> None:
    async def half() -> AsyncIterator[bytes]:
        yield b"half"
        raise httpx.ReadError("broken")

    vendor = Vendor({CONTENT: [httpx.Response(200, content=half())]})
    with pytest.raises(TryAgain):
        async with vendor.channel().fetch("jp", MediaRef("46")) as fetched:
            assert [chunk async for chunk in fetched.chunks]


@pytest.mark.parametrize("url", ["https://example.com/a.jpg", "http://169.254.169.254/latest/meta-data"])
async def test_a_customer_s_address_is_never_called(url: str) -> None:
    vendor = Vendor()
    with pytest.raises(Refused) as caught:
        async with vendor.channel().fetch("jp", MediaRef("46", url=url)):
            pass
    assert caught.value.code == "outside_line"
    assert vendor.asked == []


async def test_a_path_cannot_be_changed_by_an_id() -> None:
    vendor = Vendor()
    with pytest.raises(Refused):
        async with vendor.channel(account()).fetch("jp", MediaRef("../../quota?x#y")):
            pass
    assert vendor.asked[0].url.raw_path == b"/v2/bot/message/..%2F..%2Fquota%3Fx%23y/content"
