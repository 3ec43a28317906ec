"""chrF of a corpus, and masks."""

import pytest

from translators.measure import chrf, masks_kept

SENTENCES = ["Where is my parcel?", "ok"]


def test_chrf_goes_from_0_to_100() -> None:
    assert chrf(SENTENCES, SENTENCES) == pytest.approx(100)
    assert chrf(["xyz"], ["abc"]) == 0
    assert 0 < chrf(["Where is the parcel?", "ok"], SENTENCES) < 100
    assert chrf([], []) == 0


@pytest.mark.parametrize(
    ("source", "output", "kept"),
    [
        ("⟦0⟧ and ⟦1⟧", "⟦1⟧ und ⟦0⟧", True),
        ("⟦0⟧", "⟦0⟧ ⟦0⟧", False),
        ("⟦0⟧", "⟦1⟧", False),
        ("none", "⟦0⟧", False),
        ("⟦0⟧", "⟦0 ⟧", False),
    ],
)
def test_masks_kept(source: str, output: str, kept: bool) -> None:
    assert masks_kept(source, output) is kept
