"""Matchers are made once, and shared by markets that have the same words."""

from pathlib import Path

import pytest

from core.errors import NotFound
from glossaries.load import load_glossary
from glossaries.matchers import Matchers
from tests.support.small_glossary import write_glossary


@pytest.fixture
def matchers(tmp_path: Path) -> Matchers:
    return Matchers(load_glossary(write_glossary(tmp_path / "glossary")))


def test_markets_with_the_same_words_share_one(matchers: Matchers) -> None:
    assert matchers.matcher("DE", "de") is matchers.matcher("SA", "de")
    assert matchers.matcher("DE", "de") is matchers.matcher("DE", "de")


def test_a_market_with_words_of_its_own_has_its_own(matchers: Matchers) -> None:
    german, saudi = matchers.matcher("DE", "en"), matchers.matcher("SA", "en")
    assert [match.term.text for match in german.find("a parcel locker")] == ["parcel locker"]
    assert [match.term.text for match in saudi.find("a smart locker")] == ["smart locker"]
    assert german.find("a smart locker") == []


def test_an_unknown_market_is_named(matchers: Matchers) -> None:
    with pytest.raises(NotFound, match="XX"):
        matchers.matcher("XX", "de")
