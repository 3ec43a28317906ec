"""Sentences are split without a download, and masks stay whole."""

import pytest

from translators.argos import Sentences


@pytest.mark.parametrize(
    "sentences",
    [
        ["Danke!", "⟦0⟧.", "⟦1⟧ ⟦2⟧!"],
        ["Order ORK-4821936 is on its way.", "It costs 3.50 EUR.", "Thanks!"],
        ["Hi?!", "Wait...", "what"],
    ],
)
def test_sentences_parted_by_spaces(sentences: list[str]) -> None:
    assert Sentences().split_sentences(" ".join(sentences)) == sentences


@pytest.mark.parametrize(
    "sentences",
    [
        ["ご注文⟦0⟧は発送済みです。", "お届けまで2〜3日です！", "よろしいですか？", "はい"],
        ["「はい。」と言いました。", "⟦0⟧です。"],
    ],
)
def test_sentences_not_parted(sentences: list[str]) -> None:
    assert Sentences().split_sentences("".join(sentences)) == sentences


def test_an_empty_text_has_no_sentence() -> None:
    assert Sentences().split_sentences("") == []
