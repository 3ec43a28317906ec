"""Texts through the whole translator, with an engine that says what is written down here."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from core.errors import SetupError
from glossaries.violations import Kind
from languages.translation.engine import GLOSSARY, EngineDown, Pair
from languages.translation.translator import TranslationLimits, Translator
from tests.languages.translation.few_terms import TERMS
from tests.languages.translation.scripted_engine import ScriptedEngine

EN_DE = Pair("en", "de")


def translator(engine: ScriptedEngine, **more: TranslationLimits) -> Translator:
    return Translator([engine], lambda: TERMS, **more)


# pair, text, what the engine says, the result
TRANSLATED = [
    ("de-en", "Wo ist mein Paket ORK-4821936?", {"Wo ist mein Paket ⟦0⟧?": ["Where is my package ⟦0⟧?"]},
     "Where is my parcel ORK-4821936?"),
    # the second hypothesis has the term
    ("de-en", "Wo ist es, das Paket?", {"Wo ist es, das Paket?": ["Where is it?", "Where is it, the parcel?"]},
     "Where is it, the parcel?"),
    # the engine does not know the term: it goes through behind a mask
    ("de-en", "Ich habe einen Gutschein.",
     {"Ich habe einen Gutschein.": ["I have a good note."], "Ich habe einen ⟦0⟧.": ["I have an ⟦0⟧."]},
     "I have a voucher."),
    # the engine loses masks, but not the number itself
    ("de-en", "Wo ist ORK-4821936?",
     {"Wo ist ⟦0⟧?": ["Where is it?"], "Wo ist ORK-4821936?": ["Where is ORK-4821936?"]}, "Where is ORK-4821936?"),
    # the engine changes a number that is no item by itself
    ("de-en", "Noch 80 ml.", {"Noch 80 ml.": ["8 ml left."], "Noch ⟦0⟧ ml.": ["⟦0⟧ ml left."]}, "80 ml left."),
    # a broken mask is no translation
    ("de-en", "Wo ist ORK-4821936?",
     {"Wo ist ⟦0⟧?": ["Where is ⟦0?"], "Wo ist ORK-4821936?": ["Where is ORK-4821936?"]}, "Where is ORK-4821936?"),
    ("de-en", "Wo ist ORK-4821936?", {"Wo ist ⟦0⟧?": ["⟦⟧ Where is ⟦0⟧?", "Where is ⟦0⟧?"]}, "Where is ORK-4821936?"),
    ("de-en", "Danke 😊 sehr", {"Danke ⟦0⟧ sehr": ["Thank you"]}, "Thank you"),
    ("de-en", "Danke 😊 sehr", {"Danke ⟦0⟧ sehr": ["Thank you", "Thank ⟦0⟧ you"]}, "Thank 😊 you"),
    ("de-en", "😊 Vielen Dank 👍", {"Vielen Dank": ["Thank you"]}, "😊 Thank you 👍"),
    ("de-en", "Ja, sehr gern", {"Ja, sehr gern": ["Yes yes", "Yes, gladly"]}, "Yes, gladly"),
    # a forbidden word takes the market's form
    ("en-de", "I have a teat.", {"I have a teat.": ["Ich habe eine Zitze."]}, "Ich habe einen Sauger."),
    # lists, lines and spaces stay; sentences go through as one batch
    ("en-de", "Hello!\n\n - One parcel.\n - Two orders.  \n", {
        "Hello!": ["Hallo!"], "One parcel.": ["Ein Paket."], "Two orders.": ["Zwei Bestellungen."]},
     "Hallo!\n\n - Ein Paket.\n - Zwei Bestellungen.  \n"),
    ("en-ja", "My parcel. ORK-4821936", {"My parcel.": ["私の荷物。"]}, "私の荷物。ORK-4821936"),
]  # fmt: skip
REFUSED = [
    ("Wo ist mein Paket?", {"Wo ist mein Paket?": ["Where is it?"], "Wo ist mein ⟦0⟧?": ["Where is it?"]}, "'parcel'"),
    ("Wo ist ORK-4821936?", {"Wo ist ⟦0⟧?": ["Where?"], "Wo ist ORK-4821936?": ["Where is ORK-1?"]}, "missing"),
    ("Ich danke Ihnen sehr.", {"Ich danke Ihnen sehr.": ["Ich danke Ihnen sehr."]}, "not a translation"),
    ("Ich danke Ihnen sehr.", {"Ich danke Ihnen sehr.": ["Your order is here."]}, "says nothing of 'order'"),
    ("Ich danke Ihnen.", {"Ich danke Ihnen.": ["You " * 60]}, "over and over"),
    ("Ich danke Ihnen.", {"Ich danke Ihnen.": [""]}, "no words"),
    ("Wo ist ORK-4821936?", {"Wo ist ⟦0⟧?": ["Where is ⟦⟧?"], "Wo ist ORK-4821936?": ["Where?"]}, "missing"),
]


@pytest.mark.parametrize(("pair", "text", "script", "wanted"), TRANSLATED)
def test_what_comes_out(pair: str, text: str, script: dict[str, list[str]], wanted: str) -> None:
    source, target = pair.split("-")
    made = translator(ScriptedEngine(script, Pair(source, target))).translate(text, source, target, "DE")
    assert made.text == wanted, made
    assert made.ok
    assert (made.original, made.engine, made.violations, made.reason) == (text, "scripted", (), "")


@pytest.mark.parametrize(("text", "script", "reason"), REFUSED)
def test_what_the_gate_refuses_stays_as_it_was(text: str, script: dict[str, list[str]], reason: str) -> None:
    made = translator(ScriptedEngine(script)).translate(text, "de", "en", "GB")
    assert not made.ok
    assert made.text == text
    assert reason in made.reason


def test_what_is_told_of_a_refusal() -> None:
    made = translator(ScriptedEngine({"Ein Paket": ["It"], "Ein ⟦0⟧": ["It"]})).translate("Ein Paket", "de", "en", "GB")
    assert made.draft == "It"
    assert [violation.kind for violation in made.violations] == [Kind.REQUIRED_TERM]
    shown = made.to_json()
    assert (shown["ok"], shown["text"], shown["violations"][0]["concept"]) == (False, "Ein Paket", "parcel")


def test_the_terms_that_were_kept() -> None:
    made = translator(ScriptedEngine({"Ein Paket": ["A parcel"]})).translate("Ein Paket", "de", "en", "GB")
    assert made.to_json()["terms_kept"] == ["parcel"]


def test_sentences_that_are_right_are_not_asked_for_again() -> None:
    engine = ScriptedEngine({"Hallo.": ["Hello."], "Ein Paket.": ["It."], "Ein ⟦0⟧.": ["A ⟦0⟧."]})
    assert translator(engine).translate("Hallo. Ein Paket.", "de", "en", "GB").text == "Hello. A parcel."
    assert [sentences for sentences, _ in engine.calls] == [("Hallo.", "Ein Paket."), ("Ein ⟦0⟧.",)]


def test_a_forbidden_word_inside_a_compound_is_suppressed() -> None:
    script = {"The teat is new.": ["Die Zitzenkappe ist neu.", "Der Sauger ist neu."]}
    made = translator(ScriptedEngine(script, EN_DE)).translate("The teat is new.", "en", "de", "DE")
    assert made.text == "Der Sauger ist neu."


@pytest.mark.parametrize(
    ("text", "source", "target"),
    [("Hallo", "de", "de"), ("", "de", "en"), ("👍 12 €", "de", "en"), ("  \n", "de", "en")],
)
def test_what_needs_no_translation(text: str, source: str, target: str) -> None:
    made = Translator([], lambda: TERMS).translate(text, source, target, "DE")
    assert (made.ok, made.text) == (True, text)


def test_without_an_engine_or_a_package_the_reason_says_what_to_do() -> None:
    assert "no translation engine" in Translator([], lambda: TERMS).translate("Hallo", "de", "en", "DE").reason
    made = translator(ScriptedEngine({})).translate("Hola", "es", "de", "DE")
    assert (made.ok, made.text) == (False, "Hola")
    assert "install es_de" in made.reason


@pytest.mark.parametrize("error", [EngineDown("too busy"), SetupError("broken package")])
def test_an_engine_that_fails_hands_over_to_the_next(error: Exception) -> None:
    first, second = ScriptedEngine({}, name="first"), ScriptedEngine({"Hallo": ["Hello"]}, name="second")
    first.error = error
    made = Translator([first, second], lambda: TERMS).translate("Hallo", "de", "en", "GB")
    assert (made.ok, made.text, made.engine) == (True, "Hello", "second")
    alone = Translator([first], lambda: TERMS).translate("Hallo", "de", "en", "GB")
    assert (alone.ok, alone.reason) == (False, f"first: {error}")


def test_an_engine_whose_words_are_refused_hands_over_to_the_next() -> None:
    first, second = (
        ScriptedEngine({"Ein Paket": ["It"]}, name="first"),
        ScriptedEngine({"Ein Paket": ["A parcel"]}, name="2"),
    )
    assert Translator([first, second], lambda: TERMS).translate("Ein Paket", "de", "en", "GB").engine == "2"


def test_bounds() -> None:
    engine = ScriptedEngine({"Ein Paket.": ["It."]})
    limited = translator(engine, limits=TranslationLimits(seconds=0.0, characters=30, sentences=2))
    assert "31 characters" in limited.translate("x" * 31, "de", "en", "GB").reason
    assert "3 sentences" in limited.translate("Ja. Ja doch. Nein.", "de", "en", "GB").reason
    assert engine.calls == []
    limited.translate("Ein Paket.", "de", "en", "GB")
    assert len(engine.calls) <= 1  # the time is up: no other way is tried


def test_an_engine_with_glossaries_gets_the_markets() -> None:
    engine = ScriptedEngine({"Ja": ["Yes"]})
    engine.capabilities = frozenset({GLOSSARY})
    translator(engine).translate("Ja", "de", "en", "GB")
    (_, options) = engine.calls[0]
    assert ("Paket", "parcel") in options.glossary
    assert options.release == TERMS.id


def test_what_is_available() -> None:
    made = translator(ScriptedEngine({}))
    assert made.available("de", "en")
    assert made.available("de", "de")
    assert not made.available("en", "de")


def test_many_threads_and_the_event_loop() -> None:
    script = {f"Paket {number}.": [f"Parcel {number}."] for number in range(20)}
    shared, started = translator(ScriptedEngine(script)), threading.Barrier(4)

    def work(number: int) -> str:
        if number < 4:
            started.wait(10)
        return shared.translate(f"Paket {number}.", "de", "en", "GB").text

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, range(20))) == [f"Parcel {number}." for number in range(20)]
    assert asyncio.run(shared.translate_async("Paket 1.", "de", "en", "GB")).text == "Parcel 1."
