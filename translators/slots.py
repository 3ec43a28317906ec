"""Slots of templates ({order}, {date} …): what may fill them, and the tokens that mask a value."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

from core.yaml_files import read_yaml, without_lines

MASKS = tuple(f"⟦{digit}⟧" for digit in range(10))
MASK = re.compile(r"⟦\d⟧")
SLOT = re.compile(r"\{([a-z_0-9]+)\}")
NAME = "name"  # the slot of a placeholder that slots.yml does not know

_CHOICE = re.compile(r"\{([^{}]+)\}|#|@")


@dataclass(frozen=True)
class Slot:
    """What fills a slot: a mask token in the share `masked` of samples, else one of `values` or of `patterns`."""

    masked: float
    patterns: tuple[str, ...] = ()
    values: tuple[str, ...] = ()

    def literal(self, random: Random) -> str | None:
        """A value to stand in both languages; None when the slot has none and must be masked."""
        options = self.values or self.patterns
        if not options:
            return None
        chosen = random.choice(options)
        return chosen if self.values else _CHOICE.sub(lambda match: _draw(match, random), chosen)


@dataclass(frozen=True)
class SlotTable:
    """Slots by name, and the slot that each placeholder of replies and answers stands for."""

    slots: Mapping[str, Slot]
    placeholders: Mapping[str, str]

    def slot(self, name: str) -> Slot:
        """The slot of a template's `{name}`; the always masked slot when it is not known."""
        return self.slots.get(self.placeholders.get(name, name)) or self.slots[NAME]


def load_slots(path: Path, products: tuple[str, ...]) -> SlotTable:
    """The slots of slots.yml, with product names in the slot `product`. Raises ContentError when unreadable."""
    data = without_lines(read_yaml(path).data)
    slots = {
        name: Slot(float(entry["masked"]), tuple(entry["pattern"]), products if name == "product" else ())
        for name, entry in data["slots"].items()
    }
    return SlotTable(slots, dict(data["placeholders"]))


def slots_of(template: str) -> Counter[str]:
    """How often each slot stands in `template`; empty when there is none."""
    return Counter(SLOT.findall(template))


def _draw(match: re.Match[str], random: Random) -> str:
    if match[0] == "#":
        return random.choice("0123456789")
    if match[0] == "@":
        return random.choice("ABCDEFGHJKLMNPQRSTUVWXYZ")
    options: list[str] = match[1].split("|")
    return random.choice(options)
