"""The bot's sentences in the reader's language: as the release has them, and what is left to a machine."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from conversations.model import HandoffRequest, Reply
from conversations.work import TurnResult
from knowledge.said_parts import PARTS, made_of
from tests.desk.conversation.conftest import Translating
from tests.desk.conversation.pages import elements, message
from tests.support.desk import DeskWorld
from tests.support.desk_customer import think

Make = Callable[..., Translating]
AT = datetime(2026, 11, 24, 4, tzinfo=UTC)
CLOSED = "utter_handoff_closed"


def spoken(desk: DeskWorld, name: str, language: str, *then: str, market: str = "JP", **values: Any) -> Reply:
    """A reply as the bot's process and the courier make it."""
    release = desk.holder.current()
    others = [(other, {}) for other in then]
    said = release.words.say(name, values, market=release.markets[market], language=language, then=others)
    return Reply(said.text, said.language, {"response": name, **made_of(said.parts)}, release.id)


def said(desk: DeskWorld, reply: Reply, market: str = "JP", language: str = "ja") -> str:
    """Id of a conversation in which the bot said it and handed over; message 2."""
    conversation = desk.write("こんにちは", market=market, language=language, sender="kim").conversation
    thought = think(desk)
    assert thought is not None
    request = HandoffRequest(
        "asked_for_person", "ordinary", {"wants": "help", "given": {}}, desk.clock() + 3600, told=True
    )
    thought.ends(TurnResult([reply], {}, request))
    return conversation.id


def shown(there: Translating, conversation_id: str) -> tuple[str, str, str]:
    """(language, text, what is said of it) of the second message's other side."""
    html = there.client.get(f"/desk/c/{conversation_id}").text
    item = message(there.client, conversation_id, 2)
    body = html.partition('id="m-2"')[2].partition("</li>\n<li")[0]
    others = elements(body, class_="bubble-translation")
    return (others[0].attributes["lang"], others[0].text, item.text) if others else ("", "", item.text)


def closed(desk: DeskWorld, language: str) -> Reply:
    """The bot's promise, with two moments in it."""
    return spoken(desk, CLOSED, language, opens_at=AT, promised_at=AT)


@pytest.mark.parametrize(("interface", "marked"), [("en", "Approved text in English"), ("zh", "审定的")])
def test_a_reply_with_values_is_said_again_in_the_readers_language(
    desk: DeskWorld, translating: Make, interface: str, marked: str
) -> None:
    there = translating({}, languages=["en"], interface=interface)
    conversation_id = said(desk, closed(desk, "ja"))
    language, text, around = shown(there, conversation_id)
    assert (language, text) == ("en", " ".join(closed(desk, "en").text.split()))
    assert "1:00" in text  # in the customer's own time
    assert marked in around
    assert all(asked[1] != "ja" or asked[0] == "こんにちは" for asked in there.translator.asked)
    assert CLOSED not in around  # the code is no word


@pytest.mark.parametrize(
    ("name", "values"), [("utter_greet", {}), ("utter_technical_problem", {}), ("utter_survey_thanks", {})]
)
def test_rows_from_before_the_values_were_kept_need_none(
    desk: DeskWorld, translating: Make, name: str, values: Mapping[str, Any]
) -> None:
    there = translating({}, languages=["en"])
    reply = replace(spoken(desk, name, "ja"), payload={"response": name})
    assert shown(there, said(desk, reply))[1] == spoken(desk, name, "en").text


def test_further_lines_are_said_too(desk: DeskWorld, translating: Make) -> None:
    there = translating({}, languages=["en"])
    reply = spoken(desk, "utter_greet", "ja", "utter_offer_person")
    assert [name for name, _ in reply.payload[PARTS]] == ["utter_greet", "utter_offer_person"]
    text = shown(there, said(desk, reply))[1]
    assert all(spoken(desk, name, "en").text in text for name in ("utter_greet", "utter_offer_person"))


@pytest.mark.parametrize(
    "changes",
    [
        {"payload": {"response": CLOSED}},  # nobody kept the values
        {"payload": {"response": CLOSED, PARTS: [[CLOSED, {"opens_at": {"moon": 1}}]]}},
        {"payload": {"response": CLOSED, PARTS: "x"}},
        {"payload": {"response": CLOSED, PARTS: [[CLOSED]]}},
        {"payload": {"response": CLOSED, PARTS: [["utter_gone", {}]]}},
        {"payload": {"response": "faq:gone"}},
        {"payload": {}},
        {"text": "ただいま受付時間外です。"},  # another release said it
    ],
    ids=range(8),
)
def test_what_cannot_be_said_again_is_left_to_the_machine(
    desk: DeskWorld, translating: Make, changes: Mapping[str, Any]
) -> None:
    there = translating({}, languages=["en"])
    conversation_id = said(desk, replace(closed(desk, "ja"), **changes))
    around = shown(there, conversation_id)[2]
    assert "Approved" not in around.replace("Approved reply", "")
    assert message(there.client, conversation_id, 2).attributes["data-translation"] in ("waiting", "failed", "unsure")


def test_an_answer_has_its_text_and_title_in_the_readers_language(desk: DeskWorld, translating: Make) -> None:
    there = translating({}, languages=["en"])
    release = desk.holder.current()
    entry = release.entries["returns-window"]
    ours = {code: release.words.answer(entry, release.markets["JP"], code) for code in ("ja", "en")}
    source = {"id": entry.id, "title": ours["ja"].title}
    reply = Reply(ours["ja"].text, "ja", {"response": "faq:returns-window", "source": source}, release.id)
    language, text, around = shown(there, said(desk, reply))
    assert (language, text) == ("en", " ".join(ours["en"].text.split()))
    assert ours["en"].title in around
    assert "faq:" not in around
    assert ours["ja"].title not in around


def test_the_second_language_of_a_reader_counts_too(desk: DeskWorld, translating: Make) -> None:
    """A language that the release does not have comes first; the next one that they read is better than a machine."""
    there = translating({}, languages=["nl", "en"])
    assert shown(there, said(desk, closed(desk, "ja")))[0] == "en"


def test_what_the_reader_reads_stays_as_it_was_sent(desk: DeskWorld, translating: Make) -> None:
    there = translating({}, languages=["en"])
    conversation_id = said(desk, closed(desk, "en"), language="en")
    assert message(there.client, conversation_id, 2).attributes["data-translation"] == "none"


def test_only_values_that_the_text_says_are_kept(desk: DeskWorld) -> None:
    reply = spoken(desk, CLOSED, "ja", opens_at=AT, promised_at=AT, postcode="80331")
    assert "80331" not in str(reply.payload)
    assert made_of([("utter_greet", {"name": "x" * 5_000})]) == {}  # too much is not kept


def test_the_packet_says_it_in_the_readers_language(desk: DeskWorld) -> None:
    conversation_id = said(desk, spoken(desk, "utter_technical_problem", "ja"))
    client = desk.client("anna", partial=True, languages=["en"])
    tried = client.get(f"/desk/api/conversations/{conversation_id}/packet").json()["tried"]
    assert [(one["language"], one["title"][:20]) for one in tried] == [
        ("en", spoken(desk, "utter_technical_problem", "en").text[:20])
    ]
