"""Who may see and do what; and what customers, vendors and agents write is text, wherever it is shown."""

import re

import pytest
import sqlalchemy as sa

from conversations.contacts import Contacts
from conversations.media import MediaRecord
from conversations.model import Kind
from conversations.ownership import Event
from core.schema import messages
from core.schema_channels import media
from core.schema_desk import message_translations
from desk.conversation.pages import conversation_pages
from desk.translated import digest_of
from tests.desk.conversation.pages import elements
from tests.support.desk import DeskWorld

EVIL = "<img src=x onerror=alert(1)>'\"><script>alert(2)</script>{{7*7}}"
GETS = [page.path for page in conversation_pages() if page.method == "GET"]
POSTS = [page.path for page in conversation_pages() if page.method == "POST"]


@pytest.mark.parametrize("path", GETS + POSTS)
def test_another_markets_conversation_does_not_exist(desk: DeskWorld, path: str) -> None:
    conversation_id = desk.waiting().conversation_id
    for conversation in (conversation_id, "no-such-conversation", "x" * 500):
        address = "/desk" + path.replace("{id}", conversation)
        fra = desk.client("fra", role="lead", markets=["FR"], partial=True)
        form = {"seen": "1", "key": "a" * 32, "text": "x", "agent": "fra"}
        answer = fra.post(address, data=form) if path in POSTS else fra.get(address)
        assert answer.status_code == 404, address
        if path in POSTS and path in GETS:
            assert fra.get(address).status_code == 404
    assert desk.conversation(conversation_id).owner == "queue"


@pytest.mark.parametrize("path", GETS + POSTS)
def test_an_editor_and_a_guest_see_nothing(desk: DeskWorld, path: str) -> None:
    address = "/desk" + path.replace("{id}", desk.waiting().conversation_id)
    for name, status in (("ed", 403), ("", 401)):
        client = desk.client(name, partial=True, role="editor") if name else desk.client()
        client.headers["hx-request"] = "true"
        answer = client.post(address, data={"seen": "1"}) if path in POSTS else client.get(address)
        assert answer.status_code == status


@pytest.mark.parametrize("path", POSTS)
def test_a_forged_form_changes_nothing(desk: DeskWorld, path: str) -> None:
    conversation_id = desk.waiting().conversation_id
    anna = desk.client("anna")
    anna.headers["x-csrf-token"] = "forged"
    assert anna.post("/desk" + path.replace("{id}", conversation_id), data={"seen": "1"}).status_code == 403
    assert desk.conversation(conversation_id).owner == "queue"


def evil_conversation(desk: DeskWorld) -> str:
    """Every field that somebody outside can fill, filled."""
    payload = {
        "content": EVIL, "details": {"title": EVIL, "address": EVIL, "cards": [{"name": EVIL, "phones": [EVIL]}],
        "keywords": [EVIL], "latitude": EVIL}, "edits": [EVIL], "media": {"name": EVIL}, "title": EVIL, "cut": 9,
    }  # fmt: skip
    place = {"channel": "whatsapp", "account": "a", "sender": "kim"}
    Contacts(desk.engine, desk.clock).wrote(**place, at=desk.clock.now, name=EVIL, address={})
    conversation_id = desk.waiting(EVIL, payload=payload, kind=Kind.MEDIA, language="de", **place).conversation_id
    [stored] = desk.messages(conversation_id)
    MediaRecord(desk.engine, desk.clock).expect(stored.id, "whatsapp", "a", {"name": EVIL})
    desk.act(conversation_id, Event.TAKE, "anna")
    verdict = {"found": EVIL, "fix": EVIL, "reason": EVIL}
    gate = {"release": "r", "terms": [], "fixed": [verdict], "overridden": [verdict], "override": {"reason": EVIL}}
    said = {"response": EVIL, "source": {"title": EVIL}, "buttons": [{"title": EVIL, "payload": EVIL}]}
    with desk.engine.begin() as connection:
        connection.execute(
            sa.insert(messages).values(
                id="b1", conversation_id=conversation_id, seq=2, direction="out", author="bot", kind="text", text=EVIL,
                language="de", payload=said, channel="whatsapp", gate=gate, status="failed", error=EVIL,
                created_at=desk.clock.now,
            )
        )  # fmt: skip
        connection.execute(sa.text("UPDATE conversations SET last_seq = 2"))
        connection.execute(
            sa.insert(message_translations).values(
                message_id=stored.id, language="en", text=EVIL, engine=EVIL, reason=EVIL, digest=digest_of(stored),
                created_at=desk.clock.now,
            )
        )  # fmt: skip
        connection.execute(sa.update(media).values(state="refused", reason=EVIL, mime=EVIL))
    return conversation_id


def test_nothing_that_somebody_wrote_becomes_markup(desk: DeskWorld) -> None:
    desk.add_agent("mal", display_name=EVIL)
    anna = desk.client("anna", partial=True, languages=["en"])
    conversation_id = evil_conversation(desk)
    form = {"seen": "2", "key": "a" * 32, "text": f"{EVIL} @mal"}
    assert anna.post(f"/desk/c/{conversation_id}/notes", data=form).status_code == 200
    assert anna.post(f"/desk/c/{conversation_id}/escalate", data={"seen": "2", "note": EVIL}).status_code == 204
    assert anna.post(f"/desk/c/{conversation_id}/assign", data={"seen": "2", "agent": "mal"}).status_code == 204
    shown = 0
    for path in GETS:
        html = anna.get("/desk" + path.replace("{id}", conversation_id)).text
        assert "<img src=x" not in html, path
        assert "alert(2)</script>" not in html, path
        assert not [element for element in elements(html) if any(name.startswith("on") for name in element.attributes)]
        assert "{{7*7}}" in html or EVIL[:4] not in html
        shown += html.count("&lt;img src=x")
    assert shown > 20  # it is shown, as text


def test_a_file_is_linked_only_when_it_is_kept_and_by_its_signed_address(desk: DeskWorld) -> None:
    conversation_id = desk.waiting("", kind=Kind.MEDIA, payload={"content": "image"}).conversation_id
    [stored] = desk.messages(conversation_id)
    record = MediaRecord(desk.engine, desk.clock)
    record.expect(stored.id, "whatsapp", "a", {"name": "../../etc/passwd"})
    [file] = record.of_message(stored.id)
    anna = desk.client("anna")
    words = {"waiting": "being fetched", "refused": "was refused", "erased": "has been deleted"}
    for state, said in words.items():
        with desk.engine.begin() as connection:
            connection.execute(sa.update(media).values(state=state))
        html = anna.get(f"/desk/c/{conversation_id}").text
        assert said in html
        assert "/media/" not in html
    with desk.engine.begin() as connection:
        connection.execute(sa.update(media).values(state="kept", mime="image/png", size=3))
    [image] = elements(anna.get(f"/desk/c/{conversation_id}").text, "img")
    assert re.fullmatch(r"/media/[\w.-]+", image.attributes["src"])
    assert file.id not in image.attributes["src"]
    assert image.attributes["alt"].startswith("Picture of the customer")


@pytest.mark.parametrize(("mime", "tag"), [("audio/ogg", "audio"), ("video/mp4", "video"), ("application/pdf", "a")])
def test_files_are_shown_as_what_they_are(desk: DeskWorld, mime: str, tag: str) -> None:
    conversation_id = desk.waiting("", kind=Kind.MEDIA, payload={"content": "document"}).conversation_id
    [stored] = desk.messages(conversation_id)
    MediaRecord(desk.engine, desk.clock).expect(stored.id, "whatsapp", "a", {"name": "Beleg"})
    with desk.engine.begin() as connection:
        connection.execute(sa.update(media).values(state="kept", mime=mime, size=3))
    found = [
        element
        for element in elements(desk.client("anna").get(f"/desk/c/{conversation_id}").text, tag)
        if "/media/" in (element.attributes.get("src", "") + element.attributes.get("href", ""))
    ]
    assert len(found) == 1
