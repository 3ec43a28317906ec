"""How words beside a noun agree with it, per language, from data/agreement/<language>.yml."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from core.errors import ContentError, Fault
from core.yaml_files import LINE_KEY, line_of, read_yaml, without_lines

DATA = Path(__file__).parent / "data" / "agreement"
CASES = frozenset({"nom", "acc", "dat", "gen"})
GENDERS = frozenset({"m", "f", "n", "c"})
Features = frozenset[str]


@dataclass(frozen=True)
class Cell:
    """A form and when it stands; without "pl" it is singular."""

    form: str
    features: Features

    def fits(self, noun: Features) -> bool:
        """Whether it may stand beside a noun with these features, whatever its case. No gender: unknown."""
        genders = self.features & GENDERS
        if ("pl" in self.features) != ("pl" in noun) or (genders and noun & GENDERS and not genders & noun):
            return False
        return self.features - CASES - GENDERS <= noun


@dataclass(frozen=True)
class Paradigm:
    """The forms of one word, such as the definite article."""

    cells: tuple[Cell, ...]
    adjectives: str = ""  # name of the table that the adjectives after it follow

    def form(self, noun: Features, case: Features) -> Cell | None:
        """The cell for a noun in `case` (empty where there are none), the most special one; None when there is none."""
        fitting = [cell for cell in self.cells if cell.features & CASES == case and cell.fits(noun)]
        return max(fitting, key=lambda cell: len(cell.features), default=None)


@dataclass(frozen=True)
class Agreement:
    """One language's tables. All are empty for a language whose words do not agree."""

    cases: tuple[str, ...] = ()  # the likelier first
    paradigms: tuple[Paradigm, ...] = ()
    governors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # word before -> the cases it takes
    sounds: Mapping[str, re.Pattern[str]] = field(default_factory=dict)
    adjectives: Mapping[str, Mapping[Features, str]] = field(default_factory=dict)  # name -> {case and gender: ending}

    @cached_property
    def forms(self) -> Mapping[str, tuple[tuple[Paradigm, Cell], ...]]:
        """Where each form in small letters stands."""
        found: dict[str, list[tuple[Paradigm, Cell]]] = {}
        for paradigm in self.paradigms:
            for cell in paradigm.cells:
                found.setdefault(cell.form.lower(), []).append((paradigm, cell))
        return {form: tuple(places) for form, places in found.items()}

    @cached_property
    def before(self) -> re.Pattern[str] | None:
        """Matches a determiner, adjectives if the language declines them, and the space, up to the end of a text."""
        adjectives = r"(?P<adjectives>(?:[^\W\d_]+[ \u00a0]+){0,2})" if self.adjectives else "(?P<adjectives>)"
        return self._pattern(r"(?<!\w)", rf"{adjectives}\Z")

    @cached_property
    def beginning(self) -> re.Pattern[str] | None:
        """Matches a determiner and the space at the beginning of a text."""
        return self._pattern(r"\A", "")

    def _pattern(self, before: str, after: str) -> re.Pattern[str] | None:
        longest_first = sorted(self.forms, key=len, reverse=True)
        options = "|".join(re.escape(form).replace("'", "['’]") for form in longest_first)
        if not options:
            return None
        return re.compile(rf"{before}(?P<form>{options})(?:[ \u00a0]+|(?<=['’])){after}", re.IGNORECASE)

    def sounds_of(self, text: str) -> Features:
        """The names of the sounds with which `text` begins."""
        return frozenset(name for name, pattern in self.sounds.items() if pattern.match(text))


NONE = Agreement()


@lru_cache(maxsize=64)
def load_agreement(language: str, folder: Path = DATA) -> Agreement:
    """The tables of `language`; empty ones when it has no file. Raises ContentError with file and line."""
    path = folder / f"{language}.yml"
    if not path.exists():
        return NONE
    data = read_yaml(path).data
    if not isinstance(data, dict):
        raise ContentError([Fault(path, 1, "no mapping; begin with `determiners:`")])
    try:
        return _agreement(data)
    except (KeyError, TypeError, AttributeError, ValueError, re.error) as error:
        raise ContentError([Fault(path, line_of(data), f"a table lacks or has a wrong {error}")]) from None


def _agreement(data: Mapping[str, Any]) -> Agreement:
    plain = without_lines(dict(data))
    return Agreement(
        cases=tuple(map(str, plain.get("cases", ()))),
        paradigms=tuple(paradigm for block in plain.get("determiners", ()) for paradigm in _paradigms(block)),
        governors={str(word): tuple(cases) for word, cases in plain.get("governors", {}).items()},
        sounds={str(name): re.compile(text, re.IGNORECASE) for name, text in plain.get("sounds", {}).items()},
        adjectives={
            str(name): {_features(key): str(ending) for key, ending in table.items()}
            for name, table in plain.get("adjectives", {}).items()
        },
    )


def _paradigms(block: Mapping[str, Any]) -> Iterator[Paradigm]:
    for stem in block.get("stems", ("",)):
        cells = [
            Cell(str(form).replace("~", stem), _features(key))
            for key, form in block["forms"].items()
            if key != LINE_KEY
        ]
        yield Paradigm(tuple(cells), str(block.get("adjectives", "")))


def _features(key: str) -> Features:
    return frozenset(str(key).split(".")) - {"sg"}
