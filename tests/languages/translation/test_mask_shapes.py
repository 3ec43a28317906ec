"""Masks are found again however a translation has bent them."""

import pytest

from languages.translation.mask_shapes import FoundMask, best_shape, combined, load_mask_shapes

SHAPES = load_mask_shapes()
SURROUNDINGS = [
    "{}",
    "Where is {}?",
    "注文{}はどこですか",
    "طلبي {} وصل",
    "คำสั่ง{}ครับ",
    "({})",
    "{}-Paket",
    "「{}」",
    "{}, {}",
]


@pytest.mark.parametrize("shape", SHAPES.shapes, ids=lambda shape: shape.name)
@pytest.mark.parametrize("around", SURROUNDINGS)
@pytest.mark.parametrize("index", [0, 7, 42, 999])
def test_a_written_mask_is_found(shape, around: str, index: int) -> None:
    text = around.format(shape.write(index), shape.write(3))
    found = shape.find(text)
    assert found[0].index == index
    assert [text[mask.start : mask.end] for mask in found] == [shape.write(index), shape.write(3)][: len(found)]
    assert len(found) == around.count("{}")


@pytest.mark.parametrize(
    ("name", "text", "indexes"),
    [
        ("square", "Where is [ 0 ] and ［１］ and [\u00a02\u00a0]?", [0, 1, 2]),
        ("square", "[0", []),
        ("square", "[1234] and [a]", []),
        ("white-square", "⟦0⟧⟦1 ⟧", [0, 1]),
        ("letters", "x0y, X 1 Y; MAX0Y is no mask, X0Years neither", [0, 1]),
        ("curly", "{0} ｛1｝", [0, 1]),
        ("order", "ORK0 ork1 Ork 2, ORK-3 and FORK4 are none", [0, 1, 2]),
        ("hash", "#0# # 1 #", [0, 1]),
        ("tag", "<x0> < x1 > <X2>", [0, 1, 2]),
    ],
)
def test_bent_masks(name: str, text: str, indexes: list[int]) -> None:
    shape = SHAPES.named(name)
    assert shape is not None
    assert [mask.index for mask in shape.find(text)] == indexes


def test_positions() -> None:
    assert SHAPES.default.find("a [0] b") == [FoundMask(0, 2, 5)]


@pytest.mark.parametrize("index", [-1, 1000])
def test_indexes_are_bounded(index: int) -> None:
    with pytest.raises(ValueError, match="masks go from 0"):
        SHAPES.default.write(index)


def test_the_best_measured_shape_is_chosen() -> None:
    assert best_shape({}) == SHAPES.default
    assert best_shape({"hash": 0.5, "tag": 0.9, "curly": 0.9}).name == "tag"
    assert best_shape({"long gone": 1.0}) == SHAPES.default


def test_rates_of_two_legs_multiply() -> None:
    first, second = {"hash": 0.5, "tag": 1.0}, {"hash": 1.0, "tag": 0.25}
    assert combined([first, second]) == {"hash": 0.5, "tag": 0.25}
    assert combined([first, {}]) == first
    assert combined([]) == {}
