"""What every helpdesk does with a hand-off, from the door to the customer and back."""

from html import unescape

import pytest
import sqlalchemy as sa

from conversations.media import MediaRecord
from conversations.model import Kind
from conversations.ownership import Event
from core.schema import conversations
from desk.web.words import load_words
from tests.connectors.helpdesks.conftest import MakeOffice
from tests.connectors.helpdesks.office import SAYS, Office

PARCEL = {
    ("DE", "de"): "Wo bleibt mein Paket?",
    ("JP", "ja"): "私の荷物はどこですか？",
    ("SA", "ar"): "أين طردي؟",
    ("TH", "th"): "พัสดุของฉันอยู่ที่ไหน",
}
CARD = "4111 1111 1111 1111"


async def test_a_hand_off_becomes_one_case_and_its_desk_owns_it(office: Office) -> None:
    handoff = office.world.waiting("Wo bleibt mein Paket?")
    async with office.opened():
        await office.settle()
    assert len(office.cases) == 1
    row = office.row()
    assert (row.handoff_id, row.state, row.case_id, row.desk) == (handoff.id, "open", office.cases[0], "outside")
    assert office.world.conversation(handoff.conversation_id).owner == "agent:outside"
    assert office.world.handoff(handoff.conversation_id).waiting_since is not None  # the promise goes on


async def test_markets_of_others_and_taken_conversations_stay(office: Office) -> None:
    office.world.waiting("Where is my parcel?", market="US", language="en")
    mine = office.world.waiting("Wo bleibt mein Paket?")
    office.world.act(mine.conversation_id, Event.TAKE, "anna")
    async with office.opened():
        await office.settle()
    assert office.cases == []


@pytest.mark.parametrize(("market", "language"), list(PARCEL))
async def test_the_first_note_is_the_packet(office: Office, market: str, language: str) -> None:
    text = PARCEL[market, language]
    office.world.waiting(f"{text}", market=market, language=language)
    async with office.opened():
        await office.settle()
    note = office.notes(office.cases[0])[0]
    assert text in note
    assert SAYS[text] in note
    assert note.index("Summary" if "Summary" in note else "Wants") < note.rindex(text)  # what is wanted comes first
    assert "/desk/c/" in note
    assert len(note.encode()) <= 60_000
    if office.vendor == "zendesk":
        assert f'lang="{language}"' in note
        assert ('dir="rtl"' in note) == (language == "ar")


@pytest.mark.parametrize(("market", "language"), list(PARCEL))
async def test_the_first_note_says_what_the_desk_says(office: Office, market: str, language: str) -> None:
    world, order = office.world, office.order(market, "in_transit")
    handoff = world.waiting(f"{PARCEL[market, language]}\n{order.number}", market=market, language=language)
    sender = world.conversation(handoff.conversation_id).sender
    for _ in range(3):
        world.write(PARCEL[market, language], sender=sender, market=market, language=language)
    async with office.opened():
        await office.settle()
    client = world.client("anna", languages=["en"])
    packet = client.get(f"/desk/api/conversations/{handoff.conversation_id}/packet").json()
    words, note = load_words()["en"], office.notes(office.cases[0])[0].replace("\\", "")
    assert [fact["number"] for fact in packet["orders"]["orders"]] == [order.number]
    assert {sign["kind"] for sign in packet["mood"]["signs"]} >= {"repeated", "in_a_row"}
    said = [words(f"packet.mood_sign.{sign['kind']}", **sign["values"]) for sign in packet["mood"]["signs"]]
    said += [words(f"packet.step.{step['key']}", **step["values"]) for step in packet["next_steps"]]
    said += [words(f"packet.mood.{packet['mood']['level']}"), words(f"orders.state.{order.state}")]
    said += [words("packet.not_proven"), words(f"packet.reason.{packet['why']['reason']}"), packet["wants"]["text"]]
    said += [f"{words('packet.given.order_number')}: {order.number}", words(f"packet.cost.{packet['channel']['cost']}")]
    said += [term["found"] for term in packet["terms"]]
    plain = unescape(note)
    assert [text for text in said if text not in plain] == []


async def test_secrets_are_masked_and_markup_is_shown_as_it_stands(office: Office) -> None:
    text = f"<script>alert(1)</script> **fett** [x](http://evil) Karte {CARD}, mein Code ist 482913"
    handoff = office.world.waiting(text)
    async with office.opened():
        await office.settle()
        office.world.write(f"<b>nochmal</b> {CARD}", sender=office.world.conversation(handoff.conversation_id).sender)
        await office.settle()
    case = office.cases[0]
    for shown in (office.notes(case)[0], office.said(case)[0]):
        assert CARD not in shown
        assert "482913" not in shown
        assert "•••• 1111" in shown
        assert "<script>" not in shown
        assert "<b>" not in shown.replace("\\<", "")
    if office.vendor == "zendesk":
        assert "&lt;script&gt;" in office.notes(case)[0]
    else:
        assert r"\*\*fett\*\*" in office.notes(case)[0]
        assert r"\[x\]" in office.notes(case)[0]


async def test_a_long_conversation_is_cut_at_its_old_end(office: Office) -> None:
    world = office.world
    for number in range(40):
        world.write(f"Nachricht {number} " + "lang " * 600, sender="long", language="en")
    handoff = world.hand_off(world.write("Zuletzt", sender="long").conversation.id)
    async with office.opened():
        await office.settle()
    note = office.notes(office.cases[0])[0]
    assert len(note.encode()) <= 60_000
    assert "Zuletzt" in note
    assert "left out" in note
    assert "Nachricht 0 " not in note
    assert handoff.id == office.row().handoff_id


async def test_what_the_customer_writes_arrives_in_order_and_once(office: Office) -> None:
    handoff = office.world.waiting("Hilfe")
    sender = office.world.conversation(handoff.conversation_id).sender
    async with office.opened():
        await office.settle()
        for number in range(5):
            office.world.write(f"Satz {number}", sender=sender)
        await office.settle(9)
    said = "\n".join(office.said(office.cases[0]))
    places = [said.index(f"Satz {number}") for number in range(5)]
    assert places == sorted(places)
    assert said.count("Satz") == 5 * (2 if "Translation" in said else 1)
    if office.vendor == "zendesk":
        assert len(office.said(office.cases[0])) == 1  # one comment for all of them
    else:
        assert len(office.said(office.cases[0])) == 5


async def test_a_file_is_a_link(office: Office) -> None:
    world = office.world
    handoff = world.waiting("Hilfe")
    sender = world.conversation(handoff.conversation_id).sender
    async with office.opened():
        await office.settle()
        receipt = world.write("", sender=sender, kind=Kind.MEDIA, payload={"media": {"mime": "image/jpeg"}})
        MediaRecord(world.engine).expect(receipt.message.id, "webchat", "", {"id": "x"})
        await office.settle()
    assert "/media/" in office.said(office.cases[0])[0]


async def test_an_agents_answer_reaches_the_customer_in_their_language(office: Office) -> None:
    handoff = office.world.waiting("Wo bleibt mein Paket?")
    async with office.opened():
        await office.settle()
        office.there.agent_writes(office.cases[0], "Your parcel is on its way.", name="Anna Schmidt")
        await office.settle()
    answer = office.answers(handoff)[0]
    assert (answer.text, answer.language) == ("Ihr Paket ist unterwegs.", "de")
    assert answer.author == "agent:outside/Anna Schmidt"
    assert answer.payload["translation"]["original"] == "Your parcel is on its way."
    assert answer.gate is not None
    assert office.world.handoff(handoff.conversation_id).waiting_since is None  # answered
    assert any(note == handoff.conversation_id for _, note in office.world.woken)


async def test_an_answer_in_the_customers_own_language_is_not_translated(office: Office) -> None:
    handoff = office.world.waiting("Wo bleibt mein Paket?")
    text = "Ihr Paket ist seit gestern unterwegs und kommt morgen bei Ihnen an."
    async with office.opened():
        await office.settle()
        office.there.agent_writes(office.cases[0], text)
        await office.settle()
    assert [(item.text, "translation" in item.payload) for item in office.answers(handoff)] == [(text, False)]


async def test_a_forbidden_word_stays_there_and_the_agent_reads_which(office: Office) -> None:
    handoff = office.world.waiting("請問我的包裹在哪裡？", market="TW", language="zh-Hant")
    async with office.opened():
        await office.settle()
        office.there.agent_writes(office.cases[0], "請您提供收件地址的郵編，我們會馬上為您查詢包裹的狀況。")
        await office.settle()
        assert office.answers(handoff) == []
        note = office.notes(office.cases[0])[-1]
        assert "郵編" in note
        assert "郵遞區號" in note
        assert "Not sent" in note
        office.there.agent_writes(office.cases[0], "請您提供收件地址的郵遞區號，我們會馬上為您查詢包裹的狀況。")
        await office.settle()
    assert len(office.answers(handoff)) == 1


async def test_what_cannot_be_translated_is_told(office: Office) -> None:
    handoff = office.world.waiting("พัสดุของฉันอยู่ที่ไหน", market="TH", language="th")
    async with office.opened():
        await office.settle()
        office.there.agent_writes(office.cases[0], "Your parcel is on its way.")
        await office.settle()
    assert office.answers(handoff) == []
    assert "translated from en to th" in office.notes(office.cases[0])[-1].replace("\\", "")


async def test_private_notes_and_our_own_words_never_leave(office: Office) -> None:
    handoff = office.world.waiting("Wo bleibt mein Paket?")
    sender = office.world.conversation(handoff.conversation_id).sender
    async with office.opened():
        await office.settle()
        office.there.agent_writes(office.cases[0], "He is always rude.", private=True)
        office.world.write("Hallo?", sender=sender)
        await office.settle()
    assert office.answers(handoff) == []
    assert [item.author for item in office.world.messages(handoff.conversation_id)] == ["customer", "customer"]
    assert len(office.said(office.cases[0])) == 1


async def test_files_and_empty_answers_are_told(office: Office) -> None:
    handoff = office.world.waiting("Wo bleibt mein Paket?")
    async with office.opened():
        await office.settle()
        office.there.agent_writes(office.cases[0], "Your parcel is on its way.", files=2)
        office.there.agent_writes(office.cases[0], "", files=1)
        await office.settle(9)
    assert len(office.answers(handoff)) == 1
    notes = "\n".join(office.notes(office.cases[0])[1:])
    assert "2 file" in notes
    assert "no text" in notes


@pytest.mark.parametrize(("when", "owner", "state"), [("close", "", "closed"), ("hand_back", "bot", "open")])
async def test_solved_there_ends_it_here(make_office: MakeOffice, when: str, owner: str, state: str) -> None:
    office = make_office(when_resolved=when)
    handoff = office.world.waiting("Wo bleibt mein Paket?")
    async with office.opened():
        await office.settle()
        office.there.agent_writes(office.cases[0], "Your parcel is on its way.")
        await office.settle()
        office.there.agent_sets(office.cases[0], "resolved")
        await office.settle()
    conversation = office.world.conversation(handoff.conversation_id)
    assert conversation.state == state
    assert not owner or conversation.owner == owner
    assert office.row().state == "closed"
    assert office.state(office.cases[0]) == "resolved"


async def test_closed_here_is_solved_there(office: Office) -> None:
    handoff = office.world.waiting("Wo bleibt mein Paket?")
    async with office.opened():
        await office.settle()
        office.world.act(handoff.conversation_id, Event.CLOSE, "lead", lead=True)
        await office.settle()
        assert office.state(office.cases[0]) == "resolved"
        assert office.row().state == "closed"
        assert "ended at Aftersail" in office.notes(office.cases[0])[-1]
        calls = len(office.wire.calls)
        await office.settle()
        assert len(office.wire.calls) == calls  # its own echo starts nothing


async def test_taken_over_here_is_solved_there(office: Office) -> None:
    handoff = office.world.waiting("Wo bleibt mein Paket?")
    async with office.opened():
        await office.settle()
        office.world.act(handoff.conversation_id, Event.TAKE, "lena", lead=True)
        await office.settle()
        assert office.state(office.cases[0]) == "resolved"
        assert office.world.conversation(handoff.conversation_id).owner == "agent:lena"
        office.there.agent_writes(office.cases[0], "Your parcel is on its way.")
        await office.settle()
    assert office.answers(handoff) == []
    assert "own desk" in office.notes(office.cases[0])[-1]


async def test_the_customer_writes_while_it_is_being_solved(office: Office) -> None:
    handoff = office.world.waiting("Wo bleibt mein Paket?")
    sender = office.world.conversation(handoff.conversation_id).sender
    async with office.opened():
        await office.settle()
        office.there.agent_sets(office.cases[0], "resolved")
        await office.deliver()
        office.clock.now += 1
        office.world.write("Und noch etwas", sender=sender)
        await office.settle(8)
    assert office.world.conversation(handoff.conversation_id).state == "open"
    assert office.state(office.cases[0]) == "open"
    assert "Und noch etwas" in office.said(office.cases[0])[-1]


async def test_a_message_after_the_end_is_a_new_case(office: Office) -> None:
    world = office.world
    handoff = world.waiting("Wo bleibt mein Paket?")
    sender = world.conversation(handoff.conversation_id).sender
    async with office.opened():
        await office.settle()
        office.there.agent_sets(office.cases[0], "resolved")
        await office.settle()
        again = world.write("Das Paket ist kaputt", sender=sender).conversation
        assert again.id != handoff.conversation_id
        world.hand_off(again.id)
        await office.settle()
    assert len(office.cases) == 2
    assert office.state(office.cases[0]) == "resolved"
    assert office.state(office.cases[1]) == "open"


async def test_opened_again_there_takes_it_back_from_the_bot(make_office: MakeOffice) -> None:
    office = make_office(when_resolved="hand_back")
    handoff = office.world.waiting("Wo bleibt mein Paket?")
    sender = office.world.conversation(handoff.conversation_id).sender
    async with office.opened():
        await office.settle()
        office.there.agent_sets(office.cases[0], "resolved")
        await office.settle()
        assert office.world.conversation(handoff.conversation_id).owner == "bot"
        office.there.agent_sets(office.cases[0], "open")
        await office.settle()
        assert office.world.conversation(handoff.conversation_id).owner == "agent:outside"
        office.world.write("Hallo?", sender=sender)
        await office.settle()
    assert len(office.cases) == 1
    assert "Hallo?" in office.said(office.cases[0])[-1]


async def test_an_answer_after_the_end_is_not_sent(office: Office) -> None:
    handoff = office.world.waiting("Wo bleibt mein Paket?")
    async with office.opened():
        await office.settle()
        office.there.agent_sets(office.cases[0], "resolved")
        await office.settle()
        office.there.agent_writes(office.cases[0], "Your parcel is on its way.")
        await office.settle()
    assert office.answers(handoff) == []
    assert "has ended" in office.notes(office.cases[0])[-1]


async def test_an_undelivered_answer_is_told(office: Office) -> None:
    handoff = office.world.waiting("Wo bleibt mein Paket?")
    async with office.opened():
        await office.settle()
        told = {"content": "undelivered", "reason": "window closed", "remedy": "wait for the customer"}
        office.world.record.note(handoff.conversation_id, told)
        await office.settle()
    assert "window closed" in office.notes(office.cases[0])[-1]


async def test_the_bot_is_silent_while_the_desk_has_it(office: Office) -> None:
    handoff = office.world.waiting("Wo bleibt mein Paket?")
    sender = office.world.conversation(handoff.conversation_id).sender
    async with office.opened():
        await office.settle()
        office.world.write("Hallo?", sender=sender)
    with office.world.engine.connect() as connection:
        assert connection.execute(sa.select(conversations.c.pending)).scalar_one() == 0
