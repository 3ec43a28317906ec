from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
from starlette.applications import Starlette

from connectors.media.limits import load_limits
from connectors.media.links import DAY_S, LIFETIME_S, MediaLinks
from connectors.media.routes import MediaRoutes, safe_name
from tests.connectors.media import files
from tests.connectors.media.conftest import Desk

URL = "https://chat.example"


@pytest.fixture
def links(desk: Desk) -> MediaLinks:
    return MediaLinks("s" * 32, URL, desk.clock)


@pytest.fixture
async def http(desk: Desk, links: MediaLinks) -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=MediaRoutes(desk.media, desk.store, load_limits(), links).routes())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=URL) as client:
        yield client


async def kept(desk: Desk, links: MediaLinks, data: bytes, **said: object) -> str:
    """The link of a file that was fetched."""
    message = desk.expect("m1", data, **said)
    await desk.fetcher.fetch_due()
    assert desk.file(message).state == "kept"
    return links.link(desk.file(message).id)


async def test_a_picture_is_shown_as_what_it_is(desk: Desk, links: MediaLinks, http: httpx.AsyncClient) -> None:
    answer = await http.get(await kept(desk, links, files.png(), mime="text/html", name="my cat.html"))
    assert answer.status_code == 200
    assert answer.content == files.png()
    headers = answer.headers
    assert headers["content-type"] == "image/png"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert headers["content-disposition"] == "inline; filename*=utf-8''my%20cat.png"
    assert headers["cache-control"].startswith("private")


@pytest.mark.parametrize(
    ("data", "mime", "place"),
    [
        (files.ogg(), "audio/ogg", "inline"),
        (files.iso(b"isom", b"mp42"), "video/mp4", "inline"),
        (files.pdf(), "application/pdf", "attachment"),
        (b"only words", "text/plain", "attachment"),
    ],
)
async def test_only_what_a_browser_may_show_is_inline(
    desk: Desk, links: MediaLinks, http: httpx.AsyncClient, data: bytes, mime: str, place: str
) -> None:
    answer = await http.get(await kept(desk, links, data))
    assert answer.headers["content-type"] == mime
    assert answer.headers["content-disposition"].startswith(f"{place}; filename=")


async def test_a_part_can_be_asked_for(desk: Desk, links: MediaLinks, http: httpx.AsyncClient) -> None:
    data = files.png()
    link = await kept(desk, links, data)
    answer = await http.get(link, headers={"range": "bytes=4-9"})
    assert (answer.status_code, answer.content) == (206, data[4:10])
    assert answer.headers["content-range"] == f"bytes 4-9/{len(data)}"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert (await http.get(link, headers={"range": "bytes=-3"})).content == data[-3:]
    assert (await http.get(link, headers={"range": "bytes=9999-"})).status_code == 416
    assert (await http.get(link, headers={"range": "lines=1-2"})).status_code == 400
    head = await http.head(link)
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(len(data)))


async def test_an_old_link_shows_nothing(desk: Desk, links: MediaLinks, http: httpx.AsyncClient) -> None:
    link = await kept(desk, links, files.png())
    desk.clock.now += LIFETIME_S + DAY_S
    assert (await http.get(link)).status_code == 404


async def test_another_files_link_shows_another_file(desk: Desk, links: MediaLinks, http: httpx.AsyncClient) -> None:
    link = await kept(desk, links, files.png())
    unknown = links.link("0" * 32)
    assert (await http.get(unknown)).status_code == 404
    head, _, signature = link.rpartition("/")[2].split(".")
    forged = ".".join([head, unknown.rpartition("/")[2].split(".")[1], signature])
    assert (await http.get(f"/media/{forged}")).status_code == 404


@pytest.mark.parametrize("path", ["x", "..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/etc/passwd", "%00", "a" * 3_000])
async def test_no_path_leads_out(desk: Desk, http: httpx.AsyncClient, path: str) -> None:
    answer = await http.get(f"/media/{path}")
    assert answer.status_code == 404


async def test_a_file_that_is_not_here_yet_is_not_found(desk: Desk, links: MediaLinks, http: httpx.AsyncClient) -> None:
    message = desk.expect("m1", files.png())
    answer = await http.get(links.link(desk.file(message).id))
    assert answer.status_code == 404
    assert answer.headers["cache-control"] == "no-store"


async def test_what_is_refused_erased_or_purged_is_gone(desk: Desk, links: MediaLinks, http: httpx.AsyncClient) -> None:
    messages = [desk.expect("bad", files.HTML), desk.expect("back", files.png()), desk.expect("old", files.ogg())]
    await desk.fetcher.fetch_due()
    urls = [links.link(desk.file(message).id) for message in messages]
    assert [(await http.get(url)).status_code for url in urls] == [410, 200, 200]
    desk.corrections.erase("webchat", "back")
    assert [(await http.get(url)).status_code for url in urls] == [410, 410, 200]  # before the bytes are deleted
    desk.clock.now += 10 * DAY_S
    await desk.fetcher.purge(9)
    assert [(await http.get(url)).status_code for url in urls] == [410, 410, 410]


async def test_a_missing_file_is_gone(desk: Desk, links: MediaLinks, http: httpx.AsyncClient) -> None:
    link = await kept(desk, links, files.png())
    desk.store.delete(desk.on_disk()[0])
    assert (await http.get(link)).status_code == 410


async def test_a_kind_that_is_kept_no_more_is_only_saved(
    desk: Desk, links: MediaLinks, http: httpx.AsyncClient
) -> None:
    link = await kept(desk, links, files.png())
    limits = replace(load_limits(), kinds={"audio/ogg": load_limits().kinds["audio/ogg"]})
    app = Starlette(routes=MediaRoutes(desk.media, desk.store, limits, links).routes())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=URL) as client:
        answer = await client.get(link)
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == 'attachment; filename="file.bin"'


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("invoice.pdf", "invoice.pdf"), ("", "file.pdf"), ("...", "file.pdf"), ("../../etc/passwd", "passwd.pdf"),
        ("C:\\temp\\a.exe", "a.pdf"), ("a\r\nX: y.pdf", "a X y.pdf"), ("\u202egpj.exe", "gpj.pdf"),
        ('a";x=".pdf', "ax=.pdf"), ("領収書.PDF", "領収書.pdf"), ("ใบเสร็จ.pdf", "ใบเสร็จ.pdf"),
        ("فاتورة 1.pdf", "فاتورة 1.pdf"),
        ("x" * 500 + ".pdf", "x" * 100 + ".pdf"), ("\0\x1f", "file.pdf"), (".htaccess", "htaccess.pdf"),
    ],
)  # fmt: skip
def test_names_are_made_safe(name: str, safe: str) -> None:
    assert safe_name(name, "pdf") == safe
