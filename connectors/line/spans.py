"""Parts of a text that are no words: LINE's own emoji, written "(love)", and mentions, written "@Name"."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Span:
    """Where LINE says that a part stands. `opens`, `closes`: how its text must begin and end."""

    index: int
    length: int
    opens: str
    closes: str = ""


def without(text: str, spans: Iterable[Span]) -> tuple[str, tuple[str, ...]]:
    """(`text` without the parts, the parts in their order). A span that does not fit leaves the words alone."""
    wanted = sorted((span for span in spans if span.index >= 0 and span.length > 0), key=lambda span: span.index)
    if not wanted:
        return text, ()
    # LINE documents UTF-16 units for what we send and leaves open what it sends: believe what fits the text.
    kept, removed = max((_cut(_utf16(text), wanted), _cut(list(text), wanted)), key=lambda result: len(result[1]))
    return (_tidy(kept), removed) if removed else (text, ())


def _cut(units: Sequence[str], spans: Sequence[Span]) -> tuple[list[str], tuple[str, ...]]:
    pieces: list[str] = []
    removed: list[str] = []
    position = 0
    for span in spans:
        end = span.index + span.length
        if span.index < position or end > len(units):
            continue
        part = _joined(units[span.index : end])
        if part.startswith(span.opens) and part.endswith(span.closes):
            pieces.append(_joined(units[position : span.index]))
            removed.append(part)
            position = end
    return [*pieces, _joined(units[position:])], tuple(removed)


def _utf16(text: str) -> list[str]:
    raw = text.encode("utf-16-le")
    return [raw[at : at + 2].decode("utf-16-le", "surrogatepass") for at in range(0, len(raw), 2)]


def _joined(units: Sequence[str]) -> str:
    return "".join(units).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _tidy(pieces: Sequence[str]) -> str:
    """The pieces as one text, without the double space that a part leaves behind."""
    text = pieces[0].lstrip(" ") if not pieces[0].strip(" ") else pieces[0]
    for piece in pieces[1:]:
        text += piece.lstrip(" ") if not text or text[-1].isspace() else piece
    return text.strip()
