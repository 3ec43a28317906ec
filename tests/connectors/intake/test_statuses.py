"""What vendors say later of our messages, in every order."""

from itertools import permutations

import pytest
from sqlalchemy.engine import Engine

from connectors.channel import Accepted, Task, Way
from connectors.delivery import errors
from connectors.events import StatusChange
from tests.support.channel import ScriptedAccount, ScriptedChannel, event, said
from tests.support.channel_desk import Desk

RETRY = errors.TryAgain("131000", "something went wrong", "")
HOLD = errors.Hold("131047", "window closed", "Send a template.")
DEAD = errors.Refused("131026", "no WhatsApp", "Call them.")
ODD = errors.AccountDown("131031", "locked", "Unlock it.")
ORDER = ("sent", "delivered", "read")


def orders() -> list[tuple[bool, tuple[str, ...]]]:
    """Every order of the answer to our call with statuses; before the answer only a tracker tells what they are of."""
    sets = [("sent",), ("sent", "failed"), ("sent", "delivered", "read"), ("sent", "delivered", "failed"), ("failed",)]
    every = [order for chosen in sets for order in permutations(("answer", *chosen))]
    return [(True, order) for order in every] + [(False, order) for order in every if order[0] == "answer"]


@pytest.mark.parametrize(("with_tracker", "order"), orders())
async def test_statuses_only_move_forward(engine: Engine, with_tracker: bool, order: tuple[str, ...]) -> None:
    channel = ScriptedChannel(reports_delivery=True, proof_wait_s=60.0)
    desk = Desk(engine, channel)
    ann = desk.conversation()
    answered = order.index("answer")
    seen: list[str] = []

    async def tell(statuses: tuple[str, ...], task: Task) -> None:
        for status in statuses:
            change = StatusChange("v1", status, task.id if with_tracker else "", "131026", "no WhatsApp")  # type: ignore[arg-type]
            await desk.tell(change, f"s-{status}")
            seen.append(rows(desk))

    async def send(task: Task, way: Way) -> Accepted:
        await tell(order[:answered], task)
        return Accepted(("v1",))

    channel.on_send = send
    desk.write(ann, "a")
    await desk.send()
    await tell(order[answered + 1 :], channel.calls[0].task)
    best = max((ORDER.index(status) for status in order if status in ORDER), default=-1)
    expected = "failed" if "failed" in order and best < 1 else ORDER[best]
    assert (desk.states_of(), rows(desk)) == ([expected], expected)
    good = [ORDER.index(status) for status in seen if status in ORDER]
    assert expected == "failed" or "failed" in order or good == sorted(good)
    await desk.send_for(300, 10)
    assert len(channel.calls) == 1


def rows(desk: Desk) -> str:
    """Status of the only message."""
    return desk.record.history(desk.conversation().id)[0].status


@pytest.mark.parametrize(
    ("failure", "state", "status", "told"),
    [
        (RETRY, "waiting", "queued", []),
        (HOLD, "held", "held", [("a", "131047")]),
        (DEAD, "failed", "failed", [("a", "131026")]),
        (ODD, "failed", "failed", [("a", "131031")]),
    ],
    ids=["retry", "hold", "dead", "other"],
)
async def test_a_later_failure_is_decided_upon_by_the_channel(
    engine: Engine, failure: errors.DeliveryError, state: str, status: str, told: list[tuple[str, str]]
) -> None:
    desk = Desk(engine, ScriptedChannel(failures={"x": failure}))
    desk.write(desk.conversation(), "a")
    await desk.send()
    await desk.tell(StatusChange("v1", "failed", code="x", reason="the vendor's words"), "s1")
    assert (desk.states_of(), rows(desk), desk.told) == ([state], status, told)


async def test_what_failed_for_now_is_sent_again_by_itself(engine: Engine) -> None:
    desk = Desk(engine, ScriptedChannel(failures={"x": RETRY}))
    desk.write(desk.conversation(), "a")
    await desk.send()
    await desk.tell(StatusChange("v1", "failed", code="x"), "s1")
    await desk.send_for(6)
    assert desk.channel.texts == ["a", "a"]
    assert desk.states_of() == ["accepted"]
    assert desk.channel.calls[1].task.uncertain is None


async def test_what_failed_before_the_answer_came_is_sent_again(engine: Engine) -> None:
    channel = ScriptedChannel(failures={"x": RETRY})
    desk = Desk(engine, channel)

    async def send(task: Task, way: Way) -> Accepted:
        if len(channel.calls) == 1:
            await desk.tell(StatusChange("v1", "failed", task.id, "x"), "s1")
        return Accepted((f"v{len(channel.calls)}",))

    channel.on_send = send
    desk.write(desk.conversation(), "a")
    await desk.send_for(6)
    assert channel.texts == ["a", "a"]
    assert desk.states_of() == ["accepted"]


async def test_the_failure_of_an_earlier_try_says_nothing_of_the_one_that_was_taken(engine: Engine) -> None:
    channel = ScriptedChannel(proof_wait_s=60.0, outcomes=[errors.Uncertain("timeout", "silence")])
    desk = Desk(engine, channel)
    desk.write(desk.conversation(), "a")
    await desk.send_for(61)
    assert (channel.texts, desk.states_of()) == (["a", "a"], ["accepted"])
    await desk.tell(StatusChange("v1", "failed", channel.calls[0].task.id, "x"), "s1")
    assert desk.states_of() == ["accepted"]
    await desk.tell(StatusChange("v2", "failed", channel.calls[0].task.id, "x"), "s2")
    assert desk.states_of() == ["failed"]


async def test_a_late_sent_does_not_stop_the_next_try(engine: Engine) -> None:
    desk = Desk(engine, ScriptedChannel(failures={"x": RETRY}))
    desk.write(desk.conversation(), "a")
    await desk.send()
    await desk.tell(StatusChange("v1", "failed", code="x"), "s1")
    await desk.tell(StatusChange("v1", "sent"), "s2")
    await desk.send_for(6)
    assert desk.channel.texts == ["a", "a"]


async def test_what_fails_later_again_and_again_is_given_up(engine: Engine) -> None:
    desk = Desk(engine, ScriptedChannel(failures={"x": RETRY}))
    desk.write(desk.conversation(), "a")
    for number in range(1, 30):
        await desk.send()
        await desk.tell(StatusChange(f"v{number}", "failed", code="x"), f"s{number}")
        desk.clock.pass_s(300)
    assert desk.states_of() == ["failed"]
    assert len(desk.channel.calls) == 20
    assert desk.told == [("a", "131000")]


async def test_a_message_is_as_far_as_its_worst_part(engine: Engine) -> None:
    desk = Desk(engine, ScriptedChannel(parts=3))
    desk.write(desk.conversation(), "a")
    await desk.send()
    seen = []
    for number, status in ((1, "read"), (2, "delivered"), (3, "sent"), (2, "read"), (3, "delivered"), (3, "read")):
        await desk.tell(StatusChange(f"v{number}", status), f"s{number}{status}")  # type: ignore[arg-type]
        seen.append(rows(desk))
    assert seen == ["sent", "sent", "sent", "sent", "delivered", "read"]


async def test_one_part_that_failed_fails_the_message_with_its_reason(engine: Engine) -> None:
    desk = Desk(engine, ScriptedChannel(parts=2, outcomes=[None, DEAD]))
    desk.write(desk.conversation(), "a")
    await desk.send()
    await desk.tell(StatusChange("v1", "read"), "s1")
    assert rows(desk) == "failed"


@pytest.mark.parametrize(("message", "tracker"), [("v-unknown", ""), ("", "no-such-delivery"), ("", "")])
async def test_a_status_of_nobodys_message_changes_nothing(desk: Desk, message: str, tracker: str) -> None:
    desk.write(desk.conversation(), "a")
    await desk.send()
    for number, status in enumerate((*ORDER, "failed")):
        await desk.tell(StatusChange(message, status, tracker), f"s{number}")  # type: ignore[arg-type]
    assert (desk.states_of(), desk.inbox.counts()) == (["accepted"], {"done": 4})


async def test_a_status_of_another_channels_message_changes_nothing(engine: Engine) -> None:
    desk = Desk(engine)
    other = Desk(engine, ScriptedChannel({"o": ScriptedAccount("o", "DE", "bot-o", "secret-of-de")}, "other"))
    desk.write(desk.conversation(), "a")
    await desk.send()
    tracker = desk.deliveries()[0].id
    await other.deliver(event(StatusChange("v1", "read", tracker), "s1", account="bot-o"))
    assert desk.states_of() == ["accepted"]


async def test_a_dead_letter_that_arrived_after_all_is_none(engine: Engine) -> None:
    desk = Desk(engine)
    desk.write(desk.conversation(), "a")
    await desk.send()
    await desk.tell(StatusChange("v1", "failed", code="x"), "s1")
    await desk.tell(StatusChange("v1", "delivered"), "s2")
    assert (desk.states_of(), desk.letters.list()) == (["delivered"], [])


async def test_line_never_says_delivered(desk: Desk) -> None:
    await desk.tell(said("hi", "m1"), "e1")
    desk.answer("a")
    await desk.send()
    assert desk.history(desk.conversation())[-1] == ("out", "a", "sent")
