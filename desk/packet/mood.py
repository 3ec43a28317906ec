"""How a customer seems, by counting: each sign says what it stands on. Pure."""

import re
from collections.abc import Iterator, Sequence

from conversations.model import Message
from desk.packet.facts import Facts
from desk.packet.model import Mood, MoodSign
from languages.text import bare

LAST = 6  # messages of the customer that are looked at
LOUD_LETTERS, LOUD_SHARE = 12, 0.7
_MARKS = re.compile(r"[!！?？؟]{3,}")
LONG_WAIT_S = 4 * 3600.0
IN_A_ROW = 4  # messages without an answer in between
MISUNDERSTOOD = 2
BAD_SCORE = 2
AGAIN_S = 14 * 24 * 3600.0
POINTS = {"complaint": 2, "broken_promise": 2, "safety": 2}  # others count once
ANGRY, UNHAPPY = 3, 1


def mood_of(facts: Facts) -> Mood:
    """calm, unhappy or angry, with every sign."""
    signs = tuple(_signs(facts))
    points = sum(POINTS.get(sign.kind, 1) for sign in signs)
    return Mood("angry" if points >= ANGRY else "unhappy" if points >= UNHAPPY else "calm", signs)


def _signs(facts: Facts) -> Iterator[MoodSign]:
    last = facts.customers[-LAST:]
    yield from _case(facts)
    if any(map(_is_loud, last)):
        yield MoodSign("capitals")
    if any(_MARKS.search(message.text) for message in last):
        yield MoodSign("marks")
    repeated = _repeated(last)
    if repeated > 1:
        yield MoodSign("repeated", {"count": repeated})
    yield from _waiting(facts)
    yield from _history(facts)


def _case(facts: Facts) -> Iterator[MoodSign]:
    handoff = facts.handoff
    if handoff and "complaint" in (handoff.reason, handoff.packet.get("intent")):
        yield MoodSign("complaint")
    if handoff and handoff.tier == "safety":
        yield MoodSign("safety")
    misunderstood = int((handoff.packet.get("misunderstood") if handoff else facts.slots.get("misunderstood")) or 0)
    if misunderstood >= MISUNDERSTOOD:
        yield MoodSign("misunderstood", {"count": misunderstood})
    if facts.proofs_failed > 1:
        yield MoodSign("proof_failed", {"count": facts.proofs_failed})


def _waiting(facts: Facts) -> Iterator[MoodSign]:
    since = facts.waiting_since
    in_a_row = 0
    for message in reversed(facts.messages):
        if message.direction == "out":
            break
        in_a_row += message.author == "customer"
    if in_a_row >= IN_A_ROW:
        yield MoodSign("in_a_row", {"count": in_a_row})
    if since is not None and facts.now - since >= LONG_WAIT_S:
        yield MoodSign("long_wait", {"hours": int((facts.now - since) // 3600)})
    if any(row.told and row.state in ("broken", "late") for row in facts.promises):
        yield MoodSign("broken_promise")


def _history(facts: Facts) -> Iterator[MoodSign]:
    scores = [each.score for each in facts.earlier if each.score is not None]
    if scores and scores[0] <= BAD_SCORE:
        yield MoodSign("bad_survey", {"score": scores[0]})
    lately = [each for each in facts.earlier if each.reason and facts.now - each.began_at < AGAIN_S]
    if len(lately) > 1:
        yield MoodSign("again", {"count": len(lately) + 1})


def _is_loud(message: Message) -> bool:
    """Whether it shouts; scripts without capitals never do."""
    cased = [char for char in message.text if char.isupper() or char.islower()]
    return len(cased) >= LOUD_LETTERS and sum(map(str.isupper, cased)) / len(cased) >= LOUD_SHARE


def _repeated(last: Sequence[Message]) -> int:
    """How often the most frequent text was sent."""
    texts = [bare(message.text) for message in last if message.kind == "text" and len(bare(message.text)) > 2]
    return max((texts.count(text) for text in texts), default=0)
