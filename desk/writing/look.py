"""A text as it would leave now: in the customer's language, with what the gate finds and the market's terms marked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from conversations.model import Reply
from conversations.outgoing import Blocked, Gate
from desk.writing.compose import Composed, Recipient, Untranslated, Written, clear, compose
from glossaries.apply import apply
from glossaries.check import examine
from glossaries.model import Match, Status
from glossaries.violations import GateRelease, Violation
from languages.translation.translator import Translator

_MARKED = (Status.PREFERRED, Status.ALLOWED, Status.DO_NOT_TRANSLATE)


@dataclass(frozen=True)
class Look:
    """What would become of it. `reply` None: it cannot be translated; `reason` says why."""

    reply: Reply | None
    findings: Sequence[Violation] = ()
    terms: Sequence[Match] = field(default_factory=tuple)
    reason: str = ""

    @property
    def fixed(self) -> str:
        """The text with every correction that needs no person; the text itself when there is none."""
        return apply(self.reply.text, self.findings) if self.reply else ""

    @property
    def fixable(self) -> bool:
        """Whether a correction needs no person."""
        return any(violation.fix is not None for violation in self.findings)


@dataclass(frozen=True)
class Looker:
    """Looks at texts with the gate that sends them."""

    gate: Gate
    terms: GateRelease
    translator: Translator

    def look(self, written: Written, to: Recipient, author: str, files: Sequence[Mapping[str, Any]] = ()) -> Look:
        """The text as it would leave, with its files. Raises NotFound for a language that nobody knows."""
        try:
            composed = compose(written, to, self.translator, self.terms.id)
        except Untranslated as error:
            return Look(None, reason=error.reason)
        return self.judge(composed.with_files(files), author, to.market)

    def judge(self, composed: Composed, author: str, market: str) -> Look:
        """What the gate says of it, by the same call that sending makes."""
        try:
            passed = clear(self.gate, composed, author, market)
        except Blocked as error:
            return Look(composed.reply, error.violations, self._terms(composed.reply, market))
        return Look(passed.draft.reply, (), self._terms(passed.draft.reply, market))

    def _terms(self, reply: Reply, market: str) -> Sequence[Match]:
        found = examine(reply.text, reply.source, market, reply.language, self.terms).terms
        return [match for match in found if match.term.status in _MARKED]
