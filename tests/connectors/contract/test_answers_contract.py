"""What every channel does with what goes out."""

import re
from collections.abc import Sequence
from typing import Any

import pytest
import sqlalchemy as sa

from conversations import rows
from conversations.agent_reply import AgentDesk
from conversations.model import HandoffRequest, Reply
from conversations.outgoing import Draft, insert_outgoing
from conversations.ownership import hand_over
from tests.connectors.contract.driver import Driver
from tests.support.channel_office import Office

INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2060-\u2069]")
SENTENCES = {
    "de": "Satz {n}: Die Bestellung ist unterwegs, und wir melden uns, sobald sie ankommt.",
    "en": "Sentence {n}: your parcel is on its way, and we write again as soon as it is there.",
    "ja": "{n}番目の文です。お荷物は配送中ですので、届くまで今しばらくお待ちください。",
    "ar": "الجملة رقم {n}: الشحنة في الطريق إليك وسنكتب لك فور وصولها.",
    "th": "ประโยคที่{n}พัสดุของคุณกำลังเดินทางและเราจะแจ้งให้ทราบทันทีที่ถึงค่ะ",
    "zh-Hant": "第{n}句：您的包裹正在配送途中，送達後我們會立刻通知您。",
}
ARABIC = "ORK-4821936 طلبك في الطريق إليك.\nDHL شركة الشحن.\nيصل غدًا."
COUNTS = (2, 3, 5, 10, 15)
TITLES = {
    "short": "Way {n}",
    "long": "A way to go on that has a title far longer than any button, number {n}",
    "thai": "วิธีดำเนินการต่อแบบที่ {n} ซึ่งมีชื่อยาวมากจริงๆ",
}


def plain(text: str) -> str:
    """Without what a channel may add or leave out at a cut."""
    return INVISIBLE.sub("", text)


def seen(channel: Driver, customer: str) -> str:
    return "".join(bubble.text for bubble in channel.sees(customer))


def offer(count: int, title: str = TITLES["short"]) -> dict[str, Any]:
    buttons = [{"title": title.format(n=number), "payload": f"pick_{number}"} for number in range(count)]
    return {"text": "How shall we go on?", "buttons": buttons}


def ask(channel: Driver, office: Office, said: Sequence[dict[str, Any]], text: str) -> str:
    """A new customer who wrote `text` and was answered so."""
    office.script.answers[text] = said
    customer = channel.customer()
    channel.write(customer, text)
    office.wait_quiet()
    return customer


def choose(channel: Driver, customer: str, title: str) -> None:
    """Choose as the screen says: a tap, or the number in front of the title."""
    bubbles = channel.sees(customer)
    if any(title in bubble.choices for bubble in bubbles):
        channel.press(customer, title)
        return
    shown = re.search(rf"(\d+)\. {re.escape(title)}$", "\n".join(bubble.text for bubble in bubbles), re.MULTILINE)
    assert shown, "a choice that can be neither tapped nor typed"
    channel.write(customer, shown[1])


@pytest.mark.parametrize("language", SENTENCES)
def test_a_very_long_answer_arrives_whole_and_in_order(channel: Driver, office: Office, language: str) -> None:
    sentence = SENTENCES[language]
    text = " ".join(sentence.format(n=number) for number in range(12_000 // len(sentence) + 1))
    assert len(text) >= 12_000
    customer = ask(channel, office, [{"text": text, "said": {"language": language}}], f"tell me all in {language}")
    assert plain(seen(channel, customer)) == plain(text)
    assert all(len(bubble.text.encode("utf-16-le")) // 2 <= channel.largest for bubble in channel.sees(customer))
    starts = [bubble.text for bubble in channel.sees(customer)[1:]]
    first = plain(sentence.split("{n}")[0])
    assert all(plain(part).startswith(first) or part[0].isdigit() for part in starts), "cut inside a sentence"


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("kind", TITLES)
def test_every_choice_can_be_reached(channel: Driver, office: Office, count: int, kind: str) -> None:
    for index in sorted({0, count // 2, count - 1}):
        customer = ask(channel, office, [offer(count, TITLES[kind])], f"offer {count} {kind}")
        choose(channel, customer, TITLES[kind].format(n=index))
        office.wait_quiet()
        assert office.heard(customer)[-1] == f"/pick_{index}"


@pytest.mark.parametrize("index", [0, 1, 3])
def test_of_two_questions_the_number_means_what_stands_beside_it(channel: Driver, office: Office, index: int) -> None:
    numbers = {"text": "Which?", "buttons": offer(4, TITLES["long"])["buttons"]}
    taps = {"text": "Or?", "buttons": [{"title": f"Or {n}", "payload": f"pick_{n}"} for n in (10, 11)]}
    customer = ask(channel, office, [numbers, taps], "two questions")
    choose(channel, customer, TITLES["long"].format(n=index))
    office.wait_quiet()
    assert office.heard(customer)[-1] == f"/pick_{index}"


def test_a_choice_stands_in_the_record_with_its_words(channel: Driver, office: Office) -> None:
    customer = ask(channel, office, [offer(3)], "offer three")
    channel.press(customer, "Way 1")
    office.wait_quiet()
    row = office.rows(customer)[-1]
    assert (row.kind, row.text, row.payload["payload"]) == ("button", "Way 1", "pick_1")


def test_the_title_typed_is_the_choice_too(channel: Driver, office: Office) -> None:
    customer = ask(channel, office, [offer(3)], "offer three")
    channel.write(customer, "  WAY 2 ")
    office.wait_quiet()
    assert office.heard(customer)[-1] == "/pick_2"


def test_a_payload_that_is_typed_is_no_choice(channel: Driver, office: Office) -> None:
    customer = ask(channel, office, [offer(3)], "offer three")
    channel.write(customer, "/pick_1")
    office.wait_quiet()
    assert not office.heard(customer)[-1].startswith("/")


@pytest.mark.parametrize("made_up", ["pick_1", "0" * 32 + ":0", "{message}:7", "{message}:-1", "{message}:01x"])
def test_a_choice_that_was_never_offered_is_not_obeyed(channel: Driver, office: Office, made_up: str) -> None:
    customer = ask(channel, office, [offer(3)], "offer three")
    (message,) = office.rows(customer, "out")
    wanted = made_up.format(message=message.id)
    channel.press_unoffered(customer, wanted)
    office.wait_quiet()
    assert not [text for text in office.heard(customer) if text.startswith("/pick")]


def test_the_choice_of_somebody_else_is_not_obeyed(channel: Driver, office: Office) -> None:
    other = ask(channel, office, [offer(3)], "offer three")
    (message,) = office.rows(other, "out")
    customer = channel.customer()
    channel.write(customer, "hello")
    office.wait_quiet()
    channel.press_unoffered(customer, f"{message.id}:1")
    office.wait_quiet()
    assert not [text for text in office.heard(customer) if text.startswith("/pick")]
    assert not [row for row in office.rows(customer) if "pick" in str(row.payload.get("payload", ""))]


def test_arabic_with_latin_in_front_changes_by_direction_marks_only(channel: Driver, office: Office) -> None:
    customer = ask(channel, office, [{"text": ARABIC, "said": {"language": "ar"}}], "أين طلبي؟")
    (bubble,) = channel.sees(customer)
    assert bubble.text.replace("\u200f", "") == ARABIC
    if channel.largest < 10**9:  # the web chat has a `dir` for it
        assert [line[0] for line in bubble.text.split("\n")] == ["\u200f", "\u200f", "ي"]


def test_a_machines_translation_says_so(channel: Driver, office: Office) -> None:
    translation = {"from": "en", "original": "Your parcel is on its way.", "engine": "test"}
    said = {"text": "Ihr Paket ist unterwegs.", "said": {"translation": translation, "language": "de"}}
    customer = ask(channel, office, [said], "translate please")
    assert [bubble.machine for bubble in channel.sees(customer)] == [True]
    other = ask(channel, office, [{"text": "Ihr Paket ist unterwegs."}], "no translation please")
    assert [bubble.machine for bubble in channel.sees(other)] == [False]
    checked = {"text": "Ihr Paket ist unterwegs.", "said": {"translation": {**translation, "edited": True}}}
    third = ask(channel, office, [checked], "checked translation please")
    assert [bubble.machine for bubble in channel.sees(third)] == [False], "a person has corrected it"


def test_a_persons_words_reach_the_customer(channel: Driver, office: Office) -> None:
    customer = ask(channel, office, [{"text": "One moment."}], "a person please")
    conversation = office.conversation(customer)
    hand_over(office.engine, conversation.id, HandoffRequest("asked_for_person", "ordinary", {}, 0.0), 0.0)
    desk = AgentDesk(office.engine, office.gate)
    desk.send(conversation.id, Draft(Reply("Lena here, how can I help?", "en"), "agent:lena"))
    office.wait_quiet()
    assert [bubble.text for bubble in channel.sees(customer)] == ["One moment.", "Lena here, how can I help?"]


def test_what_the_bot_has_not_sent_yet_is_withdrawn_when_a_person_takes_over(
    vendor_channel: Driver, office: Office
) -> None:
    customer = ask(vendor_channel, office, [{"text": "One moment."}], "a person please")
    conversation = office.conversation(customer)
    office.stop_web()
    with office.engine.begin() as connection:
        current = rows.conversation(connection, conversation.id)
        passed = [office.gate.clear(Draft(Reply("I am the bot and late.", "en")), "DE")]
        rows.update(connection, conversation.id, last_seq=current.last_seq + 1)
        insert_outgoing(connection, current, None, passed, current.last_seq + 1, 0.0)
    hand_over(office.engine, conversation.id, HandoffRequest("asked_for_person", "ordinary", {}, 0.0), 0.0)
    AgentDesk(office.engine, office.gate).send(conversation.id, Draft(Reply("Lena here.", "en"), "agent:lena"))
    office.start_web()
    office.wait_quiet()
    assert [bubble.text for bubble in vendor_channel.sees(customer)] == ["One moment.", "Lena here."]
    assert "withdrawn" in [row.status for row in office.rows(customer, "out")]


def test_the_customer_who_is_with_a_person_gets_no_words_of_the_bot(channel: Driver, office: Office) -> None:
    customer = ask(channel, office, [{"text": "One moment."}], "a person please")
    conversation = office.conversation(customer)
    hand_over(office.engine, conversation.id, HandoffRequest("asked_for_person", "ordinary", {}, 0.0), 0.0)
    channel.write(customer, "hello?")
    office.wait_quiet()
    assert [bubble.text for bubble in channel.sees(customer)] == ["One moment."]
    assert [row.text for row in office.rows(customer)] == ["a person please", "hello?"]


def test_what_was_sent_before_a_restart_is_not_sent_again(channel: Driver, office: Office) -> None:
    customer = ask(channel, office, [{"text": "First."}, {"text": "Second."}], "two please")
    before = channel.sees(customer)
    office.restart_web()
    with office.engine.begin() as connection:
        connection.execute(sa.text("UPDATE conversations SET send_at = 0"))  # as if the end of sending were not known
    office.wait_quiet()
    assert channel.sees(customer) == before
