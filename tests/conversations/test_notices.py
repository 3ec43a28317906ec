"""Words of the system: through the gate, in every state of ownership."""

import pytest
from sqlalchemy.engine import Engine

from conversations.model import HandoffRequest, Reply
from conversations.notices import Notices
from conversations.outgoing import Blocked
from conversations.ownership import hand_over
from core.errors import NotFound
from tests.support.channel_desk import Desk


@pytest.fixture
def desk(engine: Engine) -> Desk:
    """A desk."""
    return Desk(engine)


@pytest.fixture
def notices(desk: Desk) -> Notices:
    """Notices on it."""
    return Notices(desk.engine, desk.gate, desk.clock)


async def test_a_notice_is_stored_after_what_there_is_and_sent(desk: Desk, notices: Notices) -> None:
    ann = desk.conversation()
    desk.write(ann, "a")
    stored = notices.send(ann.id, Reply("notice", "de", {"response": "x"}))
    assert (stored.seq, stored.author, stored.status, stored.payload) == (2, "system", "queued", {"response": "x"})
    desk.write(ann, "b")
    await desk.send()
    assert desk.channel.texts == ["a", "notice", "b"]


async def test_it_goes_whoever_has_the_conversation(desk: Desk, notices: Notices) -> None:
    ann = desk.conversation()
    hand_over(desk.engine, ann.id, HandoffRequest("asked", "ordinary", {}, 0), desk.clock())
    notices.send(ann.id, Reply("notice", "de"))
    await desk.send()
    assert desk.channel.texts == ["notice"]


def test_the_gate_is_asked(desk: Desk, notices: Notices) -> None:
    with pytest.raises(Blocked):
        notices.send(desk.conversation().id, Reply("  ", "de"))
    assert desk.history(desk.conversation()) == []


def test_an_unknown_conversation(notices: Notices) -> None:
    with pytest.raises(NotFound):
        notices.send("no-such-one", Reply("notice", "de"))
