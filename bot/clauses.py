"""Cuts a message where its writer paused: who complains and then asks for a person says two things. Pure."""

import re

MOST = 4  # clauses of one message; the last one holds the rest
LEAST_LETTERS = 3
# Ends of sentences and commas of every script, dashes between words; Thai puts a space where others put a comma.
_PAUSE = re.compile("[.!?。！？…؟\n\r,，、;；:،؛]+(?!\\d)|\\s[-–—]\\s|(?<=[\u0e00-\u0e7f])\\s+(?=[\u0e00-\u0e7f])")


def clauses(text: str) -> list[str]:
    """The clauses of `text`, at most MOST; empty when it is one, as then it says nothing that the whole does not."""
    parts = [part.strip() for part in _PAUSE.split(text) if sum(map(str.isalpha, part)) >= LEAST_LETTERS]
    if len(parts) < 2:
        return []
    return parts if len(parts) <= MOST else [*parts[: MOST - 1], " ".join(parts[MOST - 1 :])]
