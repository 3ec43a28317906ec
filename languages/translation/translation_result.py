"""What became of a text that was to be translated."""

from dataclasses import dataclass
from typing import Any

from glossaries.violations import Violation


@dataclass(frozen=True)
class Translation:
    """A translated text, or the original where none could be had that may leave."""

    text: str  # the original when not `ok`
    original: str
    source: str  # content code
    target: str
    ok: bool
    engine: str = ""  # empty when none was asked or none knows the pair
    reason: str = ""  # for an operator or agent, why not `ok`
    terms: tuple[str, ...] = ()  # concepts of the original that stand in the text in a good word of the market
    violations: tuple[Violation, ...] = ()  # what the gate has against `draft`
    draft: str = ""  # the best text that the gate has refused; empty when `ok` or when there was none
    ways: tuple[str, ...] = ()  # how each sentence came about
    milliseconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """What the command line shows."""
        shown = ("text", "original", "ok", "engine", "reason", "draft")
        data: dict[str, Any] = {name: getattr(self, name) for name in shown}
        data["terms_kept"] = list(self.terms)
        data["violations"] = [violation.to_json() for violation in self.violations]
        data["milliseconds"] = round(self.milliseconds, 1)
        return data
