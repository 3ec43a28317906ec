"""What a promise is computed from: who is on duty, who waits before, how fast it goes, when the channel closes."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from statistics import median

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from conversations.duty_rows import roster
from conversations.promise_model import FIRST_REPLY, PARTS, SAFETY, SOLUTION, Asked, Promised, PromisedClock
from core.database import reading
from core.schema import conversations, handoffs, ownership_events
from core.schema_channels import contacts
from core.schema_desk import promises
from markets.fields import Tier
from markets.profile import MarketProfile
from markets.promise import promise
from markets.promise_model import Clock
from markets.promise_model import Promise as Computed

TIERS: Mapping[str, Tier] = {"safety": "safety", "ordinary": "ordinary", "parts": "parts"}
# How long after the customer's last message an answer may be written freely (connectors.whatsapp.way); LINE never ends.
FREE_FOR_S: Mapping[str, float] = {"whatsapp": 24 * 3600.0}
MEASURED_S = 14 * 24 * 3600.0  # what is older says nothing about today's pace
LEAST_MEASURED, MOST_MEASURED = 20, 200
AT_ONCE_S = 60.0  # who takes and answers in one step shows no pace
LEAST_PACE, MOST_PACE = timedelta(minutes=3), timedelta(hours=4)
KEEP_PACE_S = 600.0
EARLY_SHARE = 0.25  # danger is at risk when so much of its time has passed

MarketPromise = Callable[[str, MarketProfile, Tier, datetime], Computed]  # (conversation id, market, tier, now)


class PromiseFacts:
    """Promises with everything that is known at that moment. One for a process."""

    def __init__(self, markets: Callable[[], Mapping[str, MarketProfile]]) -> None:
        self._markets = markets
        self._paces: dict[str, tuple[float, timedelta | None]] = {}

    def __call__(self, connection: Connection, asked: Asked) -> Promised:
        """The promise, within the transaction that starts the clock; a market that is gone has those of the first."""
        return to_promised(self.computed(connection, asked))

    def computed(self, connection: Connection, asked: Asked) -> Computed:
        """The promise as markets.promise makes it."""
        known = self._markets()
        profile = known.get(asked.market) or next(iter(known.values()))
        tier = TIERS.get(asked.tier, "ordinary")
        pace = None if tier == SAFETY else self._pace(connection, profile.code, asked.at)
        return promise(
            profile,
            tier,
            datetime.fromtimestamp(asked.at, UTC),
            on_duty=roster(connection, profile, datetime.fromtimestamp(asked.at, UTC)),
            # Without a pace that was measured a short queue would promise what nobody has ever kept.
            queue_ahead=queue_ahead(connection, asked) if pace else None,
            pace=pace,
            channel_closes_at=closes_at(connection, asked),
        )

    def _pace(self, connection: Connection, market: str, now: float) -> timedelta | None:
        at, pace = self._paces.get(market, (float("-inf"), None))
        if not 0 <= now - at < KEEP_PACE_S:
            pace = measured_pace(connection, market, now)
            self._paces[market] = (now, pace)
        return pace


def promise_of(engine: Engine, facts: PromiseFacts) -> MarketPromise:
    """Promises for the bot, which has no transaction of its own."""

    def promised(conversation_id: str, market: MarketProfile, tier: Tier, now: datetime) -> Computed:
        with reading(engine) as connection:
            return facts.computed(connection, Asked(conversation_id, market.code, tier, now.timestamp()))

    return promised


def to_promised(made: Computed) -> Promised:
    """The promise as it is kept; people look early at danger."""
    clocks = {FIRST_REPLY: made.first_reply, PARTS: made.parts, SOLUTION: made.solution}
    early = made.tier == SAFETY
    kept = [_clock(name, clock, made.asked_at, early) for name, clock in clocks.items() if clock]
    return Promised(made.tier, tuple(kept), tuple(reason.value for reason in made.reasons))


def queue_ahead(connection: Connection, asked: Asked) -> int:
    """How many other customers of the market wait for a person."""
    waiting = (
        sa.select(sa.func.count())
        .select_from(handoffs.join(conversations, conversations.c.id == handoffs.c.conversation_id))
        .where(
            handoffs.c.resolved_at.is_(None),
            handoffs.c.waiting_since.is_not(None),
            conversations.c.market == asked.market,
            conversations.c.id != asked.conversation_id,
        )
    )
    return int(connection.execute(waiting).scalar_one())


def closes_at(connection: Connection, asked: Asked) -> datetime | None:
    """When the customer's channel takes no free answer any more; None: it always does."""
    person = sa.and_(*(contacts.c[name] == conversations.c[name] for name in ("channel", "account", "sender")))
    wrote = sa.select(conversations.c.channel, contacts.c.last_inbound_at).join(contacts, person)
    row = connection.execute(wrote.where(conversations.c.id == asked.conversation_id)).one_or_none()
    if row is None or row.channel not in FREE_FOR_S or row.last_inbound_at is None:
        return None
    return datetime.fromtimestamp(row.last_inbound_at + FREE_FOR_S[row.channel], UTC)


def measured_pace(connection: Connection, market: str, now: float) -> timedelta | None:
    """One person's time for one conversation of the market: the median of the last ones; None when little is known."""
    took = sa.and_(
        ownership_events.c.conversation_id == promises.c.conversation_id,
        ownership_events.c.event.in_(("take", "assign")),
        ownership_events.c.at <= promises.c.done_at,
    )
    taken = sa.select(sa.func.max(ownership_events.c.at)).where(took).correlate(promises).scalar_subquery()
    done = (
        sa.select(promises.c.done_at, promises.c.made_at, taken.label("taken_at"))
        .join(conversations, conversations.c.id == promises.c.conversation_id)
        .where(
            promises.c.clock == FIRST_REPLY,
            promises.c.state.in_(("kept", "late")),
            promises.c.done_at > now - MEASURED_S,
            conversations.c.market == market,
        )
        .order_by(promises.c.done_at.desc())
        .limit(MOST_MEASURED)
    )
    found = connection.execute(done)
    times = [row.done_at - max(row.made_at, row.taken_at) for row in found if row.taken_at is not None]
    times = [time for time in times if time >= AT_ONCE_S]
    if len(times) < LEAST_MEASURED:
        return None
    return min(max(timedelta(seconds=median(times)), LEAST_PACE), MOST_PACE)


def _clock(name: str, clock: Clock, asked_at: datetime, early: bool) -> PromisedClock:
    at_risk = clock.at_risk_from
    if early:
        at_risk = min(at_risk, asked_at + (clock.due - asked_at) * EARLY_SHARE)
    return PromisedClock(name, clock.due.timestamp(), at_risk.timestamp())
