"""What happens when the gate lets a turn not pass: approved words, and a person who knows why."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from actions.services import by_calendar
from conversations.model import Conversation, HandoffRequest, Message, Reply
from conversations.outgoing import Blocked
from conversations.promise_facts import MarketPromise, to_promised
from conversations.work import TurnResult
from knowledge.release_holder import ReleaseHolder
from knowledge.said_parts import made_of
from knowledge.values import Deadline, Value

REASON = "gate_blocked"


class Withhold:
    """Makes the turn that takes the place of one that may not leave."""

    def __init__(
        self, holder: ReleaseHolder, clock: Callable[[], float] = time.time, promise: MarketPromise = by_calendar
    ) -> None:
        self._holder = holder
        self._clock = clock
        self._promise = promise

    def __call__(self, conversation: Conversation, message: Message, blocked: Blocked) -> TurnResult:
        """A hand-off with its promise; the packet says what was withheld and why."""
        release = self._holder.current()
        market = release.market_of(conversation.market)
        now = datetime.fromtimestamp(self._clock(), UTC)
        made = self._promise(conversation.id, market, "ordinary", now)
        promised = made.told_at.astimezone(market.zone)
        told: tuple[str, dict[str, Value]] = ("utter_handoff_open", {"promised_at": Deadline(promised)})
        if made.starts_at > made.asked_at:
            told = (
                "utter_handoff_closed",
                {"promised_at": Deadline(promised), "opens_at": made.starts_at.astimezone(market.zone)},
            )
        name = "utter_answer_withheld"
        language = message.language or market.languages[0]
        said = release.words.say(
            name, market=market, language=language, time_zone=conversation.hints.time_zone or None, then=[told]
        )
        packet = {
            "wants": message.text,
            "language": dict(message.payload.get("language") or {"language": language}),
            "withheld": [violation.to_json() for violation in blocked.violations],
            "told": [said.text],
        }
        request = HandoffRequest(REASON, "ordinary", packet, promised.timestamp(), to_promised(made), told=True)
        return TurnResult(
            [Reply(said.text, said.language, {"response": name, **made_of(said.parts)}, release.id)],
            {},
            request,
            error=REASON,
        )
