"""The desk's words: every language has every key, every key that is used exists, every placeholder is filled."""

import re
from pathlib import Path
from string import Formatter

import pytest
from babel import Locale

from core.settings import PROJECT
from desk.web.words import DEFAULT, UnknownWord, Words, load_words

DESK = PROJECT / "desk"
OTHERS = sorted(set(load_words()) - {DEFAULT})
# t('key') and ask.words("key"); a key that is put together of parts ends in a dot or goes on after a quote.
IN_TEMPLATES = re.compile(r"""\bt(?:\.has)?\(\s*['"]([\w.-]+)['"]\s*([,)~])""")
IN_PYTHON = re.compile(r"""\bwords(?:\.has)?\(\s*f?['"]([\w.{}-]+)['"]""")
PLURALS = ("zero", "one", "two", "few", "many", "other")


def plain(key: str) -> str:
    """The key without its plural form."""
    stem, _, last = key.rpartition(".")
    return stem if last in PLURALS else key


def used() -> set[tuple[str, str]]:
    """(file, key or beginning of keys, ending in a dot) of every use."""
    found: set[tuple[str, str]] = set()
    for path in sorted((DESK / "templates").rglob("*.html")):
        for key, after in IN_TEMPLATES.findall(path.read_text()):
            found.add((path.relative_to(DESK).as_posix(), key if after != "~" else key.rpartition(".")[0] + "."))
    for path in sorted(DESK.rglob("*.py")):
        for key in IN_PYTHON.findall(path.read_text()):
            found.add((path.relative_to(DESK).as_posix(), key.partition("{")[0]))
    return found


def texts(words: Words) -> dict[str, str]:
    """Every text as it is written."""
    return dict(words._texts)


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_every_key(language: str) -> None:
    mine = {plain(key) for key in load_words()[language].keys}
    theirs = {plain(key) for key in load_words()[DEFAULT].keys}
    assert mine == theirs


@pytest.mark.parametrize("language", sorted(load_words()))
def test_plurals_are_those_of_the_language(language: str) -> None:
    written = texts(load_words()[language])
    keys = set(written)
    rules = Locale.parse(language, sep="-").plural_form
    needed = set(rules.rules) | {"other"}
    stems = {plain(key) for key, text in written.items() if plain(key) != key and "{count}" in text}
    wrong = {stem: needed - {form for form in PLURALS if f"{stem}.{form}" in keys} for stem in stems}
    assert not {stem: missing for stem, missing in wrong.items() if missing}


@pytest.mark.parametrize("language", sorted(load_words()))
def test_texts_can_be_filled_in(language: str) -> None:
    english = texts(load_words()[DEFAULT])
    for key, text in texts(load_words()[language]).items():
        names = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
        stem = plain(key)
        family = [written for other, written in english.items() if plain(other) == stem]
        known = {name for written in family for _, name, _, _ in Formatter().parse(written) if name is not None}
        assert names <= known, f"{language}: {key}"
        assert all(name.isidentifier() for name in names), f"{language}: {key}"
        assert text.strip() == text != "", f"{language}: {key}"


def test_every_key_that_is_used_exists() -> None:
    keys = load_words()[DEFAULT].keys
    uses = used()
    assert len(uses) > 50
    missing = {
        (file, key)
        for file, key in uses
        if not (key in keys or f"{key}.other" in keys)
        and not (key.endswith(".") and any(known.startswith(key) for known in keys))
        and key != "errors."
    }
    assert not missing


def test_no_template_holds_words_of_its_own() -> None:
    """Letters between tags, outside of {{ }} and {% %}, are words that nobody translates."""
    found = {}
    for path in sorted((DESK / "templates").rglob("*.html")):
        text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", path.read_text(), flags=re.DOTALL)
        text = re.sub(r"<(script|style)\b.*?</\1>|<!--.*?-->", "", text, flags=re.DOTALL)
        words = re.findall(r">[^<>]*?([A-Za-z]{3,}[^<>]*)<", text)
        words = [word.strip() for word in words if word.strip() not in ("– Aftersail", "Aftersail")]
        if words:
            found[path.relative_to(DESK).as_posix()] = words
    assert not found


@pytest.mark.parametrize(
    ("values", "text"), [({"count": 1}, "1 word"), ({"count": 2}, "2 words"), ({"count": 0}, "0 words")]
)
def test_a_count_chooses_the_form(values: dict[str, int], text: str) -> None:
    words = Words("en", {"a.one": "{count} word", "a.other": "{count} words"})
    assert words("a", **values) == text


def test_a_key_that_is_missing_is_named() -> None:
    with pytest.raises(UnknownWord, match=r"people\.nothing"):
        load_words()[DEFAULT]("people.nothing")


def test_a_file_that_is_no_tree_of_texts_is_refused(tmp_path: Path) -> None:
    from core.errors import ContentError

    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "x.yml").write_text("a: {b: 7}")
    with pytest.raises(ContentError, match=r"x\.a\.b"):
        load_words(tmp_path)


@pytest.mark.parametrize(
    ("language", "items", "expected"),
    [
        ("en", ["German", "English", "Thai"], "German, English, and Thai"),
        ("en", ["German"], "German"),
        ("zh", ["德语", "英语", "泰语"], "德语、英语和泰语"),
        ("zh", [], ""),
    ],
)
def test_lists_are_written_as_the_language_does(language: str, items: list[str], expected: str) -> None:
    assert load_words()[language].listed(items) == expected
