"""What the customer wants, in one sentence of their own: found by what it carries, never written by us. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from conversations.model import Kind, Message
from desk.packet.facts import Facts
from desk.packet.model import Said
from desk.translated import Translated
from glossaries.model import Status
from glossaries.violations import GateRelease
from languages.text import words

MOST = 240  # characters that are shown
DENSE = re.compile("[\u0e00-\u0e7f\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")  # a letter says more here
_ENDS = re.compile(r"(?<=[.!?…؟])\s+|(?<=[。！？])|[\n\r]+")
_BARE = re.compile(r"[\w.+-]+@[\w.-]+|\bORK[-\s]?\d+|#?\d[\d\s-]*", re.IGNORECASE)  # what answers a question of the bot
DENSE_WEIGHT, LETTERS, TERM, QUESTION, LED_HERE = 3, 120, 30, 10, 50
LEAST = 6  # letters below which a sentence carries nothing
BEFORE = 30  # messages of the customer that are looked at
PERSON = frozenset({"live_agent", "customer_service"})  # concepts: a wish for somebody, whatever the matter is
# Of these reasons the last words before the hand-off are not the matter itself.
SAYS_NOTHING = frozenset({"asked_for_person", "accepted_offer", "misunderstood", "no_order_number", "proof_failed"})


@dataclass(frozen=True)
class _Sentence:
    message: Message
    place: int
    of: int
    text: str


def wants_of(facts: Facts) -> Said | None:
    """The sentence with its message's place, language and translation; None when the customer wrote no such words."""
    written = [item for item in facts.customers if item.kind == Kind.TEXT or item.payload.get("content")]
    candidates = [each for item in written[-BEFORE:] for each in _sentences(item) if _letters(each.text) >= LEAST]
    if not candidates:
        return None
    best = max(candidates, key=lambda each: (has_matter(facts, each.message, each.text), *_order(each, facts)))
    message = best.message
    made = _translated(best, facts.translations.get(message.id))
    return Said(clipped(best.text), message.language, message.seq, message.created_at, *made)


def has_matter(facts: Facts, message: Message, text: str) -> bool:
    """Whether words of a customer say more than that they want a person: terms of other things, or no such wish."""
    return says_more(facts.terms, facts.conversation.market, message.language, text)


def says_more(terms: GateRelease, market: str, language: str, text: str) -> bool:
    """The same of any text; of one in an unknown language it is taken for granted."""
    concepts = concepts_in(terms, market, language, text)
    return not concepts & PERSON or bool(concepts - PERSON)


def cut(text: str) -> list[str]:
    """Sentences with their marks; empty ones left out."""
    return [part.strip() for part in _ENDS.split(text) if part and part.strip()]


def clipped(text: str, most: int = MOST) -> str:
    """`text` on one line, shortened where a word ends."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    kept = line[:most]
    return (kept.rsplit(" ", 1)[0] if " " in kept[most // 2 :] else kept).rstrip() + "…"


def _sentences(message: Message) -> Iterator[_Sentence]:
    parts = cut(message.text)
    for place, text in enumerate(parts):
        yield _Sentence(message, place, len(parts), text)


def concepts_in(terms: GateRelease, market: str, language: str, text: str) -> frozenset[str]:
    """What the glossary knows of the text, by concept; empty where the language is unknown."""
    if not language:
        return frozenset()
    found = terms.matcher(market, language).find(text)
    return frozenset(match.term.concept for match in found if match.term.status is not Status.UNRELATED)


def _order(sentence: _Sentence, facts: Facts) -> tuple[int, float]:
    """The heaviest sentence, and of equals the first."""
    return _weight(sentence, facts), -sentence.message.created_at


def _weight(sentence: _Sentence, facts: Facts) -> int:
    text, handoff = sentence.text, facts.handoff
    concepts = concepts_in(facts.terms, facts.conversation.market, sentence.message.language, text)
    weight = min(_letters(text), LETTERS) + QUESTION * text.rstrip().endswith(("?", "？", "؟"))
    weight += TERM * min(len(concepts - PERSON), 3)
    if handoff and handoff.reason not in SAYS_NOTHING and str(handoff.packet.get("wants", "")) == sentence.message.text:
        weight += LED_HERE
    return weight


def _letters(text: str) -> int:
    """How much a sentence says besides numbers and addresses."""
    rest = "".join(words(_BARE.sub(" ", text)))
    return len(rest) + (DENSE_WEIGHT - 1) * len(DENSE.findall(rest))


def _translated(sentence: _Sentence, made: Translated | None) -> tuple[str, str, str]:
    """The text, its language, and what translated it."""
    if made is None or not made.text or made.reason:
        return "", "", ""
    parts: Sequence[str] = cut(made.text)
    # The whole message is translated: the sentence is taken out of it only where both have as many.
    text = parts[sentence.place] if len(parts) == sentence.of else made.text
    return clipped(text), made.language, made.engine
