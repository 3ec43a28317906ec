"""The channel against the simulator, over a real connection: both were written apart, from LINE's documents."""

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from connectors.channel import Accepted, Outgoing, ReplyToken, Task, Words
from connectors.delivery.errors import Hold, Uncertain
from connectors.events import Said
from connectors.line.account import LineAccount
from connectors.line.client import LineChannel
from connectors.line.doctor import examine
from connectors.line.signature import sign
from tests.connectors.line.support import KEY, task
from tests.simulators.line import Bot, Fault, Faults, Friend, LineSimulator, SimulatorConfig

AIKO = "U" + "a" * 32
JAPAN = Bot(
    user_id="U" + "1" * 32,
    name="Orikka Japan",
    channel_secret="secret-jp",
    access_token="token-jp",
    market="JP",
    monthly_limit=2,
    friends=(Friend(AIKO, "愛子", "ja"),),
)


@pytest.fixture(scope="module")
def running() -> Iterator[LineSimulator]:
    with LineSimulator(SimulatorConfig(bots=(JAPAN,), pause_scale=0.001)) as simulator:
        yield simulator


@pytest.fixture
def line(running: LineSimulator) -> LineSimulator:
    running.reset()
    running.set_faults(Faults())
    return running


@pytest.fixture
async def channel(line: LineSimulator) -> AsyncIterator[LineChannel]:
    async with httpx.AsyncClient(trust_env=False) as client:
        yield LineChannel(client, [ours(line)])


def ours(line: LineSimulator) -> LineAccount:
    return LineAccount(
        name="jp",
        market="JP",
        bot_user_id=JAPAN.user_id,
        channel_secret=JAPAN.channel_secret,
        access_token=JAPAN.access_token,
        api_url=line.url,
    )


def heard(channel: LineChannel, events: list[dict[str, Any]]) -> Said:
    """What the channel reads out of the only event."""
    raw = json.dumps({"destination": JAPAN.user_id, "events": events}).encode()
    assert [one.name for one in channel.signers({"x-line-signature": sign("secret-jp", raw)}, raw)] == ["jp"]
    (event,) = channel.parse(raw)
    assert isinstance(event.what, Said)
    return event.what


def answer_to(said: Said, **changes: Any) -> Task:
    fields: dict[str, Any] = {"address": {"id": said.sender}, "token": ReplyToken(said.reply_token, 1.0)}
    return task(**{**fields, **changes})


async def send(channel: LineChannel, one: Task) -> Accepted:
    return await channel.send(one, channel.way(one))


async def test_question_and_free_answer(line: LineSimulator, channel: LineChannel) -> None:
    said = heard(channel, line.act("text", AIKO, text="届きますか"))
    await channel.acknowledge("jp", {"id": said.sender}, {"message": said.message, "read_token": said.read_token})
    assert line.is_loading(AIKO)
    assert line.is_read(AIKO, said.message)
    (call,) = channel.plan([Outgoing("m1", "明日です。", "ja")], Words("選択", "番号で:"))
    accepted = await send(channel, answer_to(said, body=call.body))
    (entry,) = line.messages_to(AIKO)
    assert (entry.text, entry.cost, (entry.message_id,)) == ("明日です。", "free", accepted.messages)
    profile = await channel.profile("jp", AIKO)
    assert profile is not None
    assert (profile.name, profile.language) == ("愛子", "ja")


async def test_a_late_answer_to_a_reply_is_no_double(
    line: LineSimulator, channel: LineChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.line.send.REPLY_SILENCE_S", 0.2)
    one = answer_to(heard(channel, line.act("text", AIKO, text="hi")))
    way = channel.way(one)
    line.set_faults(Faults(plan=(Fault.LATE_ANSWER, Fault.RESET), late_answer_s=2.0))
    with pytest.raises(Uncertain):
        await channel.send(one, way)
    again = replace(one, token=None, uncertain=way.detail)
    with pytest.raises(Uncertain):  # the road broke: the doubt stays
        await send(channel, again)
    assert await send(channel, again) == Accepted(())
    assert len(line.messages_to(AIKO)) == 1
    assert line.pushes_used == 0


async def test_pushes_until_the_quota_is_used(line: LineSimulator, channel: LineChannel) -> None:
    line.set_faults(Faults(plan=(Fault.SERVER_ERROR,)))
    first = task(address={"id": AIKO})
    way = channel.way(first)
    with pytest.raises(Uncertain):
        await channel.send(first, way)
    repeated = replace(first, uncertain=way.detail)
    assert await send(channel, repeated) == await send(channel, repeated)  # the second one is answered with 409
    other = replace(first, key=KEY.replace("3f", "4f"))
    await send(channel, other)
    with pytest.raises(Hold) as caught:
        await send(channel, replace(first, key=KEY.replace("3f", "5f")))
    assert caught.value.code == "quota_used"
    assert line.pushes_used == 2
    assert len(line.messages_to(AIKO)) == 2


async def test_a_file(line: LineSimulator, channel: LineChannel) -> None:
    said = heard(channel, line.act("image", AIKO))
    assert said.media is not None
    async with channel.fetch("jp", said.media) as fetched:
        content = b"".join([chunk async for chunk in fetched.chunks])
    assert fetched.mime.startswith("image/")
    assert len(content) > 0


async def test_doctor(line: LineSimulator) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        found = {check.name: check for check in await examine(client, ours(line), "https://shop.example/webhooks/line")}
    assert found["token and bot"].ok
    assert found["clock"].ok
    assert found["quota"].ok
    assert not found["webhook address"].ok  # nobody has set one
