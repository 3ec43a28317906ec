"""Cuts a message where its writer paused: who complains and then asks for a person says two things. Pure."""

import re

MOST = 4  # clauses of one message; the last one holds the rest
LEAST_LETTERS = 3
# Scripts that put no space between words: Thai, Lao, Burmese, Khmer, kana, Han. Theirs stands where others put a comma.
_UNSPACED = "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]"
# Ends of sentences and commas of every script, and dashes between words.
_PAUSE = re.compile(f"[.!?。！？…؟\n\r,，、;；:،؛]+(?!\\d)|\\s[-–—]\\s|(?<={_UNSPACED})[^\\S\n\r]+(?={_UNSPACED})")


def clauses(text: str) -> list[str]:
    """The clauses of `text`, at most MOST; empty when it is one, as then it says nothing that the whole does not."""
    parts = [part.strip() for part in _PAUSE.split(text) if sum(map(str.isalpha, part)) >= LEAST_LETTERS]
    if len(parts) < 2:
        return []
    return parts if len(parts) <= MOST else [*parts[: MOST - 1], " ".join(parts[MOST - 1 :])]
