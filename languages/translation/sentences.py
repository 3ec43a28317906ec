"""Text to sentences and back: what lies between sentences (spaces, lines, list marks) is kept as it was."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from languages.translation.sentence_rules import AllRules, SentenceRules, load_sentence_rules
from languages.translation.spacy_pipelines import SpacyBoundaries

MAX_TEXT = 20_000
_LINES = re.compile(r"[^\r\n\v\f\x85\u2028\u2029]+")


@dataclass(frozen=True)
class SplitText:
    """`gaps[0] + sentences[0] + gaps[1] + sentences[1] + … + gaps[-1]` is the text; one gap more than sentences."""

    sentences: tuple[str, ...]
    gaps: tuple[str, ...]

    def join(self, sentences: Sequence[str], space: str | None = None) -> str:
        """The text with `sentences` in place of its own.

        `space` is what stands between two sentences in their language; None keeps the gaps as they are. Gaps with more
        than spaces in them are always kept. Raises ValueError when the number of sentences differs.
        """
        if len(sentences) != len(self.sentences):
            raise ValueError(f"{len(sentences)} sentences for {len(self.sentences)}; give one each")
        gaps = list(self.gaps)
        if space is not None:
            gaps[1:-1] = [space if not gap.strip(" \u3000") else gap for gap in gaps[1:-1]]
        pairs = zip(gaps, [*sentences, ""], strict=True)
        return "".join(part for pair in pairs for part in pair)


class SentenceSplitter:
    """Cuts texts of every language. Thread-safe."""

    def __init__(self, rules: AllRules | None = None) -> None:
        self._rules = rules or load_sentence_rules()
        languages = {**self._rules.languages, "": self._rules.default}
        self._boundaries = {code: SpacyBoundaries(rules) for code, rules in languages.items()}

    def split(self, text: str, language: str) -> SplitText:
        """The sentences of `text`, none longer than the language's `max_chars`.

        What has no letter (numbers, emoji, rules of dashes) is part of a gap. Raises ValueError beyond MAX_TEXT.
        """
        if len(text) > MAX_TEXT:
            raise ValueError(f"a text of {len(text)} characters; translate at most {MAX_TEXT}")
        spans = list(self._spans(text, language))
        ends = [0, *(end for _, end in spans)]
        starts = [*(start for start, _ in spans), len(text)]
        gaps = tuple(text[end:start] for end, start in zip(ends, starts, strict=True))
        return SplitText(tuple(text[start:end] for start, end in spans), gaps)

    def join(self, split: SplitText, sentences: Sequence[str], language: str) -> str:
        """The translated text: `sentences`, in `language`, where those of `split` were."""
        return split.join([sentence.strip() for sentence in sentences], self._rules.of(language).space)

    def _spans(self, text: str, language: str) -> Iterator[tuple[int, int]]:
        rules = self._rules.of(language)
        boundaries = self._boundaries.get(language) or self._boundaries[""]
        for line in _LINES.finditer(text):
            mark = self._rules.line_start.match(line[0])
            offset = line.start() + (mark.end() if mark else 0)
            body = text[offset : line.end()]
            if not body.strip():
                continue
            for start, end in _sentences(body, boundaries.starts(body), rules):
                for a, b in _pieces(body, start, end, rules):
                    if _has_letter(body[a:b]):
                        yield offset + a, offset + b


def _sentences(body: str, starts: Sequence[int], rules: SentenceRules) -> Iterator[tuple[int, int]]:
    """(start, end) of each sentence, the last with the rest."""
    kept = [0]
    for start in starts[1:]:
        start = _before_openers(body, start)
        inside = body[start - 1] in rules.quotes and start < len(body)
        if start > kept[-1] and not inside:
            kept.append(start)
    yield from zip(kept, [*kept[1:], len(body)], strict=True)


def _before_openers(body: str, start: int) -> int:
    """`start`, moved before the opening quotes and brackets that spaCy leaves with the sentence before."""
    at = start
    while at > 1 and (_opens(body, at - 1) or body[at - 1].isspace()):
        at -= 1
    while at < start and body[at].isspace():
        at += 1
    return at


def _opens(body: str, at: int) -> bool:
    kind = unicodedata.category(body[at])
    if kind == "Ps" or body[at] in "¿¡":
        return True
    # “ opens in English and closes in German, " does both: what stands beside it decides.
    after_space = body[at - 1].isspace()
    before_word = at + 1 < len(body) and not body[at + 1].isspace()
    return (kind == "Pi" and (after_space or before_word)) or (body[at] in "\"'" and after_space)


def _pieces(body: str, start: int, end: int, rules: SentenceRules) -> Iterator[tuple[int, int]]:
    """The sentence without spaces around it, cut at pauses while it is too long."""
    while True:
        while start < end and body[start].isspace():
            start += 1
        while end > start and body[end - 1].isspace():
            end -= 1
        if end - start <= rules.max_chars:
            break
        cut = _cut(body, start, rules)
        yield start, start + len(body[start:cut].rstrip())
        start = cut
    if start < end:
        yield start, end


def _cut(body: str, start: int, rules: SentenceRules) -> int:
    """Where to cut the sentence at `start`: after its last pause, else at its last space, else at the bound."""
    limit = start + rules.max_chars
    earliest = start + rules.max_chars // 3
    spaces = [at for at in range(limit, earliest, -1) if body[at].isspace()]
    for at in range(limit, earliest, -1):
        pause = body[at - 1]
        # A plain comma may stand inside a number, as in 3,5.
        if pause in rules.pauses and (not pause.isascii() or body[at].isspace()):
            return at
    if spaces:
        return spaces[0]
    while unicodedata.combining(body[limit]) and limit > earliest:
        limit -= 1
    return limit


def _has_letter(text: str) -> bool:
    return any(char.isalpha() for char in text)
