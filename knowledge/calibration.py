"""How sure a search's best entry is the right one, and what to do about it."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from knowledge.faq_index import Hit

Verdict = Literal["answer", "clarify", "unsure"]


@dataclass(frozen=True)
class Calibrator:
    """A logistic curve over the best score and its lead on the second, fitted when the content is published.

    The defaults are what the shipped content gave; they serve while there is too little content to fit anything.
    """

    bias: float = -4.8
    per_score: float = 10.0
    per_lead: float = 15.0
    by_language: Mapping[str, float] = field(default_factory=dict)  # added to `bias`, by content code
    answer_from: float = 0.7  # probability from which the best entry is the answer
    clarify_from: float = 0.1  # probability from which the best entries are offered; below, there is none

    def probability(self, hits: Sequence[Hit], language: str | None) -> float:
        """Probability, 0 to 1, that the first of `hits` is what the customer asked for; 0 without hits."""
        if not hits:
            return 0.0
        score, lead = score_and_lead(hits)
        offset = self.by_language.get(language or "", 0.0)
        return _logistic(self.bias + offset + self.per_score * score + self.per_lead * lead)

    def decide(self, hits: Sequence[Hit], language: str | None) -> Verdict:
        """`answer` with the first of `hits`, `clarify` between the first few, or `unsure`: none of them fits."""
        probability = self.probability(hits, language)
        if not hits or probability < self.clarify_from:
            return "unsure"
        return "answer" if probability >= self.answer_from else "clarify"

    def to_json(self) -> str:
        """The calibrator as one JSON object."""
        return json.dumps(self.__dict__ | {"by_language": dict(self.by_language)}, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "Calibrator":
        """What to_json() wrote. Raises ValueError or TypeError for anything else."""
        stored = json.loads(text)
        if not isinstance(stored, dict):
            raise ValueError("a calibrator is a JSON object")
        by_language = {str(code): float(offset) for code, offset in dict(stored.pop("by_language")).items()}
        return cls(by_language=by_language, **{name: float(value) for name, value in stored.items()})


def score_and_lead(hits: Sequence[Hit]) -> tuple[float, float]:
    """The best score, and how far it is above the second; a single hit leads nobody, so 0."""
    return hits[0].score, hits[0].score - hits[1].score if len(hits) > 1 else 0.0


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, value))))
