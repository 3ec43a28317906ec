"""The figures of the translation evaluation, on an engine that says what is written down here."""

import json

from evaluation.translation import figures, measure_all, systems, translate
from evaluation.translation_cases import Direction, TranslationCase, load_directions
from languages.translation.engine import Pair
from languages.translation.translator import Translator
from languages.translation.ways import PLAIN_WAY, WAYS
from tests.languages.translation.few_terms import TERMS
from tests.languages.translation.scripted_engine import ScriptedEngine

CASES = (
    TranslationCase("Wo ist mein Paket?", "Where is my parcel?", ("parcel",)),
    TranslationCase("Eine Bestellung ORK-4821936", "An order ORK-4821936", ("order",)),
    TranslationCase("Mein Gutschein", "My voucher", ("voucher",)),
)
SCRIPT = {
    "Wo ist mein Paket?": ["Where is my package?"],
    "Eine Bestellung ORK-4821936": ["An order ORK-1"],
    "Eine Bestellung ⟦0⟧": ["An order ⟦0⟧"],
    "Mein Gutschein": ["Mine"],
}
DIRECTION = Direction("de-en", "GB", CASES)


def row(unchecked: bool) -> dict[str, float]:
    translator = Translator([ScriptedEngine(SCRIPT)], lambda: TERMS, ways=(PLAIN_WAY,) if unchecked else WAYS)
    return figures(list(translate(translator, DIRECTION, unchecked, TERMS)), DIRECTION, TERMS)


def test_the_engine_alone() -> None:
    found = row(unchecked=True)
    assert (found["terms"], found["preferred"], found["refused"], found["violations"]) == (0.667, 0.333, 0, 3)


def test_constrained() -> None:
    found = row(unchecked=False)
    assert (found["terms"], found["preferred"], found["refused"], found["violations"]) == (0.667, 0.667, 0.333, 0)
    assert found["chrf"] > 50


def test_every_direction_with_an_engine_is_measured() -> None:
    rows, lines = measure_all(ScriptedEngine({}, Pair("en", "de")), TERMS)
    assert [(one["direction"], one["system"]) for one in rows] == [("en-de", "engine alone"), ("en-de", "constrained")]
    assert len(lines) == 2 * len(next(one for one in load_directions() if one.name == "en-de").cases)
    assert json.loads(lines[0])["direction"] == "en-de"


def test_each_way_can_be_measured_by_itself() -> None:
    assert set(systems(each_way=False)) < set(systems(each_way=True))
