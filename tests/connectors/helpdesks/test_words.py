"""What every helpdesk does with words: the customer's go there, agents' come here through the gate, and no others."""

import sqlalchemy as sa

from conversations.media import MediaRecord
from conversations.model import Kind
from core.schema import conversations
from tests.connectors.helpdesks.office import Office


async def test_what_the_customer_writes_arrives_in_order_and_once(office: Office) -> None:
    async with office.case("Hilfe") as handoff:
        for number in range(5):
            office.customer_writes(handoff, f"Satz {number}")
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
    async with office.case("Hilfe") as handoff:
        receipt = office.customer_writes(handoff, "", kind=Kind.MEDIA, payload={"media": {"mime": "image/jpeg"}})
        MediaRecord(office.world.engine).expect(receipt.message.id, "webchat", "", {"id": "x"})
        await office.settle()
    assert "/media/" in office.said(office.cases[0])[0]


async def test_an_agents_answer_reaches_the_customer_in_their_language(office: Office) -> None:
    async with office.case() as handoff:
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
    text = "Ihr Paket ist seit gestern unterwegs und kommt morgen bei Ihnen an."
    async with office.case() as handoff:
        office.there.agent_writes(office.cases[0], text)
        await office.settle()
    assert [(item.text, "translation" in item.payload) for item in office.answers(handoff)] == [(text, False)]


async def test_a_forbidden_word_stays_there_and_the_agent_reads_which(office: Office) -> None:
    async with office.case("請問我的包裹在哪裡？", market="TW", language="zh-Hant") as handoff:
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
    async with office.case("พัสดุของฉันอยู่ที่ไหน", market="TH", language="th") as handoff:
        office.there.agent_writes(office.cases[0], "Your parcel is on its way.")
        await office.settle()
    assert office.answers(handoff) == []
    assert "translated from en to th" in office.notes(office.cases[0])[-1].replace("\\", "")


async def test_private_notes_and_our_own_words_never_leave(office: Office) -> None:
    async with office.case() as handoff:
        office.there.agent_writes(office.cases[0], "He is always rude.", private=True)
        office.customer_writes(handoff, "Hallo?")
        await office.settle()
    assert office.answers(handoff) == []
    assert [item.author for item in office.world.messages(handoff.conversation_id)] == ["customer", "customer"]
    assert len(office.said(office.cases[0])) == 1


async def test_files_and_empty_answers_are_told(office: Office) -> None:
    async with office.case() as handoff:
        office.there.agent_writes(office.cases[0], "Your parcel is on its way.", files=2)
        office.there.agent_writes(office.cases[0], "", files=1)
        await office.settle(9)
    assert len(office.answers(handoff)) == 1
    notes = "\n".join(office.notes(office.cases[0])[1:])
    assert "2 file" in notes
    assert "no text" in notes


async def test_an_undelivered_answer_is_told(office: Office) -> None:
    async with office.case() as handoff:
        told = {"content": "undelivered", "reason": "window closed", "remedy": "wait for the customer"}
        office.world.record.note(handoff.conversation_id, told)
        await office.settle()
    assert "window closed" in office.notes(office.cases[0])[-1]


async def test_the_bot_is_silent_while_the_desk_has_it(office: Office) -> None:
    async with office.case() as handoff:
        office.customer_writes(handoff, "Hallo?")
    with office.world.engine.connect() as connection:
        assert connection.execute(sa.select(conversations.c.pending)).scalar_one() == 0
