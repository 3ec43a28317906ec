"""Masks in place of what a translation must carry unchanged, and of terms that the engine gets wrong. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from glossaries.masks import Span, mask_spans
from languages.translation.mask_shapes import MAX_INDEX, MaskShape
from languages.translation.wanted import Wanted


@dataclass(frozen=True)
class Held:
    """What a mask stands for: letters to put back, or a term to write in the other language."""

    text: str
    wanted: Wanted | None = None


@dataclass(frozen=True)
class Protected:
    """`text` is `original` with mask number i for held[i]; the same where nothing is held."""

    original: str
    text: str
    shape: MaskShape
    held: tuple[Held, ...] = ()


Piece = tuple[int, int, Held]


def protect(
    sentence: str, items: Sequence[Span], shapes: Iterable[MaskShape], terms: Sequence[Wanted] = ()
) -> Protected:
    """`sentence` with masks for `items` and `terms`, in the first of `shapes` that can be told apart in it.

    Without a shape that serves, or with nothing to hold, the sentence is as it was.
    """
    shapes = list(shapes)
    kept = [(span.start, span.end, Held("")) for span in items]
    for shape in shapes:
        pieces = _pieces(sentence, kept, terms, shape)
        written = _written(sentence, pieces, shape)
        if pieces and [found.index for found in shape.find(written)] == list(range(len(pieces))):
            return Protected(sentence, written, shape, tuple(held for _, _, held in pieces))
    return Protected(sentence, sentence, shapes[0])


def without_edges(sentence: str) -> tuple[str, str, str]:
    """(before, words, behind): emoji and spaces around the words, which need no engine."""
    start, end = 0, len(sentence)
    emoji = [span for span in mask_spans(sentence) if span.kind == "emoji"]
    for span in emoji:
        if not sentence[start : span.start].strip():
            start = span.end
    for span in reversed(emoji):
        if span.start >= start and not sentence[span.end : end].strip():
            end = span.start
    words = sentence[start:end].strip()
    start += len(sentence[start:end]) - len(sentence[start:end].lstrip())
    return sentence[:start], words, sentence[start + len(words) :]


def copy_terms(sentence: str, terms: Sequence[Wanted]) -> str:
    """`sentence` with the target's terms written in place of its own."""
    for wanted in sorted(terms, key=lambda one: one.start, reverse=True):
        sentence = sentence[: wanted.start] + wanted.term.text + sentence[wanted.match.end :]
    return sentence


def _pieces(sentence: str, kept: Sequence[Piece], terms: Sequence[Wanted], shape: MaskShape) -> list[Piece]:
    """What to mask, in order and without overlap; text that looks like a mask of this shape is held as well."""
    alike = [(found.start, found.end, Held("")) for found in shape.find(sentence)]
    pieces: list[Piece] = []
    for start, end, held in sorted([*kept, *alike]):
        if pieces and start < pieces[-1][1]:  # they overlap, so they are held together
            start, end = pieces[-1][0], max(end, pieces.pop()[1])
        pieces.append((start, end, held))
    free = [one for one in terms if not any(start < one.match.end and one.start < end for start, end, _ in pieces)]
    pieces += [(one.start, one.match.end, Held("", one)) for one in free]
    pieces.sort(key=lambda piece: piece[:2])
    return [(start, end, Held(sentence[start:end], held.wanted)) for start, end, held in pieces[: MAX_INDEX + 1]]


def _written(sentence: str, pieces: Sequence[Piece], shape: MaskShape) -> str:
    parts, at = [], 0
    for index, (start, end, _) in enumerate(pieces):
        parts += [sentence[at:start], shape.write(index)]
        at = end
    return "".join([*parts, sentence[at:]])
