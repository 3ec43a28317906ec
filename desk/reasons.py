"""Why something must not leave or was not translated, for whoever reads it: data/reasons/<language>.yml.

Editors give their reasons in the language of the market, the gate in English. The files say them in the languages of
the desk; a reason that no file has is shown as it was written.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from core.errors import ContentError, Fault
from core.yaml_files import read_yaml, without_lines
from desk.web.words import Words

REASONS = Path(__file__).parent / "data" / "reasons"
BETWEEN = "; "  # several reasons in one text
LANGUAGE = "language"  # the value of this name is a content code
_NAME = re.compile(r"\\\{(\w+)\\\}")


@dataclass(frozen=True)
class Reasons:
    """What one language of the desk has."""

    texts: Mapping[str, str]
    patterns: Sequence[tuple[re.Pattern[str], str]]  # those in which something differs


@dataclass(frozen=True)
class Because:
    """Says reasons in the words' language."""

    words: Words

    def __call__(self, reason: str) -> str:
        """The reason, or the reasons that "; " stands between; those that are not known as they are."""
        parts, said = reason.split(BETWEEN), []
        while parts:
            end = next((end for end in range(len(parts), 1, -1) if self._known(BETWEEN.join(parts[:end]))), 1)
            one = BETWEEN.join(parts[:end])
            said.append(self._known(one) or one)
            parts = parts[end:]
        return BETWEEN.join(said)

    def _known(self, reason: str) -> str:
        reasons = load_reasons().get(self.words.language, Reasons({}, ()))
        if text := reasons.texts.get(reason):
            return text
        for pattern, text in reasons.patterns:
            if match := pattern.fullmatch(reason):
                return text.format_map({name: self._value(name, value) for name, value in match.groupdict().items()})
        return ""

    def _value(self, name: str, value: str) -> str:
        key = f"shell.language.{value}"
        return self.words(key) if name == LANGUAGE and self.words.has(key) else value


@lru_cache(maxsize=4)
def load_reasons(folder: Path = REASONS) -> Mapping[str, Reasons]:
    """By language of the desk. Raises ContentError for a file that is no mapping of texts."""
    return {path.stem: _read(path) for path in sorted(folder.glob("*.yml"))}


def _read(path: Path) -> Reasons:
    data = without_lines(read_yaml(path).data)
    if not isinstance(data, dict) or not all(isinstance(text, str) for pair in data.items() for text in pair):
        raise ContentError([Fault(path, 1, "write a mapping of texts: a reason as it was given, and how it is said")])
    return Reasons(data, [(_pattern(reason), text) for reason, text in data.items() if "{" in reason])


def _pattern(reason: str) -> re.Pattern[str]:
    """Of the whole text; what differs may stand in quotes."""
    return re.compile(_NAME.sub(r"""['"]?(?P<\1>.+?)['"]?""", re.escape(reason)), re.DOTALL)
