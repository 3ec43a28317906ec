"""Items and terms behind masks, and back again."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from glossaries.masks import mask_spans
from languages.translation.mask_shapes import MaskShape, load_mask_shapes
from languages.translation.protect import Protected, copy_terms, protect, without_edges
from languages.translation.restore import restore
from languages.translation.wanted import Task, wanted_terms
from tests.languages.translation.few_terms import TERMS

SHAPES = load_mask_shapes().shapes
WHITE = load_mask_shapes().named("white-square") or SHAPES[0]
NAMES = ("PureSteam 2", "Orikka")

ITEMS = [
    ("Wo ist ORK-4821936?", "Wo ist ⟦0⟧?", ["ORK-4821936"]),
    ("注文ORK-4821936は2026-11-30に届きます", "注文⟦0⟧は⟦1⟧に届きます", ["ORK-4821936", "2026-11-30"]),
    ("PureSteam 2 kostet 49,90 €.", "⟦0⟧ kostet ⟦1⟧.", ["PureSteam 2", "49,90 €"]),
    ("¥12,800の返金", "⟦0⟧の返金", ["¥12,800"]),
    ("Call +49 30 5550132 at 16:00", "Call ⟦0⟧ at ⟦1⟧", ["+49 30 5550132", "16:00"]),
    ("ส่งไปที่help@orikka.exampleครับ", "ส่งไปที่⟦0⟧ครับ", ["help@orikka.example"]),
    ("查看https://orikka.example/t/8了吗", "查看⟦0⟧了吗", ["https://orikka.example/t/8"]),
    ("{order_number} ist unterwegs", "⟦0⟧ ist unterwegs", ["{order_number}"]),
    ("literally ⟦7⟧ and ORK-4821936", "literally ⟦0⟧ and ⟦1⟧", ["⟦7⟧", "ORK-4821936"]),
    ("nothing to hold", "nothing to hold", []),
]


def masked(text: str, shapes: tuple[MaskShape, ...] = (WHITE,)) -> Protected:
    return protect(text, mask_spans(text, NAMES), shapes)


@pytest.mark.parametrize(("text", "written", "held"), ITEMS)
def test_items_are_masked(text: str, written: str, held: list[str]) -> None:
    protected = masked(text)
    assert protected.text == written
    assert [item.text for item in protected.held] == held


@given(
    st.lists(
        st.one_of(
            st.text(max_size=20),
            st.sampled_from(
                ["ORK-4821936", "⟦0⟧", "[1]", "X2Y", "€19.90", "12.05.2026", "PureSteam 2", "{order}", "注文"]
            ),
        ),
        max_size=8,
    ).map("".join),
    st.permutations(SHAPES),
)
@example("⟦⟦0⟧ORK-4821936⟧", list(SHAPES))
@example("ORK-4821936ORK 0 [ 0 ]", list(SHAPES))
def test_mask_and_restore_give_the_text_back(text: str, shapes: list[MaskShape]) -> None:
    protected = protect(text, mask_spans(text, NAMES), shapes)
    restored = restore(protected, protected.text, "ja")
    assert restored.text == text
    assert restored.tidy


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_every_shape_serves(shape: MaskShape) -> None:
    text = "Wo ist ORK-4821936 mit 2 Paketen für 19,90 €, bestellt am 12.05.2026?"
    protected = masked(text, (shape,))
    assert protected.shape == shape
    assert len(protected.held) == 3
    assert restore(protected, protected.text, "de").text == text


def test_a_text_full_of_one_shape_takes_another() -> None:
    text = "a1X0Y ORK-4821936 b"  # "letters" could not be told apart from what is there
    letters = load_mask_shapes().named("letters")
    assert letters
    protected = protect(text.replace("ORK-4821936", "zORK-4821936"), mask_spans(text, ()), (letters, WHITE))
    assert protected.shape in (letters, WHITE)
    assert restore(protected, protected.text, "ja").tidy


def test_terms_are_masked_without_their_article_and_beside_items() -> None:
    task = Task("en", "de", "DE", TERMS)
    sentence = "I sent a parcel and the voucher of ORK-4821936."
    terms = wanted_terms(sentence, task)
    protected = protect(sentence, mask_spans(sentence), (WHITE,), terms)
    assert protected.text == "I sent a ⟦0⟧ and the ⟦1⟧ of ⟦2⟧."
    assert [held.wanted.term.text if held.wanted else held.text for held in protected.held] == [
        "Paket", "Gutschein", "ORK-4821936",
    ]  # fmt: skip


def test_terms_are_copied_into_the_sentence() -> None:
    sentence = "I sent a parcel and the voucher."
    terms = wanted_terms(sentence, Task("en", "de", "DE", TERMS))
    assert copy_terms(sentence, terms) == "I sent a Paket and the Gutschein."


@pytest.mark.parametrize(
    ("sentence", "parts"),
    [
        ("Danke 😊", ("", "Danke", " 😊")),
        ("😊😊 Danke 👍 sehr 👍 👍", ("😊😊 ", "Danke 👍 sehr", " 👍 👍")),
        ("Danke", ("", "Danke", "")),
        ("ありがとう(´；ω；`)", ("", "ありがとう", "(´；ω；`)")),
        ("😊", ("😊", "", "")),
        ("", ("", "", "")),
    ],
)
def test_emoji_at_the_edges_need_no_engine(sentence: str, parts: tuple[str, str, str]) -> None:
    assert without_edges(sentence) == parts
