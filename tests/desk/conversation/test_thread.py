"""The thread: what stands in it, in which order, and what a page gets that has a part of it already."""

import pytest
import sqlalchemy as sa

from conversations.agent_reply import AgentDesk
from conversations.model import Kind, Reply
from conversations.originals import SHOW_ORIGINAL
from conversations.outgoing import Draft
from conversations.ownership import Event
from core.schema import messages
from tests.desk.conversation.pages import Element, elements, message
from tests.support.desk import DeskWorld


def part(desk: DeskWorld, conversation_id: str, **query: object) -> tuple[Element, str]:
    """The part's list, and its HTML."""
    client = desk.client("anna", partial=True)
    answer = client.get(f"/desk/c/{conversation_id}/thread", params={key: str(value) for key, value in query.items()})
    assert answer.status_code == 200
    [found] = elements(answer.text, "ol", data_part="")
    return found, answer.text


def ids(html: str) -> list[str]:
    """What stands in the thread, in order, days left out."""
    found = [element.attributes.get("id", "") for element in elements(html, "li")]
    return [name for name in found if name.startswith(("m-", "e-", "n-"))]


def many(desk: DeskWorld, count: int) -> str:
    """A conversation with so many messages."""
    conversation_id = desk.waiting("1").conversation_id
    sender = desk.conversation(conversation_id).sender
    for number in range(2, count + 1):
        desk.write(str(number), sender=sender)
    return conversation_id


def test_messages_changes_of_hands_and_notes_stand_in_order(desk: DeskWorld) -> None:
    anna = desk.client("anna", partial=True)
    conversation_id = desk.waiting("Wo ist mein Paket?").conversation_id
    desk.clock.now += 60
    anna.post(f"/desk/c/{conversation_id}/take", data={"seen": "1"})
    desk.clock.now += 60
    anna.post(f"/desk/c/{conversation_id}/notes", data={"seen": "1", "key": "a" * 32, "text": "Ruft morgen an."})
    desk.clock.now += 60
    desk.answer(conversation_id, "anna", "Ich sehe nach.", "de")
    desk.act(conversation_id, Event.CLOSE, "anna")
    html = anna.get(f"/desk/c/{conversation_id}").text
    assert [name[:2] for name in ids(html)] == ["m-", "e-", "e-", "n-", "m-", "e-"]
    events = elements(html, "li", class_="event")
    assert "the bot handed over: wish for a person" in events[0].text
    assert "Taken by Anna" in events[1].text
    assert events[1].attributes["data-stretch"] == "starts"
    assert "Anna closed it" in events[2].text
    assert events[2].attributes["data-stretch"] == "ends"


def test_a_page_gets_only_what_is_new(desk: DeskWorld) -> None:
    conversation_id = many(desk, 3)
    whole, html = part(desk, conversation_id, before=4)
    versions = {
        item.attributes["data-seq"]: item.attributes["data-version"] for item in elements(html, class_="message")
    }
    shown = ",".join(f"{seq}.{version}" for seq, version in versions.items())
    known = {"after": 3, "event": whole.attributes["data-event"], "note": whole.attributes["data-note"], "shown": shown}
    _, html = part(desk, conversation_id, **known)
    assert ids(html) == []
    desk.write("4", sender=desk.conversation(conversation_id).sender)
    desk.act(conversation_id, Event.TAKE, "anna")
    found, html = part(desk, conversation_id, **known)
    assert [name[:3] for name in ids(html)] == ["m-4", "e-2"]
    assert found.attributes["data-last"] == "4"


def test_a_shown_message_comes_again_when_its_state_changes(desk: DeskWorld) -> None:
    desk.client("anna")
    conversation_id = many(desk, 1)
    desk.answer(conversation_id, "anna", "Ich sehe nach.", "de")
    before = message(desk.client("anna"), conversation_id, 2)
    assert "waiting to be sent" in before.text
    with desk.engine.begin() as connection:
        connection.execute(
            sa.update(messages).where(messages.c.seq == 2).values(status="failed", error="131047: closed")
        )
    shown = f"2.{before.attributes['data-version']}"
    _, html = part(desk, conversation_id, after=2, event=99, shown=shown)
    assert ids(html) == ["m-2"]
    again = message(desk.client("anna"), conversation_id, 2)
    assert "not delivered" in again.text
    assert "131047: closed" in again.text


@pytest.mark.parametrize(
    ("status", "word"),
    [("queued", "waiting"), ("held", "held back"), ("sent", "sent"), ("delivered", "delivered"), ("read", "read")],
)
def test_states_are_words(desk: DeskWorld, status: str, word: str) -> None:
    desk.client("anna")
    conversation_id = many(desk, 1)
    desk.answer(conversation_id, "anna", "Ich sehe nach.", "de")
    with desk.engine.begin() as connection:
        connection.execute(sa.update(messages).where(messages.c.seq == 2).values(status=status))
    html = desk.client("anna").get(f"/desk/c/{conversation_id}").text
    [state] = elements(html, class_="delivery")
    assert word in state.text


def test_older_messages_come_a_hundred_at_a_time(desk: DeskWorld) -> None:
    conversation_id = many(desk, 230)
    html = desk.client("anna").get(f"/desk/c/{conversation_id}").text
    assert ids(html)[0] == "m-131"
    assert "hidden" not in elements(html, "button", id="earlier")[0].attributes
    older, html = part(desk, conversation_id, before=131)
    assert (ids(html)[0], ids(html)[-1]) == ("m-31", "m-130")
    assert older.attributes["data-earlier"] == "yes"
    oldest, html = part(desk, conversation_id, before=31)
    assert (ids(html)[0], ids(html)[-1]) == ("m-1", "m-30")
    assert oldest.attributes["data-earlier"] == ""
    newest, html = part(desk, conversation_id, after=0)
    assert (len([name for name in ids(html) if name[0] == "m"]), newest.attributes["data-more"]) == (100, "yes")


def test_parts_neither_repeat_nor_lose_anything(desk: DeskWorld) -> None:
    anna = desk.client("anna", partial=True)
    conversation_id = many(desk, 1)
    sender = desk.conversation(conversation_id).sender
    for number in range(1, 13):
        desk.clock.now += 10
        anna.post(f"/desk/c/{conversation_id}/{'release' if number % 2 == 0 else 'take'}", data={"seen": "9"})
        desk.clock.now += 10
        anna.post(f"/desk/c/{conversation_id}/notes", data={"seen": "1", "key": f"{number:032x}", "text": "n"})
        for _ in range(10):
            desk.clock.now += 10
            desk.write("x", sender=sender)
    found: list[str] = []
    before = 122
    while before > 1:
        older, html = part(desk, conversation_id, before=before)
        found = [*ids(html), *found]
        before = int(older.attributes["data-first"])
    assert len(found) == len(set(found)) == 121 + 13 + 12
    assert [name for name in found if name[0] == "m"] == [f"m-{seq}" for seq in range(1, 122)]


def test_what_the_bot_said_tells_its_reply_source_buttons_and_the_gates_work(desk: DeskWorld) -> None:
    conversation_id = many(desk, 1)
    payload = {
        "response": "utter_offer_person",
        "source": {"id": "return-how", "title": "Rückgabe"},
        "buttons": [{"title": "Ja, bitte", "payload": "affirm"}],
    }
    gate = {"release": "r", "terms": [], "fixed": [{"found": "Treiber", "fix": "Fahrer", "reason": "Programm"}]}
    with desk.engine.begin() as connection:
        connection.execute(
            sa.insert(messages).values(
                id="b1", conversation_id=conversation_id, seq=2, direction="out", author="bot", kind="text",
                text="Soll ich verbinden?", language="de", payload=payload, channel="webchat", gate=gate,
                status="sent", created_at=desk.clock.now,
            )
        )  # fmt: skip
        connection.execute(sa.text("UPDATE conversations SET last_seq = 2"))
    shown = message(desk.client("anna"), conversation_id, 2)
    for words in ("Bot", "Approved reply", "Rückgabe", "Ja, bitte", "corrected 1 word", "Treiber", "Fahrer"):
        assert words in shown.text
    assert "utter_" not in shown.text  # a code is no word: it is the tooltip


def test_an_override_is_shown_with_its_reason(desk: DeskWorld) -> None:
    desk.client("anna")
    conversation_id = many(desk, 1)
    desk.act(conversation_id, Event.TAKE, "anna")
    terms = desk.parts.deps.terms().terms("DE", "de").terms
    word = next(term.text for term in terms if term.status == "forbidden" and not term.scope)
    draft = Draft(Reply(f"Gemeint ist: {word}.", "de"), "agent:anna", override="Der Kunde nennt es so")
    AgentDesk(desk.engine, desk.gate, desk.clock).send(conversation_id, draft)
    shown = message(desk.client("anna"), conversation_id, 2)
    assert "although the gate objected" in shown.text
    assert "Der Kunde nennt es so" in shown.text


def test_what_came_besides_words_is_said(desk: DeskWorld) -> None:
    conversation_id = many(desk, 1)
    sender = desk.conversation(conversation_id).sender
    place = {"content": "location", "details": {"title": "Zuhause", "latitude": 52.5, "longitude": 13.25}}
    cards = {"content": "contacts", "details": {"cards": [{"name": "Kim", "phones": ["+49 30 1"]}]}}
    desk.write("", sender=sender, kind=Kind.MEDIA, payload=place)
    desk.write("", sender=sender, kind=Kind.MEDIA, payload=cards)
    desk.write("", sender=sender, kind=Kind.MEDIA, payload={"content": "hologram"})
    anna = desk.client("anna")
    for seq, words in ((2, ("Place", "Zuhause", "52.50000")), (3, ("Kim", "+49 30 1")), (4, ("cannot show",))):
        assert all(word in message(anna, conversation_id, seq).text for word in words)


@pytest.mark.parametrize("query", ["after=x", "before=-1", "shown=1e9.a", "want=١", "note=nan", "after=9999999999"])
def test_an_address_that_no_page_makes_is_refused(desk: DeskWorld, query: str) -> None:
    conversation_id = many(desk, 1)
    assert desk.client("anna").get(f"/desk/c/{conversation_id}/thread?{query}").status_code == 422


def test_a_closed_conversation_leads_to_the_others_of_the_customer(desk: DeskWorld) -> None:
    first = desk.waiting("Hallo", sender="kim").conversation_id
    desk.act(first, Event.TAKE, "anna")
    desk.act(first, Event.CLOSE, "anna")
    desk.clock.now += 60
    second = desk.write("Noch etwas", sender="kim").conversation.id
    other = desk.write("Ich bin jemand anders", sender="lee").conversation.id
    anna = desk.client("anna")
    html = anna.get(f"/desk/c/{first}").text
    assert f'href="/desk/c/{second}"' in html
    assert other not in html
    assert f'href="/desk/c/{first}"' in anna.get(f"/desk/c/{second}").text


def test_episodes_of_other_markets_stay_unknown(desk: DeskWorld) -> None:
    first = desk.waiting("Bonjour", market="FR", language="fr", sender="kim").conversation_id
    desk.act(first, Event.TAKE, "zoe")
    desk.act(first, Event.CLOSE, "zoe")
    second = desk.write("Hallo", sender="kim").conversation.id
    assert first not in desk.client("anna", markets=["DE"]).get(f"/desk/c/{second}").text


@pytest.mark.parametrize(("interface", "words"), [("en", "asked to see the original"), ("zh", "查看原文")])
@pytest.mark.parametrize("text", ["", "Original anzeigen"])
def test_a_tap_on_show_the_original_says_so(desk: DeskWorld, interface: str, words: str, text: str) -> None:
    handoff = desk.waiting("Wo ist mein Paket?")
    sender = desk.conversation(handoff.conversation_id).sender
    tap = {"payload": SHOW_ORIGINAL, "title": text}
    seq = desk.write(text, sender=sender, kind=Kind.BUTTON, payload=tap).message.seq
    client = desk.client("anna", partial=True, interface=interface)
    page = client.get(f"/desk/c/{handoff.conversation_id}/thread").text
    [item] = [element for element in elements(page, "li", class_="message") if element.attributes["id"] == f"m-{seq}"]
    assert words in item.text
