"""What a direction is trained on, from the repository as it stands and from small files."""

from dataclasses import replace
from pathlib import Path

import pytest

from translators.corpus import Corpus, Pair, load_corpus, load_directions
from translators.project_texts import aligned_sentences, faq_phrases, reply_phrases
from translators.slots import slots_of
from translators.term_bases import Word, load_term_pairs, with_terms

ROOT = Path(__file__).parents[2]
KNOWLEDGE = ROOT / "knowledge" / "data"
DIRECTIONS = load_directions()
HEADER = "concept,language,term,status,forms,part_of_speech"


@pytest.mark.parametrize("name", DIRECTIONS)
def test_the_corpus_is_balanced_and_holds_out_what_it_does_not_train(name: str) -> None:
    corpus = load_corpus(ROOT, DIRECTIONS[name])
    sentences = [pair for pair in (*corpus.training, *corpus.held_out) if not pair.is_term]
    assert all(slots_of(pair.source) == slots_of(pair.target) for pair in sentences)
    assert 40 < len(corpus.held_out) < len(corpus.training) / 20
    trained = {text for pair in corpus.training for text in (pair.source, pair.target)}
    assert not trained & {text for pair in corpus.held_out for text in (pair.source, pair.target)}


def test_both_directions_of_a_pair_train_the_same_phrases() -> None:
    there, back = (load_corpus(ROOT, DIRECTIONS[name]) for name in ("de-en", "en-de"))
    sides = {(pair.source, pair.target) for pair in there.training if not pair.is_term}
    assert sides == {(pair.target, pair.source) for pair in back.training if not pair.is_term}


def test_the_digest_tells_another_phrase_and_only_that(corpus: Corpus) -> None:
    other = replace(corpus, training=(*corpus.training, Pair("Ja", "Yes")))
    assert corpus.digest() == replace(corpus).digest() != other.digest()


@pytest.mark.parametrize("source", ["de", "ja"])
def test_replies_and_answers_give_pairs(source: str) -> None:
    replies = [phrase.texts for phrase in reply_phrases(KNOWLEDGE / "replies", source, "en")]
    answers = [phrase.texts for phrase in faq_phrases(KNOWLEDGE / "faq", source, "en")]
    assert "Which order do you mean?" in {texts["en"] for texts in replies}
    assert "How can I pay?" in {texts["en"] for texts in answers}
    assert "delivery time?" not in {texts["en"] for texts in answers}


@pytest.mark.parametrize(
    ("left", "right", "pairs"),
    [
        ("Ja. Gern!", "Yes. Gladly!", [("Ja.", "Yes."), ("Gern!", "Gladly!")]),
        ("はい。{n}日です。", "Yes. It takes {n} days.", [("はい。", "Yes."), ("{n}日です。", "It takes {n} days.")]),
        ("Ja. Gern!", "Yes, gladly!", []),
        ("Ja {n}. Gern!", "Yes. Gladly {n}!", []),
    ],
)
def test_sentences_are_aligned_where_they_can_be(left: str, right: str, pairs: list[tuple[str, str]]) -> None:
    assert aligned_sentences(left, right) == pairs


def test_terms_of_one_concept_are_pairs(tmp_path: Path) -> None:
    german = [
        "parcel,de,Paket,preferred,pl: Pakete | gen: Pakets,noun",
        "parcel,de,Sendung,search,,",
        "x,de,Käse,preferred,,",
    ]
    english = [
        "parcel,en,parcel,preferred,pl: parcels,noun",
        "parcel,en,box,forbidden,,",
        "parcel,en,package,allowed,,",
    ]
    for code, rows in (("de", german), ("en", english)):
        (tmp_path / f"{code}.csv").write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    (pair,) = load_term_pairs(tmp_path, "de", "en")
    assert pair.source == ("Paket", "Pakete", "Pakets", "Sendung")
    assert pair.target == ("parcel", "parcels", "package")
    assert pair.examples == (("Paket", "parcel"), ("Pakete", "parcels"), ("Sendung", "parcel"))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Ihr {term:parcel} ist da.", "Ihr Paket ist da."),
        ("Mit {term:parcel:dat.indef} und {term:parcel:pl}.", "Mit einem Paket und Pakete."),
        ("Mit {term:parcel:indef.dat}.", "Mit einem Paket."),
        ("{term:parcel:gen}", None),
        ("{term:voucher}", None),
        ("{order} ohne", "{order} ohne"),
    ],
)
def test_terms_are_written_as_the_term_base_says(text: str, written: str | None) -> None:
    parcel = Word("Paket", "preferred", (("pl", "Pakete"), ("dat.indef", "einem Paket"), ("", "Packerl")))
    assert with_terms(text, {"parcel": parcel}) == written


def test_a_language_whose_terms_have_one_form_writes_it() -> None:
    assert with_terms("{term:parcel:def}です", {"parcel": Word("荷物", "preferred", (("", "お荷物"),))}) == "荷物です"


def test_only_nouns_are_masked(tmp_path: Path) -> None:
    for code, rows in (("de", "ship,de,verschicken,preferred,,verb"), ("en", "ship,en,ship,preferred,,verb")):
        (tmp_path / f"{code}.csv").write_text(f"{HEADER}\n{rows}\n", encoding="utf-8")
    (pair,) = load_term_pairs(tmp_path, "de", "en")
    assert (pair.source, pair.target, pair.examples) == ((), (), (("verschicken", "ship"),))


def test_a_language_without_a_term_base_gives_no_terms(tmp_path: Path) -> None:
    assert load_term_pairs(tmp_path, "de", "en") == []
