"""A small corpus that the tests of this folder share."""

import pytest

from translators.corpus import Corpus, Direction, Language, Pair
from translators.slots import Slot, SlotTable
from translators.term_bases import TermPair

GERMAN, ENGLISH, JAPANESE = (
    Language("de", "German", spaces=True),
    Language("en", "English", spaces=True),
    Language("ja", "Japanese", spaces=False),
)

SLOTS = SlotTable(
    slots={
        "order": Slot(0.5, patterns=("ORK-#######",)),
        "n": Slot(0.0, patterns=("{2|3}",)),
        "name": Slot(1.0),
    },
    placeholders={"order_number": "order"},
)


@pytest.fixture
def corpus() -> Corpus:
    """German to English: six phrases, a term."""
    pairs = (
        Pair("Wo ist mein Paket {order}?", "Where is my parcel {order}?"),
        Pair("Das Paket kommt in {n} Tagen.", "The parcel arrives in {n} days."),
        Pair("Bestellung {order_number} ist unterwegs.", "Order {order_number} is on its way."),
        Pair("Die Farbe von {brand} stimmt nicht.", "The colour of {brand} is not right."),
        Pair("Danke!", "Thank you!"),
        Pair("Guten Tag!", "Hello!"),
        Pair("Paket", "parcel", is_term=True),
    )
    term = TermPair(("Paket", "Pakete", "Paketen"), ("parcel", "parcels"), (("Paket", "parcel"),))
    return Corpus(Direction(GERMAN, ENGLISH), pairs, pairs[:2], (term,), SLOTS)
