"""What is worth knowing of a market's customers: data/hints/<MARKET>.yml, in the desk's languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from core.errors import ContentError, Fault
from core.yaml_files import line_of, read_yaml, without_lines
from desk.web.words import DEFAULT

HINTS = Path(__file__).parent.parent / "data" / "hints"
_KEYS = ("tone", "greeting", "sign_off", "avoid")


@dataclass(frozen=True)
class MarketHints:
    """One market's, in one language of the desk."""

    tone: str
    greeting: str
    sign_off: str
    avoid: tuple[str, ...]


@lru_cache(maxsize=4)
def load_hints(folder: Path = HINTS) -> Mapping[str, Mapping[str, MarketHints]]:
    """By market, then language of the desk. Raises ContentError with file and line of each mistake."""
    faults: list[Fault] = []
    found = {path.stem: _read(path, faults) for path in sorted(folder.glob("*.yml"))}
    if faults:
        raise ContentError(faults)
    return found


def hints_of(market: str, language: str, folder: Path = HINTS) -> MarketHints | None:
    """In the desk's language, else in its default one; None for a market without a file."""
    known = load_hints(folder).get(market, {})
    return known.get(language) or known.get(DEFAULT)


def _read(path: Path, faults: list[Fault]) -> dict[str, MarketHints]:
    data = read_yaml(path).data
    if not isinstance(data, dict):
        faults.append(Fault(path, 1, "the file must be a mapping of the desk's languages"))
        return {}
    found = {}
    for language, block in without_lines(data).items():
        line = line_of(data[language]) or 1
        if fault := _fault(block):
            faults.append(Fault(path, line, f"{language}: {fault}"))
        else:
            found[str(language)] = MarketHints(
                block["tone"], block["greeting"], block["sign_off"], tuple(block["avoid"])
            )
    return found


def _fault(block: Any) -> str:
    if not isinstance(block, dict) or set(block) != set(_KEYS):
        return f"write exactly {', '.join(_KEYS)}"
    if not all(isinstance(block[key], str) and block[key].strip() for key in _KEYS[:3]):
        return f"{', '.join(_KEYS[:3])} are texts"
    avoid = block["avoid"]
    return (
        "" if isinstance(avoid, list) and all(isinstance(item, str) for item in avoid) else "avoid is a list of texts"
    )
