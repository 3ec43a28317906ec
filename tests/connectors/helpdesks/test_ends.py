"""What every helpdesk does at the end: solved there or here, opened again, written to afterwards."""

import pytest

from conversations.ownership import Event
from tests.connectors.helpdesks.conftest import MakeOffice
from tests.connectors.helpdesks.office import Office


@pytest.mark.parametrize(("when", "owner", "state"), [("close", "", "closed"), ("hand_back", "bot", "open")])
async def test_solved_there_ends_it_here(make_office: MakeOffice, when: str, owner: str, state: str) -> None:
    office = make_office(when_resolved=when)
    async with office.case() as handoff:
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
    async with office.case() as handoff:
        office.world.act(handoff.conversation_id, Event.CLOSE, "lead", lead=True)
        await office.settle()
        assert office.state(office.cases[0]) == "resolved"
        assert office.row().state == "closed"
        assert "ended at Aftersail" in office.notes(office.cases[0])[-1]
        calls = len(office.wire.calls)
        await office.settle()
        assert len(office.wire.calls) == calls  # its own echo starts nothing


async def test_taken_over_here_is_solved_there(office: Office) -> None:
    async with office.case() as handoff:
        office.world.act(handoff.conversation_id, Event.TAKE, "lena", lead=True)
        await office.settle()
        assert office.state(office.cases[0]) == "resolved"
        assert office.world.conversation(handoff.conversation_id).owner == "agent:lena"
        office.there.agent_writes(office.cases[0], "Your parcel is on its way.")
        await office.settle()
    assert office.answers(handoff) == []
    assert "own desk" in office.notes(office.cases[0])[-1]


async def test_the_customer_writes_while_it_is_being_solved(office: Office) -> None:
    async with office.case() as handoff:
        office.there.agent_sets(office.cases[0], "resolved")
        await office.deliver()
        office.clock.now += 1
        office.customer_writes(handoff, "Und noch etwas")
        await office.settle(8)
    assert office.world.conversation(handoff.conversation_id).state == "open"
    assert office.state(office.cases[0]) == "open"
    assert "Und noch etwas" in office.said(office.cases[0])[-1]


async def test_a_message_after_the_end_is_a_new_case(office: Office) -> None:
    async with office.case() as handoff:
        office.there.agent_sets(office.cases[0], "resolved")
        await office.settle()
        again = office.customer_writes(handoff, "Das Paket ist kaputt").conversation
        assert again.id != handoff.conversation_id
        office.world.hand_off(again.id)
        await office.settle()
    assert len(office.cases) == 2
    assert office.state(office.cases[0]) == "resolved"
    assert office.state(office.cases[1]) == "open"


async def test_opened_again_there_takes_it_back_from_the_bot(make_office: MakeOffice) -> None:
    office = make_office(when_resolved="hand_back")
    async with office.case() as handoff:
        office.there.agent_sets(office.cases[0], "resolved")
        await office.settle()
        assert office.world.conversation(handoff.conversation_id).owner == "bot"
        office.there.agent_sets(office.cases[0], "open")
        await office.settle()
        assert office.world.conversation(handoff.conversation_id).owner == "agent:outside"
        office.customer_writes(handoff, "Hallo?")
        await office.settle()
    assert len(office.cases) == 1
    assert "Hallo?" in office.said(office.cases[0])[-1]


async def test_an_answer_after_the_end_is_not_sent(office: Office) -> None:
    async with office.case() as handoff:
        office.there.agent_sets(office.cases[0], "resolved")
        await office.settle()
        office.there.agent_writes(office.cases[0], "Your parcel is on its way.")
        await office.settle()
    assert office.answers(handoff) == []
    assert "has ended" in office.notes(office.cases[0])[-1]
