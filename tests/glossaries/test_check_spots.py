"""Forbidden words across other terms and in quotations; names in any letters."""

import pytest

from glossaries.check import check
from glossaries.masks import mask_spans
from glossaries.model import Form, Status, Term
from glossaries.violations import Kind
from tests.support.gate import FewTerms

P, F = Status.PREFERRED, Status.FORBIDDEN
TEAT = Term("teat", "de", "Nippel", F, reason="r", replacement="Sauger", part_of_speech="noun")
SCOPED = Term("teat", "de", "Zitze", F, scope=("softsip",), reason="r", replacement="Sauger", part_of_speech="noun")
TERMS = FewTerms(
    {
        "de": (
            Term("polite_you", "de", "dich", F, (Form("für dich"),), reason="r", replacement="Sie"),
            Term("polite_you", "de", "Sie", P, case_sensitive=True),
            Term("teat", "de", "Sauger", P, part_of_speech="noun"),
            TEAT,
            SCOPED,
        ),
        "fr": (
            Term("postcode", "fr", "code postal", P, part_of_speech="noun"),
            Term("polite_you", "fr", "ton code", F, reason="r", replacement="votre code"),
            Term("polite_you", "fr", "ton", F, reason="r", replacement="votre"),
            Term("polite_you", "fr", "bon ton", Status.UNRELATED),
            Term("polite_you", "fr", "ton sur ton", Status.ALLOWED),
        ),
        "*": tuple(
            Term(concept, "*", name, Status.DO_NOT_TRANSLATE, case_sensitive=True)
            for concept, name in (("puresteam", "PureSteam 2"), ("softsip", "SoftSip"), ("orikka", "Orikka"))
        ),
    },
    not_required=frozenset({"polite_you"}),
)


def found(text: str, language: str = "de") -> list[tuple[Kind, str]]:
    return [(one.kind, one.found) for one in check(text, None, "DE", language, TERMS)]


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("Saisissez ton code postal.", "fr", ["ton code"]),  # the longer term holds only a part of it
        ("Un bon ton.", "fr", []),
        ("C'est ton sur ton.", "fr", []),
        ("Auf der Karte steht „Für dich, liebe Oma“.", "de", []),  # somebody else's words
        ('Auf der Karte steht "Für dich, liebe Oma".', "de", []),
        ("Auf der Karte steht 'Für dich, liebe Oma'.", "de", []),
        ("„Das ist für dich.“", "de", ["für dich"]),  # nobody but us says it
        ("Das ist für dich, „liebe Oma“.", "de", ["für dich"]),
        ("Die „Nippel“ sind weich.", "de", ["Nippel"]),  # a thing's name is ours in quotation marks as well
    ],
)
def test_forbidden_words_in_unusual_spots(text: str, language: str, words: list[str]) -> None:
    assert found(text, language) == [(Kind.FORBIDDEN_TERM, word) for word in words]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("感谢您选购ORIKKA的产品。", "ORIKKA"),
        ("请用Puresteam2给奶瓶消毒。", "Puresteam2"),
        ("เครื่องPure Steam 2ของคุณ", "Pure Steam 2"),
        ("ＰｕｒｅＳｔｅａｍ　２のお手入れ", "ＰｕｒｅＳｔｅａｍ　２"),
        ("وصل وPureSteam-2 إليكم", "PureSteam-2"),
        ("Cảm ơn bạn đã mua hàng ở Ôrikka!", "Ôrikka"),
        ("Terima kasih sudah berbelanja di Orika!", "Orika"),
    ],
)
def test_names_in_other_letters_are_found_beside_any_script(text: str, written: str) -> None:
    assert found(text) == [(Kind.DO_NOT_TRANSLATE, written)]


@pytest.mark.parametrize("text", ["Orikkas Service", "請用PureSteam 2。", "help@orikka.example", "orikka.com/orikka"])
def test_names_as_they_should_be(text: str) -> None:
    assert found(text) == []


def test_a_name_in_capitals_counts_for_the_scope_of_a_row() -> None:
    assert found("DIE ZITZE DES SOFTSIP") == [(Kind.FORBIDDEN_TERM, "ZITZE"), (Kind.DO_NOT_TRANSLATE, "SOFTSIP")]


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("1 234,50 € heute", ["1 234,50 €"]),
        ("R$ 12 345,00", ["R$ 12 345,00"]),
        ("NT$500 500元", ["NT$500", "500元"]),
        ("Artikel 12, 345 €", ["345 €"]),
    ],
)
def test_amounts_grouped_with_spaces(text: str, amounts: list[str]) -> None:
    assert [text[one.start : one.end] for one in mask_spans(text) if one.kind == "amount"] == amounts
