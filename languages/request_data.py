"""The request finder's names and frames, read from languages/data/names.yml and requests.yml."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from itertools import product
from pathlib import Path

from core.errors import ContentError, Fault
from core.yaml_files import read_yaml, without_lines
from languages.catalogue import DATA, fault
from languages.requests import Frames, Politeness, RequestFinder
from languages.text import bare, joined

NAME = "{name}"
KEYS = ("joined", "polite", "frames", "attached")

_CHOICE = re.compile(r"\(([^()]*)\)")


def load_requests(folder: Path = DATA) -> RequestFinder:
    """The finder for the data in `folder`. Raises ContentError naming the file."""
    file = read_yaml(folder / "requests.yml")
    data = without_lines(file.data)
    if not isinstance(data, dict) or (missing := [key for key in KEYS if not data.get(key)]):
        raise fault(file, file.data, f"lacks {', '.join(missing) if isinstance(data, dict) else 'everything'}")
    rows = [(code, row) for code, frames in data["frames"].items() for row in frames]
    if wrong := [row for _, row in rows if str(row).count(NAME) != 1]:
        raise fault(file, file.data, f"the frame {wrong[0]!r} needs {NAME} exactly once")
    politeness = Politeness(phrase for phrases in data["polite"].values() for phrase in phrases)
    return RequestFinder(
        _read_names(folder / "names.yml", str(data["attached"]["article"]), data["attached"]["instead"]),
        _frames(
            (row for code, row in rows if code not in data["joined"]),
            lambda side: " ".join(politeness.without(bare(side).split())),
        ),
        _frames((row for code, row in rows if code in data["joined"]), joined),
        politeness,
    )


def _frames(rows: Iterable[str], clean: Callable[[str], str]) -> Frames:
    before: defaultdict[str, set[int]] = defaultdict(set)
    after: defaultdict[str, set[int]] = defaultdict(set)
    for number, row in enumerate(rows):
        left, right = row.split(NAME)
        for side, table in ((left, before), (right, after)):
            for text in _expand(side):
                table[clean(text)].add(number)
    return Frames(_frozen(before), _frozen(after))


def _frozen(table: Mapping[str, set[int]]) -> dict[str, frozenset[int]]:
    return {side: frozenset(numbers) for side, numbers in table.items()}


def _expand(side: str) -> list[str]:
    """Every text that a side with choices (a|b) stands for."""
    parts = _CHOICE.split(side)
    # split() returns plain text and choices in turn.
    options = [part.split("|") if index % 2 else [part] for index, part in enumerate(parts)]
    return ["".join(chosen) for chosen in product(*options)]


def _read_names(path: Path, article: str, instead: Iterable[str]) -> dict[str, tuple[str, ...]]:
    file = read_yaml(path)
    names: dict[str, tuple[str, ...]] = {}
    for codes, listed in without_lines(file.data).items():
        meant = tuple(str(codes).split())
        for name in listed:
            stem = str(name).removeprefix(article)
            spellings = [str(name)] if stem == name else [name, *(prefix + stem for prefix in instead)]
            for spelling in map(bare, spellings):
                if names.setdefault(spelling, meant) != meant:
                    message = f"{name!r} stands under {' '.join(names[spelling])!r} and {codes!r}; keep one"
                    raise ContentError([Fault(path, 0, message)])
    return names
