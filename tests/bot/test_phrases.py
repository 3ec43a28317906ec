"""The training phrases: enough of them for every intent and language, and none twice."""

from collections import Counter

from bot.phrases import load_phrases
from core.settings import PROJECT
from tests.support.turns import markets

PHRASES = load_phrases(PROJECT / "bot" / "data" / "nlu")
LEAST = 12


def test_every_intent_has_enough_phrases_in_every_language() -> None:
    languages = {language for market in markets().values() for language in market.languages}
    counts = Counter((phrase.intent, phrase.language) for phrase in PHRASES)
    intents = {phrase.intent for phrase in PHRASES}
    few = {
        (intent, code): counts[intent, code] for intent in intents for code in languages if counts[intent, code] < LEAST
    }
    assert not few


def test_no_phrase_means_two_things() -> None:
    meanings: dict[str, set[str]] = {}
    for phrase in PHRASES:
        meanings.setdefault(phrase.text.casefold(), set()).add(phrase.intent)
    assert not {text: intents for text, intents in meanings.items() if len(intents) > 1}


def test_no_phrase_is_a_payload() -> None:
    assert not [phrase.text for phrase in PHRASES if phrase.text.startswith("/")]
