"""The packages of the repository are those of packages.json, small, and translate through Argos."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from translators.argos import opened
from translators.corpus import load_directions
from translators.entries import read_entries
from translators.files import PACKAGES, package_path, sha256
from translators.measure import masks_kept

DIRECTIONS = load_directions()
ENTRIES = read_entries(PACKAGES)


@pytest.fixture(scope="module", params=DIRECTIONS)
def translation(request: pytest.FixtureRequest) -> Iterator[tuple[str, Any]]:
    """(direction's name, its Argos translation)."""
    with opened(package_path(DIRECTIONS[request.param])) as opened_translation:
        yield request.param, opened_translation


@pytest.mark.parametrize("name", DIRECTIONS)
def test_the_package_is_the_recorded_one_and_small(name: str) -> None:
    path, entry = package_path(DIRECTIONS[name]), ENTRIES[name]
    assert entry["file"] == path.name
    assert entry["sha256"] == sha256(path)
    assert entry["bytes"] == path.stat().st_size <= 5_000_000


@pytest.mark.parametrize("name", DIRECTIONS)
def test_the_recorded_figures_are_good_enough_for_the_demo(name: str) -> None:
    assert ENTRIES[name]["masks_kept"] > 0.85
    assert ENTRIES[name]["chrf_seen"] > 80


CASES = {
    "de-en": [("Wo ist mein Paket?", "parcel"), ("Ich möchte meine Bestellung stornieren.", "cancel.* order")],
    "en-de": [("Where is my parcel?", "Paket"), ("I want to cancel my order.", "Bestellung.* stornieren")],
    "ja-en": [("荷物はどこですか？", "parcel"), ("注文をキャンセルしたいです。", "cancel.* order")],
    "en-ja": [("Where is my parcel?", "荷物"), ("I want to cancel my order.", "注文.*キャンセル")],
}
MASKED = {
    "de-en": "Wo ist meine Bestellung ⟦0⟧?",
    "en-de": "Where is my order ⟦0⟧?",
    "ja-en": "注文⟦0⟧はどこですか？",
    "en-ja": "Where is my order ⟦0⟧?",
}


def test_it_translates_what_customers_say(translation: tuple[str, Any]) -> None:
    name, argos = translation
    for text, pattern in CASES[name]:
        assert re.search(pattern, argos.translate(text)), (text, argos.translate(text))


def test_masks_come_through(translation: tuple[str, Any]) -> None:
    name, argos = translation
    output = argos.translate(MASKED[name])
    assert masks_kept(MASKED[name], output), output


def test_two_sentences_stay_two(translation: tuple[str, Any]) -> None:
    name, argos = translation
    text = "".join(source for source, _ in CASES[name]) if name == "ja-en" else " ".join(s for s, _ in CASES[name])
    output = argos.translate(text)
    assert all(re.search(pattern, output) for _, pattern in CASES[name]), output
    assert ("。 " if name == "en-ja" else "  ") not in output
