"""Argos packages in this process: argostranslate's package and tokenizer, CTranslate2's model, our decoding."""

import os
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from core.errors import SetupError
from languages.translation.argos_decoding import LoadedModel, decode
from languages.translation.argos_library import argos_package
from languages.translation.argos_packages import InstalledPackage, PackageStore, mask_rates
from languages.translation.codes import known_languages, load_codes
from languages.translation.engine import (
    N_BEST,
    PLAIN,
    PREFIX,
    SUPPRESS,
    DecodeOptions,
    Hypothesis,
    Pair,
    PairUnavailable,
    check_prefixes,
)
from languages.translation.mask_shapes import MaskShape, best_shape
from languages.translation.model_memory import ModelMemory

# Measured (docs/translation.md): resident memory beside the size of the model file, once loaded and per busy thread.
LOADED_FACTOR = 1.15
THREAD_FACTOR = 0.7
MEMORY_BASE_MB = 5.0


@dataclass(frozen=True)
class ArgosOptions:
    """How models are held and run."""

    memory_mb: int = 1500  # for all loaded models together
    compute_type: str = "int8"
    inter_threads: int = 2  # batches at the same time
    intra_threads: int = 1  # threads within one batch; 0: as CTranslate2 thinks
    memory_timeout: float = 30.0  # seconds to wait for room

    @property
    def threads(self) -> int:
        """Threads that work at the same time in one model."""
        return self.inter_threads * (self.intra_threads or min(4, os.cpu_count() or 1))


class ArgosEngine:
    """Translates with the packages in `store`. Never reaches for the network. Thread-safe."""

    name = "argos"
    capabilities = frozenset({N_BEST, PREFIX, SUPPRESS})

    def __init__(self, store: PackageStore, options: ArgosOptions = ArgosOptions()) -> None:
        self._store = store
        self._options = options
        self._codes = load_codes("argos")
        self._known: tuple[object, frozenset[Pair]] = (None, frozenset())
        self._memory: ModelMemory[LoadedModel] = ModelMemory(options.memory_mb, options.memory_timeout)

    def pairs(self) -> frozenset[Pair]:
        """The pairs with a package; a package installed meanwhile counts at once."""
        newest = self._store.newest()
        if self._known[0] is not newest:
            own = (self._codes.language_of(code) for codes in newest for code in codes)
            languages = dict.fromkeys([*known_languages(), *own])
            self._known = (newest, frozenset(self._codes.pairs(newest, languages)))
        return self._known[1]

    def version(self, pair: Pair) -> str:
        """The package's version and hash. Raises PairUnavailable."""
        return self.package(pair).key

    def mask_rates(self, pair: Pair) -> Mapping[str, float]:
        """As `aftersail languages verify` has measured them. Raises PairUnavailable."""
        return mask_rates(self.package(pair))

    def best_mask(self, pair: Pair) -> MaskShape:
        """As `aftersail languages verify` has measured it. Raises PairUnavailable."""
        return best_shape(self.mask_rates(pair))

    def loaded(self) -> dict[str, float]:
        """MB of each model in memory, by the package's folder name."""
        return {key.partition(" ")[0]: cost for key, cost in self._memory.loaded().items()}

    def package(self, pair: Pair) -> InstalledPackage:
        """The package that serves `pair`. Raises PairUnavailable."""
        newest = self._store.newest()
        codes = self._codes.codes(pair)
        for code in codes:
            if code in newest:
                return newest[code]
        wanted = " or ".join(f"translate-{source}_{target}" for source, target in codes)
        raise PairUnavailable(
            pair, f"`aftersail languages install {pair.source} {pair.target}` (or --file FILE) installs {wanted}"
        )

    def translate(self, sentences: Sequence[str], pair: Pair, options: DecodeOptions = PLAIN) -> list[list[Hypothesis]]:
        """As Engine says; an empty sentence stays empty. Raises SetupError too, when the package is damaged."""
        return self.translate_with(self.package(pair), sentences, options)

    def translate_with(
        self, package: InstalledPackage, sentences: Sequence[str], options: DecodeOptions = PLAIN
    ) -> list[list[Hypothesis]]:
        """As `translate`, with this very package."""
        check_prefixes(sentences, options)
        if not sentences:
            return []
        with self._model(package) as model:
            return decode(model, sentences, options)

    def _model(self, package: InstalledPackage) -> AbstractContextManager[LoadedModel]:
        """`package` in memory, for a with block."""
        return self._memory.model(
            f"{package.name} {package.key}", memory_mb(package, self._options), lambda: self._load(package)
        )

    def _load(self, package: InstalledPackage) -> LoadedModel:
        import ctranslate2

        try:
            translator = ctranslate2.Translator(
                str(package.path / "model"),
                device="cpu",
                compute_type=self._options.compute_type,
                inter_threads=self._options.inter_threads,
                intra_threads=self._options.intra_threads,
            )
            loaded = LoadedModel(argos_package(self._store.argos_home).Package(package.path), translator)
            loaded.tokenizer.encode("a")  # it builds itself at its first call, which must not be two at once
            return loaded
        except (RuntimeError, ValueError, OSError) as error:
            raise SetupError(
                f"the package {package.name} cannot be loaded ({error}); remove it and install it again"
            ) from error


def memory_mb(package: InstalledPackage, options: ArgosOptions = ArgosOptions()) -> float:
    """Resident memory that `package` takes once it works, in MB; an estimate from the size of its model."""
    factor = LOADED_FACTOR + THREAD_FACTOR * options.threads
    return package.model_bytes / 1e6 * factor + MEMORY_BASE_MB
