"""`aftersail publish`: content files to a release, with progress in the terminal."""

from rich.console import Console
from rich.progress import Progress, TaskID

from bot.phrases import load_phrases
from core.database import migrate, open_engine
from core.settings import Settings
from knowledge.embedder import open_embedder
from knowledge.publish import publish, rollback

# Intents whose phrases no FAQ entry answers; they teach the calibrator which scores mean nothing.
NEGATIVE_INTENTS = frozenset(
    {"greet", "goodbye", "thanks", "affirm", "deny", "complaint", "bot_challenge", "out_of_scope", "inform"}
)


def publish_content(settings: Settings, console: Console, author: str, note: str) -> None:
    """A new current release, unless nothing has changed. Raises ContentError, SetupError."""
    engine = open_engine(settings)
    migrate(engine)
    with Progress(console=console, transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def show(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bar.add_task(step, total=total)
            bar.update(tasks[step], completed=done, total=total)

        embedder = open_embedder(settings, threads=2)
        phrases = load_phrases(settings.content_dir / "bot" / "data" / "nlu")
        result = publish(
            settings,
            engine,
            embedder,
            author=author,
            note=note,
            negatives=[(phrase.text, phrase.language) for phrase in phrases if phrase.intent in NEGATIVE_INTENTS],
            phrases=[(phrase.text, phrase.language) for phrase in phrases],
            progress=show,
        )
    for warning in result.warnings:
        console.print(f"warning: {warning}", style="yellow", markup=False, soft_wrap=True)
    if not result.changed:
        console.print(f"Nothing has changed; {result.id} stays current.")
        return
    vectors = f"{result.vectors_new} new vectors, {result.vectors_reused} reused"
    console.print(f"Published {result.id} in {result.seconds:.1f} s: {vectors}. Running processes use it within 2 s.")


def roll_back(settings: Settings, console: Console, who: str) -> None:
    """The release before is current again. Raises SetupError when there is none."""
    engine = open_engine(settings)
    migrate(engine)
    console.print(f"{rollback(settings, engine, who)} is current again.")
