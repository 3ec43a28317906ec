"""A conversation that was opened again: where it comes from stands in its thread."""

import re

import pytest
import sqlalchemy as sa

from conversations import ownership
from conversations.ownership import Action, Event
from core.schema import conversations
from tests.desk.conversation.pages import elements
from tests.support.desk import DeskWorld


@pytest.mark.parametrize(("interface", "words"), [("en", "Continues the conversation of"), ("zh", "接续")])
def test_what_was_opened_again_leads_to_the_one_before(desk: DeskWorld, interface: str, words: str) -> None:
    first = desk.waiting("Hallo", sender="kim").conversation_id
    desk.act(first, Event.TAKE, "anna")
    desk.act(first, Event.CLOSE, "anna")
    desk.clock.now += 86_400
    anna = desk.client("anna", interface=interface)
    second = anna.post(f"/desk/c/{first}/reopen", data={"seen": "1"}).headers["location"].rpartition("/")[2]
    html = anna.get(f"/desk/c/{second}").text
    [event] = [found for found in elements(html, "li", class_="event") if words in found.text]
    [link] = [found for found in elements(html, "a", href=f"/desk/c/{first}") if words in found.text]
    assert first not in re.sub(r"<[^>]+>", "", html)
    assert "after " + first[:4] not in event.text
    assert "18" in link.text  # the day on which it began
    assert "from the bot" not in html  # it never had it


def test_a_conversation_of_another_market_is_not_named_as_the_one_before(desk: DeskWorld) -> None:
    first = desk.waiting("Bonjour", market="FR", language="fr", sender="kim").conversation_id
    desk.act(first, Event.TAKE, "zoe")
    desk.act(first, Event.CLOSE, "zoe")
    with desk.engine.begin() as connection:
        second, _ = ownership.reopen(connection, first, Action(Event.TAKE, "agent:zoe"), desk.clock())
        connection.execute(sa.update(conversations).where(conversations.c.id == second).values(market="DE"))
    assert first not in desk.client("anna", markets=["DE"]).get(f"/desk/c/{second}").text
