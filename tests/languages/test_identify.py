"""Whole decisions, through Identifier.identify with the real detectors and data."""

import json
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from languages.identify import Decision, Evidence, Identifier
from tests.languages.cases import ABROAD, NAMES, OWN_MARKET, SILENT, WITHOUT_TEXTS

GERMAN = Evidence(("de", "en"))


def market(language: str) -> tuple[str, ...]:
    return (language,) if language == "en" else (language, "en")


def talk(identifier: Identifier, *texts: str, evidence: Evidence) -> list[Decision]:
    """Decisions for a conversation: each message gets the history that the one before left."""
    decisions: list[Decision] = []
    for text in texts:
        history = decisions[-1].history if decisions else evidence.history
        decisions.append(identifier.identify(text, Evidence(**{**vars(evidence), "history": history})))
    return decisions


@pytest.mark.parametrize(("language", "text"), [(code, text) for code, texts in OWN_MARKET.items() for text in texts])
def test_own_market(identifier: Identifier, language: str, text: str) -> None:
    decision = identifier.identify(text, Evidence(market(language)))
    assert (decision.language, decision.decision, decision.unsupported) == (language, "sure", None), decision.evidence


@pytest.mark.parametrize("abroad", ["de", "en", "th", "ja"])
@pytest.mark.parametrize(("language", "text"), [(code, text) for code, texts in ABROAD.items() for text in texts])
def test_sentence_in_another_market(identifier: Identifier, language: str, text: str, abroad: str) -> None:
    decision = identifier.identify(text, Evidence(market(abroad)))
    assert (decision.language, decision.decision) == (language, "sure"), decision.evidence


@pytest.mark.parametrize(("language", "text"), [(code, text) for code, texts in OWN_MARKET.items() for text in texts])
def test_mid_conversation(identifier: Identifier, language: str, text: str) -> None:
    decision = identifier.identify(text, Evidence(("en",), history={language: 1.0}))
    assert (decision.language, decision.decision) == (language, "sure"), decision.evidence


@pytest.mark.parametrize("text", SILENT)
@pytest.mark.parametrize("language", ["th", "de", "ar", "zh-Hant"])
def test_text_without_language_changes_nothing(identifier: Identifier, language: str, text: str) -> None:
    start = identifier.identify(text, Evidence(market(language)))
    assert (start.language, start.decision) == (language, "sure")
    later = identifier.identify(text, Evidence(("en",), history={language: 1.0}))
    assert (later.language, later.decision) == (language, "sure")


@pytest.mark.parametrize("text", NAMES)
@pytest.mark.parametrize("language", list(OWN_MARKET))
def test_names_do_not_change_the_language(identifier: Identifier, language: str, text: str) -> None:
    assert identifier.identify(text, Evidence(market(language), history={language: 1.0})).language == language


@pytest.mark.parametrize("text", ["thank you", "sorry", "merci", "tracking number", "delivery", "parcel shop"])
def test_one_foreign_word_does_not_switch(identifier: Identifier, text: str) -> None:
    assert identifier.identify(text, Evidence(("de", "en"), history={"de": 1.0})).language == "de"


@pytest.mark.parametrize(("language", "text"), [(code, texts[0]) for code, texts in ABROAD.items() if code != "de"])
def test_a_sentence_switches_mid_conversation(identifier: Identifier, language: str, text: str) -> None:
    there, back = talk(identifier, text, "ok", evidence=Evidence(("de", "en"), history={"de": 1.0}))
    assert (there.language, back.language) == (language, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Wo ist mein Paket? Es ist kaputt angekommen. Thanks for your help!", "de"),
        ("Hello! Ich habe eine Frage zu meiner Bestellung.", "de"),
        ("My order says 'Lieferung verzögert', what does it mean?", "en"),
        ("I love the kawaii design ありがとう", "en"),
        ("Ich möchte meinen parcel tracken bitte", "de"),
        ("Please ship it to Rua das Flores 10, São Paulo", "en"),
        ("我的 order number 是多少", "zh"),
    ],
)
def test_the_dominant_language_of_a_mixed_message_wins(identifier: Identifier, text: str, language: str) -> None:
    assert identifier.identify(text, Evidence(("en",))).language == language


@pytest.mark.parametrize(
    ("evidence", "language"),
    [
        (Evidence(("de", "en")), "de"),
        (Evidence(("en", "zh")), "en"),
        (Evidence(("de", "en"), profile="it"), "it"),
        (Evidence(("de", "en"), page_locale="fr-CH", browser_languages=("fr-CH", "fr")), "fr"),
        (Evidence(("en",), page_locale="zh_TW", profile="zh-Hant-TW"), "zh-Hant"),
        (Evidence(("de", "en"), profile="xx-nonsense", phone_country="ZZ"), "de"),
        (Evidence(("de", "en"), phone_country="mx", browser_languages=("es-MX",)), "es"),
        (Evidence(("de", "en"), chosen="vi"), "vi"),
        (Evidence(("de", "en"), history={"de": 1.0}, chosen="fr"), "fr"),
        (Evidence(()), "en"),
    ],
)
def test_evidence_decides_before_any_words(identifier: Identifier, evidence: Evidence, language: str) -> None:
    decision = identifier.identify("ok", evidence)
    assert (decision.language, decision.decision) == (language, "sure")


@pytest.mark.parametrize(
    ("text", "languages", "expected"),
    [
        ("你好", ("zh-Hant", "en"), "zh-Hant"),
        ("你好", ("en", "zh"), "zh"),
        ("返品希望", ("ja", "en"), "ja"),
        ("充電到一半突然炸開", ("en",), "zh-Hant"),
        ("我要退货", ("zh-Hant", "en"), "zh"),
        ("我想退貨", ("en", "zh"), "zh-Hant"),
    ],
)
def test_chinese_characters(identifier: Identifier, text: str, languages: tuple[str, ...], expected: str) -> None:
    assert identifier.identify(text, Evidence(languages)).language == expected


@pytest.mark.parametrize(("text", "code"), WITHOUT_TEXTS)
def test_a_language_without_texts_is_named(identifier: Identifier, text: str, code: str) -> None:
    decision = identifier.identify(text, GERMAN)
    assert (decision.unsupported, decision.decision) == (code, "sure")
    assert decision.language == ("id" if code == "ms" else "de")


def test_malay_is_no_news_where_indonesian_is_spoken(identifier: Identifier) -> None:
    decision = identifier.identify("saya nak pulangkan barang ini", Evidence(("id", "en")))
    assert (decision.language, decision.unsupported) == ("id", None)


@pytest.mark.parametrize(
    ("text", "requested", "language"),
    [
        ("English please", "en", "en"),
        ("auf Französisch bitte", "fr", "fr"),
        ("說中文", "zh-Hant", "zh-Hant"),
        ("说中文", "zh", "zh"),
        ("по-русски?", "ru", "de"),
        ("bahasa melayu", "ms", "id"),
        ("My parcel is late. Could you write in Italian please?", "it", "it"),
    ],
)
def test_a_request_decides(identifier: Identifier, text: str, requested: str, language: str) -> None:
    asked, after = talk(identifier, text, "ok", evidence=Evidence(("de", "en"), history={"de": 1.0}))
    assert (asked.requested, asked.language, after.language) == (requested, language, language)


def test_a_choice_gives_way_to_one_long_message(identifier: Identifier) -> None:
    texts = "Hello, I have been waiting for two weeks and nobody answers me", "ok", "is anyone here"
    decisions = talk(identifier, *texts, evidence=Evidence(("de", "en"), chosen="de"))
    assert [decision.language for decision in decisions] == ["en", "en", "en"]


def test_a_choice_gives_way_to_sentence_after_sentence(identifier: Identifier) -> None:
    texts = "ok", "where is it", "where is my parcel"
    decisions = talk(identifier, *texts, evidence=Evidence(("de", "en"), chosen="de"))
    assert [decision.language for decision in decisions] == ["de", "de", "en"]


def test_asks_when_two_stay_close_and_only_once(identifier: Identifier) -> None:
    first, second = talk(identifier, "humano por favor", "humano por favor", evidence=Evidence(("en",)))
    assert (first.decision, set(first.candidates)) == ("ask", {"es", "pt"})
    assert second.decision == "sure"


@pytest.mark.parametrize("text", ["hallo", "ciao", "hola", "problema", "no", "super", "12 / 34", "status"])
def test_never_asks_about_one_word(identifier: Identifier, text: str) -> None:
    for languages in (("de", "en"), ("en",), ("es", "en"), ("th", "en")):
        assert identifier.identify(text, Evidence(languages)).decision == "sure"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(), max_size=400), history=st.dictionaries(st.text(max_size=8), st.floats(0, 1)))
def test_any_text_gets_a_decision(identifier: Identifier, text: str, history: dict[str, float]) -> None:
    decision = identifier.identify(text, Evidence(("de", "en"), history=history, profile=text, phone_country=text))
    assert decision.language in OWN_MARKET
    assert 0 <= decision.confidence <= 1
    assert len(set(decision.candidates)) == (2 if decision.decision == "ask" else 0)
    assert json.loads(json.dumps(decision.evidence)) == decision.evidence
    assert sum(decision.history.values()) == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize(
    "unit", ["a", "ß ", "注", "ا", "1 ", "😀", "a. ", "\ud800", "\x00", "ﷺ", "ork-", "English please. "]
)
def test_long_text_is_quick(identifier: Identifier, unit: str) -> None:
    started = time.process_time()
    identifier.identify(unit * (100_000 // len(unit)), GERMAN)
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize(
    ("language", "text"),
    [("fr", "delai livrason"), ("fr", "delai remboursment"), ("es", "devolusion gratis"), ("pt", "reenbolso demora")],
)
def test_mistyped_words_at_home_need_no_question(identifier: Identifier, language: str, text: str) -> None:
    decision = identifier.identify(text, Evidence(market(language)))
    assert (decision.language, decision.decision) == (language, "sure"), decision.evidence


@pytest.mark.parametrize(("language", "text"), [("de", "wo beibt meine bestelung"), ("fr", "anuler ma comande")])
@pytest.mark.parametrize("abroad", ["it", "th"])
def test_mistyped_words_abroad_are_not_answered_in_the_markets_language(
    identifier: Identifier, language: str, text: str, abroad: str
) -> None:
    decision = identifier.identify(text, Evidence(market(abroad)))
    assert decision.language == language or decision.decision == "ask", decision.evidence
