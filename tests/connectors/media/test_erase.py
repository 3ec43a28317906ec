from collections.abc import AsyncIterator

import pytest

from connectors.delivery.errors import Refused, TryAgain
from connectors.media.store import MediaStore
from core.errors import RetryLater
from tests.connectors.media import files
from tests.connectors.media.conftest import Desk, pieces

DAY = 86_400.0


async def test_the_same_bytes_of_two_messages_go_with_the_last(desk: Desk) -> None:
    one, two = desk.expect("m1", files.png()), desk.expect("m2", files.png())
    await desk.fetcher.fetch_due()
    assert len(desk.on_disk()) == 1
    desk.corrections.erase("webchat", "m1")
    await desk.fetcher.erase()
    assert (desk.file(one).state, desk.file(one).sha256) == ("erased", "")
    assert desk.on_disk() == [desk.file(two).sha256]
    desk.corrections.erase("webchat", "m2")
    await desk.fetcher.erase()
    assert desk.on_disk() == []
    assert await desk.fetcher.erase() == 0


async def test_a_message_taken_back_while_its_file_comes_leaves_nothing(desk: Desk) -> None:
    async def taken_back() -> AsyncIterator[bytes]:
        yield files.png()
        desk.corrections.erase("webchat", "m1")

    message = desk.expect("m1", taken_back)
    await desk.fetcher.fetch_due()
    assert (desk.file(message).state, desk.on_disk(), desk.woken) == ("erased", [], [])


async def test_bytes_on_their_way_in_are_not_erased_with_anothers(desk: Desk) -> None:
    """The second message's bytes enter the store just when those of the first are to go."""
    one, two = desk.expect("m1", files.png()), desk.expect("m2", TryAgain("503", "busy"))
    await desk.fetcher.fetch_due()
    sha256 = desk.file(one).sha256
    assert desk.media.claim(desk.file(two).id, sha256)
    desk.corrections.erase("webchat", "m1")
    await desk.fetcher.erase()
    assert desk.on_disk() == [sha256]
    assert desk.media.keep(desk.file(two).id, "image/png", 1, sha256)


async def test_a_claim_that_came_to_nothing_leaves_nothing(desk: Desk) -> None:
    message = desk.expect("m1", Refused("gone", "taken back"))
    stored = await desk.store.put(pieces(files.png()), 1_000)
    desk.media.claim(desk.file(message).id, stored.sha256)  # then the process died
    await desk.fetcher.fetch_due()
    assert (desk.file(message).state, desk.on_disk()) == ("refused", [])


async def test_old_files_are_purged(desk: Desk) -> None:
    old = desk.expect("m1", files.png(b"old"))
    await desk.fetcher.fetch_due()
    desk.clock.now += 31 * DAY
    young = desk.expect("m2", files.png(b"young"))
    await desk.fetcher.fetch_due()
    assert await desk.fetcher.purge(30) == 1
    assert (desk.file(old).state, desk.file(old).reason) == ("erased", "kept for 30 days")
    assert desk.on_disk() == [desk.file(young).sha256]
    assert await desk.fetcher.purge(30) == 0


async def test_a_store_that_cannot_delete_keeps_the_row(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    message = desk.expect("m1", files.png())
    await desk.fetcher.fetch_due()
    desk.corrections.erase("webchat", "m1")

    def stuck(_: MediaStore, _sha256: str) -> bool:
        raise RetryLater("the disk is read-only")

    with monkeypatch.context() as patched:
        patched.setattr(MediaStore, "delete", stuck)
        assert await desk.fetcher.erase() == 0
    assert desk.file(message).sha256
    assert await desk.fetcher.erase() == 1
    assert desk.on_disk() == []
