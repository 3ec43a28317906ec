"""A conversation that is over, on the customer's screen: its survey is there after a reload, and can be answered."""

import pytest
import sqlalchemy as sa

from conversations import ownership
from conversations.ownership import Action, Event
from conversations.surveys import ASKED, rating_payload
from core.schema import conversations
from core.schema_desk import surveys
from tests.browser.chat_page import ChatPage
from tests.browser.conftest import Site
from tests.browser.test_talk import conversation_of
from tests.support.bot import say, take_over

pytestmark = pytest.mark.browser

QUESTION = "Wie zufrieden waren Sie?"
FORGET = """() => { for (const [key, kept] of Object.entries(localStorage)) {
  const { token } = JSON.parse(kept); localStorage.setItem(key, JSON.stringify({ token })); } }"""


def end(site: Site, conversation: str) -> None:
    take_over(site.installation.engine, conversation, "agent:ines")
    action = Action(Event.CLOSE, "agent:ines")
    ownership.act(site.installation.engine, conversation, action, site.clock())


def ask(site: Site, conversation: str) -> None:
    now, buttons = site.clock(), [{"title": f"{n} Sterne", "payload": rating_payload("s1", n)} for n in range(1, 6)]
    row = {"id": "s1", "conversation_id": conversation, "state": ASKED, "created_at": now, "asked_at": now}
    with site.installation.engine.begin() as connection:
        connection.execute(sa.insert(surveys).values(**row, market="DE", language="de", channel="webchat"))
        payload = {"buttons": buttons, "survey": "s1"}
        say(connection, conversation, QUESTION, "de", payload, "system", at=now)
    site.server.wake(conversation)


@pytest.mark.parametrize("forgetful", [False, True], ids=["as it was", "the browser forgot which it was"])
@pytest.mark.parametrize("asked", ["before the reload", "after it"])
def test_who_reloads_after_the_end_answers_the_survey(chat: ChatPage, site: Site, asked: str, forgetful: bool) -> None:
    chat.visit("DE").open()
    chat.send("Hallo!")
    chat.wait_reply()
    conversation = conversation_of(chat)
    end(site, conversation)
    if asked == "before the reload":
        ask(site, conversation)
    if forgetful:
        chat.page.evaluate(FORGET)
    chat.page.reload()
    if asked == "after it":
        chat.page.get_by_text("Hallo!", exact=True).wait_for()
        ask(site, conversation)
    chat.page.get_by_text(QUESTION).wait_for()
    chat.press_button("4 Sterne")
    chat.page.locator(".row.customer").nth(1).locator(".state").wait_for()
    with site.installation.engine.connect() as connection:
        assert connection.execute(sa.select(surveys.c.score)).scalar_one() == 4
        assert connection.execute(sa.select(sa.func.count()).select_from(conversations)).scalar_one() == 1
