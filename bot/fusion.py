"""Brings two opinions together on which entry is meant: retrieval, which knows every published entry, and the
classifier, which has learned from all of them at once but knows only those it was trained on. Pure."""

from collections.abc import Collection, Mapping, Sequence

TOP = 5


def fuse(
    found: Sequence[tuple[str, float]], shares: Mapping[str, float], allowed: Collection[str]
) -> list[tuple[str, float]]:
    """(entry id, probability that it is meant), best first, at most TOP; empty when nothing was found.

    `found`: retrieval's entries with probabilities. `shares`: the classifier's. `allowed`: entries that this market
    has. An entry that the classifier has never seen is judged by retrieval alone, so a new answer works at once.
    """
    retrieved = dict(found)
    candidates = {*retrieved, *(entry for entry in shares if entry in allowed)}
    fused = [
        (entry, (retrieved.get(entry, 0.0) + shares[entry]) / 2 if entry in shares else retrieved[entry])
        for entry in candidates
    ]
    return sorted(fused, key=lambda pair: (-pair[1], pair[0]))[:TOP]
