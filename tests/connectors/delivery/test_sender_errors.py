"""The sender: what each error of a vendor leads to."""

from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from connectors.channel import Task, Way
from connectors.delivery import errors
from connectors.delivery.attempt import DOWN_S, GIVE_UP_S, MAX_ATTEMPTS
from tests.support.channel import Call, Clock, ScriptedAccount, ScriptedChannel, said
from tests.support.channel_desk import Desk


def token_desk(engine: Engine, **scripted: Any) -> Desk:
    """A desk whose channel has reply tokens, good for 50 seconds."""
    return Desk(engine, ScriptedChannel(reply_within_s=50.0, **scripted))


def ways(calls: list[Call]) -> list[tuple[str, str]]:
    """(text, way or token) of each call."""
    return [(call.text, call.way.token or call.way.name) for call in calls]


async def test_try_again_waits_longer_each_time_and_keeps_the_order(engine: Engine) -> None:
    times: list[float] = []
    clock = Clock()
    channel = ScriptedChannel()

    def busy(task: Task, way: Way) -> Exception | None:
        times.append(clock())
        return errors.TryRecipientLater("500", "busy") if len(times) <= 6 else None

    channel.on_send = busy
    desk = Desk(engine, channel, clock=clock)
    desk.write(desk.conversation(), "a", "b")
    await desk.send_for(70, 0.25)
    pauses = [after - before for before, after in pairwise(times)][:6]
    assert all(2**n / 2 <= pause <= 2**n + 0.25 for n, pause in enumerate(pauses)), pauses
    assert channel.texts == ["a"] * 7 + ["b"]
    assert len({call.task.key for call in channel.calls[:7]}) == 1


@pytest.mark.parametrize("kind", [errors.TryAgain, errors.TryRecipientLater, errors.Uncertain])
async def test_the_vendors_own_wait_is_kept(engine: Engine, kind: type[errors.DeliveryError]) -> None:
    desk = Desk(engine, ScriptedChannel(outcomes=[kind("429", "slow", "", 30.0)]))
    desk.write(desk.conversation(), "a")
    await desk.send_for(29)
    assert len(desk.channel.calls) == 1
    await desk.send_for(3)
    assert len(desk.channel.calls) == 2


@pytest.mark.parametrize("kind", [errors.TryRecipientLater, errors.Uncertain])
async def test_in_the_end_it_is_given_up_and_a_person_is_told(engine: Engine, kind: type[errors.DeliveryError]) -> None:
    desk = Desk(
        engine, ScriptedChannel(on_send=lambda task, way: kind("500", "down") if task.body["text"] == "a" else None)
    )
    desk.sender.attempts.breakers.default_threshold = 1_000
    desk.write(desk.conversation(), "a", "b")
    for _ in range(MAX_ATTEMPTS + 2):
        await desk.send()
        desk.clock.pass_s(300)
    assert desk.channel.texts == ["a"] * MAX_ATTEMPTS + ["b"]
    assert desk.told == [("a", "500")]
    assert desk.history(desk.conversation()) == [("out", "a", "failed"), ("out", "b", "sent")]
    assert [letter.text for letter in desk.letters.list()] == ["a"]


async def test_what_is_tried_for_too_long_is_given_up(engine: Engine) -> None:
    desk = Desk(engine, ScriptedChannel(on_send=lambda task, way: errors.TryAgain("500", "down")))
    desk.write(desk.conversation(), "a")
    await desk.send()
    desk.clock.pass_s(GIVE_UP_S + 1)
    await desk.send()
    assert desk.states_of() == ["failed"]


async def test_refused_is_a_dead_letter_and_later_messages_go_on(engine: Engine) -> None:
    desk = Desk(engine, ScriptedChannel(outcomes=[errors.Refused("131", "no such person", "Check the number.")]))
    desk.write(desk.conversation(), "a", "b")
    await desk.send()
    assert desk.channel.texts == ["a", "b"]
    assert desk.told == [("a", "131")]
    (letter,) = desk.letters.list()
    assert (letter.delivery.code, letter.delivery.reason) == ("131", "no such person. Check the number.")


async def test_an_account_that_is_not_configured_any_more_is_a_dead_letter(engine: Engine) -> None:
    desk = Desk(engine, ScriptedChannel({}))
    desk.write(desk.conversation(), "a")
    await desk.send()
    assert desk.told == [("a", "no_account")]
    assert desk.channel.calls == []


def closed_window(task: Task) -> Way:
    """Free words may go only for a day; templates always."""
    if task.body["text"] != "template" and (task.silent_s is None or task.silent_s > 86_400):
        raise errors.Hold("window_closed", "a day has passed", "Send a template.")
    return Way("session", "free")


async def test_held_messages_wait_for_the_person_while_others_go_on(engine: Engine) -> None:
    desk = Desk(engine, ScriptedChannel(on_way=closed_window))
    ann = desk.conversation()
    desk.clock.pass_s(90_000)
    desk.write(ann, "a")
    desk.write(ann, "template", author="system")
    desk.write(ann, "b")
    await desk.send()
    assert desk.channel.texts == ["template"]
    assert desk.told == [("a", "window_closed"), ("b", "window_closed")]
    assert [text for _, text, status in desk.history(ann) if status == "held"] == ["a", "b"]
    await desk.tell(said("hello", "m1"), "e1")
    desk.answer("c")
    await desk.send()
    assert desk.channel.texts == ["template", "a", "b", "c"]


async def test_what_was_held_for_days_is_tried_like_something_new(engine: Engine) -> None:
    desk = Desk(engine, ScriptedChannel(on_way=closed_window, outcomes=[errors.TryAgain("500", "busy")]))
    ann = desk.conversation()
    desk.clock.pass_s(90_000)
    desk.write(ann, "a")
    await desk.send()
    key = desk.deliveries()[0].key
    desk.clock.pass_s(5 * 86_400)
    await desk.tell(said("hello", "m1"), "e1")
    await desk.send_for(5)
    assert desk.states_of() == ["accepted"]
    assert desk.deliveries()[0].key != key


async def test_a_person_who_blocked_us_gets_nothing_until_they_write(desk: Desk) -> None:
    ann = desk.conversation()
    desk.contacts.block("scripted", "de", "ann", True)
    desk.write(ann, "a", "b")
    await desk.send()
    assert (desk.channel.calls, desk.told) == ([], [("a", "blocked"), ("b", "blocked")])
    await desk.tell(said("hello again", "m1"), "e1")
    await desk.send()
    assert desk.channel.texts == ["a", "b"]


async def test_an_account_that_is_down_rests_and_loses_nothing(engine: Engine) -> None:
    jp = ScriptedAccount("jp", "JP", "bot-jp", "secret-of-jp")
    channel = ScriptedChannel({"de": ScriptedAccount(), "jp": jp})
    down = True
    channel.on_send = lambda task, way: (
        errors.AccountDown("401", "token expired", "Renew it.") if task.account == "de" and down else None
    )
    desk = Desk(engine, channel)
    people = [desk.conversation(f"person-{number}") for number in range(5)]
    for one in people:
        desk.write(one, f"to {one.sender}")
    desk.write(desk.conversation("yuki", "jp"), "to yuki")
    await desk.send_for(DOWN_S - 1)
    assert "to yuki" in channel.texts
    tried = len(channel.calls)
    desk.write(desk.conversation("new"), "to somebody new")
    await desk.send()
    assert len(channel.calls) == tried
    await desk.send_for(30 * DOWN_S, 15.0)
    assert len(channel.calls) - tried <= 6 * 31  # a try a minute, not one a message and a second
    down = False
    await desk.send_for(DOWN_S + 1)
    assert set(desk.states_of()) == {"accepted"}
    assert desk.told == []


@pytest.mark.parametrize("reason", ["half \ud800 a pair", "nul \x00 byte"])
async def test_whatever_a_vendor_says_is_stored(engine: Engine, reason: str) -> None:
    """A reason that the database refused would leave the delivery as being sent, and it would be sent for ever."""
    desk = Desk(engine, ScriptedChannel(outcomes=[errors.Refused("1", reason)]))
    desk.write(desk.conversation(), "one")
    await desk.send()
    (stopped,) = desk.deliveries()
    assert (stopped.state, stopped.code, "\ufffd" in stopped.reason) == ("failed", "1", True)
