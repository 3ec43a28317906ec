"""What a customer may mean who writes nothing but a topic's name: "Lieferung", "refund?", "電池"."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from glossaries.near_words import NearWords
from knowledge.vocabulary import bare

MOST_CHARACTERS = 60  # a longer message says more than a name
LEAST_FOR_ONE = 5  # letters of a name that may have a slip; in a shorter one it makes another word
LEAST_FOR_TWO = 8
_NO_SIGN_OF_A_WORD = re.compile(r"[\W_]+")
# Each katakana letter as the hiragana one: which of the two is typed depends on the keyboard's mood.
_KANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}


@dataclass(frozen=True)
class Topics:
    """`choices`: entries and requests by topic, likeliest first. `names`: by language and topic, as people write them.

    Safe to use from several threads.
    """

    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    names: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)

    def find(self, text: str, languages: Iterable[str]) -> tuple[str, ...]:
        """The choices of the topic whose name `text` is, in the first language that has it; empty: it says more."""
        if len(text) > MOST_CHARACTERS:
            return ()
        name = folded(text)
        topics = (self._by_name.get(language, {}).get(name) for language in languages)
        return self.choices[found] if (found := next(filter(None, topics), None)) else ()

    def has(self, text: str, language: str) -> bool:
        """Whether `text` is no more than a topic's name in this language."""
        return bool(self.find(text, (language,)))

    def find_near(self, text: str, languages: Iterable[str]) -> tuple[str, ...]:
        """As find(), for a name with a slip or two; empty as well where several topics are as near."""
        name = folded(text)
        if len(text) > MOST_CHARACTERS or len(name) < LEAST_FOR_ONE:
            return ()
        for language in languages:
            near = (
                self._near[language].find(name, 2 if len(name) >= LEAST_FOR_TWO else 1)
                if language in self._near
                else []
            )
            topics = {self._by_name[language][known] for slips, known in near if slips == near[0][0]}
            if topics:
                return self.choices[topics.pop()] if len(topics) == 1 else ()
        return ()

    def texts(self) -> Iterator[tuple[str, str]]:
        """(name, language) of every name."""
        for language, topics in self.names.items():
            yield from ((name, language) for names in topics.values() for name in names)

    @cached_property
    def _by_name(self) -> Mapping[str, Mapping[str, str]]:
        return {
            language: {folded(name): topic for topic, names in topics.items() for name in names}
            for language, topics in self.names.items()
        }

    @cached_property
    def _near(self) -> Mapping[str, NearWords]:
        return {language: NearWords(names) for language, names in self._by_name.items()}


def folded(text: str) -> str:
    """`text` as all ways to type a name agree: without case, accents, tone marks, spaces, signs and pictures."""
    return _NO_SIGN_OF_A_WORD.sub("", bare(text)).translate(_KANA)
