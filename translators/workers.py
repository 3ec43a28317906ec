"""Trainings side by side in processes of their own, with a progress bar each."""

import multiprocessing
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ProcessPoolExecutor, wait
from pathlib import Path
from queue import Empty, Full, Queue

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from translators.corpus import Corpus
from translators.entries import Built
from translators.evaluate import Measured, measure
from translators.recipe import Recipe

Note = tuple[str, int, float]  # direction, steps done, loss

_EVERY = 10  # steps between two notes
_POLL = 0.2  # seconds
_PRIORITY = 5  # lower than everything that somebody waits for


def train_all(
    corpora: Sequence[Corpus], recipe: Recipe, folder: Path, workers: int, console: Console
) -> list[tuple[Built, Measured]]:
    """What was built and how good it is, in the order of `corpora`.

    The first error of a training is raised when those under way have ended.
    """
    folder.mkdir(parents=True, exist_ok=True)
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager, ProcessPoolExecutor(workers, context) as pool, _bars(console) as bars:
        notes: Queue[Note] = manager.Queue(1000)
        names = [corpus.direction.name for corpus in corpora]
        tasks = {name: bars.add_task(name, total=recipe.steps, loss="") for name in names}
        jobs = [pool.submit(train_one, corpus, recipe, folder, notes) for corpus in corpora]
        waiting = set(jobs)
        while waiting:
            done, waiting = wait(waiting, timeout=_POLL, return_when=FIRST_EXCEPTION)
            _show_notes(notes, tasks, bars)
            for job in done:
                job.result()
        return [job.result() for job in jobs]


def train_one(corpus: Corpus, recipe: Recipe, folder: Path, notes: "Queue[Note]") -> tuple[Built, Measured]:
    """Runs in a worker: one training on one thread, at low priority, with a note every few steps."""
    os.setpriority(os.PRIO_PROCESS, 0, _PRIORITY)
    # Read as they are imported: transformers would load TensorFlow, and each library would take every core.
    os.environ.update(USE_TF="0", OMP_NUM_THREADS="1", HF_HUB_OFFLINE="1")
    from translators.build import build_package

    def tell(step: int, loss: float) -> None:
        if step % _EVERY == 0 or step == recipe.steps:
            try:
                notes.put_nowait((corpus.direction.name, step, loss))
            except Full:
                return  # only the bar lags; the next note catches up

    built = build_package(corpus, recipe, folder, tell)
    return built, measure(built.path, corpus)


def _show_notes(notes: "Queue[Note]", tasks: Mapping[str, TaskID], bars: Progress) -> None:
    while True:
        try:
            name, step, loss = notes.get_nowait()
        except Empty:
            return
        bars.update(tasks[name], completed=step, loss=f"loss {loss:.2f}")


def _bars(console: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    return Progress(
        *columns, TextColumn("{task.fields[loss]}"), TimeElapsedColumn(), TimeRemainingColumn(), console=console
    )
