"""GET /desk/c/{id}/hints: how people of this market are spoken to, what time it is there, and what not to write."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import holidays
from babel import Locale
from babel.dates import format_date, format_time
from starlette.responses import Response

from conversations import rows
from conversations.model import Conversation, Message
from core.database import reading
from desk.viewer import Right
from desk.web.ask import Ask
from desk.writing.hint_files import hints_of
from desk.writing.turn import recipient_of
from glossaries.model import Status, Term, TermSet
from glossaries.violations import GateRelease
from knowledge.whose_clock import lived_in
from markets.profile import MarketProfile

LOOK_BACK = 12  # messages whose subject decides which words matter most
MOST_WORDS = 6
DAYS_AHEAD = 14
NIGHT = (22, 7)  # hours in which people sleep


@dataclass(frozen=True)
class Avoided:
    """A word that must not leave."""

    text: str
    instead: str
    reason: str
    near: bool  # the conversation is about it


@dataclass(frozen=True)
class LocalTime:
    """The customer's time of day."""

    text: str
    zone: str
    is_night: bool
    is_known: bool  # the customer's own zone, not just the market's


@dataclass(frozen=True)
class Holiday:
    """A day on which nobody works there."""

    name: str
    day: str
    is_today: bool


def hints(ask: Ask) -> Response:
    """The panel."""
    with reading(ask.deps.engine) as connection:
        conversation = ask.conversation(connection, Right.READ)
        after = max(0, conversation.last_seq - LOOK_BACK)
        history = rows.history(connection, conversation.id, after, LOOK_BACK)
    release = ask.deps.release()
    market, to = release.markets[conversation.market], recipient_of(conversation, release)
    return ask.page(
        "writing/hints.html",
        conversation=conversation,
        market=market,
        to=to,
        hints=hints_of(market.code, ask.words.language),
        time=local_time(conversation, market, ask.now, ask.words.language),
        holidays=holidays_ahead(market, ask.now, ask.words.language),
        avoided=avoided_words(ask.deps.terms(), to.market, to.language, history),
    )


def local_time(conversation: Conversation, market: MarketProfile, now: float, language: str) -> LocalTime:
    """In the customer's time zone where the channel tells it, else in the market's."""
    known = lived_in(conversation.hints.time_zone)
    zone = known or market.zone
    at = datetime.fromtimestamp(now, zone)
    locale = Locale.parse(language.replace("-", "_"))
    text = f"{format_date(at, 'EEEE', locale=locale)}, {format_time(at, 'short', locale=locale)}"
    return LocalTime(text, zone.key, at.hour >= NIGHT[0] or at.hour < NIGHT[1], known is not None)


def holidays_ahead(market: MarketProfile, now: float, language: str) -> Sequence[Holiday]:
    """Days off in the next two weeks, the nearest first; by name where it has one, in the desk's language or theirs."""
    today = datetime.fromtimestamp(now, UTC).astimezone(market.zone).date()
    days = [today + timedelta(days=number) for number in range(DAYS_AHEAD + 1)]
    named = _named(market, language, sorted({day.year for day in days}))
    locale = Locale.parse(language.replace("-", "_"))
    return [
        Holiday(str(named.get(day) or ""), format_date(day, "full", locale), day == today)
        for day in days
        if market.holidays.is_holiday(day)
    ]


def _named(market: MarketProfile, language: str, years: Sequence[int]) -> Mapping[date, str]:
    place = {"country": market.holidays.country, "subdiv": market.holidays.subdivision}
    known = holidays.country_holidays(**place)
    spoken = (code for code in known.supported_languages if code.split("_")[0] == language.split("-")[0])
    found: Mapping[date, str] = holidays.country_holidays(
        **place, years=years, language=next(spoken, known.default_language)
    )
    return found


def avoided_words(release: GateRelease, market: str, language: str, history: Sequence[Message]) -> Sequence[Avoided]:
    """Forbidden words of the market, those of what the conversation is about first."""
    matcher = release.matcher(market, language)
    said = [match.term.concept for row in history for match in matcher.find(row.text)]
    terms = release.terms(market, language)
    seen: dict[str, Term] = {}
    for term in terms.terms:
        if term.status is Status.FORBIDDEN:
            seen.setdefault(term.concept, term)
    order = sorted(seen.values(), key=lambda term: (-said.count(term.concept), term.concept))
    return [_avoided(term, terms, term.concept in said) for term in order[:MOST_WORDS]]


def _avoided(term: Term, terms: TermSet, near: bool) -> Avoided:
    preferred = terms.preferred(term.concept)
    instead = term.replacement or (preferred.text if preferred else "")
    return Avoided(term.text, instead, term.reason, near)
