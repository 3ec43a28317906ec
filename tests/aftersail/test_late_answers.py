"""The notice that an answer takes longer: once for a token, however many couriers look."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from aftersail.late_answers import BEFORE_END_S, STILL_WORKING, LateAnswers
from conversations import ownership
from conversations.model import HandoffRequest
from conversations.notices import Notices
from core.database import open_engine
from core.settings import Settings
from knowledge.release_holder import ReleaseHolder
from tests.support import postgres
from tests.support.channel import Clock, ScriptedChannel, said
from tests.support.channel_desk import Desk

TOKEN_S = 50.0
SAID = SimpleNamespace(text="Wir sind dran", language="de", buttons=())


class Held:
    """knowledge.release_holder.ReleaseHolder with one reply."""

    def current(self) -> Any:
        """A release whose every reply is the same."""
        words = SimpleNamespace(say=lambda *_, **__: SAID)
        market = SimpleNamespace(languages=("de",))
        return SimpleNamespace(id="r1", words=words, markets={"DE": market})


def watch(desk: Desk) -> LateAnswers:
    """The watch of the desk's process."""
    holder: ReleaseHolder = Held()  # type: ignore[assignment]
    notices = Notices(desk.engine, desk.gate, desk.clock)
    return LateAnswers(desk.contacts, desk.record, notices, holder, desk.channels, desk.clock)


def notices_of(desk: Desk, conversation: str) -> int:
    return sum(row.payload.get("response") == STILL_WORKING for row in desk.record.history(conversation))


async def waiting(engine: Engine) -> tuple[Desk, str]:
    """A person whose token is about to end."""
    desk = Desk(engine, ScriptedChannel(reply_within_s=TOKEN_S))
    await desk.tell(said("where is it?", "m1", reply_token="t1"), "e1")
    (applied,) = desk.received
    assert applied.receipt
    desk.clock.pass_s(TOKEN_S - BEFORE_END_S)
    return desk, applied.receipt.conversation.id


async def test_who_waits_is_told_once(engine: Engine) -> None:
    desk, conversation = await waiting(engine)
    assert [watch(desk).tell_waiting() for _ in range(3)] == [1, 0, 0]
    await desk.send()
    assert [(call.text, call.way.token) for call in desk.channel.calls] == [(SAID.text, "t1")]
    assert watch(desk).tell_waiting() == 0
    assert notices_of(desk, conversation) == 1


@pytest.mark.parametrize("what", ["too early", "answered", "a person has it"])
async def test_nobody_is_told_without_need(engine: Engine, what: str) -> None:
    desk, conversation = await waiting(engine)
    if what == "too early":
        desk.clock.pass_s(-1)
    elif what == "answered":
        desk.answer()
    else:
        with engine.begin() as connection:
            request = HandoffRequest("asked_for_person", "ordinary", {}, desk.clock() + 3600)
            ownership.queue(connection, conversation, request, desk.clock())
    assert watch(desk).tell_waiting() == 0


@pytest.mark.parametrize("between", ["told by another", "token used", "answered", "wrote again"])
async def test_it_is_asked_again_in_the_transaction_that_tells(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, between: str
) -> None:
    desk, _ = await waiting(engine)
    here, there = watch(desk), watch(desk)
    found = here.contacts.expiring("scripted", 0, desk.clock())
    if between == "told by another":
        assert there.tell_waiting() == 1
    elif between == "token used":
        assert there.tell_waiting() == 1
        await desk.send()
    elif between == "answered":
        desk.answer()
    else:
        await desk.tell(said("hello?", "m2", reply_token="t2"), "e2")
    monkeypatch.setattr(type(here.contacts), "expiring", lambda *_: found)  # what it saw before
    assert here.tell_waiting() == 0


@pytest.fixture
def machines() -> Iterator[list[Engine]]:
    """Two processes' engines on one PostgreSQL."""
    url = postgres.new_database()
    address = url.render_as_string(hide_password=False)
    engines = [open_engine(Settings(_env_file=None, database_url=address)) for _ in range(2)]
    yield engines
    for engine in engines:
        engine.dispose()
    postgres.drop(url)


@pytest.mark.postgres
async def test_two_couriers_tell_each_person_once(machines: list[Engine]) -> None:
    clock, people = Clock(), 40
    channel = ScriptedChannel(reply_within_s=TOKEN_S)
    desks = [Desk(engine, channel, f"courier-1@{number}", clock) for number, engine in enumerate(machines)]
    for number in range(people):
        await desks[0].tell(said("hi", f"m{number}", sender=f"p{number}", reply_token=f"t{number}"), f"e{number}")
    clock.pass_s(TOKEN_S - BEFORE_END_S)
    together = threading.Barrier(2)

    def look(desk: Desk) -> int:
        watching = watch(desk)
        together.wait(10)
        return watching.tell_waiting()

    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(look, desks))
    conversations = [applied.receipt.conversation.id for applied in desks[0].received if applied.receipt]
    assert sum(told) == people
    assert [notices_of(desks[0], one) for one in conversations] == [1] * people
