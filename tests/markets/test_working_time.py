"""Arithmetic over spans, against a count of minutes."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from markets.working_time import Span, WorkingTime, around_the_clock, common

START = datetime(2026, 11, 23, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LENGTH = 400  # minutes that the count looks at


def minute(number: int) -> datetime:
    return START + number * MINUTE


def spans_of(edges: list[int], people: list[int]) -> list[Span]:
    pairs = zip(edges[::2], edges[1::2], strict=False)
    return [Span(minute(a), minute(b), count) for (a, b), count in zip(pairs, people, strict=False)]


@st.composite
def working(draw: st.DrawFn) -> list[Span]:
    # Sorted, so that neighbours may touch (a shift change) but not overlap.
    edges = sorted(draw(st.lists(st.integers(0, 200), min_size=2, max_size=10, unique=True)))
    if draw(st.booleans()):
        edges = [edge for edge in edges for _ in (0, 1)][1:-1] or edges
    spans = spans_of(edges, draw(st.lists(st.integers(1, 3), min_size=10, max_size=10)))
    return [*(span for span in spans if span.start < span.end), Span(minute(300), minute(LENGTH))]


def people_in(spans: list[Span]) -> list[int]:
    return [sum(span.people for span in spans if span.start <= minute(n) < span.end) for n in range(LENGTH)]


@given(working(), st.integers(0, 250), st.integers(0, 60))
def test_after_is_a_count_of_open_minutes(spans: list[Span], at: int, amount: int) -> None:
    open_minutes = [n for n, people in enumerate(people_in(spans)) if people and n >= at]
    assert WorkingTime(spans).after(minute(at), amount * MINUTE) == minute(open_minutes[amount])
    assert WorkingTime(spans).next(minute(at)) == minute(open_minutes[0])


@given(working(), st.integers(0, 250), st.integers(0, 60))
def test_after_work_counts_each_person(spans: list[Span], at: int, amount: int) -> None:
    people = people_in(spans)
    done = WorkingTime(spans).after_work(minute(at), amount * MINUTE)
    whole = (done - START) // MINUTE
    before = sum(people[at:whole]) + people[whole] * ((done - minute(whole)) / MINUTE)
    assert before == pytest.approx(amount, abs=1e-4)
    assert people[whole] > 0


@given(working(), st.integers(0, 399), st.integers(0, 399))
def test_between_is_a_count_of_open_minutes(spans: list[Span], start: int, end: int) -> None:
    people = people_in(spans)[start:end]
    time = WorkingTime(spans)
    assert time.between(minute(start), minute(end)) == sum(map(bool, people)) * MINUTE
    assert time.work_between(minute(start), minute(end)) == sum(people) * MINUTE


@given(working(), st.integers(0, 350), st.integers(1, 40))
def test_last_until_leaves_the_margin(spans: list[Span], limit: int, margin: int) -> None:
    people = people_in(spans)
    fits = [n for n in range(limit + 1) if all(people[n : n + margin]) and n + margin <= LENGTH]
    expected = minute(fits[-1]) if fits else None
    assert WorkingTime(spans).last_until(minute(limit), margin * MINUTE) == expected


@given(working(), st.lists(st.tuples(st.integers(0, 300), st.integers(1, 200)), max_size=6))
def test_common_is_open_and_on_duty(spans: list[Span], duties: list[tuple[int, int]]) -> None:
    others = [Span(minute(start), minute(start + length)) for start, length in duties]
    both = list(common(spans, others))
    on_duty = people_in(others)
    expected = [count if people else 0 for people, count in zip(people_in(spans), on_duty, strict=True)]
    assert people_in(both) == expected
    assert all(left.end <= right.start for left, right in pairwise(both))


def test_spans_that_end_too_early_are_an_error() -> None:
    with pytest.raises(ValueError, match="ends before"):
        WorkingTime([Span(minute(0), minute(10))]).after(minute(0), 10 * MINUTE)
    with pytest.raises(ValueError, match="ends before"):
        WorkingTime([Span(minute(0), minute(10), 2)]).after_work(minute(0), 20 * MINUTE)


def test_around_the_clock_never_ends() -> None:
    time = around_the_clock(START)
    assert time.after(START, timedelta(days=3000)) == START + timedelta(days=3000)
    assert time.last_until(START + MINUTE, MINUTE) == START + MINUTE
