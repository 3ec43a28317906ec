"""Does a translation work, how fast, and which shape of mask does it carry through?"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from core.errors import ContentError, Fault
from core.yaml_files import read_yaml
from languages.translation.engine import Hypothesis
from languages.translation.mask_shapes import MaskShape, load_mask_shapes

DATA = Path(__file__).parent / "data" / "probes.yml"
FALLBACK = "en"  # probes for a language that has none: they tell at least how masks fare
UNMASKED = ("ORK-4821936", "ORK-1357924")
ENDLESS = 5  # times as long as the source: the model repeats itself; a Chinese sentence in Vietnamese has four times
MAX_MASKS = 10  # indexes run through 0 to 9, so that each digit is tried

Translate = Callable[[Sequence[str]], list[list[Hypothesis]]]


@dataclass(frozen=True)
class Survival:
    """How a mask shape fared."""

    whole: int  # sentences in which every mask came back exactly once
    of: int  # sentences tried
    score: float  # mean log probability of a sentence; tells apart shapes that all survive

    @property
    def rate(self) -> float:
        """Share of sentences that came through whole."""
        return self.whole / self.of if self.of else 0.0


@dataclass(frozen=True)
class Examination:
    """What the probes have shown."""

    milliseconds: float  # for one sentence alone, after a first one that loads the model
    sample: tuple[str, str]  # a probe and its translation
    survival: dict[str, Survival]  # by the shape's name, the best first
    faults: tuple[str, ...]  # why the translation is not usable; empty when it is


@lru_cache(maxsize=2)
def load_probes(path: Path = DATA) -> dict[str, tuple[str, ...]]:
    """Probe sentences by content code. Raises ContentError."""
    data = read_yaml(path).data
    if not isinstance(data, dict) or not isinstance(data.get(FALLBACK), list):
        raise ContentError([Fault(path, 1, f"a mapping of languages to sentences is wanted, {FALLBACK} among them")])
    return {str(code): tuple(map(str, rows)) for code, rows in data.items() if isinstance(rows, list)}


def examine(translate: Translate, language: str) -> Examination:
    """Tries the probes of `language`, each shape of mask in all of them. Raises what `translate` raises."""
    probes = load_probes()
    sentences = probes.get(language, probes[FALLBACK])
    plain = [sentence.format(*UNMASKED) for sentence in sentences]
    first = translate(plain[:1])
    started = time.perf_counter()
    found = [translate([sentence]) for sentence in plain]
    milliseconds = (time.perf_counter() - started) * 1000 / len(plain)
    survival = {shape.name: _survival(translate, sentences, shape) for shape in load_mask_shapes().shapes}
    best_first = sorted(survival.items(), key=lambda item: (-item[1].rate, -item[1].score))
    faults = _faults(plain, [hypotheses[0][0].text for hypotheses in found])
    return Examination(milliseconds, (plain[0], first[0][0].text), dict(best_first), faults)


def _faults(sentences: Sequence[str], translated: Sequence[str]) -> tuple[str, ...]:
    empty = sum(not text.strip() for text in translated)
    endless = sum(len(text) > ENDLESS * len(source) for source, text in zip(sentences, translated, strict=True))
    found = [
        f"{empty} of {len(sentences)} sentences come back empty" if empty else "",
        f"{endless} of {len(sentences)} sentences go on without end" if 2 * endless > len(sentences) else "",
    ]
    return tuple(filter(None, found))


def _survival(translate: Translate, sentences: Sequence[str], shape: MaskShape) -> Survival:
    wanted = [[(2 * at) % MAX_MASKS, (2 * at + 1) % MAX_MASKS] for at in range(len(sentences))]
    masked = [text.format(*map(shape.write, indexes)) for text, indexes in zip(sentences, wanted, strict=True)]
    whole, score = 0, 0.0
    for source, hypotheses in zip(masked, translate(masked), strict=True):
        before = sorted(mask.index for mask in shape.find(source))
        whole += before == sorted(mask.index for mask in shape.find(hypotheses[0].text))
        score += hypotheses[0].score
    return Survival(whole, len(masked), score / len(masked))
