"""Finds a market's terms in a text: candidates by Aho-Corasick over folded text, then the edges of words decide.

The choice of the algorithm is in docs/decisions/0007-term-matcher.md.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from glossaries.boundaries import Edge, edge_at, letters_after, letters_before, stands_in_run
from glossaries.fold import exact, fold, has_accents
from glossaries.key_index import KeyIndex
from glossaries.language_rules import Attachment, LanguageRules, load_rules
from glossaries.model import Form, Match, Status, Term, TermSet
from glossaries.selection import LESS_CERTAIN, Candidate, Entry, in_scope, longest, outside_masks
from glossaries.spellings import Way, spellings

MAX_CHARS = 100_000  # of a text; a message is bounded long before
# Which row a text means when several have it. A word that is right for one thing is not complained about for another.
_PRECEDENCE = (
    Status.DO_NOT_TRANSLATE,
    Status.PREFERRED,
    Status.ALLOWED,
    Status.FORBIDDEN,
    Status.SEARCH,
    Status.UNRELATED,
)


class _Side(NamedTuple):
    """What stands on one side of a term, within the same word."""

    edge: Edge
    letters: str = ""
    attachments: tuple[Attachment, ...] = ()  # what the letters can be; beside a compound's part they are none
    hyphen: bool = False  # after the letters


_NEVER, _FREE, _RUN = _Side(Edge.NEVER), _Side(Edge.FREE), _Side(Edge.RUN)
_SIDES = {Edge.NEVER: _NEVER, Edge.FREE: _FREE, Edge.RUN: _RUN}


class TermMatcher:
    """Finds the terms of one TermSet. Immutable after it is built; may be shared between threads."""

    def __init__(self, terms: TermSet, rules: LanguageRules | None = None) -> None:
        """`rules`: None takes those of the term set's language. Raises ContentError when its rules file has a fault."""
        self._rules = load_rules(terms.language) if rules is None else rules
        by_key: defaultdict[str, list[Entry]] = defaultdict(list)
        for term in terms.terms:
            for form in (Form(term.text), *term.forms):
                for key, way in spellings(form.text, self._rules, term.case_sensitive).items():
                    by_key[key].append(self._entry(term, form, key, way))
        for entries in by_key.values():
            if len(entries) > 1:
                entries.sort(key=_rank)
        self._index = KeyIndex(by_key)
        self._reach = self._rules.reach

    def find(self, text: str, context: Collection[str] = ()) -> list[Match]:
        """Matches in order and without overlap, longer ones chosen first; empty when there are none.

        `context`: concepts known from elsewhere, such as the message that `text` answers; they count for rows with a
        scope. The time is linear in the text's length. Raises ValueError above MAX_CHARS.
        """
        return _matches(text, longest(self._in_scope(text, context)))

    def find_all(self, text: str, context: Collection[str] = ()) -> list[Match]:
        """Like `find`, with the terms inside or across longer ones, though not inside words of another meaning."""
        candidates = self._in_scope(text, context)
        unrelated = bytearray(len(text))
        for one in longest(candidates):
            if one.entry.term.status is Status.UNRELATED:
                unrelated[one.start : one.end] = b"\x01" * (one.end - one.start)
        return _matches(text, (one for one in candidates if not any(unrelated[one.start : one.end])))

    def _in_scope(self, text: str, context: Collection[str]) -> list[Candidate]:
        if len(text) > MAX_CHARS:
            raise ValueError(f"a text of {len(text):,} characters: give it in parts of at most {MAX_CHARS:,}")
        candidates = outside_masks(text, list(self._candidates(text)))
        scoped = [candidate for candidate in candidates if candidate.entry.term.scope]
        if not scoped:
            return candidates
        free = [candidate for candidate in candidates if not candidate.entry.term.scope]
        return free + in_scope(scoped, longest(free), context)

    def _candidates(self, text: str) -> Iterator[Candidate]:
        """Every row that could be meant, wherever it stands; at one place none after the first without a scope."""
        folded = fold(text)
        plain = not has_accents(folded.text)
        last, right = -1, _NEVER
        for start, end, entries in self._index.occurrences(folded.text):
            if end != last:  # several terms may end here
                last, right = end, self._right(folded.text, end)
            if right.edge is Edge.NEVER:
                continue
            left = self._left(folded.text, start)
            span = folded.span(start, end)
            if left.edge is Edge.NEVER or span is None:
                continue
            within = left is not _FREE or right is not _FREE
            if within and not stands_in_run(folded.text, start, end, left.edge, right.edge):
                continue
            meant = [one for one in entries if self._is_meant(one, left, right, plain) and one.is_written(text, span)]
            for number, entry in enumerate(meant):
                if entry.term.scope:
                    yield Candidate(*span, entry, within)
                else:
                    yield Candidate(*span, entry, within, also=entry.also(meant[number + 1 :]))
                    break

    def _left(self, text: str, start: int) -> _Side:
        """What stands before `start`; NEVER when no term may begin there."""
        edge = edge_at(text, start)
        if edge is not Edge.WORD:
            return _SIDES[edge]
        before = letters_before(text, start, self._reach)
        prefixes, compounds = self._rules.prefixes_of(before), self._rules.compounds
        possible = prefixes or (compounds and compounds.fits(before, hyphen=False))
        return _Side(edge, before, prefixes) if possible else _NEVER

    def _right(self, text: str, end: int) -> _Side:
        """What stands after `end`; NEVER when no term may end there."""
        edge = edge_at(text, end)
        if edge is not Edge.WORD:
            return _SIDES[edge]
        after = letters_after(text, end, self._reach)
        hyphen = text[end + len(after) :][:1] == "-"
        suffixes, compounds = self._rules.suffixes_of(after), self._rules.compounds
        possible = suffixes or (compounds and compounds.fits(after, hyphen))
        return _Side(edge, after, suffixes, hyphen) if possible else _NEVER

    def _is_meant(self, entry: Entry, left: _Side, right: _Side, plain: bool) -> bool:
        """Whether the form may stand between the two. `plain`: the text has no accents at all."""
        if entry.way is Way.PLAIN and not plain and entry.letters < self._rules.plain_letters:
            return False
        before, after = left.letters, right.letters
        if not before and not after:
            return entry.way is not Way.STEM
        if self._attached(entry, left, right):
            return entry.way is not Way.STEM or bool(after)
        rules = self._rules.compounds
        if rules is None or not entry.compounds or (before and after):
            return False
        return rules.fits(before or after, right.hyphen and not before)

    def _attached(self, entry: Entry, left: _Side, right: _Side) -> bool:
        """Whether all letters beside the term are clitics, particles or endings that it takes."""
        part = entry.term.part_of_speech
        return entry.letters >= self._rules.attach_letters and all(
            not side.letters or any(attachment.suits(part) for attachment in side.attachments) for side in (left, right)
        )

    def _entry(self, term: Term, form: Form, key: str, way: Way) -> Entry:
        rank = _PRECEDENCE.index(term.status) + 10 * (not term.scope) + 20 * (not term.case_sensitive)
        rank += LESS_CERTAIN * ((way is not Way.WRITTEN) + 2 * (not form.confirmed))
        needed = exact(form.text).strip() if term.case_sensitive else ""
        return Entry(rank, term, form, way, len(key), needed, self._in_compounds(term, key))

    def _in_compounds(self, term: Term, key: str) -> bool:
        rules = self._rules.compounds
        if rules is None or term.compounds is False or not key.isalpha():
            return False
        if term.compounds:
            return len(key) >= rules.rest
        return len(key) >= rules.letters and term.part_of_speech in ("noun", "")


def _rank(entry: Entry) -> int:
    return entry.rank


def _matches(text: str, candidates: Iterable[Candidate]) -> list[Match]:
    return [_match(text, one) for one in candidates if one.entry.term.status is not Status.UNRELATED]


def _match(text: str, candidate: Candidate) -> Match:
    start, end, entry, within, also = candidate
    return Match(entry.term, entry.form, start, end, within, also, folded=text[start:end] != entry.form.text)
