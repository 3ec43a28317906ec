"""Language identification on the project's own phrases, against plain lingua and langdetect in the same run.

`python -m bench.language --json FILE` prints a table and writes the figures.
"""

import argparse
import json
import random
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from lingua import Language, LanguageDetectorBuilder

from core.settings import load_settings
from core.yaml_files import read_yaml
from languages.catalogue import Catalogue, load_catalogue
from languages.detector import open_second_opinion
from languages.identify import Evidence, Identifier
from languages.opening import open_identifier

SHORT_WORDS, SHORT_CHARS = 3, 15
MAX_PHRASES = 120  # of each language
LINGUA_CODES = ("EN", "ES", "FR", "DE", "IT", "PT", "AR", "JA", "KO", "ZH", "TH", "ID", "VI")
SKIPPED_INTENTS = ("change_language",)

_ANNOTATION = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")


@dataclass(frozen=True)
class Phrase:
    """A customer's phrase in a content language."""

    language: str
    text: str

    @property
    def is_short(self) -> bool:
        """Whether the phrase has at most three words and few letters."""
        return len(self.text.split()) <= SHORT_WORDS and len(self.text) <= SHORT_CHARS


@dataclass(frozen=True)
class Answer:
    """A system's answer: content codes, one when sure, two when it asks, none when it cannot say."""

    languages: tuple[str, ...]


@dataclass(frozen=True)
class Figures:
    """Shares of `phrases` by outcome, and milliseconds per phrase."""

    system: str
    length: str  # short or long
    phrases: int
    right: float
    wrong: float
    asked: float
    milliseconds: float


System = Callable[[Phrase], Answer]


def read_phrases(content_dir: Path) -> list[Phrase]:
    """At most MAX_PHRASES phrases of each language from bot/data/nlu, drawn the same way each time."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for path in sorted((content_dir / "bot" / "data" / "nlu").glob("*.yml")):
        for block in read_yaml(path).data["nlu"]:
            language = block.get("metadata", {}).get("language")
            if language and block.get("intent", SKIPPED_INTENTS[0]) not in SKIPPED_INTENTS:
                examples = (line.strip().removeprefix("- ") for line in block["examples"].splitlines())
                found[language].update(_ANNOTATION.sub(r"\1", example) for example in examples if example)
    draw = random.Random(0)
    return [
        Phrase(language, text)
        for language, texts in sorted(found.items())
        for text in draw.sample(sorted(texts), min(MAX_PHRASES, len(texts)))
    ]


def our_system(identifier: Identifier, evidence: Callable[[Phrase], Evidence]) -> System:
    """The identifier as a system under the given evidence."""

    def answer(phrase: Phrase) -> Answer:
        decision = identifier.identify(phrase.text, evidence(phrase))
        return Answer(decision.candidates or (decision.language,))

    return answer


def lingua_system(catalogue: Catalogue) -> System:
    """Plain lingua over the 13 languages, its first answer."""
    languages = [language for language in Language.all() if language.iso_code_639_1.name in LINGUA_CODES]
    detector = LanguageDetectorBuilder.from_languages(*languages).with_preloaded_language_models().build()

    def answer(phrase: Phrase) -> Answer:
        found = detector.detect_language_of(phrase.text)
        code = catalogue.content_code(found.iso_code_639_1.name) if found else None
        return Answer((code,) if code else ())

    return answer


def langdetect_system(catalogue: Catalogue) -> System:
    """Plain langdetect, its first answer."""
    detector = open_second_opinion(catalogue)

    def answer(phrase: Phrase) -> Answer:
        scores = detector.scores(phrase.text)
        return Answer((max(scores, key=lambda code: scores[code]),) if scores else ())

    return answer


def systems() -> dict[str, System]:
    """The systems to compare, by name. With no evidence all languages are equally likely."""
    catalogue, identifier = load_catalogue(), open_identifier()
    equal = dict.fromkeys(catalogue.content, 1.0)
    kinds: Mapping[str, Callable[[Phrase], Evidence]] = {
        "aftersail, no evidence": lambda phrase: Evidence((), history=equal),
        "aftersail, own market": lambda phrase: Evidence((phrase.language, "en")),
        "aftersail, English market": lambda phrase: Evidence(("en",)),
        "aftersail, German market": lambda phrase: Evidence(("de", "en")),
        "aftersail, mid-conversation": lambda phrase: Evidence(("en",), history={phrase.language: 1.0}),
    }
    ours = {name: our_system(identifier, evidence) for name, evidence in kinds.items()}
    return {"langdetect": langdetect_system(catalogue), "lingua": lingua_system(catalogue)} | ours


def measure(system: str, answer: System, phrases: Sequence[Phrase]) -> list[Figures]:
    """Figures for short and for long phrases. Both Chinese scripts count as one: the others do not tell them apart."""
    result = []
    for length, chosen in (
        ("short", [p for p in phrases if p.is_short]),
        ("long", [p for p in phrases if not p.is_short]),
    ):
        started = time.perf_counter()
        answers = [answer(phrase) for phrase in chosen]
        spent = time.perf_counter() - started
        count = max(1, len(chosen))
        asked = sum(len(given.languages) > 1 for given in answers)
        right = sum(
            _families(given.languages) == _families([phrase.language])
            for given, phrase in zip(answers, chosen, strict=True)
        )
        wrong = len(chosen) - asked - right
        result.append(
            Figures(system, length, len(chosen), right / count, wrong / count, asked / count, 1000 * spent / count)
        )
    return result


def _families(languages: Iterable[str]) -> list[str]:
    return [code.split("-")[0] for code in languages]


def main() -> None:
    """Measure and print; writes the figures where --json says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="file for the figures")
    arguments = parser.parse_args()
    phrases = read_phrases(load_settings().content_dir)
    figures = [row for name, answer in systems().items() for row in measure(name, answer, phrases)]
    for row in figures:
        print(
            f"{row.system:28} {row.length:5} n={row.phrases:4} right {row.right:.3f} "
            f"wrong {row.wrong:.3f} asked {row.asked:.3f} {row.milliseconds:.2f} ms"
        )
    if arguments.json:
        arguments.json.write_text(json.dumps([asdict(row) for row in figures], indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
