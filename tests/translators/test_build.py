"""The whole way from phrases to a package, in a few steps of a tiny model."""

from pathlib import Path

import pytest

from translators.argos import opened
from translators.corpus import Corpus
from translators.entries import entry_of, is_current, read_entries, write_entries
from translators.evaluate import Measured
from translators.files import sha256
from translators.recipe import Recipe

TINY = Recipe(
    vocabulary=500,
    width=32,
    feed_forward=64,
    heads=2,
    encoder_layers=1,
    decoder_layers=1,
    steps=20,
    batch=100,
    warm_up=5,
)


@pytest.fixture(autouse=True)
def _without_tensorflow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USE_TF", "0")


def test_twenty_steps_give_a_package_that_argos_opens(corpus: Corpus, tmp_path: Path) -> None:
    from translators.build import build_package

    measured = Measured(2, 10.0, 20.0, 0.5, 3.0, ())
    told: list[tuple[int, float]] = []
    built = build_package(corpus, TINY, tmp_path / "first", lambda step, loss: told.append((step, loss)))
    assert [step for step, _ in told] == list(range(1, 21))
    assert told[-1][1] < told[0][1]
    with opened(built.path) as translation:
        assert isinstance(translation.translate("Danke! ⟦0⟧"), str)
        assert translation.translate("") == ""

    again = build_package(corpus, TINY, tmp_path / "second", lambda step, loss: None)
    assert sha256(again.path) == sha256(built.path)

    folder = built.path.parent
    write_entries({"de-en": entry_of(built, measured, corpus, TINY)}, folder)
    entry = read_entries(folder)["de-en"]
    assert is_current(entry, corpus, TINY, folder)
    assert not is_current(entry, corpus, Recipe(), folder)
    built.path.write_bytes(b"other")
    assert not is_current(entry, corpus, TINY, folder)
