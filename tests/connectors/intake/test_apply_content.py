"""Buttons, files, quotes and notices."""

import pytest
from sqlalchemy.engine import Engine

from connectors.events import (
    Content,
    MediaRef,
    Notice,
)
from conversations.media import MediaRecord
from conversations.model import Message
from tests.connectors.intake.people import rows, texts
from tests.support.channel import NOW, ScriptedAccount, ScriptedChannel, event, said
from tests.support.channel_desk import Desk

BUTTONS = [{"title": "Yes", "payload": "/yes"}, {"title": "No", "payload": "/no"}]


async def press(desk: Desk, button: str, sender: str = "ann", label: str = "Yes") -> Message:
    """The message that a pressed button becomes."""
    await desk.tell(said(label, f"b-{sender}-{button}", sender, content=Content.BUTTON, button=button), f"e-{button}")
    receipt = desk.received[-1].receipt
    assert receipt
    return receipt.message


@pytest.mark.parametrize(
    ("index", "kind"),
    [("0", "button"), ("1", "button"), ("2", "text"), ("-1", "text"), ("00", "button"), ("x", "text"), ("", "text")],
)
async def test_a_button_of_ours_and_a_forged_one(desk: Desk, index: str, kind: str) -> None:
    (offer,) = desk.write(desk.conversation(), "Sure?", buttons=BUTTONS)
    pressed = await press(desk, f"{offer.id}:{index}")
    assert pressed.kind == kind
    assert pressed.payload.get("payload") == (BUTTONS[int(index)]["payload"] if kind == "button" else None)


@pytest.mark.parametrize("button", ["", "/yes", ":", ":0", "nothing:0", "0" * 32 + ":0", "line:show:0"])
async def test_a_button_that_we_never_made_is_the_words_on_it(desk: Desk, button: str) -> None:
    pressed = await press(desk, button)
    assert (pressed.kind, pressed.text) == ("text", "Yes")
    assert "payload" not in pressed.payload


async def test_a_button_of_an_older_conversation_still_works(desk: Desk) -> None:
    ann = desk.conversation()
    (offer,) = desk.write(ann, "Sure?", buttons=BUTTONS)
    desk.record.close(ann.id)
    pressed = await press(desk, f"{offer.id}:1")
    assert (pressed.kind, pressed.payload["payload"]) == ("button", "/no")
    assert pressed.conversation_id != ann.id


@pytest.mark.parametrize("presser", ["bob", "jp"])
async def test_a_button_of_another_person_or_account_does_not_work(engine: Engine, presser: str) -> None:
    jp = ScriptedAccount("jp", "DE", "bot-jp", "secret-of-jp")
    desk = Desk(engine, ScriptedChannel({"de": ScriptedAccount(), "jp": jp}))
    (offer,) = desk.write(desk.conversation("ann", "jp" if presser == "jp" else "de"), "Sure?", buttons=BUTTONS)
    pressed = await press(desk, f"{offer.id}:0", "ann" if presser == "jp" else "bob")
    assert (pressed.kind, pressed.text) == ("text", "Yes")
    assert "payload" not in pressed.payload


async def test_a_tap_for_what_waits_fetches_it_and_asks_nothing(engine: Engine) -> None:
    desk = Desk(engine, ScriptedChannel(reply_within_s=50.0))
    await desk.tell(said("Show", "m1", content=Content.BUTTON, button="line_show_answer", reply_token="t1"), "e1")
    assert desk.conversation().pending == 0
    desk.write(desk.conversation(), "the answer")
    await desk.send()
    assert desk.channel.calls[0].way.token == "t1"


async def test_a_file_is_expected_once(desk: Desk) -> None:
    ref = MediaRef("ref-1", "image/png", "cat.png", "ab", 5)
    await desk.tell(said("", "m1", content=Content.IMAGE, media=ref), "e1")
    (row,) = rows(desk)
    assert (row.kind, row.payload["media"]) == ("media", {"mime": "image/png", "name": "cat.png", "size": 5})
    (file,) = MediaRecord(desk.engine).of_message(row.id)
    assert (file.state, file.account, file.ref["ref"]) == ("waiting", "de", "ref-1")


async def test_a_quoted_message_is_named_by_our_id(desk: Desk) -> None:
    await desk.tell(said("one", "m1"), "e1")
    desk.answer("hello")
    await desk.send()
    for number, quoted in enumerate(("m1", "v1", "m-unknown")):
        await desk.tell(said("this", f"q{number}", quoted=quoted), f"f{number}")
    first, second, *quoting = rows(desk)
    assert [row.payload.get("quoted") for row in quoting] == [first.id, second.id, None]


async def test_a_notice_reaches_the_operator(desk: Desk) -> None:
    await desk.tell(Notice("account_update", {"banned": True}), "e1")
    assert desk.operator.kept == [("scripted", "de", "account_update")]


async def test_500_events_of_many_people_are_applied_in_order(desk: Desk) -> None:
    everything = [event(said(str(n), f"m{n}", f"p{n % 25}"), f"e{n}", NOW + n) for n in range(500)]
    await desk.deliver(*reversed(everything))
    for person in range(25):
        assert texts(desk, f"p{person}") == [str(n) for n in range(person, 500, 25)]
