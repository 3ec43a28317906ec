"""Samples keep slots and masks balanced, whatever else is done to them."""

from dataclasses import replace
from random import Random

import pytest

from tests.translators.conftest import ENGLISH, JAPANESE
from translators.corpus import Corpus, Direction, Pair
from translators.expand import EXACT, Expander, Rates, Sample
from translators.measure import masks_kept
from translators.slots import MASK, Slot

EVERYTHING = Rates(mask_term=0.4, add_name=0.3, exchange=0.3, join=1, careless=1, spaced=1)


def _samples(corpus: Corpus, rates: Rates, epochs: int = 30) -> list[Sample]:
    expander = Expander(corpus, Random(7), rates)
    return [sample for _ in range(epochs) for sample in expander.epoch(corpus.training)]


@pytest.mark.parametrize("rates", [Rates(), EXACT, EVERYTHING])
def test_masks_stand_on_both_sides_and_no_slot_is_left(corpus: Corpus, rates: Rates) -> None:
    for sample in _samples(corpus, rates):
        assert masks_kept(sample.source, sample.target), sample
        assert "{" not in sample.source + sample.target
        masks = MASK.findall(sample.source)
        assert len(masks) == len(set(masks))


def test_literal_values_are_the_same_on_both_sides(corpus: Corpus) -> None:
    expander = Expander(corpus, Random(1), EXACT)
    for _ in range(20):
        sample = expander.sample(Pair("{n} von {order}", "{order}: {n}"))
        number, order = sample.source.split(" von ")
        assert sample.target == f"{order}: {number}"
        assert number in {"2", "3"}


def test_slots_are_masked_and_filled(corpus: Corpus) -> None:
    orders = [sample.source for sample in _samples(corpus, EXACT) if sample.source.startswith("Bestellung")]
    masked = [text for text in orders if "⟦0⟧" in text]
    assert 0 < len(masked) < len(orders)
    assert all("ORK-" in text for text in orders if text not in masked)


def test_a_placeholder_without_a_slot_is_masked(corpus: Corpus) -> None:
    assert Expander(corpus, Random(1), EXACT).sample(corpus.training[3]).source == "Die Farbe von ⟦0⟧ stimmt nicht."


def test_values_may_stand_between_spaces_in_a_source_without_spaces(corpus: Corpus) -> None:
    japanese = replace(corpus, direction=Direction(JAPANESE, ENGLISH))
    pair, spaced = (
        Pair("注文{brand}は届きましたか", "Has order {brand} arrived?"),
        replace(EXACT, spaced=1),
    )
    assert Expander(japanese, Random(1), spaced).sample(pair).source == "注文 ⟦0⟧ は届きましたか"
    assert Expander(japanese, Random(1), EXACT).sample(pair).source == "注文⟦0⟧は届きましたか"


def test_more_slots_than_masks_are_filled_with_values(corpus: Corpus) -> None:
    names = [f"slot_{number}" for number in range(12)]
    text = " ".join(f"{{{name}}}" for name in names)
    corpus.slots.slots.update(dict.fromkeys(names, Slot(1.0, patterns=("#",))))  # type: ignore[attr-defined]
    sample = Expander(corpus, Random(1), EXACT).sample(Pair(text, text))
    assert len(MASK.findall(sample.source)) == 10
    assert sample.source == sample.target


def test_sentences_are_joined_and_labels_are_not(corpus: Corpus) -> None:
    joined = _samples(corpus, replace(EXACT, join=1))
    assert Sample("Danke! Guten Tag!", "Thank you! Hello!") in joined
    assert Sample("Paket", "parcel") in joined


def test_customers_type_carelessly_but_we_do_not(corpus: Corpus) -> None:
    pairs = {sample.source: sample.target for sample in _samples(corpus, replace(EXACT, careless=1))}
    assert {pairs.get(text) for text in ("danke!", "Danke", "danke")} == {"Thank you!"}
    assert all(target[0].isupper() or target == "parcel" for target in pairs.values())
