"""`aftersail terms check`: what the gate has to say of texts on standard input."""

import json
import sys
from collections.abc import Iterator
from typing import TextIO

from pydantic import BaseModel, ConfigDict, Field

from core.database import migrate, open_engine
from core.errors import NotFound
from core.json_lines import read_objects
from core.settings import Settings
from glossaries.check import check
from glossaries.gate_terms import GateTerms
from glossaries.load import load_glossary
from glossaries.violations import GateRelease, Source
from knowledge.release_holder import ReleaseHolder
from languages.output_language import open_output_language
from languages.translation.codes import known_languages


class SourceLine(BaseModel):
    """What the text is a translation of."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(max_length=100_000)
    language: str = Field(max_length=16)


class CheckLine(BaseModel):
    """One text. Empty market or language: those of the command."""

    model_config = ConfigDict(extra="ignore")

    text: str = Field(max_length=100_000)
    source: SourceLine | None = None
    market: str = Field("", max_length=8)
    language: str = Field("", max_length=16)


def check_lines(settings: Settings, texts: TextIO, market: str, language: str, *, jsonl: bool, files: bool) -> int:
    """Number of texts that may not leave; writes {text, market, language, release, violations} for each.

    `files`: the terms as they stand in the files instead of the published ones. Raises NotFound for an unknown
    market or language, SetupError when nothing is published, ContentError for a glossary with faults, BadLine.
    """
    release = _from_files(settings) if files else _published(settings)
    stopped = 0
    for line in _lines(texts, jsonl):
        place = (line.market or market, line.language or language)
        source = Source(line.source.text, line.source.language) if line.source else None
        _check_language(place[1])
        violations = check(line.text, source, *place, release)
        stopped += bool(violations)
        data = {
            "text": line.text,
            "market": place[0],
            "language": place[1],
            "release": release.id,
            "violations": [violation.to_json() for violation in violations],
        }
        sys.stdout.write(json.dumps(data, ensure_ascii=False).encode("utf-8", "replace").decode() + "\n")
    return stopped


def _check_language(language: str) -> None:
    """A mistyped code would have no terms, and everything would pass."""
    if language not in known_languages():
        raise NotFound(f"there is no language {language!r}; there are {', '.join(known_languages())}")


def _lines(texts: TextIO, jsonl: bool) -> Iterator[CheckLine]:
    if jsonl:
        yield from read_objects(texts, CheckLine)
    else:
        yield from (CheckLine(text=row.rstrip("\r\n")) for row in texts)


def _published(settings: Settings) -> GateRelease:
    engine = open_engine(settings)
    migrate(engine)
    release = ReleaseHolder(settings, engine, with_vectors=False).current()
    return GateTerms(release.id, release.glossary, open_output_language().speaks, release.matchers)


def _from_files(settings: Settings) -> GateRelease:
    glossary = load_glossary(settings.content_dir / "glossaries" / "data")
    return GateTerms("files", glossary, open_output_language().speaks)
