"""Arithmetic on the time in which people work. Every moment is UTC, so it is exact over clock changes. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

NOTHING = timedelta()


@dataclass(frozen=True)
class Span:
    """A stretch in which `people` work; its start belongs to it, its end does not."""

    start: datetime
    end: datetime
    people: int = 1


class WorkingTime:
    """Spans of work from one moment on, computed as far as they are asked for.

    `spans` come in time order without overlap, and may be endless. Each method takes moments from the first one
    on, and raises ValueError when the spans end before there is an answer.
    """

    def __init__(self, spans: Iterable[Span]) -> None:
        self._more = iter(spans)
        self._known: list[Span] = []

    def next(self, at: datetime) -> datetime:
        """The first moment from `at` on when somebody works; `at` itself if somebody does."""
        return self.after(at, NOTHING)

    def after(self, at: datetime, amount: timedelta) -> datetime:
        """The first moment from `at` on when somebody works and `amount` of working time has passed."""
        for span in self._spans():
            start = max(span.start, at)
            if amount < span.end - start:
                return start + amount
            amount -= max(span.end - start, NOTHING)
        raise ValueError("the working time ends before that")

    def after_work(self, at: datetime, work: timedelta) -> datetime:
        """Like `after`, with `work` in time of one person: two people do it in half the time."""
        for span in self._spans():
            start = max(span.start, at)
            if work < (span.end - start) * span.people:
                return start + work / span.people
            work -= max(span.end - start, NOTHING) * span.people
        raise ValueError("the working time ends before that")

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Working time from `start` to `end`; zero when `end` is not after `start`."""
        return sum((time for time, _ in self._parts(start, end)), NOTHING)

    def work_between(self, start: datetime, end: datetime) -> timedelta:
        """What everybody does together from `start` to `end`, in time of one person."""
        return sum((time * people for time, people in self._parts(start, end)), NOTHING)

    def last_until(self, limit: datetime, margin: timedelta) -> datetime | None:
        """The last moment up to `limit` from which work goes on for `margin` (above zero); None when there is none."""
        found = start = end = None
        for span in self._spans():
            if span.start != end:
                start = span.start
                if start > limit:
                    break
            end = span.end
            last = min(limit, end - margin)
            if start is not None and start <= last:
                found = last
            if last == limit:
                break
        return found

    def _parts(self, start: datetime, end: datetime) -> Iterator[tuple[timedelta, int]]:
        for span in self._spans():
            if span.start >= end:
                return
            length = min(span.end, end) - max(span.start, start)
            if length > NOTHING:
                yield length, span.people

    def _spans(self) -> Iterator[Span]:
        position = 0
        while True:
            if position == len(self._known):
                following = next(self._more, None)
                if following is None:
                    return
                self._known.append(following)
            yield self._known[position]
            position += 1


def around_the_clock(at: datetime) -> WorkingTime:
    """Time in which somebody always works, from `at` on."""
    return WorkingTime([Span(at, datetime.max.replace(tzinfo=UTC))])


def common(spans: Iterable[Span], others: Iterable[Span]) -> Iterator[Span]:
    """The parts of `spans` that lie in any of `others` (in any order, overlaps allowed), with how many do."""
    rows = sorted(others, key=lambda span: span.start)
    for span in spans:
        rows = [row for row in rows if row.end > span.start]
        inside = [row for row in rows if row.start < span.end]
        edges = sorted({span.start, span.end, *_edges(inside, span)})
        for start, end in pairwise(edges):
            people = sum(row.people for row in inside if row.start <= start and end <= row.end)
            if people:
                yield Span(start, end, people)


def _edges(rows: Iterable[Span], span: Span) -> Iterator[datetime]:
    for row in rows:
        yield max(row.start, span.start)
        yield min(row.end, span.end)
