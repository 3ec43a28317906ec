"""{term:…} in approved texts: the market's word in the form that the sentence needs, checked before it is published."""

from datetime import date
from pathlib import Path

import pytest

from core.errors import ContentError, NotFound
from glossaries.write_term import NoSuchForm, TermReference
from knowledge.content import Content, load_content
from knowledge.lint import lint
from knowledge.release_content import from_json, to_json
from knowledge.words import Words
from tests.support.small_content import edit, write_content

DAY = date(2026, 11, 26)
ANSWERS = {
    "en": ("It takes {delivery_days_min}", "{Term:parcel_locker:indef}. It takes {delivery_days_min}"),
    "de": ("Es dauert {delivery_days_min}", "An {term:parcel_locker:dat.indef}: {delivery_days_min}"),
    "ar": ("يستغرق التوصيل من {delivery_days_min}", "{term:parcel_locker} {delivery_days_min}"),
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = write_content(tmp_path / "content")
    for language, (old, new) in ANSWERS.items():
        edit(folder / f"knowledge/data/faq/{language}.yml", old, new)
    return folder


def answer(content: Content, market: str, language: str) -> str:
    entry = next(entry for entry in content.entries if entry.id == "delivery-time")
    return Words(content.replies, content.glossary).answer(entry, content.markets[market], language).text


@pytest.mark.parametrize(
    ("market", "language", "beginning"),
    [
        ("DE", "de", "An einer Packstation: 2"),
        ("DE", "en", "A parcel locker. It takes 2"),
        ("SA", "en", "A smart locker. It takes 4"),  # the market's own word
        ("SA", "ar", "خزانة الطرود 4"),
    ],
)
def test_the_markets_word_stands_in_the_form_that_was_asked_for(
    root: Path, market: str, language: str, beginning: str
) -> None:
    content = load_content(root)
    assert lint(content).faults == []
    assert answer(content, market, language).startswith(beginning)


def test_a_release_writes_the_same_terms(root: Path) -> None:
    content = load_content(root)
    stored = from_json(to_json(content))
    entry = next(entry for entry in stored.entries if entry.id == "delivery-time")
    text = Words(stored.replies, stored.glossary).answer(entry, stored.markets["SA"], "en").text
    assert text == answer(content, "SA", "en")


FAULTS = [
    ("parcel_locker:dat.indef", "parcel_locker:gen.indef", "has no confirmed form 'gen.indef'"),
    ("parcel_locker:dat.indef", "parcel_lockr", "no preferred term for 'parcel_lockr'"),
    ("parcel_locker:dat.indef", "parcel_locker:dativ", "unknown labels dativ"),
    (
        "An {term:parcel_locker:dat.indef}",
        "Mit dem Natel",
        "'Natel' must not leave in DE: schweizerisch; write 'Handy'",
    ),
    ("An {term:parcel_locker:dat.indef}", "ORIKKA", "the name is written 'Orikka'"),
]


@pytest.mark.parametrize(("old", "new", "message"), FAULTS)
def test_what_the_gate_would_stop_is_not_published(root: Path, old: str, new: str, message: str) -> None:
    path = root / "knowledge/data/faq/de.yml"
    edit(path, old, new)
    faults = [fault for fault in lint(load_content(root)).faults if message in fault.message]
    assert {fault.path for fault in faults} == {path}
    assert faults[0].line == 1


def test_a_glossary_with_a_fault_stops_the_publication(root: Path) -> None:
    path = root / "glossaries/data/languages/de.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("forbidden", "forbiden"), encoding="utf-8")
    with pytest.raises(Exception, match=r"de\.csv:4: .*forbiden"):
        load_content(root)


def test_a_market_without_terms_is_named(root: Path) -> None:
    edit(root / "glossaries/data/layers.yml", "  SA: {}\n", "")
    (root / "glossaries/data/markets/SA.csv").unlink()
    faults = [str(fault) for fault in lint(load_content(root)).faults]
    assert len(faults) == 1
    assert "layers.yml:0: market SA is not in this list" in faults[0]


def test_an_emptied_language_does_not_switch_its_words_off(root: Path) -> None:
    path = root / "glossaries/data/languages/de.csv"
    path.write_text(path.read_text(encoding="utf-8").splitlines(keepends=True)[0], encoding="utf-8")
    with pytest.raises(ContentError, match=r"de\.csv:0: it has no rows"):
        load_content(root)


def test_references_are_read() -> None:
    assert TermReference.parse("Term:parcel:dat.pl") == TermReference("parcel", frozenset({"dat", "pl"}), True)
    assert TermReference.parse("delivery_days_min") is None
    assert issubclass(NoSuchForm, NotFound)
