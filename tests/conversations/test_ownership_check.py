"""Every way in which customer, bot, two agents and the closer can come together, with crashes in between."""

from dataclasses import replace

import pytest

from conversations.ownership_errors import AlreadyTaken
from conversations.ownership_model import RULES, By, Clock, Event, Rule, State
from tests.support.ownership_world import Explorer, Violation

ASSIGNED, BOT, CLOSED, QUEUED = State.ASSIGNED, State.BOT, State.CLOSED, State.QUEUED


def changed(state: State, event: Event, **values: object) -> tuple[tuple[State, Event], Rule]:
    """A rule with a mistake in it."""
    return (state, event), replace(RULES[state, event], **values)  # type: ignore[arg-type]


MISTAKES = {
    "the bot speaks over an agent": ((ASSIGNED, Event.TURN), Rule(ASSIGNED, clock=Clock.STOPS)),
    "the bot speaks over the queue": ((QUEUED, Event.TURN), Rule(QUEUED, clock=Clock.STOPS)),
    "a second agent takes it": changed(ASSIGNED, Event.TAKE, by=By.ANYONE, refusal=AlreadyTaken),
    "another agent gives it away": changed(ASSIGNED, Event.ASSIGN, by=By.ANYONE),
    "another agent answers": changed(ASSIGNED, Event.ANSWER, by=By.ANYONE),
    "a released one has no clock": changed(ASSIGNED, Event.RELEASE, clock=Clock.KEEPS),
    "an escalated one has no clock": changed(ASSIGNED, Event.ESCALATE, clock=Clock.STOPS),
    "a handed off one has no clock": changed(BOT, Event.HAND_OFF, clock=Clock.KEEPS),
    "a take-over stops the clock": changed(BOT, Event.TAKE, clock=Clock.STOPS),
    "a message to an agent starts no clock": changed(ASSIGNED, Event.MESSAGE, clock=Clock.KEEPS),
    "an agent closes unread": changed(ASSIGNED, Event.CLOSE, sees_all=False),
    "somebody closes a waiting one unread": changed(QUEUED, Event.CLOSE, sees_all=False),
    "an agent hands back unread": changed(ASSIGNED, Event.HAND_BACK, sees_all=False),
    "it expires while the customer waits for an agent": changed(ASSIGNED, Event.EXPIRE, answered=False),
    "it expires while the customer waits for the bot": changed(BOT, Event.EXPIRE, answered=False),
    "a click drops a promise": ((QUEUED, Event.START_OVER), Rule(CLOSED, clock=Clock.STOPS)),
}


def test_nobody_is_ever_left_alone_and_no_two_ever_have_it() -> None:
    assert Explorer().explore() > 1_000


@pytest.mark.slow
def test_nor_with_one_message_more() -> None:
    assert Explorer(messages=3).explore() > 20_000


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
def test_the_check_sees_a_mistake_in_the_rules(mistake: tuple[tuple[State, Event], Rule]) -> None:
    where, rule = mistake
    with pytest.raises(Violation):
        Explorer(rules={**RULES, where: rule}).explore()


def test_the_check_sees_that_the_bot_would_answer_anew_after_a_hand_back() -> None:
    with pytest.raises(Violation, match="answers what is answered"):
        Explorer(flush=False).explore()
