"""`aftersail translate`: lines of standard input in another language, in the words of a market."""

import json
import sys
from collections.abc import Iterator
from typing import Annotated, TextIO

import typer

from core.settings import Settings, load_settings
from languages.translation.translator import Translator


def translate(
    source: Annotated[str, typer.Option("--from", help="Language of the texts, such as de.")],
    target: Annotated[str, typer.Option("--to", help="Language to translate into.")],
    market: Annotated[str, typer.Option(help="Market whose words are used, such as DE.")] = "US",
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Lines are JSON objects with `text` and perhaps `market`.")
    ] = False,
) -> None:
    """Translate each line of standard input, and say what the gate has found."""
    # Broken bytes become U+FFFD: a text is never refused for its encoding.
    sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]  # a TextIOWrapper
    for line in translated_lines(_open(load_settings()), (source, target), market, sys.stdin, jsonl=jsonl):
        sys.stdout.write(line)
        sys.stdout.flush()


def translated_lines(
    translator: Translator, pair: tuple[str, str], market: str, texts: TextIO, *, jsonl: bool
) -> Iterator[str]:
    """A line of JSON for each text; one that cannot be translated comes back as it was, with `ok` false and a reason.

    Raises NotFound for an unknown market or language, BadLine with the line's number.
    """
    from aftersail.stream import read_lines
    from core.errors import NotFound
    from languages.translation.codes import known_languages

    for language in pair:
        if language not in known_languages():
            raise NotFound(f"there is no language {language!r}; there are {', '.join(known_languages())}")
    for line in read_lines(texts, jsonl):
        made = translator.translate(line.text, *pair, line.market or market)
        yield json.dumps(made.to_json(), ensure_ascii=False).encode("utf-8", "replace").decode() + "\n"


def _open(settings: Settings) -> Translator:
    from aftersail.gate import open_terms
    from aftersail.translators import open_translator
    from core.database import migrate, open_engine
    from knowledge.release_holder import ReleaseHolder

    engine = open_engine(settings)
    migrate(engine)
    return open_translator(settings, open_terms(ReleaseHolder(settings, engine, with_vectors=False)))
