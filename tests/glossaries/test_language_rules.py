"""Rules of languages: those that stand there, and mistakes in them."""

from pathlib import Path

import pytest

from core.errors import ContentError
from glossaries.language_rules import RULES, LanguageRules, load_rules


@pytest.mark.parametrize("language", sorted(path.stem for path in RULES.glob("*.yml")))
def test_every_file_is_right(language: str) -> None:
    assert load_rules(language) != LanguageRules()


def test_a_language_without_a_file_attaches_nothing() -> None:
    assert load_rules("xx") == LanguageRules()


def test_attachments() -> None:
    korean = load_rules("ko")
    assert korean.suffixes_of("까지도")
    assert korean.suffixes_of("했는데요")
    assert not korean.suffixes_of("번호를")
    [pronouns] = load_rules("es").suffixes_of("selo")
    assert pronouns.suits("verb")
    assert pronouns.suits("")
    assert not pronouns.suits("noun")
    assert load_rules("ar").prefixes_of("وبال")
    assert not load_rules("ar").prefixes_of("مال")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- a", r":0: expected a mapping"),
        ("suffix: []", r":1: unknown key suffix"),
        ("suffixes:\n  - words: []", r":2: an attachment needs words"),
        ("suffixes:\n  - words: [no]", r":2: words must be a list of words"),
        ("suffixes:\n  - words: [a]\n    repeat: 9", r":2: an attachment needs words"),
        ("suffixes: words", r":1: suffixes must be a list"),
        ("before_suffix:\n  - [a, b]", r":0: expected letters"),
        ("spellings:\n  - {a: 1}", r":2: expected letters"),
        ("plain_letters: many", r":1: plain_letters must be a number"),
        ("compounds: {lettres: 3}", r":1: unknown key lettres"),
        ("joined: 1", r":1: joined must be true or false"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "xx.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ContentError, match=rf"xx\.yml{message}"):
        load_rules("xx", tmp_path)
