"""A text in parts that each fit, cut where it disturbs least."""

from bisect import bisect_right

from connectors.rendering.cuts import Cut, Cuttable, Level
from connectors.rendering.items import Span

_TINY = 8  # a last part below this share of the limit looks like a slip
_SMALLEST = 2  # one character may take two units


def split_text(text: str, limit_utf16: int) -> list[str]:
    """The parts of `text` in order, each of 1 to `limit_utf16` UTF-16 units; empty when there is only white space.

    Cuts fall at paragraphs, lines, sentences, word ends, or between graphemes, in this order of choice, and not inside
    a link, address, order number or amount unless it is longer than the limit. Only white space at the cuts and at
    both ends is left out. Raises ValueError when the limit is below 2.
    """
    return [text[start:end] for start, end in split_spans(text, limit_utf16)]


def split_spans(text: str, limit_utf16: int) -> list[Span]:
    """Where the parts of split_text stand in `text`."""
    if limit_utf16 < _SMALLEST:
        raise ValueError(f"limit {limit_utf16}: a character may take {_SMALLEST} units")
    whole = Cuttable(text)
    start, end = whole.ends()
    spans = []
    while start < end:
        if whole.units(start, end) <= limit_utf16:
            spans.append((start, end))
            break
        cut_end, cut_start = _choose(whole, start, end, limit_utf16)
        spans.append((start, cut_end))
        start = cut_start
    return spans


def _choose(whole: Cuttable, start: int, end: int, limit: int) -> Span:
    """Where the part that begins at `start` ends, and where the next one begins."""
    high = whole.reach(start, limit)
    calm = high  # the furthest cut that leaves no tiny part behind
    if whole.units(high, end) < limit // _TINY:
        calm = min(high, whole.reach(start, whole.units(start, end) - limit // _TINY))
    # Fill a part by half at least; less is enough where the rest then fits into one.
    half = min(whole.reach(start, limit // 2), max(whole.reach(start, limit // _TINY), whole.rest(end, limit) - 1))
    for low, top in ((half, calm), (start, calm), (start, high)):
        if cut := _best(whole, low, top, end):
            return cut.end, cut.start
    position = whole.inside_word(start, (calm, high))
    return position, position


def _best(whole: Cuttable, low: int, high: int, end: int) -> Cut | None:
    """The last cut of the best level whose part ends at `high` at most and whose next part begins after `low`."""
    best: Cut | None = None
    for index in range(bisect_right(whole.cuts, high, key=lambda cut: cut.end) - 1, -1, -1):
        cut = whole.cuts[index]
        if cut.start <= low or (best and best.level is Level.PARAGRAPH):
            break
        if cut.start < end and (best is None or cut.level < best.level):
            best = cut
    return best
