"""The held-out sentences are whole, and nobody was trained on them."""

import csv
import re
from pathlib import Path

import pytest

from core.errors import ContentError
from evaluation.translation_cases import MARKETS, load_directions
from glossaries.csv_file import read_csv
from orders.number import check_digit

ROOT = Path(__file__).parents[2]
TRAINING = sorted((ROOT / "translators" / "data").glob("*.tsv"))
_SLOT = re.compile(r"\{[^}]*\}")


def plain(text: str) -> str:
    return re.sub(r"[\W\d_]+", "", _SLOT.sub("", text).casefold())


def test_every_direction_has_its_sentences() -> None:
    directions = load_directions()
    assert {direction.name for direction in directions} == set(MARKETS)
    for direction in directions:
        assert len(direction.cases) == 120
        assert len({case.source for case in direction.cases}) == 120


def test_nobody_was_trained_on_them() -> None:
    trained = set()
    for path in TRAINING:
        with path.open(encoding="utf-8", newline="") as file:
            trained |= {plain(cell) for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE) for cell in row}
    used = {case.source for direction in load_directions() for case in direction.cases if plain(case.source) in trained}
    assert not used


def test_order_numbers_are_real_ones() -> None:
    texts = [case.source for direction in load_directions() for case in direction.cases]
    numbers = [number for text in texts for number in re.findall(r"ORK-(\d{7})", text)]
    assert len(numbers) > 20
    assert [number for number in numbers if check_digit(number[:6]) != number[6]] == []


def test_the_concepts_exist() -> None:
    known = {row.cells["id"] for row in read_csv(ROOT / "glossaries" / "data" / "concepts.csv").rows if row.cells}
    named = {concept for direction in load_directions() for case in direction.cases for concept in case.concepts}
    assert named <= known


def test_a_broken_file_is_named_with_its_line(tmp_path: Path) -> None:
    for name in MARKETS:
        (tmp_path / f"{name}.tsv").write_text("source\treference\tconcepts\nonly one cell\n")
    with pytest.raises(ContentError, match=r"de-en\.tsv:2"):
        load_directions(tmp_path)
