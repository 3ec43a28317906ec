"""One package from start to end: vocabulary, training, conversion."""

import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from translators.alignment import Aligner
from translators.batches import Batches
from translators.corpus import Corpus
from translators.entries import Built
from translators.expand import Expander
from translators.model import build_model, one_thread
from translators.package import write_package
from translators.recipe import Recipe
from translators.training import train_model
from translators.vocabulary import open_vocabulary, train_vocabulary


def build_package(corpus: Corpus, recipe: Recipe, folder: Path, tell: Callable[[int, float], None]) -> Built:
    """Trains the direction of `corpus` and writes its package to `folder`.

    `tell` is called after each step with the number of steps done and the mean loss of the last ones.
    """
    started = time.monotonic()
    with TemporaryDirectory() as scratch:
        vocabulary = Path(scratch) / "sentencepiece.model"
        train_vocabulary(corpus, vocabulary, recipe.vocabulary, recipe.seed)
        pieces = open_vocabulary(vocabulary)
        batches = Batches(Expander(corpus, Random(recipe.seed)), pieces, recipe)  # noqa: S311 - no secret
        with one_thread():
            aligner = Aligner(islice(batches.of(corpus.training), recipe.aligned), len(pieces))
            model = build_model(recipe, aligner.table)
            loss = train_model(model, batches.of(corpus.training), aligner, recipe, tell)
        path = write_package(model, vocabulary, corpus.direction, folder)
    return Built(path, loss, time.monotonic() - started)
