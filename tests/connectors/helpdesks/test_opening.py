"""What every helpdesk gets of a hand-off: one case, whose first note is the packet."""

from html import unescape

import pytest

from conversations.ownership import Event
from desk.web.words import load_words
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
    sender = office.world.conversation(handoff.conversation_id).sender
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
    async with office.case(text) as handoff:
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
