"""Sentences a second through our engine and through a LibreTranslate server with the same packages, in the same run.

`python -m bench.translation [--json PATH]`. The packages are those in translators/packages; LibreTranslate is measured
when `make libretranslate` has installed it. Every text is one sentence, asked for by itself, none twice.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil

from bench.libretranslate import program, serve
from bench.report import milliseconds, run
from core.settings import load_settings
from evaluation.translation import ROOT, installed
from evaluation.translation_cases import Direction, load_directions
from glossaries.gate_terms import GateTerms
from glossaries.load import load_glossary
from languages.translation.argos_engine import ArgosEngine, ArgosOptions
from languages.translation.argos_packages import PackageStore
from languages.translation.engine import Pair
from languages.translation.translator import Translator

THREADS = (1, 2)
Ask = Callable[[str, Direction], object]


def measure() -> list[dict[str, Any]]:
    """A row for each system and number of threads, and for each package in memory."""
    with tempfile.TemporaryDirectory() as scratch:
        store = installed(ROOT / "translators" / "packages", Path(scratch) / "store")
        directions = [one for one in load_directions() if _pair(one) in ArgosEngine(store).pairs()]
        rows = list(_memory(store, directions))
        for threads in THREADS:
            rows += _ours(store, directions, threads)
            rows += _libretranslate(store, directions, threads, Path(scratch))
    return rows


def _memory(store: PackageStore, directions: Sequence[Direction]) -> Iterator[dict[str, Any]]:
    """What each pair adds to this process."""
    pairs = [_pair(direction) for direction in directions]
    ArgosEngine(store).translate(["?"], pairs[0])  # brings the libraries with it, which are no pair's
    process, engine = psutil.Process(os.getpid()), ArgosEngine(store)
    for direction, pair in zip(directions, pairs, strict=True):
        before = process.memory_info().rss
        engine.translate([case.source for case in direction.cases[:8]], pair)
        grown = (process.memory_info().rss - before) / 1e6
        yield {"system": f"memory of {direction.name}", "memory_mb": round(grown, 1)}


def _ours(store: PackageStore, directions: Sequence[Direction], threads: int) -> list[dict[str, Any]]:
    engine = ArgosEngine(store, ArgosOptions(inter_threads=threads))
    release = GateTerms("bench", load_glossary(ROOT / "glossaries" / "data"))
    translator = Translator([engine], lambda: release)
    return [
        _row("aftersail, engine alone", threads, directions, lambda text, one: engine.translate([text], _pair(one))),
        _row("aftersail, with terms and gate", threads, directions, lambda text, one: _text(translator, text, one)),
    ]


def _libretranslate(
    store: PackageStore, directions: Sequence[Direction], threads: int, scratch: Path
) -> list[dict[str, Any]]:
    command = program(load_settings().data_dir)
    if command is None:
        return [{"system": "LibreTranslate: not installed, see `make libretranslate`", "threads": threads}]
    with serve(command, store.installed_dir, threads, scratch) as server:
        row = _row("LibreTranslate", threads, directions, lambda text, one: server.translate(text, *one.languages))
        return [row | {"memory_mb": round(server.memory_mb)}]


def _pair(direction: Direction) -> Pair:
    return Pair(*direction.languages)


def _text(translator: Translator, text: str, direction: Direction) -> str:
    return translator.translate(text, *direction.languages, direction.market).text


def _row(system: str, threads: int, directions: Sequence[Direction], ask: Ask) -> dict[str, Any]:
    """Sentences a second with as many askers as threads, after each package was used once."""
    for direction in directions:
        ask("?", direction)
    work = [(case.source, direction) for direction in directions for case in direction.cases]

    def timed(item: tuple[str, Direction]) -> float:
        started = time.perf_counter()
        ask(*item)
        return time.perf_counter() - started

    started = time.perf_counter()
    with ThreadPoolExecutor(threads) as askers:
        seconds = list(askers.map(timed, work))
    rate = len(work) / (time.perf_counter() - started)
    return {"system": system, "threads": threads, "sentences_per_s": round(rate, 1), **milliseconds(seconds)}


if __name__ == "__main__":
    run("Translation", measure)
