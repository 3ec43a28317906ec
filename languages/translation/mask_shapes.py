"""Shapes of masks: how a protected item is written into a sentence so that translation carries it through."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from core.errors import ContentError, Fault
from core.yaml_files import line_of, read_yaml

DATA = Path(__file__).parent / "data" / "mask_shapes.yml"
MAX_INDEX = 999
_GAP = r"[ \t\u00a0\u200b-\u200f\u2009\u202f\u3000\ufeff]{0,3}"


@dataclass(frozen=True)
class FoundMask:
    """text[start:end] is mask `index`."""

    index: int
    start: int
    end: int


@dataclass(frozen=True)
class MaskShape:
    """A mask is `opening`, a number and `closing`."""

    name: str
    opening: str
    closing: str = ""

    def write(self, index: int) -> str:
        """Mask number `index`, 0 to MAX_INDEX."""
        if not 0 <= index <= MAX_INDEX:
            raise ValueError(f"mask {index}; masks go from 0 to {MAX_INDEX}")
        return f"{self.opening}{index}{self.closing}"

    def find(self, text: str) -> list[FoundMask]:
        """The masks of this shape in `text`, in order; also where spaces, letter case or the width have changed."""
        return [FoundMask(int(match[1]), *match.span()) for match in self._pattern.finditer(text)]

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        # Only ASCII: in "注文X0Yは" the letters beside the mask are no part of it.
        before = "(?<![0-9A-Za-z])" if self.opening[0].isalnum() else ""
        after = "(?![0-9A-Za-z])" if (self.closing or "0")[-1].isalnum() else ""
        opening = _GAP.join(map(_either_width, self.opening))
        closing = "".join(_GAP + _either_width(char) for char in self.closing)
        return re.compile(rf"{before}{opening}{_GAP}(\d{{1,3}}){closing}{after}", re.IGNORECASE)


@dataclass(frozen=True)
class MaskShapes:
    """Every known shape; the first is used where nothing is measured."""

    shapes: tuple[MaskShape, ...]

    @property
    def default(self) -> MaskShape:
        """The shape for engines and packages that were never measured."""
        return self.shapes[0]

    def named(self, name: str) -> MaskShape | None:
        """The shape called `name`; None when it is no longer among the data."""
        return next((shape for shape in self.shapes if shape.name == name), None)


@lru_cache(maxsize=4)
def load_mask_shapes(path: Path = DATA) -> MaskShapes:
    """The shapes in `path`. Raises ContentError with file and line."""
    file = read_yaml(path)
    rows = file.data.get("shapes") if isinstance(file.data, dict) else None
    if not isinstance(rows, list) or not rows:
        raise ContentError([Fault(path, 1, "shapes is missing or empty; list at least one shape")])
    shapes = []
    for row in rows:
        if not isinstance(row, dict) or not row.get("name") or not row.get("opening"):
            raise ContentError([Fault(path, line_of(row), "a shape needs name and opening")])
        shapes.append(MaskShape(str(row["name"]), str(row["opening"]), str(row.get("closing", ""))))
    return MaskShapes(tuple(shapes))


def best_shape(rates: Mapping[str, float]) -> MaskShape:
    """The shape with the highest rate, in a tie the first of `rates`; the default when nothing was measured."""
    known = load_mask_shapes()
    measured = [(rate, shape) for name, rate in rates.items() if (shape := known.named(name))]
    return max(measured, key=lambda found: found[0])[1] if measured else known.default


def combined(rates: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """The rates of several translations in a row; what was never measured counts nothing."""
    measured = [found for found in rates if found]
    names = dict.fromkeys(name for found in measured for name in found)
    return {name: math.prod(found.get(name, 0.0) for found in measured) for name in names}


def _either_width(char: str) -> str:
    """A pattern for `char` and its full-width twin."""
    wide = chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char
    return f"[{re.escape(char)}{re.escape(wide)}]" if wide != char else re.escape(char)
