"""What is likely before the text is read: evidence from market, profile, page, phone and the conversation so far."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from babel.languages import get_official_languages

from languages.catalogue import Catalogue

LEAK = 0.10  # share of belief that goes back to the start between two messages
CHOICE = 0.95  # share of the customer's explicit choice in the start
MAX_LISTED = 8
# Kept beside the posterior, with no weight, so that callers can store one mapping: which choice it already counts in,
# which choice the customer has left by writing otherwise, and that the customer has been asked.
CHOSEN_MARK = "chosen:"
LEFT_MARK = "left:"
ASKED_MARK = "asked"


@dataclass(frozen=True)
class Evidence:
    """What is known beside the message's own text. Languages are content codes; other tags are BCP 47."""

    market_languages: tuple[str, ...]  # in the market's order
    history: Mapping[str, float] = field(default_factory=dict)  # Decision.history of the message before; empty at first
    chosen: str | None = None  # the customer's explicit choice by menu, button or request
    profile: str | None = None  # language of the channel profile
    page_locale: str | None = None
    browser_languages: tuple[str, ...] = ()
    phone_country: str | None = None  # ISO country of the phone number


@dataclass(frozen=True)
class Source:
    """One piece of evidence as used: content codes and the weight given to all of them together."""

    name: str
    languages: tuple[str, ...]
    weight: float


def sources(evidence: Evidence, catalogue: Catalogue) -> list[Source]:
    """The evidence that says something, by catalogue.prior's weights. Tags without a content language are left out."""
    common = catalogue.common
    # The common language has its own share; as a market's second language it would overtake the first.
    market = [code for place, code in enumerate(evidence.market_languages) if code != common or place == 0]
    tags: dict[str, Iterable[str | None]] = {
        "market": market,
        "common": (common,),
        "rest": catalogue.content,
        "profile": (evidence.profile,),
        "page": (evidence.page_locale,),
        "browser": evidence.browser_languages[:MAX_LISTED],
        "phone": official_languages(evidence.phone_country),
    }
    known = {name: _content_codes(listed, catalogue) for name, listed in tags.items()}
    return [Source(name, codes, catalogue.prior[name]) for name, codes in known.items() if codes]


def start_prior(evidence: Evidence, catalogue: Catalogue) -> dict[str, float]:
    """Belief by content code before any text; adds up to 1."""
    prior = dict.fromkeys(catalogue.content, 0.0)
    for source in sources(evidence, catalogue):
        # In an ordered list the second counts half of the first, the third a third.
        ranks = [1.0 if source.name == "rest" else 1.0 / place for place in range(1, len(source.languages) + 1)]
        for code, rank in zip(source.languages, ranks, strict=True):
            prior[code] += source.weight * rank / sum(ranks)
    prior = normalised(prior)
    if evidence.chosen in prior:
        prior = {code: (1 - CHOICE) * share + CHOICE * (code == evidence.chosen) for code, share in prior.items()}
    return prior


def carried_prior(evidence: Evidence, catalogue: Catalogue) -> dict[str, float]:
    """Belief by content code after the conversation so far; adds up to 1."""
    start = start_prior(evidence, catalogue)
    history = {code: min(1.0, max(0.0, float(evidence.history.get(code, 0.0)))) for code in start}
    # A choice made since the last message overrules what was believed then.
    newly_chosen = evidence.chosen in start and f"{CHOSEN_MARK}{evidence.chosen}" not in evidence.history
    if newly_chosen or not sum(history.values()) > 0:
        return start
    history = normalised(history)
    return {code: (1 - LEAK) * history[code] + LEAK * start[code] for code in start}


def official_languages(country: str | None) -> tuple[str, ...]:
    """BCP 47 tags of the languages spoken officially in `country`; empty when it is not known."""
    return tuple(get_official_languages(country.upper(), de_facto=True)) if country else ()


def normalised(shares: Mapping[str, float]) -> dict[str, float]:
    """`shares` made to add up to 1. They must not all be 0."""
    total = sum(shares.values())
    return {code: share / total for code, share in shares.items()}


def _content_codes(tags: Iterable[str | None], catalogue: Catalogue) -> tuple[str, ...]:
    codes = (catalogue.content_code(tag) for tag in tags)
    return tuple(dict.fromkeys(code for code in codes if code))
