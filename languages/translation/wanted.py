"""Which terms a translation has to carry: those of the source that the market has a word for."""

from dataclasses import dataclass

from glossaries.model import Match, Status, Term
from glossaries.violations import GateRelease
from languages.translation.agreement import after_determiner
from languages.translation.agreement_data import load_agreement

GOOD = (Status.PREFERRED, Status.ALLOWED, Status.DO_NOT_TRANSLATE)


@dataclass(frozen=True)
class Task:
    """What to translate into what, and by whose words. `context`: concepts of the text around the sentence."""

    source: str
    target: str
    market: str
    release: GateRelease
    context: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Wanted:
    """A term of the source sentence, and what the market writes for it."""

    match: Match  # in the source sentence
    start: int  # where the noun begins: behind the article that some forms bring with them
    term: Term  # the target's preferred one
    required: bool

    @property
    def concepts(self) -> frozenset[str]:
        """What the term may mean: a form may belong to several concepts."""
        return frozenset({self.match.term.concept, *self.match.also})

    @property
    def plural(self) -> bool:
        """Whether the source's form is a plural."""
        return "pl" in self.match.form.features

    @property
    def whole(self) -> bool:
        """Whether another word can take its place: it is no part of a longer word, and a noun on both sides."""
        return not self.match.within and {self.match.term.part_of_speech, self.term.part_of_speech} <= {"noun", ""}


def wanted_terms(sentence: str, task: Task) -> tuple[Wanted, ...]:
    """The terms of `sentence` in order of place; empty when it has none that the market has a word for."""
    target = task.release.terms(task.market, task.target)
    tables = load_agreement(task.source)
    found = []
    for match in task.release.matcher(task.market, task.source).find(sentence, task.context):
        term = target.preferred(match.term.concept)
        if term is not None:
            start = match.start + after_determiner(sentence[match.start : match.end], tables)
            found.append(Wanted(match, start, term, task.release.required(match.term.concept)))
    return tuple(found)
