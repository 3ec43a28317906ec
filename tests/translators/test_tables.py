"""A table is read, and each bad row is named with file and line."""

from pathlib import Path

import pytest

from core.errors import ContentError
from translators.corpus import DATA, read_tables
from translators.slots import load_slots, slots_of
from translators.tables import read_table

LANGUAGES = frozenset({"de", "en"})
SLOTS = frozenset({"order", "n"})


def _write(folder: Path, *lines: str) -> Path:
    path = folder / "orders.tsv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_rows_are_read_whatever_the_order_of_columns(tmp_path: Path) -> None:
    path = _write(tmp_path, "de\ten", "Wo ist {order}?\tWhere is {order}?", "", "{n} Tage \t{n} days")
    texts = [phrase.texts for phrase in read_table(path, LANGUAGES, SLOTS)]
    assert texts == [{"de": "Wo ist {order}?", "en": "Where is {order}?"}, {"de": "{n} Tage", "en": "{n} days"}]


@pytest.mark.parametrize(
    ("row", "part"),
    [
        ("Hallo", "1 cells where the header has 2"),
        ("Hallo\tHello\tHey", "3 cells where the header has 2"),
        ("Hallo\t ", "an empty cell"),
        ("Hallo {name}\tHello {name}", "unknown slot name"),
        ("Wo ist {order}?\tWhere is it?", "the slots differ between the languages (order / none)"),
        ("{n} von {n}\t{n} of them", "the slots differ between the languages (n n / n)"),
        ("Wo ist ⟦0⟧?\tWhere is ⟦0⟧?", "kept for masks"),
        ("a" * 401 + "\tb", "more than 400 characters"),
    ],
)
def test_a_bad_row_is_named(tmp_path: Path, row: str, part: str) -> None:
    path = _write(tmp_path, "de\ten", "Ja\tYes", row)
    with pytest.raises(ContentError) as caught:
        read_table(path, LANGUAGES, SLOTS)
    assert [(fault.path, fault.line) for fault in caught.value.faults] == [(path, 3)]
    assert part in str(caught.value)


def test_every_fault_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    path = _write(tmp_path, "de\ten", "Ja", "Nein\tNo", "{x}\t{x}")
    with pytest.raises(ContentError) as caught:
        read_table(path, LANGUAGES, SLOTS)
    assert [fault.line for fault in caught.value.faults] == [2, 4]


@pytest.mark.parametrize("header", ["de\tfr", "de", "", "de\ten\tja"])
def test_a_wrong_header_is_named(tmp_path: Path, header: str) -> None:
    with pytest.raises(ContentError, match=r"orders\.tsv:1: the first line must name the columns de, en"):
        read_table(_write(tmp_path, header, "Ja\tYes"), LANGUAGES, SLOTS)


def test_the_projects_tables_are_sound() -> None:
    slots = load_slots(DATA / "slots.yml", ("PureSteam 2",))
    phrases = read_tables(DATA, frozenset(slots.slots))
    assert len(phrases) > 1_800
    assert all(slots_of(phrase.texts["de"]) == slots_of(phrase.texts["ja"]) for phrase in phrases)
