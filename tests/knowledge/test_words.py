"""Replies and answers in words: the right language, the market's own text, every value written natively."""

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.errors import NotFound
from knowledge.content import Content, load_content
from knowledge.entries import FaqEntry, FaqText, Variant
from knowledge.values import Label, Value
from knowledge.words import MissingValue, Said, UnknownReply, Words
from tests.support.small_content import edit, write_content

SHIPPED_AT = datetime(2026, 11, 26, 5, 30, tzinfo=UTC)
VALUES: dict[str, Value] = {
    "order_number": "ORK-4821936",
    "shipped_at": SHIPPED_AT,
    "state": Label("label_state_shipped"),
}


def noon_2026() -> float:
    return datetime(2026, 11, 26, 12, tzinfo=UTC).timestamp()


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Content:
    return load_content(write_content(tmp_path_factory.mktemp("words") / "content"))


@pytest.fixture
def words(content: Content) -> Words:
    return Words(content.replies, content.glossary, noon_2026)


def shipped(words: Words, content: Content, market: str, language: str, zone: str | None = None) -> Said:
    return words.say("utter_order_shipped", VALUES, market=content.markets[market], language=language, time_zone=zone)


SHIPPED = [
    ("DE", "de", None, "Bestellung ORK-4821936 ging am Donnerstag, 26. November, 06:30 heraus und ist versandt."),
    ("DE", "en", None, "Order ORK-4821936 left on Thursday 26 November, 06:30 and is shipped."),
    ("DE", "en", "Asia/Tokyo", "Order ORK-4821936 left on Thursday 26 November, 14:30 and is shipped."),
    ("DE", "en", "no/zone", "Order ORK-4821936 left on Thursday 26 November, 06:30 and is shipped."),
    ("SA", "en", None, "Order ORK-4821936 left on Thursday 26 November, 08:30 and is shipped."),
    ("SA", "ar", None, "الطلب \u2068ORK-4821936\u2069 خرج في الخميس، 26 نوفمبر، 8:30 ص وهو في الطريق."),
]


@pytest.mark.parametrize(("market", "language", "zone", "text"), SHIPPED)
def test_say(words: Words, content: Content, market: str, language: str, zone: str | None, text: str) -> None:
    said = shipped(words, content, market, language, zone)
    assert (said.text, said.language, said.fallback) == (text, language, False)


def test_buttons_and_market_values_come_along(words: Words, content: Content) -> None:
    said = words.say("utter_greet", market=content.markets["DE"], language="de")
    assert said.text == "Guten Tag von Orikka!"
    assert [(button.title, button.payload) for button in said.buttons] == [("Wo ist meine Bestellung?", "order_status")]


def test_a_passed_value_wins_over_the_markets(words: Words, content: Content) -> None:
    said = words.say("utter_greet", {"brand": "Other {order_number}"}, market=content.markets["DE"], language="de")
    assert said.text == "Guten Tag von Other {order_number}!"


def test_a_value_that_ends_in_a_full_stop_ends_the_sentence(words: Words, content: Content) -> None:
    said = words.say(
        "utter_order_shipped", VALUES | {"state": "at 5 p.m."}, market=content.markets["DE"], language="en"
    )
    assert said.text.endswith("is at 5 p.m.")
    assert not said.text.endswith("..")


def test_replies_are_joined_line_by_line(words: Words, content: Content) -> None:
    said = words.say("utter_greet", market=content.markets["DE"], language="en", then=[("utter_order_shipped", VALUES)])
    assert said.text.splitlines() == [
        "Hello from Orikka!",
        "Order ORK-4821936 left on Thursday 26 November, 06:30 and is shipped.",
    ]
    assert said.name == "utter_greet"
    assert len(said.buttons) == 1


def test_an_unknown_language_gives_the_markets_own_openly(words: Words, content: Content) -> None:
    said = shipped(words, content, "DE", "ja")
    assert (said.language, said.fallback) == ("de", True)
    assert said.text.startswith("Bestellung")


def test_a_message_is_never_in_two_languages(tmp_path: Path) -> None:
    root = write_content(tmp_path / "content")
    edit(root / "knowledge/data/replies/de.yml", "label_state_shipped:", "label_state_sent:")
    edit(root / "knowledge/data/replies/de.yml", "utter_greet:", "utter_hello:")
    content = load_content(root)
    words = Words(content.replies, content.glossary, noon_2026)
    market = content.markets["DE"]
    said = words.say(
        "utter_order_shipped", VALUES | {"state": "x"}, market=market, language="de", then=[("utter_greet", {})]
    )
    assert (said.language, said.fallback) == ("en", True)
    with pytest.raises(UnknownReply, match="label_state_shipped"):
        words.say("utter_order_shipped", VALUES, market=market, language="de")


def test_an_unknown_reply_is_refused(words: Words, content: Content) -> None:
    with pytest.raises(UnknownReply, match="utter_nonsense"):
        words.say("utter_nonsense", market=content.markets["DE"], language="de")


def test_a_missing_value_is_refused_by_name(words: Words, content: Content) -> None:
    with pytest.raises(MissingValue) as caught:
        words.say("utter_order_shipped", {"order_number": "1"}, market=content.markets["DE"], language="de")
    assert (caught.value.name, caught.value.value) == ("utter_order_shipped", "shipped_at")


def test_a_market_says_it_its_own_way(tmp_path: Path) -> None:
    root = write_content(tmp_path / "content")
    own = root / "knowledge/data/replies/markets/SA.yml"
    own.parent.mkdir()
    own.write_text('en:\n  label_state_shipped: {text: "with the courier"}\n', encoding="utf-8")
    content = load_content(root)
    words = Words(content.replies, content.glossary, noon_2026)
    assert shipped(words, content, "SA", "en").text.endswith("is with the courier.")
    assert shipped(words, content, "DE", "en").text.endswith("is shipped.")


ANSWERS = [
    ("delivery-time", "DE", "de", "Es dauert 2 bis 4 Werktage mit DHL, Hermes und DPD."),
    ("delivery-time", "SA", "en", "It takes 4 to 8 working days with SPL, Aramex and SMSA Express."),
    ("delivery-time", "SA", "ar", "يستغرق التوصيل من 4 إلى 8 أيام عمل مع سبل وأرامكس وسمسا."),
    ("cash", "DE", "en", "Not here. You can pay with card, PayPal, invoice, bank transfer, Apple Pay and Google Pay."),
    ("cash", "SA", "en", "Yes, pay the courier in cash."),
    ("customs", "SA", "en", "Customs take a few days. We are in Sun–Thu 09:00–13:00, 16:00–21:00."),
]


@pytest.mark.parametrize(("entry_id", "market", "language", "text"), ANSWERS)
def test_answer(words: Words, content: Content, entry_id: str, market: str, language: str, text: str) -> None:
    entry = next(entry for entry in content.entries if entry.id == entry_id)
    answer = words.answer(entry, content.markets[market], language)
    assert (answer.text, answer.language, answer.fallback) == (text, language, False)
    assert answer.title == entry.texts[language].title
    assert answer.entry_id == entry_id


def test_an_answer_in_another_language_says_so(words: Words, content: Content) -> None:
    cash = next(entry for entry in content.entries if entry.id == "cash")
    answer = words.answer(cash, content.markets["SA"], "ar")
    assert (answer.text, answer.language, answer.fallback) == ("Yes, pay the courier in cash.", "en", True)


def test_an_entry_without_a_readable_text_is_not_found(words: Words, content: Content) -> None:
    entry = FaqEntry("x", {"ja": FaqText("ja", "題", ("質問",), "答え")})
    with pytest.raises(NotFound, match="'x'"):
        words.answer(entry, content.markets["DE"], "de")


def test_an_answer_never_has_a_hole(words: Words, content: Content) -> None:
    entry = FaqEntry("x", {"de": FaqText("de", "T", ("F",), "{unknown_thing}", (Variant("cash_on_delivery", "ja"),))})
    with pytest.raises(MissingValue, match="faq:x"):
        words.answer(entry, content.markets["DE"], "de")


def test_a_message_takes_less_than_a_millisecond(words: Words, content: Content) -> None:
    shipped(words, content, "SA", "ar")
    best = min(_timed(words, content) for _ in range(50))
    assert best < 0.001


def _timed(words: Words, content: Content) -> float:
    start = time.process_time()
    shipped(words, content, "SA", "ar")
    return time.process_time() - start
