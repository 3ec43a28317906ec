"""Short forms of titles: from the file through the release to the button, and past the gate like every other word."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.nlg import WordsGenerator
from knowledge.content import Content, load_content
from knowledge.lint import lint
from knowledge.lint_text import utf16_units
from knowledge.release_content import from_json, to_json
from knowledge.replies import Button
from knowledge.words import Words
from tests.support.small_content import edit, write_content


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = write_content(tmp_path / "content")
    data = folder / "knowledge/data"
    edit(data / "faq/de.yml", '  answer: "Hier nicht.', '  short: "Bar zahlen"\n  answer: "Hier nicht.')
    edit(data / "replies/de.yml", "payload: order_status}", 'payload: order_status, short: "Wo ist sie?"}')
    edit(
        data / "replies/de.yml",
        'label_payment_card: {text: "Karte"}',
        'label_payment_card: {text: "Karte", short: "Zahlkarte"}',
    )
    return folder


def generator(content: Content) -> WordsGenerator:
    stored = from_json(to_json(content))
    words = Words(stored.replies, stored.glossary)
    entries = {entry.id: entry for entry in stored.entries}
    release = SimpleNamespace(id="r", words=words, entries=entries, markets=stored.markets)
    holder: Any = SimpleNamespace(current=lambda: release)
    return WordsGenerator(holder=holder)


async def buttons(root: Path, language: str, choices: list[list[str]]) -> Any:
    tracker: Any = SimpleNamespace(latest_message=SimpleNamespace(metadata={"market": "DE", "language": language}))
    said = await generator(load_content(root)).generate("utter_greet", tracker, "whatsapp", choices=choices)
    return said["buttons"]


async def test_a_button_carries_the_short_form_beside_title_and_payload(root: Path) -> None:
    asked = [["faq:cash", 'faq{"id": "cash"}'], ["label_payment_card", "card"], ["ORK-4821936", "number"]]
    assert await buttons(root, "de", asked) == [
        {"title": "Wo ist meine Bestellung?", "payload": "order_status", "short": "Wo ist sie?"},
        {"title": "Kann ich bar zahlen?", "payload": 'faq{"id": "cash"}', "short": "Bar zahlen"},
        {"title": "Karte", "payload": "card", "short": "Zahlkarte"},
        {"title": "ORK-4821936", "payload": "number"},
    ]


async def test_where_none_is_written_none_is_carried(root: Path) -> None:
    assert await buttons(root, "en", [["faq:cash", "cash"]]) == [
        {"title": "Where is my order?", "payload": "order_status"},
        {"title": "Can I pay in cash?", "payload": "cash"},
    ]


async def test_of_two_buttons_that_mean_the_same_the_later_one_stays(root: Path) -> None:
    assert await buttons(root, "en", [["Yes", "order_status"]]) == [{"title": "Yes", "payload": "order_status"}]


@pytest.mark.parametrize(("name", "old"), [("faq", "Bar zahlen"), ("replies", "Wo ist sie?"), ("replies", "Zahlkarte")])
def test_a_forbidden_word_in_a_short_form_is_not_published(root: Path, name: str, old: str) -> None:
    path = root / f"knowledge/data/{name}/de.yml"
    edit(path, old, "Natel")
    faults = [fault for fault in lint(load_content(root)).faults if "'Natel' must not leave in DE" in fault.message]
    assert [fault.path for fault in faults] == [path]


def test_the_same_content_without_short_forms_gives_the_same_release(tmp_path: Path) -> None:
    data = to_json(load_content(write_content(tmp_path / "content")))
    assert b"short" not in data
    assert from_json(data).replies.texts["de"]["utter_greet"].buttons[0] == Button(
        "Wo ist meine Bestellung?", "order_status"
    )


@pytest.mark.parametrize(
    ("text", "units"), [("", 0), ("Größe", 5), ("返品", 2), ("🏠", 2), ("e\u0301", 2), ("\ud800", 1)]
)
def test_units(text: str, units: int) -> None:
    assert utf16_units(text) == units
