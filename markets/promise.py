"""What a customer is promised, from tier, calendar, roster, queue and channel (docs/promises.md). Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from markets.fields import PromiseHours, Tier
from markets.openings import market_openings, utc
from markets.profile import MarketProfile
from markets.promise_model import Clock, Promise, Reason
from markets.promise_reasons import calendar_reasons
from markets.roster import Roster
from markets.working_time import Span, WorkingTime, around_the_clock

MAX_QUEUE = 100_000
MAX_PACE = timedelta(days=1)
FIVE_MINUTES = timedelta(minutes=5)


@dataclass(frozen=True)
class _Facts:
    """What a promise is computed from; moments are UTC."""

    rules: PromiseHours
    asked: datetime
    start: datetime
    work: WorkingTime
    effort: timedelta | None  # of one person, until the answer; None: not known
    closes: datetime | None

    @property
    def earliest(self) -> datetime:
        """No promise is tighter than this."""
        return self.work.after(self.start, timedelta(minutes=self.rules.least_minutes))


def promise(
    market: MarketProfile,
    tier: Tier,
    now: datetime,
    *,
    on_duty: Roster | None = None,
    queue_ahead: int | None = None,
    pace: timedelta | None = None,
    channel_closes_at: datetime | None = None,
) -> Promise:
    """The promise to a customer who asks at `now`.

    `on_duty`: who works when; None: the opening hours count. `queue_ahead`: conversations that come first (0 to
    100,000); None: not known, the tier alone counts. `pace`: one person's time for one conversation (above zero, at
    most a day); None: the market's minutes_each. `channel_closes_at`: when free answers end; None: never. Raises
    ValueError for naive moments and values out of range, and SetupError for a market without opening in 60 days.
    """
    rules, asked = market.promise_rules, utc(now)
    effort = _effort(rules, queue_ahead, pace)
    work = around_the_clock(asked) if tier == "safety" else _team_time(market, asked, on_duty)
    closes = utc(channel_closes_at) if channel_closes_at else None
    facts = _Facts(rules, asked, work.next(asked), work, None if tier == "safety" else effort, closes)
    return _made(market, tier, facts, on_duty)


def _made(market: MarketProfile, tier: Tier, facts: _Facts, roster: Roster | None) -> Promise:
    rules, hours = facts.rules, market.promise_hours[tier]
    reasons: list[Reason] = []
    first = _first_reply(facts, min(hours, rules.ordinary), reasons)
    parts = _due(facts, hours) if tier == "parts" else None
    told = parts or first
    by_template = facts.closes is not None and told > facts.closes - timedelta(minutes=rules.margin_minutes)
    reasons += [Reason.BY_TEMPLATE] if by_template else []
    reasons += _shift_reasons(facts, hours, told)
    reasons += calendar_reasons(market, tier, facts.asked, facts.start, told, roster)
    return Promise(
        tier=tier,
        asked_at=facts.asked,
        starts_at=facts.start,
        first_reply=_clock(facts, first),
        solution=_clock(facts, _due(facts, getattr(rules.solution, tier))),
        parts=_clock(facts, parts) if parts else None,
        by_template=by_template,
        reasons=tuple(reason for reason in Reason if reason in reasons),
    )


def _team_time(market: MarketProfile, asked: datetime, roster: Roster | None) -> WorkingTime:
    openings: Iterator[Span] = market_openings(market, asked)
    return WorkingTime(roster.on_duty(openings, asked) if roster else openings)


def _effort(rules: PromiseHours, queue_ahead: int | None, pace: timedelta | None) -> timedelta | None:
    if queue_ahead is None:
        return None
    if not 0 <= queue_ahead <= MAX_QUEUE:
        raise ValueError(f"a queue of {queue_ahead} is not possible; pass 0 to {MAX_QUEUE}")
    each = timedelta(minutes=rules.minutes_each) if pace is None else pace
    if not timedelta() < each <= MAX_PACE:
        raise ValueError(f"a pace of {each} is not possible; pass more than zero and at most {MAX_PACE}")
    return each * (queue_ahead + 1) * rules.headroom


def _due(facts: _Facts, hours: int) -> datetime:
    """Clock hours from the moment somebody works on, up to one when somebody works."""
    return max(facts.work.next(facts.start + timedelta(hours=hours)), facts.earliest)


def _first_reply(facts: _Facts, hours: int, reasons: list[Reason]) -> datetime:
    """The tier's due time, earlier where queue or channel make it so; adds to `reasons` what they did."""
    due = _due(facts, hours)
    ready = _ready(facts, due)
    if facts.effort is not None and ready != due:
        reasons.append(Reason.QUEUE_SHORT)
        due = ready
    elif facts.effort is not None and facts.work.work_between(facts.start, due) < facts.effort:
        reasons.append(Reason.QUEUE_LONG)
    return _before_closing(facts, due, ready, reasons)


def _shift_reasons(facts: _Facts, hours: int, told: datetime) -> list[Reason]:
    """Why `told` lies after the tier's hours, if it does."""
    bare = facts.start + timedelta(hours=hours)
    if told <= bare:
        return []
    return [Reason.LEAST_TIME if facts.work.next(bare) < told else Reason.CLOSED_AT_END]


def _ready(facts: _Facts, due: datetime) -> datetime:
    """When an answer can be there at the earliest, up to `due`."""
    if facts.effort is None:
        return facts.earliest
    if facts.work.work_between(facts.start, due) <= facts.effort:  # so that no queue is followed for years
        return due
    done = max(facts.earliest, facts.work.after_work(facts.start, facts.effort))
    # Nobody says "by 10:06"; up to the next five minutes, if people are in then.
    return min(facts.work.next(done + (datetime.min.replace(tzinfo=UTC) - done) % FIVE_MINUTES), due)


def _before_closing(facts: _Facts, due: datetime, ready: datetime, reasons: list[Reason]) -> datetime:
    """`due`, or a moment before the channel closes if that is not before `ready`."""
    if facts.closes is None:
        return due
    margin = timedelta(minutes=facts.rules.margin_minutes)
    limit = facts.closes - margin
    if due <= limit:
        return due
    last = facts.work.last_until(limit, margin)
    if last is None or last < ready:
        return due
    reasons.append(Reason.CHANNEL_CLOSES)
    return last


def _clock(facts: _Facts, due: datetime) -> Clock:
    rules = facts.rules
    total = facts.work.between(facts.asked, due)
    left = max(total * rules.at_risk_share, timedelta(minutes=rules.at_risk_minutes))
    at_risk = facts.work.after(facts.asked, total - min(left, total / 2))
    return Clock(due, at_risk)
