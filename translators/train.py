"""`python -m translators.train`: makes the packages whose data or recipe has changed."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from translators.corpus import load_corpus, load_directions
from translators.entries import entry_of, is_current, read_entries, write_entries
from translators.evaluate import Measured
from translators.files import PACKAGES
from translators.recipe import Recipe
from translators.workers import train_all

ROOT = Path(__file__).parent.parent

app = typer.Typer(add_completion=False)


@app.command()
def main(
    only: Annotated[list[str] | None, typer.Option(help="A direction such as de-en; all when left out.")] = None,
    again: Annotated[bool, typer.Option(help="Also where nothing has changed.")] = False,
    workers: Annotated[int, typer.Option(min=1, max=16, help="Models trained at once, one thread each.")] = 2,
    steps: Annotated[int, typer.Option(min=1, help="Training steps.")] = Recipe.steps,
    folder: Annotated[Path, typer.Option(help="Where the packages go.")] = PACKAGES,
) -> None:
    """Train the test packages on the project's own parallel phrases."""
    console = Console()
    recipe = replace(Recipe(), steps=steps)
    directions = load_directions()
    corpora = {name: load_corpus(ROOT, directions[name]) for name in only or directions}
    entries = read_entries(folder)
    stale = [
        corpus for name, corpus in corpora.items() if again or not is_current(entries.get(name), corpus, recipe, folder)
    ]
    if not stale:
        console.print("The packages are up to date.")
        return
    for corpus, (built, measured) in zip(stale, train_all(stale, recipe, folder, workers, console), strict=True):
        entries[corpus.direction.name] = entry_of(built, measured, corpus, recipe)
        show_samples(corpus.direction.name, measured, console)
    write_entries(entries, folder)
    console.print(report(entries))


def report(entries: Mapping[str, Mapping[str, Any]]) -> Table:
    """A table with a line for each package."""
    table = Table("direction", "phrases", "terms", "loss", "chrF held out", "chrF seen", "masks kept", "kB", "seconds")
    for name, entry in sorted(entries.items()):
        scores = [f"{entry[key]:.1f}" for key in ("chrf_held_out", "chrf_seen")]
        size, seconds = str(entry["bytes"] // 1000), str(entry["training_seconds"])
        counts = [str(entry["phrases"]), str(entry["terms"]), f"{entry['loss']:.2f}"]
        table.add_row(name, *counts, *scores, f"{entry['masks_kept']:.0%}", size, seconds)
    return table


def show_samples(name: str, measured: Measured, console: Console) -> None:
    """Prints held-out texts with what should come out and what does."""
    console.rule(name)
    for source, reference, output in measured.shown:
        console.print(f"{source}\n  = {reference}\n  > {output}", markup=False, highlight=False)


if __name__ == "__main__":
    app()
