"""A customer's words for a thing in the market's own, before retrieval: "Natel" finds what is said of the "Handy"."""

from collections.abc import Sequence

from core.errors import NotFound
from glossaries.matchers import Matchers
from glossaries.model import Match, Status, TermSet


def in_own_words(text: str, market: str, language: str, matchers: Matchers) -> str:
    """`text` with words that only customers use replaced by the market's preferred ones; itself when there are none."""
    try:
        terms, matcher = matchers.terms(market, language), matchers.matcher(market, language)
    except NotFound:  # a market without a glossary
        return text
    return replaced(text, matcher.find(text), terms)


def replaced(text: str, matches: Sequence[Match], terms: TermSet) -> str:
    """`text` with the preferred term of its concept in the place of each match that only customers say.

    Allowed words stay: questions are written in them too (measured, docs/decisions/0010-query-terms.md).
    """
    for match in reversed(matches):
        theirs = match.term.status is Status.SEARCH and not match.within
        own = terms.preferred(match.term.concept) if theirs else None
        if own is not None:
            text = text[: match.start] + own.text + text[match.end :]
    return text
