"""An agent's files through the desk's door: taken in, looked at, sent once, erased."""

import asyncio
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image
from starlette.testclient import TestClient

from aftersail.files import open_links, tidy_files
from connectors.webchat.feed import message_frame
from conversations import uploads
from conversations.ownership_model import Event
from conversations.uploads import MOST_BYTES, MOST_FILES, MOST_WAITING
from core.schema_channels import media
from core.schema_desk import audit_log
from tests.desk.writing.acts import JSON, KEY, preview, send, written
from tests.desk.writing.test_channels import TEMPLATE, customer, files
from tests.support.desk import DeskWorld, MakeDesk
from tests.support.pictures import HTML, PDF, PLACE, photo, picture

Waiting = Callable[[str, str], str]


def add(client: TestClient, conversation: str, data: bytes, name: str = "photo.jpg") -> tuple[int, dict[str, Any]]:
    """(status, answer) of an upload."""
    answer = client.post(f"/desk/c/{conversation}/files", files={"file": (name, data, "image/jpeg")}, headers=JSON)
    return answer.status_code, answer.json()


def added(client: TestClient, conversation: str, data: bytes = b"", name: str = "photo.jpg") -> dict[str, Any]:
    """A file that was taken in."""
    status, found = add(client, conversation, data or picture(), name)
    assert status == 201, found
    return found


def listed(client: TestClient, conversation: str) -> list[str]:
    """Ids of the files that wait."""
    return [file["id"] for file in client.get(f"/desk/c/{conversation}/files").json()["files"]]


def rows(desk: DeskWorld) -> list[Any]:
    """Every file that the database knows."""
    with desk.engine.connect() as connection:
        return list(connection.execute(sa.select(media).order_by(media.c.created_at)))


def stored(desk: DeskWorld) -> list[Path]:
    """Every file on disk."""
    return [path for path in Path(desk.settings.media_dir).rglob("*") if path.is_file()]


def actions(desk: DeskWorld) -> list[str]:
    """What the audit log has."""
    with desk.engine.connect() as connection:
        return list(connection.execute(sa.select(audit_log.c.action).order_by(audit_log.c.id)).scalars())


def test_a_picture_goes_from_the_agent_to_the_customer_of_the_web_chat(desk: DeskWorld, waiting: Waiting) -> None:
    conversation, client = waiting("DE", "de"), desk.client("anna")
    file = added(client, conversation, photo(), "Beschwerde Müller intern.jpeg")
    assert (file["kind"], file["name"]) == ("image", "Beschwerde Müller intern.jpg")
    assert client.get(file["link"]).headers["content-type"] == "image/jpeg"
    look = preview(client, conversation, "Bitte diesen Knopf drücken.", "de", files=file["id"])
    assert (f'src="{file["link"]}"' in look["html"], look["findings"]) == (True, [])
    status, answer = send(client, conversation, "Bitte diesen Knopf drücken.", "de", files=file["id"])
    assert status == 200, answer
    (message,) = written(desk, conversation)
    (item,) = message.payload["files"]
    assert (message.text, item["name"], item["width"], item["height"]) == (
        "Bitte diesen Knopf drücken.", "Bild.jpg", 200, 320,
    )  # fmt: skip
    frame = message_frame(message, lambda _: "ltr", open_links(desk.settings).link)
    (shown,) = frame["files"]
    assert "Müller" not in str(frame)
    got = client.get(shown["link"].removeprefix("http://127.0.0.1:8080"))
    assert got.status_code == 200
    assert got.headers["content-disposition"].startswith("inline")
    assert "Müller" not in str(got.headers)
    assert PLACE.encode() not in got.content
    assert Image.open(io.BytesIO(got.content)).size == (200, 320)
    assert listed(client, conversation) == []
    assert actions(desk)[-2:] == ["file_added", "reply"]
    thread = client.get(f"/desk/c/{conversation}/thread").text
    assert re.search(r'<img src="/media/[^"]+" alt="[^"]*Bild.jpg', thread)
    assert "Bild.jpg: Bitte diesen Knopf" in client.get(f"/desk/c/{conversation}/packet").text
    export = client.get(f"/desk/c/{conversation}/export.json").json()
    assert export["messages"][-1]["file"] == "Bild.jpg"
    assert client.get(f"/desk/c/{conversation}/export.pdf").content.startswith(b"%PDF")


def test_a_picture_needs_no_words_and_a_document_has_a_plain_name_in_the_customers_language(
    desk: DeskWorld, waiting: Waiting
) -> None:
    conversation, client = waiting("JP", "ja"), desk.client("anna", languages=["zh"])
    ids = [added(client, conversation, data, name)["id"] for data, name in (
        (PDF, "退货标签-内部.pdf"), (picture("PNG"), "a.png"), (PDF + b"%", "b.pdf"),
    )]  # fmt: skip
    assert preview(client, conversation, "", "zh", files=",".join(ids))["findings"] == []
    assert send(client, conversation, "", "zh", files=",".join(ids))[0] == 200
    (message,) = written(desk, conversation)
    assert (message.text, message.language) == ("", "ja")
    assert [file["name"] for file in message.payload["files"]] == ["書類 1.pdf", "画像.png", "書類 2.pdf"]
    link = open_links(desk.settings).link(ids[0]).removeprefix("http://127.0.0.1:8080")
    headers = client.get(link).headers
    assert headers["content-disposition"].startswith("attachment")
    assert (headers["content-type"], headers["x-content-type-options"]) == ("application/pdf", "nosniff")


def test_words_alone_or_nothing_are_judged_as_before(desk: DeskWorld, waiting: Waiting) -> None:
    conversation, client = waiting("DE", "de"), desk.client("anna")
    assert send(client, conversation, "", "de")[0] == 422
    file = added(client, conversation)["id"]
    assert send(client, conversation, "\u200b", "de", files=file)[0] == 422  # words that nobody sees are none
    assert written(desk, conversation) == []


REFUSED = [
    ("a.jpg", HTML, 422, "kind"),
    ("a.pdf", b"MZ" + bytes(99), 422, "kind"),
    ("a.jpg", b"", 422, "empty"),
    ("a.jpg", picture()[:120], 422, "picture"),
    ("a.jpg", b"\xff" * (MOST_BYTES + 1), 422, "size"),
    ("a.jpg", bytes(30_000_000), 413, ""),
]


@pytest.mark.parametrize(("name", "data", "status", "code"), REFUSED, ids=[f"{r[2]}-{r[3]}" for r in REFUSED])
def test_what_is_refused_leaves_nothing(
    desk: DeskWorld, waiting: Waiting, name: str, data: bytes, status: int, code: str
) -> None:
    conversation, client = waiting("DE", "de"), desk.client("anna")
    found, answer = add(client, conversation, data, name)
    assert (found, answer.get("refused", "")) == (status, code)
    assert answer["text"]
    assert (rows(desk), stored(desk)) == ([], [])


def test_only_who_may_answer_there_may_add_see_send_and_remove(desk: DeskWorld, waiting: Waiting) -> None:
    conversation = waiting("DE", "de")
    anna, bert = desk.client("anna"), desk.client("bert")
    outside = desk.client("otto", markets=["JP"])
    file = added(anna, conversation)["id"]
    assert add(outside, conversation, picture())[0] == 404
    assert outside.get(f"/desk/c/{conversation}/files").status_code == 404
    assert desk.client().post(f"/desk/c/{conversation}/files", files={"file": ("a.png", picture())}).status_code == 401
    assert listed(bert, conversation) == []
    bert.post(f"/desk/c/{conversation}/files/{file}/remove")
    assert listed(anna, conversation) == [file]
    status, answer = send(bert, conversation, "Hallo", "de", files=file)
    assert (status, answer["stopped"]) == (409, "gone")
    other = waiting("DE", "de")
    assert send(anna, other, "Hallo", "de", files=file)[1]["stopped"] == "gone"
    anna.headers["x-csrf-token"] = "forged"
    assert add(anna, conversation, picture("PNG"))[0] == 403
    assert len(rows(desk)) == 1


def test_who_does_not_have_the_conversation_sends_nothing_and_loses_nothing(desk: DeskWorld, waiting: Waiting) -> None:
    conversation, anna = waiting("DE", "de"), desk.client("anna")
    file = added(anna, conversation)["id"]
    desk.client("bert")
    desk.act(conversation, Event.TAKE, "bert")
    assert send(anna, conversation, "Hallo", "de", files=file)[0] == 409
    assert (listed(anna, conversation), written(desk, conversation)) == ([file], [])


def test_the_same_key_again_and_the_same_file_again_send_nothing_twice(desk: DeskWorld, waiting: Waiting) -> None:
    conversation, client = waiting("DE", "de"), desk.client("anna")
    file = added(client, conversation)["id"]
    assert added(client, conversation)["id"] == file  # the same bytes
    assert actions(desk).count("file_added") == 1
    first = send(client, conversation, "Bitte sehr.", "de", files=file)
    assert send(client, conversation, "Bitte sehr.", "de", files=file) == first
    status, answer = send(client, conversation, "Noch einmal.", "de", key=KEY[::-1], files=file)
    assert (status, answer["stopped"]) == (409, "gone")
    assert len(written(desk, conversation)) == 1


def test_a_file_that_goes_away_while_it_is_sent_sends_nothing(
    desk: DeskWorld, waiting: Waiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation, client = waiting("DE", "de"), desk.client("anna")
    file = added(client, conversation)["id"]
    clear = desk.gate.__class__.clear

    def slow(*given: Any) -> Any:
        with desk.engine.begin() as connection:
            uploads.remove(connection, conversation, "agent:anna", file)
        return clear(*given)

    monkeypatch.setattr(desk.gate.__class__, "clear", slow)
    assert send(client, conversation, "Hallo", "de", files=file)[1]["stopped"] == "gone"
    assert written(desk, conversation) == []
    assert desk.conversation(conversation).owner == "queue"


def test_there_is_a_bound(desk: DeskWorld, waiting: Waiting) -> None:
    conversation, client = waiting("DE", "de"), desk.client("anna")
    ids = [added(client, conversation, PDF + b"%" * n, "a.pdf")["id"] for n in range(MOST_WAITING)]
    assert add(client, conversation, PDF + b"more")[1]["refused"] == "many"
    assert send(client, conversation, "Hallo", "de", files=",".join(ids[: MOST_FILES + 1]))[0] == 422
    assert send(client, conversation, "Hallo", "de", files="../../x")[0] == 422


def test_what_is_removed_forgotten_or_old_is_erased(desk: DeskWorld, waiting: Waiting) -> None:
    conversation, client = waiting("DE", "de"), desk.client("anna")
    removed, left, sent = (added(client, conversation, PDF + b"%" * n, "a.pdf") for n in range(3))
    assert send(client, conversation, "Bitte sehr.", "de", files=sent["id"])[0] == 200
    assert client.post(f"/desk/c/{conversation}/files/{removed['id']}/remove").status_code == 204
    tidy = tidy_files(desk.settings, desk.engine, desk.clock)
    asyncio.run(tidy.tidy())
    assert len(stored(desk)) == 2
    assert client.get(removed["link"]).status_code == 410
    desk.clock.now += 25 * 3600
    asyncio.run(tidy.tidy())
    assert len(stored(desk)) == 1
    client = desk.client("anna")  # yesterday's session is over
    assert send(client, conversation, "Bitte sehr.", "de", key=KEY[::-1], files=left["id"])[1]["stopped"] == "gone"
    desk.clock.now += desk.settings.media_days * 86_400
    asyncio.run(tidy.tidy())
    assert stored(desk) == []
    assert {row.state for row in rows(desk)} == {"erased"}
    assert {row.sha256 for row in rows(desk)} == {""}


def test_bytes_that_another_message_has_stay(desk: DeskWorld, waiting: Waiting) -> None:
    one, other, client = waiting("DE", "de"), waiting("DE", "de"), desk.client("anna")
    first, second = added(client, one), added(client, other)
    client.post(f"/desk/c/{one}/files/{first['id']}/remove")
    asyncio.run(tidy_files(desk.settings, desk.engine, desk.clock).tidy())
    assert client.get(second["link"]).status_code == 200


@pytest.mark.parametrize("channel", ["whatsapp", "line"])
def test_the_preview_says_what_the_channel_does(tmp_path: Path, make_desk: MakeDesk, channel: str) -> None:
    office = make_desk(public_url="https://shop.example", **files(tmp_path, TEMPLATE))
    conversation, client = customer(office, channel), office.client("anna", languages=["de", "ja"])
    image, document = added(client, conversation), added(client, conversation, PDF, "manual.pdf")
    text, language = ("Bitte sehr.", "de") if channel == "whatsapp" else ("こちらです。", "ja")
    page = preview(client, conversation, text, language, files=f"{image['id']},{document['id']}")["html"]
    assert f'src="{image["link"]}"' in page
    assert ("LINE takes no such files" in page) == (channel == "line")
    if channel == "line":
        assert "https://shop.example/media/" in page
    else:
        assert "Dokument.pdf" in page
        assert page.index(image["link"]) < page.index(text)
