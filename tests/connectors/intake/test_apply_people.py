"""People: who they are, where they are, whether they want to hear from us."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from connectors.channel import Profile
from connectors.delivery import errors
from connectors.events import (
    NewIdentity,
    Presence,
    Reaction,
)
from connectors.intake.profiles import FRESH_S, PAUSE_S
from conversations.contacts import Contact
from core.schema import conversations
from core.schema_channels import contacts
from tests.connectors.intake.people import CHANNEL, rows, texts
from tests.support.channel import NOW, ScriptedChannel, event, said
from tests.support.channel_desk import Desk


async def test_a_reaction_is_kept_for_people_and_asks_nothing_of_the_bot(desk: Desk) -> None:
    await desk.tell(said("hi", "m1"), "e1")
    desk.answer("hello")
    await desk.send()
    await desk.tell(Reaction("ann", "v1", "👍"), "e2")
    last = rows(desk)[-1]
    assert (last.text, last.kind, last.payload["to"]) == ("👍", "event", rows(desk)[1].id)
    assert desk.conversation().pending == 0


@pytest.mark.parametrize(
    ("changes", "blocked", "waiting"),
    [
        (["follow"], False, 1),
        (["join"], False, 1),
        (["block"], True, 0),
        (["leave"], True, 0),
        (["follow", "block"], True, 1),
        (["block", "unblock"], False, 1),
        (["leave", "join"], False, 1),
    ],
)
async def test_people_come_and_go(desk: Desk, changes: list[Any], blocked: bool, waiting: int) -> None:
    for number, change in enumerate(changes):
        await desk.tell(Presence("ann", change), f"e{number}", NOW + number)
    contact = desk.contacts.find(*CHANNEL, "ann")
    assert contact
    assert contact.blocked is blocked
    open_one = desk.record.open_conversation("scripted", "ann", "DE", account="de")
    assert open_one.pending == waiting


async def test_a_join_is_a_groups_event_and_its_token_answers(engine: Engine) -> None:
    desk = Desk(engine, ScriptedChannel(reply_within_s=50.0))
    await desk.tell(Presence("group-1", "join", "t1"), "e1")
    assert [(row.kind, row.payload["content"]) for row in rows(desk, "group-1")] == [("event", "group")]
    desk.answer("hello all")
    await desk.send()
    assert desk.channel.calls[0].way.token == "t1"


async def test_a_clock_of_the_vendors_that_is_fast_makes_nobody_younger(desk: Desk) -> None:
    await desk.tell(Presence("ann", "follow"), "e1", NOW + 86_400)
    await desk.tell(said("hi", "m1", "bob"), "e2", NOW + 86_400)
    assert [found(desk, name).last_inbound_at for name in ("ann", "bob")] == [NOW, NOW]


def found(desk: Desk, sender: str) -> Contact:
    """The person, who is known."""
    contact = desk.contacts.find(*CHANNEL, sender)
    assert contact
    return contact


async def test_a_new_number_goes_on_with_the_same_conversation(desk: Desk) -> None:
    await desk.tell(said("one", "m1"), "e1")
    await desk.tell(NewIdentity("ann", "ann-new", ("ann-x",)), "e2")
    for number, sender in enumerate(("ann-new", "ann-x")):
        await desk.tell(said(sender, f"n{number}", sender), f"f{number}")
    assert texts(desk) == ["one", "ann-new", "ann-x"]
    await desk.send()
    assert desk.count(conversations) == 1


async def test_answers_go_to_the_new_number(desk: Desk) -> None:
    await desk.tell(said("one", "m1"), "e1")
    await desk.tell(NewIdentity("ann", "ann-new"), "e2")
    desk.answer("hello")
    await desk.send()
    assert desk.channel.calls[0].task.address["id"] == "ann-new"


async def test_a_new_number_and_its_first_message_in_one_body(desk: Desk) -> None:
    for number in range(20):
        await desk.deliver(
            event(said("one", f"m{number}", f"p{number}"), f"e{number}", NOW),
            event(NewIdentity(f"p{number}", f"q{number}"), f"f{number}", NOW + 1),
            event(said("two", f"n{number}", f"q{number}"), f"g{number}", NOW + 2),
        )
    assert desk.count(conversations) == 20


async def test_a_number_that_was_somebody_elses_brings_nobody_their_conversation(desk: Desk) -> None:
    await desk.tell(said("bob's secret", "m1", "number-2"), "e1")
    await desk.tell(said("ann here", "m2", "number-1"), "e2")
    await desk.tell(NewIdentity("number-1", "number-2"), "e3")
    await desk.tell(said("ann again", "m3", "number-2"), "e4")
    assert texts(desk, "number-1") == ["ann here", "ann again"]
    assert texts(desk, "number-2") == ["bob's secret"]


async def test_a_person_is_known_by_any_of_their_names(desk: Desk) -> None:
    await desk.tell(said("one", "m1", "+49", aliases=("+49", "user-7")), "e1")
    await desk.tell(said("two", "m2", "user-7", aliases=("user-7",)), "e2")
    assert texts(desk, "+49") == ["one", "two"]


async def test_an_older_message_that_comes_late_does_not_bring_the_old_address_back(desk: Desk) -> None:
    await desk.tell(said("two", "m2", "user-7", aliases=("user-7", "+49")), "e2", NOW)
    await desk.tell(said("one", "m1", "+49", aliases=("user-7", "+49")), "e1", NOW - 60)
    contact = found(desk, "user-7")
    assert (contact.address["id"], contact.last_inbound_at) == ("user-7", NOW)


async def test_what_the_vendor_knows_of_a_person_is_asked_once(engine: Engine) -> None:
    refused = errors.Refused("400", "no such person")
    desk = Desk(engine, ScriptedChannel(profiles={"ann": Profile("Ann", "ja"), "eve": refused}))
    for number in range(3):
        for sender in ("ann", "bob", "eve"):
            await desk.tell(said("x", f"{sender}{number}", sender), f"{sender}{number}")
    assert [desk.channel.asked.count(name) for name in ("ann", "bob", "eve")] == [1, 1, 3]
    assert desk.conversation("ann").hints.profile_language == "ja"
    assert texts(desk, "eve") == ["x"] * 3


async def test_a_person_is_called_as_the_vendor_calls_them_now(engine: Engine) -> None:
    """LINE's webhooks carry no name; people change theirs."""
    desk = Desk(engine, ScriptedChannel(profiles={"ann": Profile("佐藤 美咲", "ja")}))
    await desk.tell(said("x", "m1"), "e1")
    assert found(desk, "ann").name == "佐藤 美咲"
    desk.channel.profiles["ann"] = Profile("山田 美咲", "ja")
    for days, name, asked in ((29, "佐藤 美咲", 1), (2, "山田 美咲", 2), (0, "山田 美咲", 2)):
        desk.clock.pass_s(days * 86_400)
        await desk.tell(said("y", f"m{days + 2}"), f"e{days + 2}")
        assert (found(desk, "ann").name, desk.channel.asked.count("ann")) == (name, asked)


@pytest.mark.parametrize(
    "later", [None, errors.TryAgain("500", "down"), errors.Refused("404", "gone"), Profile("", "")]
)
async def test_a_name_stays_when_the_vendor_does_not_tell_it_again(
    engine: Engine, later: Profile | errors.DeliveryError | None
) -> None:
    desk = Desk(engine, ScriptedChannel(profiles={"ann": Profile("Ann", "ja")}))
    await desk.tell(said("x", "m1"), "e1")
    desk.channel.profiles.pop("ann")
    if later:
        desk.channel.profiles["ann"] = later
    desk.clock.pass_s(FRESH_S)
    await desk.tell(said("y", "m2"), "e2")
    assert (desk.channel.asked.count("ann"), found(desk, "ann").name) == (2, "Ann")
    assert texts(desk) == ["x", "y"]


async def test_who_was_asked_before_names_were_kept_is_asked_again(desk: Desk) -> None:
    desk.channel.profiles["ann"] = Profile("Ann", "ja")
    with desk.engine.begin() as connection:
        key = {"channel": "scripted", "account": "de", "sender": "ann"}
        connection.execute(sa.insert(contacts).values(**key, address={}, profile={"language": "ja"}, updated_at=0.0))
    await desk.tell(said("x", "m1"), "e1")
    assert found(desk, "ann").name == "Ann"


async def test_the_name_in_a_message_counts_where_the_channel_tells_one(desk: Desk) -> None:
    """WhatsApp's webhooks carry the name, and its profile is empty."""
    await desk.tell(said("x", "m1", name="Sheena"), "e1")
    assert found(desk, "ann").name == "Sheena"


async def test_a_vendor_that_does_not_answer_is_left_alone_for_a_while(engine: Engine) -> None:
    """New people's messages would each wait for its timeout, and everybody else's behind them."""
    down = errors.TryAgain("500", "down")
    desk = Desk(engine, ScriptedChannel(profiles={f"p{number}": down for number in range(20)}))
    for number in range(20):
        await desk.tell(said("x", f"m{number}", f"p{number}"), f"e{number}")
    assert desk.channel.asked == ["p0"]
    desk.clock.pass_s(PAUSE_S + 1)
    await desk.tell(said("y", "m20", "ann"), "e20")
    assert desk.channel.asked == ["p0", "ann"]


async def test_a_clock_set_back_does_not_prolong_the_pause(engine: Engine) -> None:
    desk = Desk(engine, ScriptedChannel(profiles={"eve": errors.TryAgain("500", "down")}))
    await desk.tell(said("x", "m1", "eve"), "e1")
    desk.clock.pass_s(-3600)
    await desk.tell(said("x", "m2", "ann"), "e2")
    assert desk.channel.asked == ["eve", "ann"]


async def test_a_new_number_ends_what_the_old_one_proved(desk: Desk) -> None:
    """The old number goes to somebody else in time, whose orders it would open."""
    await desk.tell(said("one", "m1", phone="+4915112345678"), "e1")
    assert desk.conversation().hints.phone == "+4915112345678"
    await desk.tell(NewIdentity("ann", "user-7"), "e2")
    await desk.tell(said("two", "m2", "user-7"), "e3")
    assert (texts(desk), desk.conversation().hints.phone) == (["one", "two"], "")
    await desk.tell(said("three", "m3", "user-7", phone="+4915187654321"), "e4")
    assert desk.conversation().hints.phone == "+4915187654321"
