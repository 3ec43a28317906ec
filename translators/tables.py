"""Reading of translators/data/*.tsv: one phrase a line, one language a column."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from core.errors import ContentError, Fault
from translators.slots import SLOT, slots_of

MAX_LENGTH = 400  # characters of one text: longer ones would be cut by the model's batches


@dataclass(frozen=True)
class Phrase:
    """The same thing said in several languages. `texts`: template by language code."""

    texts: Mapping[str, str]
    is_term: bool = False  # a word or two, no sentence


def read_table(path: Path, languages: frozenset[str], slots: frozenset[str]) -> list[Phrase]:
    """The phrases of one file in order; empty when it has only its header line.

    The header names the columns, which are `languages` in any order. Raises ContentError with every fault:
    a wrong header, a wrong number of cells, an empty or overlong cell, an unknown slot, slots that differ.
    """
    try:
        lines = path.read_bytes().decode("utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise ContentError([Fault(path, 0, f"not UTF-8 at byte {error.start}; save it as UTF-8")]) from None
    header = lines[0].split("\t") if lines else []
    if set(header) != languages or len(header) != len(languages):
        raise ContentError([Fault(path, 1, f"the first line must name the columns {', '.join(sorted(languages))}")])
    rows = [(number, line.split("\t")) for number, line in enumerate(lines[1:], start=2) if line.strip()]
    faults = [
        Fault(path, number, message) for number, cells in rows for message in _messages(cells, len(header), slots)
    ]
    if faults:
        raise ContentError(faults)
    return [Phrase(dict(zip(header, (cell.strip() for cell in cells), strict=True))) for _, cells in rows]


def _messages(cells: list[str], columns: int, slots: frozenset[str]) -> list[str]:
    if len(cells) != columns:
        return [f"{len(cells)} cells where the header has {columns}; part them with one tab each"]
    messages = []
    if not all(cell.strip() for cell in cells):
        messages.append("an empty cell; translate it or remove the line")
    if any(len(cell) > MAX_LENGTH for cell in cells):
        messages.append(f"a text of more than {MAX_LENGTH} characters; split it into sentences")
    if unknown := {name for cell in cells for name in SLOT.findall(cell)} - slots:
        messages.append(f"unknown slot {', '.join(sorted(unknown))}; known are {', '.join(sorted(slots))}")
    if any("⟦" in cell or "⟧" in cell for cell in cells):
        messages.append("⟦ and ⟧ are kept for masks; write other brackets")
    found = [slots_of(cell) for cell in cells]
    if any(other != found[0] for other in found):
        listed = " / ".join(" ".join(sorted(counter.elements())) or "none" for counter in found)
        messages.append(f"the slots differ between the languages ({listed}); write the same ones in each")
    return messages
