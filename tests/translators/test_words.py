"""Known words are found, masked, named and exchanged on both sides."""

from dataclasses import replace
from random import Random

import pytest

from tests.translators.conftest import ENGLISH, GERMAN, JAPANESE
from translators.corpus import Direction, Language, Pair
from translators.term_bases import TermPair
from translators.words import WordChanges, known_words

PARCEL = TermPair(("Paket", "Pakete"), ("parcel", "parcels"), (), ("Paket", "parcel"), "n-")
LABEL = TermPair(("Etikett",), ("label",), (), ("Etikett", "label"), "n-")
ORDER = TermPair(("Bestellung",), ("order",), (), ("Bestellung", "order"), "f-")
TERMS = (PARCEL, LABEL, ORDER)
GERMAN_ENGLISH = Direction(GERMAN, ENGLISH)


def _changes(terms: tuple[TermPair, ...] = TERMS, direction: Direction = GERMAN_ENGLISH, seed: int = 1) -> WordChanges:
    return WordChanges(terms, direction, Random(seed))


@pytest.mark.parametrize(
    ("pair", "spellings", "language", "spans"),
    [
        (Pair("Das Paket", "The parcel"), (("paket",), ("parcel",)), GERMAN, [((4, 9), (4, 10))]),
        (Pair("Paketdienst", "parcel"), (("Paket",), ("parcel",)), GERMAN, []),
        (Pair("Paket an Paket", "parcel"), (("Paket",), ("parcel",)), GERMAN, []),
        (Pair("{paket} Paket", "parcel"), (("Paket",), ("parcel",)), GERMAN, [((8, 13), (0, 6))]),
        (Pair("荷物が来ない", "No parcel"), (("荷物", "荷"), ("parcel",)), JAPANESE, [((0, 2), (3, 9))]),
        (Pair("verschicken", "ship"), ((), ()), GERMAN, []),
    ],
)
def test_known_words(
    pair: Pair,
    spellings: tuple[tuple[str, ...], tuple[str, ...]],
    language: Language,
    spans: list[tuple[tuple[int, int], tuple[int, int]]],
) -> None:
    found = known_words(pair, [TermPair(*spellings, ())], Direction(language, ENGLISH))
    assert [(word.source, word.target) for word in found] == spans


def test_words_are_masked() -> None:
    pair = Pair("Das Etikett zum Paket?", "The label of the parcel?")
    written = {_changes(seed=seed).masked(pair) for seed in range(20)}
    assert Pair("Das {term_0} zum Paket?", "The {term_0} of the parcel?") in written
    assert Pair("Das {term_1} zum {term_0}?", "The {term_1} of the {term_0}?") in written


def test_overlapping_words_are_not_masked_together() -> None:
    label = replace(LABEL, source=("Etikett fürs Paket", "Etikett"), target=("parcel label", "label"))
    pair = Pair("Das Etikett fürs Paket", "The parcel label")
    written = {_changes((PARCEL, label), seed=seed).masked(pair) for seed in range(20)}
    assert written == {Pair("Das {term_0}", "The {term_0}"), Pair("Das Etikett fürs {term_0}", "The {term_0} label")}


@pytest.mark.parametrize(
    ("direction", "pair", "named"),
    [
        (GERMAN_ENGLISH, Pair("Ihr Paket?", "A parcel?"), Pair("Ihr Paket {added}?", "A parcel {added}?")),
        (Direction(GERMAN, JAPANESE), Pair("Paket da", "荷物です"), Pair("Paket {added} da", "荷物{added}です")),
    ],
)
def test_a_name_is_put_behind_a_word(direction: Direction, pair: Pair, named: Pair) -> None:
    parcel = replace(PARCEL, target=("parcel", "荷物"))
    assert _changes((parcel,), direction).named(pair) == named


def test_words_are_exchanged_for_others_of_their_gender_in_their_base_form() -> None:
    pair = Pair("Das Paket ist da.", "The parcel is here.")
    written = {_changes(seed=seed).exchanged(pair) for seed in range(20)}
    assert written == {pair, Pair("Das Etikett ist da.", "The label is here.")}
    plural = Pair("Pakete sind da.", "The parcels are here.")
    assert _changes().exchanged(plural) == plural


def test_a_phrase_without_a_known_word_stays() -> None:
    pair, changes = Pair("Danke!", "Thank you!"), _changes()
    assert changes.masked(pair) == changes.named(pair) == changes.exchanged(pair) == pair
