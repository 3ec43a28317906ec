"""The dead letter list: what stands on it, and what a person can do."""

import pytest
from sqlalchemy.engine import Engine

from connectors.delivery import errors
from conversations.dead_letters import DeadLetters
from conversations.delivery_model import KEY_LIFE_S
from core.errors import NotFound
from tests.support.channel import ScriptedChannel
from tests.support.channel_desk import Desk

DEAD = errors.Refused("131", "no such person", "Call them.")
HOLD = errors.Hold("quota", "used up", "Buy more.")


@pytest.fixture
async def desk(engine: Engine) -> Desk:
    """A desk with one refused, one held and one sent message."""
    desk = Desk(engine, ScriptedChannel(outcomes=[DEAD, HOLD]))
    desk.write(desk.conversation(), "dead", "held", "sent")
    await desk.send()
    return desk


def test_the_list_says_what_to_whom_and_why(desk: Desk) -> None:
    letters = desk.letters.list()
    assert [(one.text, one.delivery.state.value, one.delivery.code) for one in letters] == [
        ("dead", "failed", "131"),
        ("held", "held", "quota"),
    ]
    first = letters[0]
    assert (first.channel, first.account, first.sender, first.market) == ("scripted", "de", "ann", "DE")
    assert first.delivery.reason == "no such person. Call them."
    assert len(desk.letters.list(1)) == 1


@pytest.mark.parametrize("index", [0, 1])
async def test_resend_sends_it_at_once(desk: Desk, index: int) -> None:
    letter = desk.letters.list()[index]
    desk.letters.resend(letter.delivery.id[:8])
    assert [one.text for one in desk.letters.list()] != [letter.text]
    await desk.send()
    assert desk.channel.texts[-1] == letter.text
    assert desk.channel.calls[-1].task.key == letter.delivery.key
    assert ("out", letter.text, "sent") in desk.history(desk.conversation())


async def test_an_old_one_gets_a_new_key_and_all_its_tries(desk: Desk) -> None:
    letter = desk.letters.list()[0]
    desk.clock.pass_s(KEY_LIFE_S + 60)
    desk.letters.resend(letter.delivery.id)
    desk.channel.outcomes = [errors.TryAgain("500", "busy")]
    await desk.send_for(4)
    assert desk.channel.texts[-2:] == ["dead", "dead"]
    assert desk.channel.calls[-1].task.key != letter.delivery.key
    assert desk.channel.calls[-1].task.key == desk.channel.calls[-2].task.key


async def test_a_discarded_one_is_never_sent_and_stays_in_the_record(desk: Desk) -> None:
    desk.letters.discard(desk.letters.list()[0].delivery.id, "mia")
    await desk.send_for(3)
    assert "dead" not in desk.channel.texts[3:]
    row = desk.record.history(desk.conversation().id)[0]
    assert (row.text, row.status) == ("dead", "failed")
    assert desk.states.release_held("scripted", "de", "ann") == 1
    assert desk.letters.list() == []


@pytest.mark.parametrize("wanted", ["no-such-id", "%", "_", "sent's"])
def test_what_is_not_on_the_list_cannot_be_moved(desk: Desk, wanted: str) -> None:
    wanted = desk.deliveries()[2].id if wanted == "sent's" else wanted
    with pytest.raises(NotFound):
        desk.letters.resend(wanted)
    with pytest.raises(NotFound):
        desk.letters.discard(wanted, "mia")


def test_a_beginning_that_two_share_moves_neither(desk: Desk) -> None:
    with pytest.raises(NotFound, match="no single"):
        desk.letters.resend("")


def test_an_empty_list(engine: Engine) -> None:
    assert DeadLetters(engine).list() == []
