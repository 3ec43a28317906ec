"""E-mails and postcodes that a customer wrote, and whether they prove an order. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from markets.profile import MarketProfile
from orders.entities import MAX_READ, Entity, find_entities
from orders.model import Order
from orders.number import PREFIX, is_valid
from orders.proof import MAX_TRIES, matches_proof, plain_email, plain_postcode

EMAIL, POSTCODE = "email", "postcode"
KINDS = (EMAIL, POSTCODE)


@dataclass(frozen=True)
class Candidate:
    """Something that may prove an order; `value` as it is compared."""

    kind: str  # email, postcode
    value: str


@dataclass(frozen=True)
class Written:
    """What was written, each once, the first first; no more than a customer has tries."""

    candidates: tuple[Candidate, ...] = ()
    postcode_length: int = 0  # the market's

    def proves(self, order: Order) -> tuple[str, ...]:
        """Kinds of what is the order's own; empty: nothing is."""
        return tuple(kind for kind in KINDS if any(self._is_own(order, each) for each in self.candidates_of(kind)))

    def candidates_of(self, kind: str) -> Iterator[Candidate]:
        """Those of one kind."""
        return (each for each in self.candidates if each.kind == kind)

    def failed(self, order: Order) -> int:
        """How many are not the order's own."""
        return sum(not self._is_own(order, each) for each in self.candidates)

    def _is_own(self, order: Order, candidate: Candidate) -> bool:
        email = candidate.value if candidate.kind == EMAIL else None
        postcode = candidate.value if candidate.kind == POSTCODE else None
        return matches_proof(order, email, postcode, None, postcode_length=self.postcode_length)


def written_in(texts: Iterable[str], market: MarketProfile, most: int = MAX_TRIES) -> Written:
    """The first `most` different e-mails and postcodes of the texts: whoever writes ten has tried five."""
    found: dict[Candidate, None] = {}
    for text in texts:
        for entity in proofs_in(text, market):
            found[_plain(entity, market)] = None
            if len(found) >= most:
                return Written(tuple(found), market.postcode_length)
    return Written(tuple(found), market.postcode_length)


def proofs_in(text: str, market: MarketProfile) -> Iterator[Entity]:
    """E-mails and postcodes as they were written."""
    if "@" not in text and not any(map(str.isdigit, text)):
        return
    for entity in find_entities(text, region=market.code, postcode=market.postcode, find_products=lambda _: []):
        if entity.name in KINDS:
            yield entity
        elif entity.name == "order_number" and _may_be_postcode(text, entity, market):
            yield Entity(POSTCODE, entity.value.removeprefix(PREFIX), entity.start, entity.end)


def _may_be_postcode(text: str, number: Entity, market: MarketProfile) -> bool:
    """Seven bare digits that are no right order number may be a postcode of Japan."""
    digits = number.value.removeprefix(PREFIX)
    bare = PREFIX not in text[:MAX_READ].upper() and not is_valid(number.value)
    return bare and re.fullmatch(market.postcode, digits) is not None


def _plain(entity: Entity, market: MarketProfile) -> Candidate:
    if entity.name == EMAIL:
        return Candidate(EMAIL, plain_email(entity.value))
    return Candidate(POSTCODE, plain_postcode(entity.value, market.postcode_length))
