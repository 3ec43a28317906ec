"""What the secret of one account can do to another: nothing."""

from sqlalchemy.engine import Engine

from connectors.events import Edit, MediaRef, Retraction, StatusChange
from core.schema_channels import media
from tests.support.channel import NOW, ScriptedAccount, ScriptedChannel, event, said
from tests.support.channel_desk import Desk

DE = ScriptedAccount()
JP = ScriptedAccount("jp", "JP", "bot-jp", "secret-of-jp")


async def forged(desk: Desk, *what: object) -> None:
    """Events signed with the Japanese account's secret."""
    events = [event(one, f"f{number}", NOW, account="bot-jp") for number, one in enumerate(what)]  # type: ignore[arg-type]
    async with desk.door() as client:
        assert (await desk.post(client, *events, secret="secret-of-jp")).status_code == 200
    await desk.apply()


def two_accounts(engine: Engine) -> Desk:
    """A desk of two accounts with two secrets."""
    return Desk(engine, ScriptedChannel({"de": DE, "jp": JP}))


async def test_it_takes_back_and_changes_no_words(engine: Engine) -> None:
    desk = two_accounts(engine)
    await desk.tell(said("keep me", "m1"), "e1")
    await forged(desk, Edit("ann", "m1", "forged"), Retraction("ann", "m1"), Retraction("ann", "m2"))
    await desk.tell(said("me too", "m2"), "e2")
    assert [row.text for row in desk.record.history(desk.conversation().id)] == ["keep me", "me too"]


async def test_it_moves_no_deliveries(engine: Engine) -> None:
    desk = two_accounts(engine)
    await desk.tell(said("hi", "m1"), "e1")
    desk.answer("hello")
    await desk.send()
    (sent,) = desk.deliveries()
    await forged(desk, StatusChange("v1", "read", sent.id), StatusChange("v1", "failed", sent.id, "1"))
    assert [(one.state, one.attempts) for one in desk.deliveries()] == [("accepted", 1)]


async def test_it_adds_no_file_to_a_message(engine: Engine) -> None:
    desk = two_accounts(engine)
    await desk.tell(said("hi", "m1"), "e1")
    await forged(desk, said("look", "m1", "mallory", media=MediaRef("file-1")))
    assert desk.count(media) == 0
