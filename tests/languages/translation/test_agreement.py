"""Words before a noun after another noun has taken its place."""

import pytest

from glossaries.model import Status, Term
from languages.translation.agreement import Noun, after_determiner, form_in, put_noun
from languages.translation.agreement_data import DATA, load_agreement
from tests.languages.translation.few_terms import DE, EN

TERMS = {term.text: term for term in (*DE, *EN)}
TERMS |= {
    text: Term("x", language, text, Status.PREFERRED, gender=gender)
    for language, text, gender in [
        ("fr", "commande", "f"), ("fr", "achat", "m"), ("fr", "colis", "m"), ("fr", "adresse", "f"),
        ("it", "ordine", "m"), ("it", "spedizione", "f"), ("it", "sconto", "m"), ("es", "pedido", "m"),
        ("es", "entrega", "f"), ("pt", "pedido", "m"), ("pt", "entrega", "f"),
    ]
}  # fmt: skip

# language, sentence with the old noun in brackets, new noun, sentence then
REPLACED = [
    ("de", "Wo ist meine neue [Sendung]?", "Paket", "Wo ist mein neues Paket?"),
    ("de", "Mit der [Sendung] kam nichts.", "Paket", "Mit dem Paket kam nichts."),
    ("de", "In der [Sendung] fehlt etwas.", "Paket", "Im Paket fehlt etwas."),
    ("de", "Im [Paket] fehlt etwas.", "Bestellung", "In der Bestellung fehlt etwas."),
    ("de", "Bis zum [Paket]", "Bestellung", "Bis zur Bestellung"),
    ("de", "Die [Sendung] ist da.", "Gutschein", "Der Gutschein ist da."),
    ("de", "Ich suche die [Sendung].", "Gutschein", "Ich suche den Gutschein."),
    ("de", "wegen der [Sendung]", "Gutschein", "wegen des Gutscheins"),
    ("de", "mit einer neuen [Sendung]", "Paket", "mit einem neuen Paket"),
    ("de", "Das neue [Paket] ist da.", "Gutschein", "Der neue Gutschein ist da."),
    ("de", "Keine [Sendung] kam an.", "Gutschein", "Kein Gutschein kam an."),
    ("de", "Ihre [Bestellung] und Ihr Paket", "Bestellung", "Ihre Bestellung und Ihr Paket"),
    ("en", "I have an [order].", "parcel", "I have a parcel."),
    ("en", "A [parcel] is here.", "order", "An order is here."),
    ("en", "A big [parcel] is here.", "order", "A big order is here."),
    ("en", "the [order]", "parcel", "the parcel"),
    ("fr", "de la [commande]", "achat", "de l'achat"),
    ("fr", "L’[achat] est fait.", "commande", "La commande est fait."),
    ("fr", "ma [commande]", "achat", "mon achat"),
    ("fr", "ma [commande]", "adresse", "mon adresse"),
    ("fr", "au [colis]", "commande", "à la commande"),
    ("it", "la [spedizione]", "ordine", "l'ordine"),
    ("it", "dell'[ordine]", "sconto", "dello sconto"),
    ("it", "un [ordine]", "spedizione", "una spedizione"),
    ("es", "al [pedido]", "entrega", "a la entrega"),
    ("es", "nuestra [entrega]", "pedido", "nuestro pedido"),
    ("pt", "Da [entrega]", "pedido", "Do pedido"),
]
# After a mask, of which only the words around it are known.
MASKED = [
    ("de", "Wo ist meine [⟦0⟧]?", "Gutschein", False, "Wo ist mein Gutschein?"),
    ("de", "Ich habe meine [⟦0⟧] nicht.", "Gutschein", False, "Ich habe meinen Gutschein nicht."),
    ("de", "mit [⟦0⟧]", "Paket", True, "mit Paketen"),
    ("de", "mit der [⟦0⟧]", "Gutschein", False, "mit dem Gutschein"),
    ("de", "Ich habe den [⟦0⟧] bekommen.", "Paket", True, "Ich habe die Pakete bekommen."),
    ("de", "eine anderen [⟦0⟧]", "Bestellung", False, "eine andere Bestellung"),
    ("de", "ein rosa [⟦0⟧]", "Bestellung", False, "eine rosa Bestellung"),
    ("de", "Der [⟦0⟧] ist da.", "Bestellung", False, "Die Bestellung ist da."),
    ("en", "I have an [⟦0⟧].", "parcel", False, "I have a parcel."),
    ("en", "[⟦0⟧] is here.", "parcel", False, "Parcel is here."),
    ("fr", "le [⟦0⟧]", "adresse", False, "l'adresse"),
]


def parts(marked: str) -> tuple[str, tuple[int, int]]:
    start, end = marked.index("["), marked.index("]") - 1
    return marked.replace("[", "").replace("]", ""), (start, end)


@pytest.mark.parametrize(("language", "marked", "new", "wanted"), REPLACED)
def test_articles_and_adjectives_follow_the_new_noun(language: str, marked: str, new: str, wanted: str) -> None:
    text, span = parts(marked)
    old = Noun(TERMS[text[slice(*span)]])
    assert put_noun(text, span, old, TERMS[new], False, load_agreement(language)) == wanted


@pytest.mark.parametrize(("language", "marked", "new", "plural", "wanted"), MASKED)
def test_a_mask_becomes_a_noun_that_fits(language: str, marked: str, new: str, plural: bool, wanted: str) -> None:
    text, span = parts(marked)
    assert put_noun(text, span, Noun(None, plural), TERMS[new], plural, load_agreement(language)) == wanted


@pytest.mark.parametrize("language", ["ja", "ko", "th"])
def test_languages_without_tables_only_get_the_word(language: str) -> None:
    text, span = parts("この[⟦0⟧]は")
    assert put_noun(text, span, Noun(None), TERMS["parcel"], False, load_agreement(language)) == "このparcelは"


@pytest.mark.parametrize("language", sorted(path.stem for path in DATA.glob("*.yml")))
def test_every_form_of_every_table_is_found_again(language: str) -> None:
    tables = load_agreement(language)
    assert tables.before
    assert tables.beginning
    for form in tables.forms:
        text = form if form.endswith("'") else f"{form} "
        assert tables.before.search(f"x {text}"), form
        assert after_determiner(f"{text}xyz", tables) == len(text), form


def test_forms_by_number_and_case() -> None:
    assert form_in(TERMS["Paket"], True, "dat") == "Paketen"
    assert form_in(TERMS["Paket"], True, "nom") == "Pakete"
    assert form_in(TERMS["Paket"], False, "gen") == "Pakets"
    assert form_in(TERMS["Bestellung"], False, "gen") == "Bestellung"
