"""Terms are found by a part of their text, a form or their concept."""

from datetime import date
from pathlib import Path

import pytest

from glossaries.find import find_terms
from glossaries.load import load_glossary
from tests.glossaries.small_glossary import write_glossary


@pytest.mark.parametrize(
    ("word", "market", "language", "expected"),
    [
        ("paketen", "", "", ["languages/de.csv:2"]),
        ("PACK", "", "", ["languages/en.csv:3", "locales/de-AT.csv:2", "markets/GB.csv:2"]),
        ("pack", "GB", "", ["markets/GB.csv:2"]),
        ("parcel", "GB", "zh-Hant", ["languages/zh-Hant.csv:2"]),
        ("pure", "GB", "en", ["brands/orikka.csv:2"]),
        ("訂", "", "", ["languages/zh-Hant.csv:3", "languages/zh-Hant.csv:4"]),
        ("nothing", "", "", []),
    ],
)
def test_terms_are_found(tmp_path: Path, word: str, market: str, language: str, expected: list[str]) -> None:
    terms = find_terms(load_glossary(write_glossary(tmp_path)), word, market, language, date(2026, 11, 22))
    assert sorted(f"{term.origin.file}:{term.origin.line}" for term in terms) == expected
