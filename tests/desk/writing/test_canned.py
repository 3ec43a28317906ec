"""Ready replies: in every language, through the gate, beside the agent's own."""

import re

import pytest

from conversations.contacts import Contacts
from conversations.model import Reply
from conversations.outgoing import Draft
from desk.writing.canned import PREFIX, ready_replies
from knowledge.release_holder import ReleaseHolder
from tests.desk.writing.acts import preview, send, written
from tests.support.desk import DeskWorld

MARKETS = ["US", "GB", "DE", "FR", "IT", "ES", "MX", "BR", "SA", "JP", "KR", "TW", "SG", "TH", "ID", "VN", "IN"]
NAME = {"customer_name": "Mia Sato"}


@pytest.mark.parametrize("market", MARKETS)
def test_every_ready_reply_may_leave_in_every_language_of_the_market(desk: DeskWorld, market: str) -> None:
    release = desk.holder.current()
    for language in release.markets[market].languages:
        conversation = desk.conversation(desk.waiting(market=market, language=language).conversation_id)
        ready = ready_replies(release, conversation, language, "en", NAME)
        assert [one.name for one in ready] == [name.removeprefix(PREFIX) for name in release.words.names(PREFIX)]
        for one in ready:
            assert (one.language, one.fallback) == (language, False)
            assert not re.search(r"[{}]", one.text)
            desk.gate.clear(Draft(Reply(one.text, language), "agent:anna"), market)


def test_what_is_inserted_leaves_without_a_machine(desk: DeskWorld) -> None:
    conversation, client = desk.waiting(market="TH", language="th").conversation_id, desk.client("anna")
    page = client.get(f"/desk/c/{conversation}/canned").text
    assert 'data-language="th"' in page
    text = re.findall(r'data-name="closing" data-insert="([^"]*)"', page)[0]
    assert preview(client, conversation, text, "th")["findings"] == []
    assert send(client, conversation, text, "th")[0] == 200
    assert "translation" not in written(desk, conversation)[0].payload


@pytest.mark.parametrize(
    ("query", "found"),
    [("photo", "ask_photo"), ("Foto", "ask_photo"), ("ZOLL", "customs"), ("refund", "refund_started")],
)
def test_they_are_found_by_the_words_of_both_languages(desk: DeskWorld, query: str, found: str) -> None:
    conversation = desk.waiting().conversation_id
    page = desk.client("anna", languages=["en"]).get(f"/desk/c/{conversation}/canned", params={"q": query}).text
    assert f'data-name="{found}"' in page
    assert 'data-name="thanks"' not in page


def test_nobody_is_greeted_by_a_name_that_nobody_knows(desk: DeskWorld) -> None:
    conversation = desk.conversation(desk.waiting(sender="v-7").conversation_id)
    address, client = f"/desk/c/{conversation.id}/canned", desk.client("anna")
    assert 'data-name="greeting_name"' not in client.get(address).text
    Contacts(desk.engine).wrote("webchat", "", "v-7", desk.clock.now, "<i>Mia</i>", {})
    page = client.get(address).text
    assert "Guten Tag &lt;i&gt;Mia&lt;/i&gt;" in page


def test_a_language_without_words_says_which_it_will_be(desk: DeskWorld, desk_holder: ReleaseHolder) -> None:
    conversation = desk.waiting(market="DE", language="pl").conversation_id
    page = desk.client("anna", languages=["en"]).get(f"/desk/c/{conversation}/canned").text
    assert 'data-language="de"' in page
    assert "In German" in page
