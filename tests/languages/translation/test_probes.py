"""Which shapes of mask survive is measured, not guessed."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from core.errors import ContentError
from languages.catalogue import load_catalogue
from languages.translation.engine import Hypothesis
from languages.translation.mask_shapes import load_mask_shapes
from languages.translation.probes import examine, load_probes


def keeps(*kept: str):
    """A translation that drops every opening bracket but those in `kept`."""

    def translate(sentences: Sequence[str]) -> list[list[Hypothesis]]:
        lost = {shape.opening for shape in load_mask_shapes().shapes if shape.name not in kept}
        translated = []
        for sentence in sentences:
            for opening in lost:
                sentence = sentence.replace(opening, "")
            translated.append([Hypothesis(sentence, -float(len(sentence)))])
        return translated

    return translate


def test_the_surviving_shapes_come_first() -> None:
    found = examine(keeps("hash", "curly"), "de")
    assert list(found.survival)[:2] == ["curly", "hash"]
    assert [survival.rate for survival in found.survival.values()] == [1.0, 1.0, 0, 0, 0, 0, 0, 0]
    assert found.survival["hash"].of == len(load_probes()["de"])
    assert found.sample[0] == "Wo ist meine Bestellung ORK-4821936?"
    assert found.faults == ()


def test_a_mask_that_comes_back_twice_has_not_survived() -> None:
    def translate(sentences: Sequence[str]) -> list[list[Hypothesis]]:
        return [[Hypothesis(sentence + sentence, 0.0)] for sentence in sentences]

    assert {survival.rate for survival in examine(translate, "en").survival.values()} == {0.0}


@pytest.mark.parametrize(
    ("text", "fault"), [("", "8 of 8 sentences come back empty"), ("ha " * 200, "8 of 8 sentences go on without end")]
)
def test_a_translation_that_does_not_work(text: str, fault: str) -> None:
    found = examine(lambda sentences: [[Hypothesis(text, 0.0)] for _ in sentences], "en")
    assert found.faults == (fault,)


def test_every_content_language_has_probes() -> None:
    probes = load_probes()
    assert probes.keys() == load_catalogue().content.keys()
    assert {len(sentences) for sentences in probes.values()} == {8}
    for sentences in probes.values():
        assert [sentence.count("{0}") for sentence in sentences] == [1] * 8
        assert sum(sentence.count("{1}") for sentence in sentences) == 2


def test_a_language_without_probes_is_tried_in_english() -> None:
    assert examine(keeps(), "xx").sample[0].startswith("Where is my order")


def test_a_mistake_is_named(tmp_path: Path) -> None:
    path = tmp_path / "probes.yml"
    path.write_text("de: [x]\n")
    with pytest.raises(ContentError, match=r"probes\.yml:1"):
        load_probes(path)
