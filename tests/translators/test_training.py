"""What guides the training: alignment of pieces, rates by step."""

import pytest
import torch

from translators.alignment import Aligner
from translators.batches import END, Batch
from translators.recipe import Recipe
from translators.training import guide_weight, rate_share

# Pieces 2, 3, 4 are translated by 5, 6, 7, in the other order.
BATCH = Batch(
    ((2, 3), (3, 4), (2, 4), (2,)),
    ((6, 5, END), (7, 6, END), (7, 5, END), (5, END)),
)


def test_the_aligner_finds_which_piece_translates_which() -> None:
    aligner = Aligner([BATCH] * 5, pieces=8)
    assert aligner.table[2:5].argmax(1).tolist() == [5, 6, 7]
    guide = aligner.guide(BATCH)
    assert guide.shape == (4, 3, 2)
    assert guide[0, :2].argmax(1).tolist() == [1, 0]


def test_the_guide_leaves_out_padding_and_what_translates_nothing() -> None:
    guide = Aligner([BATCH] * 5, pieces=8).guide(BATCH)
    assert guide[3, :, 1].eq(0).all()
    assert guide[3, 2].eq(0).all()
    assert guide.sum(2).max() <= 1 + 1e-5
    assert torch.all(guide[:, :, :].sum(2)[0, :2] > guide[0, 2].sum())


@pytest.mark.parametrize(("step", "share"), [(0, 0.01), (99, 1.0), (100, 1.0), (600, 0.51), (1100, 0.02)])
def test_the_rate_rises_and_falls(step: int, share: float) -> None:
    assert rate_share(step, Recipe(steps=1100, warm_up=100)) == pytest.approx(share, abs=1e-3)


def test_the_guide_fades() -> None:
    recipe = Recipe(steps=100, guide=0.5)
    assert guide_weight(0, recipe) == 0.5
    assert guide_weight(40, recipe) == pytest.approx(0.25)
    assert guide_weight(99, recipe) == pytest.approx(0.05)
