"""The gate's check, on rows made by hand: what may leave, what may not, and what is offered instead."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glossaries.apply import apply
from glossaries.check import check, examine
from glossaries.model import Form, Status, Term
from glossaries.violations import Kind, Source
from tests.support.gate import FewTerms

PL = frozenset({"pl"})
WHY = "klingt nach Krankenhaus"


def noun(concept: str, language: str, text: str, *forms: Form, **more: str) -> Term:
    status = Status.FORBIDDEN if more else Status.PREFERRED
    return Term(concept, language, text, status, forms, part_of_speech="noun", **more)  # type: ignore[arg-type]


def disinfecting(text: str, replacement: str, *forms: Form) -> Term:
    return Term(
        "sterilise", "de", text, Status.FORBIDDEN, forms, scope=("baby_bottle",), reason=WHY, replacement=replacement
    )


DE = (
    Term("sterilise", "de", "sterilisieren", Status.PREFERRED, (Form("sterilisiert"), Form("sterilisierte"))),
    disinfecting("desinfizieren", "sterilisieren", Form("desinfiziert")),
    disinfecting("desinfiziert", "sterilisiert"),
    noun("baby_bottle", "de", "Babyflasche", Form("Babyflaschen", PL)),
    noun("mobile_phone", "de", "Handy", Form("Handys", PL)),
    noun("mobile_phone", "de", "Natel", Form("Natels", PL), reason="schweizerisch", replacement="Handy"),
    noun("parcel", "de", "Paket", Form("Pakets"), Form("Pakete", PL, confirmed=False)),
    noun("order", "de", "Bestellung", Form("Bestellungen", PL)),
    Term("polite_you", "de", "Sie", Status.PREFERRED, case_sensitive=True),
    Term("polite_you", "de", "du", Status.FORBIDDEN, reason="wir siezen", replacement="Sie"),
)
EN = (
    Term("mobile_phone", "en", "mobile phone", Status.PREFERRED, (Form("mobile phones", PL),)),
    Term("mobile_phone", "en", "cell phone", Status.SEARCH),
    Term("parcel", "en", "parcel", Status.PREFERRED, (Form("parcels", PL),)),
    Term("order", "en", "order", Status.PREFERRED, (Form("orders", PL),), part_of_speech="noun"),
    Term("place_order", "en", "order", Status.PREFERRED, (Form("ordered"),), part_of_speech="verb"),
    Term("place_order", "de", "bestellen", Status.PREFERRED, (Form("bestellt"),), part_of_speech="verb"),
    Term("immediately", "en", "immediately", Status.FORBIDDEN, reason="a promise", replacement="as soon as possible"),
)
NAMES = tuple(
    Term(n.lower().replace(" ", "_"), "*", n, Status.DO_NOT_TRANSLATE, case_sensitive=True)
    for n in ("PureSteam 2", "Orikka")
)
RELEASE = FewTerms({"de": (*DE, EN[5]), "en": EN, "*": NAMES}, not_required=frozenset({"polite_you"}))


def kinds(text: str, source: Source | None = None, language: str = "de") -> list[str]:
    return [violation.kind.value for violation in check(text, source, "DE", language, RELEASE)]


@pytest.mark.parametrize("language", ["de", "en", "ja", "ar", "th", "ko", "zh-Hant"])
@pytest.mark.parametrize(
    "text",
    [
        "\u200b",
        "\u200b\u200d\u2060",
        "\ufeff \n",
        "\u200e\u200f\u202b",
        "\u3164",
        "\u115f\uffa0",
        "\u00ad",
        "\u2800\ufe0f",
    ],
)
def test_what_nobody_can_see_is_empty(text: str, language: str) -> None:
    assert kinds(text, language=language) == ["empty"]


@pytest.mark.parametrize("text", ["👍🏽", "👨\u200d👩\u200d👧", "❤\ufe0f", "…", "?!", "。"])
def test_signs_alone_are_something_to_see(text: str) -> None:
    assert kinds(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Bitte sterilisieren Sie die Babyflasche vor dem ersten Gebrauch.",
        "Das Becken wurde desinfiziert.",  # the row's scope is bottles
        "Die Dusche und das Handyfach",
        "PureSteam 2 von Orikka: https://orikka.example/puresteam-2",
        "Schreiben Sie an help@orikka.example.",
        "👍",
    ],
)
def test_what_may_leave(text: str) -> None:
    assert kinds(text) == []


@pytest.mark.parametrize(
    ("text", "kind", "found", "fix"),
    [
        ("Die Babyflasche desinfizieren.", Kind.FORBIDDEN_TERM, "desinfizieren", "sterilisieren"),
        ("Babyflaschen werden desinfiziert.", Kind.FORBIDDEN_TERM, "desinfiziert", "sterilisiert"),
        ("Natel laden", Kind.FORBIDDEN_TERM, "Natel", "Handy"),
        ("zwei Natels", Kind.FORBIDDEN_TERM, "Natels", "Handys"),  # the replacement's plural
        ("Kannst Du warten?", Kind.FORBIDDEN_TERM, "Du", "Sie"),
        ("Der Pure Steam 2 ist da.", Kind.DO_NOT_TRANSLATE, "Pure Steam 2", "PureSteam 2"),
        ("ORIKKA sagt Danke.", Kind.DO_NOT_TRANSLATE, "ORIKKA", "Orikka"),
        ("Hallo {name}!", Kind.MASKED_ITEM, "{name}", None),
        ("  ", Kind.EMPTY, "  ", None),
    ],
)
def test_what_may_not_and_what_to_write_instead(text: str, kind: Kind, found: str, fix: str | None) -> None:
    violations = check(text, None, "DE", "de", RELEASE)
    assert [(v.kind, v.found, v.fix) for v in violations] == [(kind, found, fix)]
    assert text[violations[0].start : violations[0].end] in (found, "")
    if fix is not None:
        assert kinds(apply(text, violations)) == []


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Your parcel is here.", "Ihr Paket ist da."),
        ("I ordered two mobile phones.", "Ich habe 2 Handys bestellt."),  # a number written out
        ("I ordered 2 mobile phones.", "Ich habe zwei Handys bestellt."),
        (
            "Order ORK-4821936 costs €1,234.50 until 12/24/2026, 2:00 pm.",
            "Die Bestellung ORK-4821936 kostet 1.234,50 € bis 24.12.2026, 14:00 Uhr.",
        ),
        ("Call +49 30 1234567 or see https://orikka.example/a.", "Rufen Sie +49 30 1234567 an oder lesen Sie https://orikka.example/a."),
        ("My PureSteam 2 is on order.", "Mein PureSteam 2 ist bestellt."),  # the verb will do for the noun
    ],
)  # fmt: skip
def test_good_translations_pass(source: str, text: str) -> None:
    assert kinds(text, Source(source, "en")) == []


@pytest.mark.parametrize(
    ("source", "text", "kind"),
    [
        ("Your mobile phone is here.", "Ihr Telefon ist da.", Kind.REQUIRED_TERM),
        ("Your parcels are here.", "Ihre Pakete sind da.", Kind.REQUIRED_TERM),  # a form that nobody has confirmed
        ("Order ORK-4821936 left.", "Die Bestellung ORK-4821963 ging heraus.", Kind.MASKED_ITEM),
        ("It costs €12.50.", "Es kostet 125,0 €.", Kind.MASKED_ITEM),
        ("It takes 3 days.", "Es dauert 5 Tage.", Kind.MASKED_ITEM),
        ("It takes 30 days.", "Es dauert Tage.", Kind.MASKED_ITEM),
        ("It takes 5 days.", "Es dauert Tage.", Kind.MASKED_ITEM),
        ("It takes five days.", "Es dauert 6 Tage.", Kind.MASKED_ITEM),
        ("Track it: https://t.example/a?x=1", "Verfolgen: https://t.example/a?x=2", Kind.MASKED_ITEM),
        ("Write to a@orikka.example", "Schreiben Sie an a@orikka.beispiel", Kind.MASKED_ITEM),
        ("Hello {name}", "Hallo {Name1}", Kind.MASKED_ITEM),
        ("At 9:30 am.", "Um 10:30 Uhr.", Kind.MASKED_ITEM),
        ("The PureSteam 2 is hot.", "Der Dampfreiniger ist heiß.", Kind.DO_NOT_TRANSLATE),
        ("Thank you.", "Danke danke danke danke danke danke danke danke.", Kind.DEGENERATE),
        ("(applause)", "(Beifall) (Beifall) (Beifall) (Beifall) (Beifall)", Kind.DEGENERATE),
        ("Yes.", "Ja, das ist eine sehr lange Antwort, die so nicht in dem Original stehen kann.", Kind.DEGENERATE),
        ("Thank you.", "...", Kind.EMPTY),
    ],
)  # fmt: skip
def test_bad_translations_are_named(source: str, text: str, kind: Kind) -> None:
    assert kind in kinds(text, Source(source, "en"))


def test_a_text_in_another_language_is_named_unless_it_was_approved() -> None:
    release = FewTerms(language="en")
    assert [v.kind for v in check("Your parcel is here", None, "DE", "de", release)] == [Kind.LANGUAGE]
    assert examine("Your parcel is here", None, "DE", "de", release, approved=True).violations == []


def test_the_terms_applied_are_told() -> None:
    found = examine("Die Babyflaschen und das Handy", None, "DE", "de", RELEASE)
    assert [match.term.concept for match in found.terms] == ["baby_bottle", "mobile_phone"]


WORDS = st.sampled_from(
    [
        "Natel",
        "Natels",
        "du",
        "Babyflasche",
        "desinfiziert",
        "Pure Steam 2",
        "puresteam 2",
        "und",
        "Paket",
        "ORIKKA",
        ".",
    ]
)


@given(st.lists(WORDS, max_size=12).map(" ".join))
def test_what_has_a_fix_is_clean_once_it_is_applied(text: str) -> None:
    violations = [v for v in check(text, None, "DE", "de", RELEASE) if v.kind is not Kind.EMPTY]
    left = check(apply(text, violations), None, "DE", "de", RELEASE)
    assert all(v.fix is not None for v in violations)
    assert [v for v in left if v.kind is not Kind.EMPTY] == []


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_two_texts_are_compared_without_an_error(text: str, source: str) -> None:
    check(text, Source(source, "en"), "DE", "de", RELEASE)


def test_a_phrase_in_quotation_marks_is_somebody_elses_and_a_word_is_not() -> None:
    release = FewTerms({"de": DE}, not_required=frozenset({"mobile_phone"}))
    assert check("Auf der Karte steht „Dein Natel ist toll“, wie gewünscht.", None, "DE", "de", release) == []
    assert [v.found for v in check("Ihr „Natel“ ist da.", None, "DE", "de", release)] == ["Natel"]
