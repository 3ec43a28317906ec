"""Events are applied in order and once, whatever fails or dies in between."""

import asyncio
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from connectors.events import (
    EVENT,
    Content,
    Edit,
    MediaRef,
    NewIdentity,
    Presence,
    Reaction,
    Retraction,
    StatusChange,
    What,
)
from conversations.inbox import HOLD_S, MAX_ATTEMPTS
from core.database import reading
from core.schema import conversations, messages
from core.schema_channels import contact_aliases, contacts, media, reply_tokens, webhook_events
from tests.connectors.intake.people import break_for, texts
from tests.support.channel import NOW, ScriptedAccount, ScriptedChannel, event, said
from tests.support.channel_desk import Desk


async def test_events_are_applied_in_order_of_their_time(desk: Desk) -> None:
    await desk.deliver(*(event(said(str(n), f"m{n}"), f"e{n}", NOW - n) for n in range(5)))
    assert texts(desk) == ["4", "3", "2", "1", "0"]


async def test_the_same_time_keeps_the_order_of_arrival(desk: Desk) -> None:
    await desk.deliver(*(event(said(str(n), f"m{n}"), f"e{n}") for n in range(120)))
    assert texts(desk) == [str(n) for n in range(120)]


async def test_one_bad_event_stops_its_person_and_nobody_else(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = {"bad"}
    break_for(desk, monkeypatch, broken)
    await desk.deliver(
        event(said("first", "m1"), "e1", NOW),
        event(said("bad", "m2"), "e2", NOW + 1),
        event(said("last", "m3"), "e3", NOW + 2),
        event(said("hi", "m4", "bob"), "e4", NOW + 3),
    )
    assert (texts(desk), texts(desk, "bob")) == (["first"], ["hi"])
    await desk.deliver(event(said("later", "m5"), "e5", NOW + 4), event(said("early", "m6"), "e6", NOW - 4))
    assert texts(desk) == ["first"]
    broken.clear()
    desk.clock.pass_s(0.5)
    await desk.apply()
    assert texts(desk) == ["first", "early", "bad", "last", "later"]


async def test_what_fails_again_and_again_is_kept_and_can_be_revived(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = {"bad"}
    break_for(desk, monkeypatch, broken)
    await desk.deliver(event(said("bad", "m1"), "e1", NOW), event(said("next", "m2"), "e2", NOW + 1))
    for _ in range(MAX_ATTEMPTS - 1):
        assert texts(desk) == []
        desk.clock.pass_s(64)
        await desk.apply()
    assert texts(desk) == ["next"]
    assert desk.inbox.counts() == {"failed": 1, "done": 1}
    desk.clock.pass_s(30 * 86_400)
    desk.inbox.purge()
    broken.clear()
    assert desk.inbox.retry_failed() == 1
    await desk.apply()
    assert texts(desk) == ["next", "bad"]


async def test_an_account_that_is_gone_keeps_its_events(engine: Engine) -> None:
    channel = ScriptedChannel({"de": ScriptedAccount()})
    desk = Desk(engine, channel)
    async with desk.door() as client:
        await desk.post(client, event(said("hi", "m1"), "e1"))
    channel.accounts = {}
    await desk.apply()
    channel.accounts = {"de": ScriptedAccount()}
    desk.clock.pass_s(1)
    await desk.apply()
    assert texts(desk) == ["hi"]


async def test_a_mistake_while_telling_others_stops_nothing(desk: Desk) -> None:
    def broken(*_: object) -> None:
        raise OSError("no socket")

    object.__setattr__(desk.intake, "received", broken)
    await desk.deliver(event(said("a", "m1"), "e1"), event(said("b", "m2"), "e2", NOW + 1))
    assert texts(desk) == ["a", "b"]
    assert desk.inbox.counts() == {"done": 2}


async def test_a_slow_profile_costs_seconds_and_not_the_message(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.intake.profiles.TIMEOUT_S", 0.05)
    monkeypatch.setattr(desk.channel, "profile", lambda *_: asyncio.sleep(60))
    await desk.deliver(event(said("hi", "m1"), "e1"))
    assert texts(desk) == ["hi"]


async def test_events_of_a_killed_process_are_free_at_its_start_or_when_their_hold_ends(engine: Engine) -> None:
    desk = Desk(engine)
    async with desk.door() as client:
        await desk.post(client, event(said("hi", "m1"), "e1"), event(said("ho", "m2"), "e2", NOW + 1))
    assert len(desk.inbox.claim(1)) == 1  # and then it is killed
    other = Desk(engine, desk.channel, "web-2", desk.clock)
    await other.apply()
    assert texts(desk) == []
    desk.clock.pass_s(HOLD_S + 1)
    assert len(desk.inbox.claim(10)) == 2
    assert (other.inbox.release(), desk.inbox.release()) == (0, 2)
    await other.apply()
    assert texts(desk) == ["hi", "ho"]


EVERYTHING: list[What] = [
    said("hi", "m1", reply_token="t1", name="Ann", aliases=("ann", "ann-2")),
    said("", "m2", content=Content.IMAGE, media=MediaRef("ref-1", "image/png")),
    Edit("ann", "m1", "hi there"),
    Reaction("ann", "m1", "👍"),
    Retraction("ann", "m2"),
    Retraction("ann", "m-never"),
    Presence("ann", "follow", "t2"),
    Presence("ann", "block"),
    NewIdentity("ann", "ann-new", ("ann-b",)),
    StatusChange("v-unknown", "read"),
]
KEPT = (messages, contacts, contact_aliases, media, reply_tokens, conversations)
MOVES = {"updated_at", "payload"}  # `payload`: when it was taken back


@pytest.mark.parametrize("what", EVERYTHING, ids=lambda what: type(what).__name__)
async def test_a_crash_between_applying_and_noting_it_changes_nothing(desk: Desk, what: What) -> None:
    for number, one in enumerate(EVERYTHING[: EVERYTHING.index(what) + 1]):
        await desk.tell(one, f"e{number}", NOW + number)
    before = snapshot(desk)
    with desk.engine.begin() as connection:  # as if `done` had not been reached
        last = webhook_events.c.event_id == f"e{EVERYTHING.index(what)}"
        body = {"account": "de", "event": EVENT.dump_python(event(what, "x", NOW), mode="json")}
        body["event"]["id"] = f"e{EVERYTHING.index(what)}"
        connection.execute(sa.update(webhook_events).where(last).values(state="waiting", body=body))
    await desk.apply()
    assert snapshot(desk) == before


def snapshot(desk: Desk) -> dict[str, list[dict[str, Any]]]:
    """All that events led to."""
    with reading(desk.engine) as connection:
        return {
            table.name: [
                {key: value for key, value in row._mapping.items() if key not in MOVES}
                for row in connection.execute(sa.select(table))
            ]
            for table in KEPT
        }
