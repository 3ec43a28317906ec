"""A package opened by Argos Translate itself, without the network."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Any

import spacy
from spacy.tokenizer import Tokenizer

from languages.translation.argos_library import argos_package

_MARK_AT_END = re.compile(r"[.!?…。！？」』）)\"”]$")
_MARK_INSIDE = re.compile(r"[。！？](?![」』）)])")


class Sentences:
    """Splits a text into sentences with a blank spaCy pipeline; Argos's own splitter would be downloaded."""

    def __init__(self) -> None:
        self._pipeline = spacy.blank("xx")
        # spaCy's own rules tear ⟦0⟧ apart and see no sentence end inside 「です。次」; these part words at marks only.
        self._pipeline.tokenizer = Tokenizer(
            self._pipeline.vocab,
            suffix_search=_MARK_AT_END.search,
            infix_finditer=_MARK_INSIDE.finditer,
        )
        self._pipeline.add_pipe("sentencizer")

    def split_sentences(self, text: str) -> list[str]:
        """The sentences of `text` in order; empty when it is empty."""
        return [sentence.text for sentence in self._pipeline(text).sents]


@contextmanager
def opened(package: Path) -> Iterator[Any]:
    """An Argos `PackageTranslation` of the package file, installed in a folder that is removed afterwards."""
    with TemporaryDirectory() as scratch:
        packages = argos_package(Path(gettempdir()) / "aftersail-argos")
        from argostranslate import settings
        from argostranslate.translate import Language, PackageTranslation

        before = settings.package_data_dir
        settings.package_data_dir = Path(scratch) / "installed"
        settings.package_data_dir.mkdir()
        try:
            packages.install_from_path(package)
            installed = packages.get_installed_packages([settings.package_data_dir])[0]
        finally:
            settings.package_data_dir = before
        names = (installed.from_code, installed.from_name), (installed.to_code, installed.to_name)
        translation = PackageTranslation(*(Language(*name) for name in names), installed)
        translation.sentencizer = Sentences()
        yield translation
