"""Which of the rows that could be meant are: not inside numbers and addresses, in scope, the longest."""

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from glossaries.fold import exact
from glossaries.masks import mask_spans
from glossaries.model import Form, Status, Term
from glossaries.spellings import Way

LESS_CERTAIN = 100  # ranks from here on are for text that is not quite as the form is written
_GOOD = frozenset({Status.PREFERRED, Status.ALLOWED, Status.DO_NOT_TRANSLATE})
_STAND = frozenset({Status.FORBIDDEN, Status.UNRELATED, Status.DO_NOT_TRANSLATE})  # even across a forbidden one
MASKED = frozenset({"placeholder", "link", "email", "order", "tracking"})
_MAY_BE_MASKED = re.compile(r"[\d@/#＃{]|www", re.IGNORECASE)
_MAY_BE_LINK = re.compile(r"/|www", re.IGNORECASE)
_ASCII = re.compile(r"[ \t!-~！-～]+")
_TOKEN = re.compile(r"\S+(?:[ \t][-–—_#:]?[ \t]?\d\S*)?")  # ORK 4821936 is one


class Entry(NamedTuple):
    """A form under one of its keys."""

    rank: int  # of two entries for the same text the lower one is meant
    term: Term
    form: Form
    way: Way
    letters: int  # characters of the key
    exact: str  # what the text must be in NFKC; empty when upper and lower case do not matter
    compounds: bool  # also as a part of a longer word

    def is_written(self, text: str, span: tuple[int, int]) -> bool:
        """Whether upper and lower case are right in text[span]."""
        return not self.exact or exact(text[slice(*span)]) == self.exact

    def also(self, others: Sequence["Entry"]) -> tuple[str, ...]:
        """Concepts of other entries for the same text that are as good as this one, in their order."""
        if not others:
            return ()
        good = _GOOD if self.term.status in _GOOD else {*_GOOD, Status.SEARCH}
        certain = self.rank // LESS_CERTAIN
        alike = (one.term for one in others if one.rank // LESS_CERTAIN == certain and not one.term.scope)
        concepts = dict.fromkeys(term.concept for term in alike if term.status in good)
        concepts.pop(self.term.concept, None)
        return tuple(concepts)


class Candidate(NamedTuple):
    """text[start:end] could be a form of the entry's term."""

    start: int
    end: int
    entry: Entry
    within: bool
    also: tuple[str, ...] = ()  # other concepts of an entry without a scope


def outside_masks(text: str, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates that touch no link, address, number or placeholder of MASKED; one that is all of it stays."""
    if not candidates or not _MAY_BE_MASKED.search(text):
        return candidates
    edges = bytearray(len(text))
    for candidate in candidates:
        edges[candidate.start] = edges[candidate.end - 1] = 1
    masked = bytearray(len(text))
    starts, ends = set(), set()
    for start, end in _suspects(text, edges):
        for span in mask_spans(text[start:end]):
            if span.kind in MASKED:
                masked[start + span.start : start + span.end] = b"\x01" * (span.end - span.start)
                starts.add(start + span.start)
                ends.add(start + span.end)
    return [
        candidate
        for candidate in candidates
        if (not masked[candidate.start] or candidate.start in starts)
        and (not masked[candidate.end - 1] or candidate.end in ends)
    ]


def _suspects(text: str, edges: bytearray) -> Iterator[tuple[int, int]]:
    """The parts of `text` that may be a masked item with a candidate's edge inside."""
    for token in _TOKEN.finditer(text):
        if 1 in edges[token.start() : token.end()] and _MAY_BE_MASKED.search(token[0]):
            # Links go on in other letters; all else is ASCII of either width, and short within 日本語.
            for part in [token] if _MAY_BE_LINK.search(token[0]) else _ASCII.finditer(text, *token.span()):
                if 1 in edges[part.start() : part.end()] and _MAY_BE_MASKED.search(part[0]):
                    yield part.span()


def in_scope(scoped: list[Candidate], chosen: Sequence[Candidate], context: Collection[str]) -> list[Candidate]:
    """The scoped candidates for which one of their concepts is in `context` or chosen at another place."""
    first_end: dict[str, int] = {}
    last_start: dict[str, int] = {}
    for start, end, entry, _, also in chosen:
        if entry.term.status is not Status.UNRELATED:
            for concept in (entry.term.concept, *also):
                first_end.setdefault(concept, end)
                last_start[concept] = start
    return [
        candidate
        for candidate in scoped
        if any(
            concept in context
            or first_end.get(concept, candidate.start + 1) <= candidate.start
            or last_start.get(concept, -1) >= candidate.end
            for concept in candidate.entry.term.scope
        )
    ]


def longest(candidates: list[Candidate]) -> list[Candidate]:
    """The longest ones, then the longest that are left, and so on; of equal ones the first. In order of place.

    A forbidden one gives way only to one that holds it whole, or means something else: "ton code" is wrong in
    "ton code postal".
    """
    if all(one.end <= other.start for one, other in pairwise(candidates)):
        return candidates
    owners = [-1] * max((candidate.end for candidate in candidates), default=0)
    chosen: dict[int, Candidate] = {}
    ordered = sorted(candidates, key=lambda one: (one.start - one.end, one.start, one.entry.rank))
    for number, candidate in enumerate(ordered):
        start, end = candidate.start, candidate.end
        # Nothing shorter was chosen before, so whatever lies across holds the first or the last character.
        across = {owner for owner in (owners[start], owners[end - 1]) if owner >= 0}
        if across and not _prevails(candidate, [chosen[owner] for owner in across]):
            continue
        for owner in across:
            one = chosen.pop(owner)
            owners[one.start : one.end] = [-1] * (one.end - one.start)
        owners[start:end] = [number] * (end - start)
        chosen[number] = candidate
    return sorted(chosen.values(), key=lambda one: one.start)


def _prevails(candidate: Candidate, others: Collection[Candidate]) -> bool:
    """Whether a candidate is forbidden and the longer ones across it neither hold it whole nor stand."""
    return candidate.entry.term.status is Status.FORBIDDEN and not any(
        other.entry.term.status in _STAND or (other.start <= candidate.start and candidate.end <= other.end)
        for other in others
    )
