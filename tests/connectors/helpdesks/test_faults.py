"""The vendor fails, our process dies, webhooks come twice and in disorder: one case, nothing lost, nothing doubled."""

from typing import Any

import pytest
import structlog

from conversations.helpdesk_cases import HOLD_S
from conversations.ownership import Event
from tests.connectors.helpdesks.office import Killed, Office

FAULTS = ("down", "429", "500", "lost", "half")


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("call", range(4))
async def test_a_fault_at_any_call_of_opening_leaves_one_case(office: Office, fault: str, call: int) -> None:
    office.world.waiting("Wo bleibt mein Paket?")
    office.wire.faults = [""] * call + [fault]
    async with office.opened():
        await office.settle(9)
    assert len(office.cases) == 1
    assert office.row().state == "open"
    assert len(office.notes(office.cases[0])) == 1


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_while_relaying_loses_and_doubles_nothing(office: Office, fault: str) -> None:
    handoff = office.world.waiting("Wo bleibt mein Paket?")
    sender = office.world.conversation(handoff.conversation_id).sender
    async with office.opened():
        await office.settle()
        office.wire.faults = [fault, "", fault]
        for text in ("eins", "zwei", "drei"):
            office.world.write(text, sender=sender)
        await office.settle(12)
    said = "\n".join(office.said(office.cases[0]))
    for text in ("eins", "zwei", "drei"):
        assert said.count(text) == 2, said  # the original and its translation
    assert said.index("eins") < said.index("zwei") < said.index("drei")


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_at_a_note_doubles_none(office: Office, fault: str) -> None:
    office.world.waiting("Wo bleibt mein Paket?")
    async with office.opened():
        await office.settle()
        office.wire.faults = [fault]
        office.there.agent_writes(office.cases[0], "", files=1)
        await office.settle(9)
    assert len(office.notes(office.cases[0])) == 2


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_at_the_end_is_made_good(office: Office, fault: str) -> None:
    async with office.case() as handoff:
        office.world.act(handoff.conversation_id, Event.CLOSE, "lead", lead=True)
        office.wire.faults = [fault, fault]
        await office.settle(9)
    assert office.state(office.cases[0]) == "resolved"
    assert office.row().state == "closed"
    assert len(office.notes(office.cases[0])) == 2


async def test_away_and_back_with_an_alarm(office: Office) -> None:
    handoff = office.world.waiting("Wo bleibt mein Paket?")
    office.wire.fails_on = lambda _: True
    office.wire.faults = ["down"] * 500
    async with office.opened():
        with structlog.testing.capture_logs() as logs:
            for _ in range(45):
                await office.settle(1)
        assert office.cases == []
        assert office.row().state == "waiting"
        assert [line["cases"] for line in logs if line["event"] == "helpdesk_behind"] == [1]  # once, not every second
        assert len([line for line in logs if line["event"] == "helpdesk_later"]) < 20  # it rests in between
        assert office.world.conversation(handoff.conversation_id).owner == "queue"  # our own desk sees it
        assert office.world.handoff(handoff.conversation_id).promised_at == handoff.promised_at
        office.wire.faults = []
        office.clock.now += 400
        await office.settle()
    assert len(office.cases) == 1
    assert office.row().state == "open"


async def test_retry_after_is_kept(office: Office) -> None:
    office.world.waiting("Wo bleibt mein Paket?")
    office.wire.faults, office.wire.retry_after = ["429"], "120"
    async with office.opened():
        await office.courier.bridge.serve_due()
        calls = len(office.wire.calls)
        for _ in range(5):
            office.clock.now += 23
            await office.courier.bridge.serve_due()
        assert len(office.wire.calls) == calls
        office.clock.now += 30
        await office.settle()
    assert len(office.cases) == 1


async def test_our_own_desk_may_take_it_while_the_vendor_is_away(office: Office) -> None:
    handoff = office.world.waiting("Wo bleibt mein Paket?")
    async with office.opened():
        office.wire.faults = ["lost"]
        await office.courier.bridge.serve_due()
        office.world.act(handoff.conversation_id, Event.TAKE, "anna")
        office.clock.now += 60
        await office.settle()
    assert office.row().state == "closed"
    assert all(office.state(case) == "resolved" for case in office.cases)
    assert office.world.conversation(handoff.conversation_id).owner == "agent:anna"


@pytest.mark.parametrize("place", ["opened", "relayed", "noted", "done", "close"])
async def test_a_death_between_the_vendor_and_our_note_of_it_doubles_nothing(office: Office, place: str) -> None:
    handoff = office.world.waiting("Wo bleibt mein Paket?")
    sender = office.world.conversation(handoff.conversation_id).sender
    died_there = office.courier.bridge.cases
    _die_at(office, place)
    async with office.opened():
        await _settle_and_live(office)
        office.world.write("eins", sender=sender)
        office.there.agent_writes(office.cases[0], "", files=1)
        await _settle_and_live(office)
        office.world.act(handoff.conversation_id, Event.CLOSE, "lead", lead=True)
        await _settle_and_live(office)
    assert len(office.cases) == 1
    packets = [note for note in office.notes(office.cases[0]) if "Handed over" in note]
    assert len(packets) == 1
    assert len(office.notes(office.cases[0])) == len(set(office.notes(office.cases[0]))) == 3
    assert "\n".join(office.said(office.cases[0])).count("eins") == 2  # the original and its translation
    assert office.courier.bridge.cases is not died_there
    assert office.row().state == "closed"


async def _settle_and_live(office: Office) -> None:
    """As `settle`; after a death another process goes on."""
    try:
        await office.settle()
    except Killed:
        office.courier = office.start("courier-2")
        office.clock.now += HOLD_S + 1
        await office.settle(8)


def _die_at(office: Office, place: str) -> None:
    """Let the process die instead of writing down what it has done."""
    cases: Any = office.courier.bridge.cases

    def die(*_: object) -> None:
        raise Killed

    setattr(cases, place, die)


async def test_a_death_after_an_answer_was_stored_sends_it_once(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with office.case() as handoff:
        office.there.agent_writes(office.cases[0], "Your parcel is on its way.")
        await office.deliver()
        office.clock.now += 5

        def die(*_: object) -> None:
            raise Killed

        monkeypatch.setattr(office.courier.intake.inbox, "done", die)
        with pytest.raises(Killed):
            await office.courier.intake.apply_waiting()
        office.courier = office.start("courier-2")
        office.clock.now += 60
        await office.settle()
    assert len(office.answers(handoff)) == 1


async def test_duplicates_and_disorder(office: Office) -> None:
    async with office.case() as handoff:
        for number in range(3):
            office.clock.now += 1
            office.there.agent_writes(
                office.cases[0],
                f"Ihr Paket Nummer {number} ist heute bei uns im Lager angekommen und geht morgen weiter.",
            )
        office.clock.now += 1
        office.there.agent_sets(office.cases[0], "resolved")
        await office.deliver(lambda webhooks: [*reversed(webhooks), *webhooks])
        await office.settle()
    texts = [item.text for item in office.answers(handoff)]
    assert texts == [
        f"Ihr Paket Nummer {number} ist heute bei uns im Lager angekommen und geht morgen weiter."
        for number in range(3)
    ]
    assert office.world.conversation(handoff.conversation_id).state == "closed"


async def test_a_case_that_is_refused_goes_to_our_own_desk(office: Office) -> None:
    handoff = office.world.waiting("Wo bleibt mein Paket?")
    office.there.inbox_id, office.there.users = 99, _NobodyIsKnown()
    async with office.opened():
        await office.settle()
    assert office.row().state == "failed"
    assert "http_4" in office.row().error
    assert office.world.conversation(handoff.conversation_id).owner == "queue"
    assert office.courier.intake.replies.retry() == 1
    assert office.row().state == "waiting"


class _NobodyIsKnown(dict[str, Any]):
    def values(self) -> Any:
        return []


async def test_a_wrong_token_rests_the_account(office: Office) -> None:
    office.world.waiting("Wo bleibt mein Paket?")
    token, office.there.token = office.there.token, "another-token"
    async with office.opened():
        await office.settle(2)
        assert office.row().state == "waiting"
        assert "401" in office.row().error
        assert office.there.token not in office.row().error
        office.there.token = token
        office.clock.now += 120
        await office.settle()
    assert len(office.cases) == 1
