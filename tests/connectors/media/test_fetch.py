import asyncio
import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from connectors.delivery.errors import (
    AccountDown,
    DeliveryError,
    Hold,
    Refused,
    TokenSpent,
    TryAgain,
    TryRecipientLater,
    Uncertain,
)
from connectors.media import fetch
from connectors.media.store import MediaStore
from tests.connectors.media import files
from tests.connectors.media.conftest import Desk

DAY = 86_400.0


async def test_a_file_is_kept_as_what_its_bytes_are(desk: Desk) -> None:
    data = files.png()
    message = desk.expect("m1", data, mime="text/html", sha256=hashlib.sha256(data).hexdigest().upper())
    assert await desk.fetcher.fetch_due() == 1
    file = desk.file(message)
    assert (file.state, file.mime, file.size) == ("kept", "image/png", len(data))
    with desk.store.open(file.sha256) as stored:
        assert stored.read() == data
    assert desk.woken == [desk.media.conversation_of(message)]
    assert await desk.fetcher.fetch_due() == 0


@pytest.mark.parametrize(
    ("data", "said", "reason"),
    [
        (files.HTML, {"mime": "image/png"}, "files of the type text/html are not kept"),
        (files.SVG, {"mime": "image/png"}, "files of the type image/svg+xml are not kept"),
        (files.exe(), {"mime": "application/pdf", "name": "a.pdf"}, "files of the type application/x-msdownload"),
        (files.docx()[:-30], {"name": "a.docx"}, "files of the type application/zip are not kept"),
        (b"hello there", {"name": "a.bat"}, "a text that is called .bat is not kept"),
        (files.png(b"x" * 10_000_000), {}, "image/png may have 10 MB at most"),
        (files.png(), {"size": 2 * 10**9}, "the file has 2,000,000,000 bytes"),
        (files.png(), {"mime": 5}, "what is stored of it names no file"),
    ],
    ids=[
        "html as png",
        "svg as png",
        "exe as pdf",
        "docx cut short",
        "batch",
        "too large",
        "told too large",
        "bad ref",
    ],
)
async def test_what_is_not_kept_is_refused_at_once(
    desk: Desk, data: bytes, said: dict[str, object], reason: str
) -> None:
    message = desk.expect("m1", data, **said)
    await desk.fetcher.fetch_due()
    file = desk.file(message)
    assert file.state == "refused"
    assert file.reason.startswith(reason)
    assert desk.on_disk() == []
    assert desk.woken


async def test_an_endless_file_is_cut_off(desk: Desk) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield bytes(1_000_000)

    desk = replace(desk, fetcher=replace(desk.fetcher, timeout_s=30))
    message = desk.expect("m1", endless)
    await desk.fetcher.fetch_due()
    assert (desk.file(message).state, desk.on_disk()) == ("refused", [])


async def test_a_vendor_that_is_too_slow_is_asked_again(desk: Desk) -> None:
    async def slow() -> AsyncIterator[bytes]:
        yield b"beginning"
        await asyncio.Event().wait()

    desk = replace(desk, fetcher=replace(desk.fetcher, timeout_s=0.5))
    message = desk.expect("m1", slow)
    await desk.fetcher.fetch_due()
    file = desk.file(message)
    assert (file.state, file.attempts, file.reason) == ("waiting", 1, "it did not come within 0.5 seconds")
    assert desk.on_disk() == []
    assert desk.vendor.open == 0


@pytest.mark.parametrize("kind", [TryAgain, TryRecipientLater, Uncertain, TokenSpent])
async def test_what_may_come_later_is_asked_for_again(desk: Desk, kind: type[DeliveryError]) -> None:
    message = desk.expect("m1", kind("503", "busy"))
    await desk.fetcher.fetch_due()
    assert (desk.file(message).state, desk.file(message).attempts) == ("waiting", 1)
    assert await desk.fetcher.fetch_due() == 0  # not before its time
    desk.clock.now += 2
    desk.vendor.answers["m1"] = files.png()
    assert await desk.fetcher.fetch_due() == 1
    assert desk.file(message).state == "kept"


@pytest.mark.parametrize("kind", [Refused, Hold])
async def test_what_never_comes_is_refused(desk: Desk, kind: type[DeliveryError]) -> None:
    message = desk.expect("m1", kind("gone", "taken back"))
    await desk.fetcher.fetch_due()
    assert (desk.file(message).state, desk.file(message).reason) == ("refused", "taken back")


async def test_eight_tries_are_the_most(desk: Desk) -> None:
    message = desk.expect("m1", TryAgain("503", "busy"))
    start = desk.clock.now
    for tries in range(1, 20):
        assert await desk.fetcher.fetch_due() == 1
        if desk.file(message).state == "refused":
            break
        desk.clock.now += fetch.LONGEST_S * fetch.GROWTH ** (tries - 1)
    assert tries == len(desk.vendor.asked) == fetch.MAX_ATTEMPTS
    assert desk.file(message).reason == "the vendor no longer has it (busy)"
    assert desk.clock.now - start < 6 * DAY


async def test_the_waits_outlast_a_bad_night(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    at: list[float] = []
    monkeypatch.setattr(desk.media, "again", lambda _id, when, *_args, **_more: at.append(when - desk.clock.now))
    message = desk.expect("m1", TryAgain("503", "busy"))
    for attempts in range(fetch.MAX_ATTEMPTS - 1):
        await desk.fetcher._settle(replace(desk.file(message), attempts=attempts))
    assert at[0] <= 1
    assert 6 * 3600 < sum(at) < 2 * DAY


async def test_the_vendors_own_wait_is_respected(desk: Desk) -> None:
    message = desk.expect("m1", TryAgain("429", "slow down", retry_after_s=90))
    await desk.fetcher.fetch_due()
    desk.clock.now += 89
    assert await desk.fetcher.fetch_due() == 0
    desk.clock.now += 3
    assert await desk.fetcher.fetch_due() == 1
    assert desk.file(message).attempts == 2


@pytest.mark.parametrize("cause", ["token", "account", "disk"])
async def test_our_own_trouble_costs_no_tries(desk: Desk, tmp_path: Path, cause: str) -> None:
    message = desk.expect("m1", AccountDown("401", "token expired") if cause == "token" else files.png())
    fetcher = desk.fetcher
    if cause == "account":
        fetcher = replace(fetcher, channels={})
    if cause == "disk":
        fetcher = replace(fetcher, store=MediaStore(tmp_path / "media", reserve=2**60))
    for _ in range(20):
        assert await fetcher.fetch_due() == 1
        desk.clock.now += fetch.LONGEST_S + 1
    assert (desk.file(message).state, desk.file(message).attempts) == ("waiting", 0)
    desk.vendor.answers["m1"] = files.png()
    await desk.fetcher.fetch_due()
    assert desk.file(message).state == "kept"


async def test_after_six_days_nothing_is_asked_any_more(desk: Desk) -> None:
    message = desk.expect("m1", AccountDown("401", "token expired"))
    desk.clock.now += 6 * DAY
    await desk.fetcher.fetch_due()
    assert desk.file(message).reason == "the vendor no longer has it (token expired)"


@pytest.mark.parametrize("how", ["short", "empty", "other bytes"])
async def test_damaged_bytes_are_asked_for_again(desk: Desk, how: str) -> None:
    data = files.png()
    message = desk.expect("m1", b"" if how == "empty" else data, sha256="0" * 64 if how == "other bytes" else "")
    if how == "short":
        desk.vendor.told["m1"] = len(data) + 1
    await desk.fetcher.fetch_due()
    assert (desk.file(message).state, desk.file(message).attempts, desk.on_disk()) == ("waiting", 1, [])


async def test_an_error_that_nobody_thought_of_stops_no_other(desk: Desk) -> None:
    odd, good = desk.expect("m1", KeyError("surprise")), desk.expect("m2", files.png())
    await desk.fetcher.fetch_due()
    assert (desk.file(odd).state, desk.file(odd).reason) == ("waiting", "KeyError")
    assert desk.file(good).state == "kept"


async def test_four_come_at_the_same_time_and_no_more(desk: Desk) -> None:
    for number in range(12):
        desk.expect(f"m{number}", files.png(b"%d" % number))
    assert await desk.fetcher.fetch_due() == 12
    assert desk.vendor.most_open == fetch.PARALLEL
    assert len(desk.on_disk()) == 12


async def test_it_runs_until_it_is_stopped_and_begins_by_sweeping(desk: Desk) -> None:
    drafts = desk.folder / "drafts"
    drafts.mkdir(parents=True)
    (drafts / "left.part").write_bytes(b"half")
    messages = [desk.expect(f"m{number}", files.png(b"%d" % number)) for number in range(9)]
    stopped = asyncio.Event()

    async def wait(_: float) -> None:
        await asyncio.sleep(0.01)
        if all(desk.file(message).state == "kept" for message in messages):
            stopped.set()

    await asyncio.wait_for(desk.fetcher.run(wait, stopped), 20)
    assert len(desk.on_disk()) == len(desk.vendor.asked) == 9
    assert desk.vendor.most_open <= fetch.PARALLEL


async def test_stopping_leaves_what_is_coming_for_the_next_start(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "DRAIN_S", 0.05)
    stopped = asyncio.Event()

    async def never() -> AsyncIterator[bytes]:
        yield b"x"
        stopped.set()
        await asyncio.Event().wait()

    message = desk.expect("m1", never)

    async def wait(_: float) -> None:
        await asyncio.wait_for(stopped.wait(), 10)

    fetcher = replace(desk.fetcher, timeout_s=60)
    await asyncio.wait_for(fetcher.run(wait, stopped), 20)
    assert (desk.file(message).state, desk.file(message).attempts, desk.on_disk()) == ("waiting", 0, [])
