"""Whose words leave when a person takes a conversation over between writing and sending."""

import pytest

from connectors.delivery import errors
from conversations.agent_reply import AgentDesk
from conversations.model import HandoffRequest, Reply
from conversations.outgoing import Draft
from conversations.ownership import hand_back, hand_over, list_handoffs
from tests.support.channel import said
from tests.support.channel_desk import Desk

AGENT = "agent:mia"


async def waiting(desk: Desk) -> str:
    """A conversation with one message of Ann's."""
    await desk.tell(said("hi", "m1"), "e1")
    return desk.received[-1].receipt.conversation.id if desk.received[-1].receipt else ""


def reason(desk: Desk) -> HandoffRequest:
    """A hand-off."""
    return HandoffRequest("asked", "ordinary", {}, desk.clock() + 3600)


def agent_says(desk: Desk, conversation_id: str, text: str) -> None:
    """Mia writes, and so takes the conversation."""
    desk.clock.pass_s(1)
    AgentDesk(desk.engine, desk.gate, desk.clock).send(conversation_id, Draft(Reply(text, "de"), AGENT))


def give_back(desk: Desk) -> None:
    """Mia gives the conversation back."""
    desk.clock.pass_s(1)
    (handoff,) = list_handoffs(desk.engine)
    hand_back(desk.engine, handoff.id, AGENT, desk.clock())


async def test_the_bots_words_are_withdrawn_when_a_person_took_over(desk: Desk) -> None:
    found = await waiting(desk)
    desk.answer("bot", "more of the bot", handoff=reason(desk))
    agent_says(desk, found, "mia")
    await desk.send()
    assert desk.channel.texts == ["mia"]
    assert desk.history(desk.conversation()) == [
        ("in", "hi", "handled"),
        ("out", "bot", "withdrawn"),
        ("out", "more of the bot", "withdrawn"),
        ("out", "mia", "sent"),
    ]


async def test_a_hand_offs_own_words_still_go(desk: Desk) -> None:
    await waiting(desk)
    desk.answer("a colleague will answer", handoff=reason(desk))
    await desk.send()
    assert desk.channel.texts == ["a colleague will answer"]


async def test_words_go_that_were_written_when_nobody_had_the_conversation(desk: Desk) -> None:
    found = await waiting(desk)
    desk.answer("bot")
    hand_over(desk.engine, found, reason(desk), desk.clock())
    await desk.send()
    assert desk.channel.texts == ["bot"]


async def test_after_the_hand_back_the_persons_words_and_new_words_of_the_bot_go(desk: Desk) -> None:
    found = await waiting(desk)
    desk.answer("old", handoff=reason(desk))
    agent_says(desk, found, "mia")
    give_back(desk)
    desk.clock.pass_s(1)
    desk.write(desk.conversation(), "new")
    await desk.send()
    assert desk.channel.texts == ["mia", "new"]


async def test_the_systems_words_go_whoever_has_the_conversation(desk: Desk) -> None:
    found = await waiting(desk)
    desk.answer(handoff=reason(desk))
    desk.write(desk.conversation(), "notice", author="system")
    agent_says(desk, found, "mia")
    await desk.send()
    assert desk.channel.texts == ["notice", "mia"]


async def test_a_turn_that_ends_after_a_person_took_over_says_nothing(desk: Desk) -> None:
    found = await waiting(desk)
    hand_over(desk.engine, found, reason(desk), desk.clock())
    agent_says(desk, found, "mia")
    desk.clock.pass_s(1)
    desk.answer("the bot, too late")
    await desk.send()
    assert desk.channel.texts == ["mia"]


async def test_a_call_carries_the_words_of_one_author(desk: Desk) -> None:
    ann = desk.conversation()
    for author in ("bot", "bot", "system", "bot"):
        desk.write(ann, author, author=author)
    await desk.send()
    assert [one.author for one in desk.deliveries()] == ["bot", "bot", "system", "bot"]
    assert [call.task.human for call in desk.channel.calls] == [False] * 4


@pytest.mark.parametrize("error", [errors.TryAgain("500", "busy"), errors.Uncertain("timeout", "silence")])
async def test_the_bots_next_try_is_withdrawn_too(desk: Desk, error: errors.DeliveryError) -> None:
    desk.channel.outcomes = [error]
    found = await waiting(desk)
    desk.answer("bot", handoff=reason(desk))
    await desk.send()
    agent_says(desk, found, "mia")
    desk.clock.pass_s(10)
    await desk.send()
    assert desk.channel.texts == ["bot", "mia"]
    assert desk.channel.calls[1].task.human


async def test_a_status_that_was_quicker_is_not_withdrawn(desk: Desk) -> None:
    desk.channel.outcomes = [errors.Uncertain("timeout", "silence")]
    found = await waiting(desk)
    desk.answer("bot", handoff=reason(desk))
    await desk.send()
    batch = desk.outbox.load(found, 0)
    desk.states.told("scripted", "v1", batch.deliveries[0].id, desk.deliveries()[0].state.READ)
    agent_says(desk, found, "mia")
    assert not desk.states.begin(batch.deliveries[0], {})
    assert desk.states_of() == ["read"]
