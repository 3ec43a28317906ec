"""The tap that asks for the original of a machine's translation."""

from connectors.events import Content
from conversations.model import Message
from conversations.originals import SHOW_ORIGINAL
from tests.support.channel import said
from tests.support.channel_desk import Desk

TRANSLATION = {"from": "en", "original": "Your parcel is on its way.", "engine": "argos"}


async def tap(desk: Desk, message: Message, sender: str = "ann") -> None:
    """The person presses the button under it."""
    button = f"{message.id}:original"
    await desk.tell(said("Original", f"b-{sender}", sender, content=Content.BUTTON, button=button), f"e-{sender}")


async def test_the_system_answers_it_and_nobody_else_is_asked(desk: Desk) -> None:
    ann = desk.conversation()
    (message,) = desk.write(ann, "Ihr Paket ist unterwegs.", translation=TRANSLATION)
    await tap(desk, message)
    await tap(desk, message)  # the vendor delivers it twice
    (_, pressed, shown) = desk.record.history(ann.id)
    assert (pressed.kind, pressed.status, pressed.payload["payload"]) == ("button", "handled", SHOW_ORIGINAL)
    assert (shown.author, shown.text, shown.language) == ("system", TRANSLATION["original"], "en")
    assert desk.record.conversation(ann.id).pending == 0


async def test_another_persons_tap_is_only_its_words(desk: Desk) -> None:
    ann = desk.conversation()
    desk.conversation("bob")
    (message,) = desk.write(ann, "Ihr Paket ist unterwegs.", translation=TRANSLATION)
    await tap(desk, message, "bob")
    receipt = desk.received[-1].receipt
    assert receipt
    assert receipt.message.kind == "text"
    assert len(desk.record.history(ann.id)) == 1


async def test_a_message_without_original_has_nothing_to_show(desk: Desk) -> None:
    ann = desk.conversation()
    (message,) = desk.write(ann, "Ihr Paket ist unterwegs.")
    await tap(desk, message)
    assert [row.direction for row in desk.record.history(ann.id)] == ["out", "in"]
