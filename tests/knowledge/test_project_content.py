"""The project's own content: nothing is missing, and every text can be said in every market's languages."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from core.settings import PROJECT
from knowledge.content import Content, load_content
from knowledge.lint import lint
from knowledge.values import Deadline, Label, Money, Value
from knowledge.words import Words

# A value of the right kind for every name that code passes; a new one must be added here.
EXAMPLES: dict[str, Value] = {
    "answer_language": "English",
    "carrier": "DHL",
    "delivered_at": datetime(2026, 11, 26, 14, tzinfo=UTC),
    "event": Label("label_scan_delivered"),
    "example": "ORK-4821936",
    "expected_on": date(2026, 11, 26),
    "index": 1,
    "items": ("SoftSip", "Pico Chair"),
    "limit": 2000,
    "opens_at": datetime(2026, 11, 26, 14, tzinfo=UTC),
    "order_number": "ORK-4821936",
    "place": "Leipzig",
    "placed_on": date(2026, 11, 20),
    "promised_at": Deadline(datetime(2026, 11, 26, 14, tzinfo=UTC)),
    "refund_amount": Money(Decimal("39.90"), "EUR"),
    "refunded_on": date(2026, 11, 26),
    "return_until": date(2027, 1, 4),
    "scanned_at": datetime(2026, 11, 26, 14, tzinfo=UTC),
    "shipped_at": datetime(2026, 11, 26, 14, tzinfo=UTC),
    "state": Label("label_state_shipped"),
    "total": 2,
    "tracking_number": "JJD0099",
    "tracking_url": "https://carrier.example/JJD0099",
    "tries_left": 3,
    "amount": "5,00 €",
    "customer_name": "Lena",
    "file": "photo.jpg",
    "made_at": "26.11.2026, 14:00",
    "page": 1,
    "pages": 2,
    "reference": "4f0c2a",
    "zone": "Europe/Berlin",
    "moment": datetime(2026, 11, 26, 14, tzinfo=UTC),
    "city": "Berlin",
    "clock": "Eastern Time",
    "abbreviation": "EST",
}


@pytest.fixture(scope="module")
def content() -> Content:
    return load_content(PROJECT)


@pytest.fixture(scope="module")
def words(content: Content) -> Words:
    return Words(content.replies, content.glossary)


def places(content: Content) -> list[tuple[str, str]]:
    return [(code, language) for code, market in content.markets.items() for language in market.languages]


def test_the_content_has_no_fault(content: Content) -> None:
    assert [str(fault) for fault in lint(content).faults] == []


def test_every_reply_can_be_said_in_every_market_and_language(content: Content, words: Words) -> None:
    for code, language in places(content):
        for name in content.replies.texts[content.contract.reference_language]:
            passed = {value: EXAMPLES[value] for value in content.contract.values.get(name, ())}
            said = words.say(name, passed, market=content.markets[code], language=language)
            assert said.text.strip(), (name, code, language)
            assert not said.fallback, (name, code, language)
            assert "{" not in said.text, (name, code, language)


def test_every_answer_can_be_given_in_every_market_and_language(content: Content, words: Words) -> None:
    for code, language in places(content):
        for entry in content.entries:
            if entry.markets is not None and code not in entry.markets:
                continue
            answer = words.answer(entry, content.markets[code], language)
            assert answer.text.strip(), (entry.id, code, language)
            assert not answer.fallback, (entry.id, code, language)
            assert "{" not in answer.text, (entry.id, code, language)


def test_every_payment_method_and_carrier_has_words(content: Content, words: Words) -> None:
    for code, language in places(content):
        market = content.markets[code]
        labels = [label for label in market.values(language)["payment_methods"] if isinstance(label, Label)]
        assert len(labels) == len(market.payment_methods)
        for label in labels:
            assert words.say(label.name, market=market, language=language).text
