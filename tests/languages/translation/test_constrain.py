"""Hypotheses that are made to say the market's words, and judged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glossaries.apply import apply
from glossaries.check import check
from glossaries.violations import Kind
from languages.translation.constrain import doubt, forbidden_texts, is_echo, judge, market_glossary, replace_terms
from languages.translation.wanted import Task, wanted_terms
from tests.languages.translation.few_terms import TERMS

# from, to, source, hypothesis, what it becomes
REPLACED = [
    ("en", "de", "Where is my parcel?", "Wo ist meine Sendung?", "Wo ist mein Paket?"),
    ("en", "de", "Where are my parcels?", "Wo sind meine Sendungen?", "Wo sind meine Pakete?"),
    (
        "en",
        "de",
        "to the parcel locker",
        "zum Paketautomaten",
        "zur Packstation",
    ),  # a plural too, but for its article
    ("en", "de", "to the parcel locker", "zum Paketautomat", "zur Packstation"),
    ("en", "de", "My mobile phone", "Mein neues Natel", "Mein neues Handy"),
    ("en", "de", "Sterilise the teat!", "Die Zitze wird desinfiziert.", "Der Sauger wird sterilisiert."),
    ("de", "en", "Ich habe ein Paket.", "I have a package.", "I have a parcel."),
    (
        "de",
        "en",
        "Ich habe eine Sendung.",
        "I have a package.",
        "I have a package.",
    ),  # not the source's own word either
    ("de", "en", "Das Paket ist da.", "The package is here.", "The parcel is here."),
    ("de", "en", "Mein Handy", "My cell phone", "My mobile phone"),
    ("en", "ar", "the order", "الأوردر هنا", "الطلب هنا"),
    ("en", "de", "Hello", "Wo ist meine Sendung?", "Wo ist meine Sendung?"),  # nobody asked for it
]
# source, hypothesis, kinds of what is wrong
JUDGED = [
    ("Where is my parcel?", "Wo ist mein Paket?", []),
    ("Where is my parcel?", "Wo ist es?", [Kind.REQUIRED_TERM]),
    ("Where is it?", "Wo ist mein Paket?", [Kind.DEGENERATE]),
    ("My order ORK-4821936", "Meine Bestellung ORK-4821939", [Kind.MASKED_ITEM, Kind.MASKED_ITEM]),
    ("Where is my own parcel?", "where is my own parcel?", [Kind.REQUIRED_TERM, Kind.LANGUAGE]),
    ("Where is the parcel?", "Wo ist Paket Paket?", [Kind.DEGENERATE]),
    ("Take the mobile phone.", "Nehmen Sie das Natel.", []),
]


def task(source: str = "en", target: str = "de") -> Task:
    return Task(source, target, "DE", TERMS)


@pytest.mark.parametrize(("source", "target", "sentence", "hypothesis", "wanted"), REPLACED)
def test_other_words_become_the_markets(source: str, target: str, sentence: str, hypothesis: str, wanted: str) -> None:
    job = task(source, target)
    assert replace_terms(hypothesis, wanted_terms(sentence, job), job) == wanted


@pytest.mark.parametrize(("sentence", "hypothesis", "kinds"), JUDGED)
def test_what_the_gate_and_a_reader_would_refuse(sentence: str, hypothesis: str, kinds: list[Kind]) -> None:
    candidate = judge(hypothesis, -1.0, sentence, wanted_terms(sentence, task()), task(), "test")
    assert [violation.kind for violation in candidate.violations] == kinds
    assert candidate.clean is not kinds or not kinds


def test_the_market_s_own_word_wins_over_the_engines_choice() -> None:
    sentence, job = "Where is my parcel?", task()
    ours = judge("Wo ist mein Paket?", -3.0, sentence, wanted_terms(sentence, job), job, "")
    theirs = judge("Wo ist meine Sendung?", -1.0, sentence, wanted_terms(sentence, job), job, "")
    wrong = judge("Wo ist es?", 0.0, sentence, wanted_terms(sentence, job), job, "")
    assert sorted([theirs, wrong, ours], key=lambda candidate: candidate.rank) == [ours, theirs, wrong]


@given(
    st.lists(st.sampled_from(["Natel", "Natels", "Handy", "das", "Zitze", "Bitte", "ORK-4821936", "und"]), max_size=9)
)
def test_after_the_fixes_nothing_that_can_be_fixed_is_left(words: list[str]) -> None:
    text = " ".join(["Nun", *words])
    fixed = apply(text, check(text, None, "DE", "de", TERMS))
    assert not [found for found in check(fixed, None, "DE", "de", TERMS) if found.fix is not None]


def test_what_the_engine_itself_does_not_believe_in_is_refused() -> None:
    sentence, job = "Where is my parcel?", task()
    reasons = [
        [
            found.kind
            for found in judge("Wo ist mein Paket?", score, sentence, wanted_terms(sentence, job), job, "").violations
        ]
        for score in (0.0, -2.0, -9.0)
    ]
    assert reasons == [[], [], [Kind.DEGENERATE]]
    assert doubt("荷物", -1.0) == doubt("Paar", -1.0)


def test_what_to_suppress() -> None:
    assert forbidden_texts({"mobile_phone", "parcel"}, task()) == ("Natel", "Natels")
    assert forbidden_texts((), task()) == ()


def test_what_is_wanted() -> None:
    wanted = wanted_terms("Sterilise my parcels and an order", task())
    assert [one.term.text for one in wanted] == ["sterilisieren", "Paket", "Bestellung"]
    assert [(one.required, one.whole, one.plural) for one in wanted] == [
        (False, False, False), (True, True, True), (True, True, False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "text", "echo"),
    [
        ("Wo ist mein Paket?", "wo ist  mein Paket?", True),
        ("Hallo Orikka", "Hallo Orikka", False),
        ("a b c d", "e", False),
    ],
)
def test_echoes(sentence: str, text: str, echo: bool) -> None:
    assert is_echo(text, sentence) is echo


def test_the_glossary_for_an_engine_that_takes_one() -> None:
    found = dict(market_glossary(task()))
    assert found["package"] == "Paket"
    assert "sterilise" not in found
    assert "cell phone" not in found
