"""Rows of files through the record's public methods, on a real SQLite file."""

import pytest
from sqlalchemy.engine import Engine

from conversations.corrections import Corrections
from conversations.media import MAX_REASON, MediaFile, MediaRecord
from conversations.record import Record
from core.errors import NotFound
from tests.support.records import inbound

SHA = "a" * 64
NOW = 1_000.0


@pytest.fixture
def media(engine: Engine) -> MediaRecord:
    return MediaRecord(engine, lambda: NOW)


def expected(record: Record, media: MediaRecord, name: str = "m1") -> MediaFile:
    message = record.receive(inbound(provider_id=name)).message
    media.expect(message.id, "line", "line-de", {"ref": name})
    (file,) = media.of_message(message.id)
    return file


def test_a_message_has_its_file_once(record: Record, media: MediaRecord) -> None:
    file = expected(record, media)
    media.expect(file.message_id, "line", "line-de", {"ref": "other"})
    assert media.of_message(file.message_id) == [file]
    assert (file.state, file.ref, file.created_at) == ("waiting", {"ref": "m1"}, NOW)
    assert media.get(file.id) == file
    assert media.due(10) == [file]


def test_what_is_not_there_is_told(record: Record, media: MediaRecord) -> None:
    for look in (media.get, media.conversation_of):
        with pytest.raises(NotFound):
            look("nothing")
    assert media.of_message("nothing") == []


def test_a_file_knows_its_conversation(record: Record, media: MediaRecord) -> None:
    receipt = record.receive(inbound(provider_id="m1"))
    assert media.conversation_of(receipt.message.id) == receipt.conversation.id


def test_a_file_is_kept_once_and_is_not_due_any_more(record: Record, media: MediaRecord) -> None:
    file = expected(record, media)
    assert media.keep(file.id, "image/png", 5, SHA)
    assert not media.keep(file.id, "image/gif", 6, SHA)
    assert not media.refuse(file.id, "too late")
    assert media.due(10) == []
    assert (media.get(file.id).state, media.get(file.id).mime) == ("kept", "image/png")


@pytest.mark.parametrize(("counted", "attempts"), [(True, 1), (False, 0)])
def test_a_file_is_tried_again_at_its_time(record: Record, media: MediaRecord, counted: bool, attempts: int) -> None:
    file = expected(record, media)
    media.again(file.id, NOW + 1, "x" * 999, counted=counted)
    assert media.due(10) == []
    assert (media.get(file.id).attempts, len(media.get(file.id).reason)) == (attempts, MAX_REASON)
    media.again(file.id, NOW, "", counted=counted)
    assert [due.id for due in media.due(10)] == [file.id]


def test_a_file_of_a_message_taken_back_is_not_wanted(engine: Engine, record: Record, media: MediaRecord) -> None:
    file = expected(record, media)
    Corrections(engine).erase("webchat", "m1")
    assert not media.claim(file.id, SHA)
    assert not media.keep(file.id, "image/png", 5, SHA)
    assert media.erased() == []  # its bytes never came


@pytest.mark.parametrize("other", ["kept", "waiting", "refused", "erased"])
def test_bytes_go_with_the_last_message_that_wants_them(
    engine: Engine, record: Record, media: MediaRecord, other: str
) -> None:
    first, second = expected(record, media), expected(record, media, "m2")
    assert media.claim(second.id, SHA)
    if other == "kept":
        media.keep(second.id, "image/png", 5, SHA)
    if other == "refused":
        media.refuse(second.id, "no")
    if other == "erased":
        Corrections(engine).erase("webchat", "m2")
    media.keep(first.id, "image/png", 5, SHA)
    Corrections(engine).erase("webchat", "m1")
    deleted: list[str] = []
    alone = other in ("refused", "erased")
    assert media.forget(first.id, deleted.append) == alone
    assert deleted == ([SHA] if alone else [])
    assert not media.forget(first.id, deleted.append)


def test_what_is_wanted_is_not_forgotten(record: Record, media: MediaRecord) -> None:
    file = expected(record, media)
    media.keep(file.id, "image/png", 5, SHA)
    deleted: list[str] = []
    assert not media.forget(file.id, deleted.append)
    assert deleted == []
    assert media.get(file.id).sha256 == SHA


def test_a_deletion_that_fails_is_tried_again(engine: Engine, record: Record, media: MediaRecord) -> None:
    file = expected(record, media)
    media.keep(file.id, "image/png", 5, SHA)
    Corrections(engine).erase("webchat", "m1")

    def stuck(_: str) -> None:
        raise OSError("read-only")

    with pytest.raises(OSError, match="read-only"):
        media.forget(file.id, stuck)
    assert [gone.id for gone in media.erased()] == [file.id]


def test_old_files_expire(engine: Engine, record: Record, media: MediaRecord) -> None:
    file = expected(record, media)
    media.keep(file.id, "image/png", 5, SHA)
    assert media.expire(NOW, "old") == 0
    assert media.expire(NOW + 1, "old") == 1
    assert media.expire(NOW + 1, "old") == 0
    assert (media.get(file.id).state, media.get(file.id).ref, media.get(file.id).reason) == ("erased", {}, "old")
    assert [gone.id for gone in media.erased()] == [file.id]
