"""The few words of ours that agents of another helpdesk read, in their language; words/<language>.yml has them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from core.yaml_files import read_yaml, without_lines

FOLDER = Path(__file__).parent / "words"
FALLBACK = "en"


@dataclass(frozen=True)
class AgentWords:
    """Words of one language."""

    language: str
    words: Mapping[str, str]

    def say(self, key: str, **values: object) -> str:
        """The word, filled with `values`. Raises KeyError for one that there is not."""
        return self.words[key].format(**values)


def load_agent_words(language: str) -> AgentWords:
    """The words of the language, or English ones where we have none in it."""
    path = FOLDER / f"{language}.yml"
    language = language if path.is_file() else FALLBACK
    return AgentWords(language, without_lines(read_yaml(FOLDER / f"{language}.yml").data))
