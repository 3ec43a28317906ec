"""Which ended conversations are asked about: a row for each, also for those that are not, with the reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row
from sqlalchemy.exc import IntegrityError

from aftersail.survey_rules import SurveyRule, SurveyRules
from conversations.episode_rows import last_of
from conversations.surveys import DAY_S, ENDINGS, PLANNED_S, SKIPPED, WAITING, lately_asked
from core.database import reading
from core.schema import conversations, messages, ownership_events
from core.schema_channels import contacts
from core.schema_desk import surveys

BATCH = 200
_PERSON = ("channel", "account", "sender")


@dataclass
class SurveyPlan:
    """Finds endings that are due, each by itself: one market's delay holds up nobody else's."""

    engine: Engine
    rules: SurveyRules
    passed: int = 0  # id of the last event that is too old to be asked about

    def look(self, now: float) -> int:
        """Number of rows made."""
        with reading(self.engine) as connection:
            old = sa.and_(ownership_events.c.id > self.passed, ownership_events.c.at <= now - PLANNED_S)
            newest = connection.execute(sa.select(sa.func.max(ownership_events.c.id)).where(old)).scalar_one()
            self.passed = newest or self.passed
            endings = connection.execute(self._due(now)).all()
        return sum(self._plan(ending, self.rules.of(ending.market), now) for ending in endings)

    def _due(self, now: float) -> sa.Select[Any]:
        """Endings without a row of a survey, the oldest first."""
        market, at, own = conversations.c.market, ownership_events.c.at, self.rules.markets
        rules = [*((rule, market == code) for code, rule in own.items()), (self.rules.default, market.not_in(own))]
        delayed = [(its, now - 60.0 * rule.delay_minutes) for rule, its in rules if rule.ask]
        waited = [sa.and_(its, at <= ended, at > ended - DAY_S) for its, ended in delayed]
        return (
            sa.select(ownership_events.c.id, at, *_columns())
            .join(conversations, conversations.c.id == ownership_events.c.conversation_id)
            .outerjoin(surveys, surveys.c.conversation_id == conversations.c.id)
            .where(ownership_events.c.id > self.passed, ownership_events.c.event.in_(ENDINGS))
            .where(surveys.c.id.is_(None), sa.or_(sa.false(), *waited))
            .order_by(ownership_events.c.id)
            .limit(BATCH)
        )

    def _plan(self, ending: Row[Any], rule: SurveyRule, now: float) -> bool:
        with self.engine.begin() as connection:
            agent = _agent_of(connection, ending.conversation)
            reason = _why_not(connection, ending, rule, agent, now)
            values = {"id": uuid4().hex, "conversation_id": ending.conversation, "agent": agent, "created_at": now}
            values |= {"market": ending.market, "language": ending.language, "channel": ending.channel}
            values |= {"state": SKIPPED if reason else WAITING, "reason": reason}
            try:
                with connection.begin_nested():
                    connection.execute(sa.insert(surveys).values(**values))
            except IntegrityError:  # another process was quicker
                return False
        return True


def _columns() -> list[Any]:
    names = ("market", "language", "hints", *_PERSON)
    return [conversations.c.id.label("conversation"), *(conversations.c[name] for name in names)]


def _why_not(connection: Connection, ending: Row[Any], rule: SurveyRule, agent: str, now: float) -> str:
    """Why this conversation is not asked about; empty: it is."""
    person: Mapping[str, str] = {name: getattr(ending, name) for name in _PERSON}
    if not agent and not (rule.bot and _was_answered(connection, ending.conversation)):
        return "nobody_answered"
    if last_of(connection, **person) != ending.conversation and _wrote_since(connection, person, ending):
        return "wrote_again"
    if lately_asked(connection, person, ending.hints.get("customer_ref", ""), now - rule.every_days * DAY_S):
        return "asked_lately"
    same = sa.and_(*(contacts.c[name] == value for name, value in person.items()))
    if connection.execute(sa.select(contacts.c.blocked).where(same)).scalar_one_or_none():
        return "blocked"
    return ""


def _agent_of(connection: Connection, conversation_id: str) -> str:
    """The agent who wrote last; empty when nobody did."""
    theirs = sa.and_(
        messages.c.conversation_id == conversation_id,
        messages.c.direction == "out",
        messages.c.author.startswith("agent:", autoescape=True),
    )
    last = sa.select(messages.c.author).where(theirs).order_by(messages.c.seq.desc()).limit(1)
    return connection.execute(last).scalar_one_or_none() or ""


def _was_answered(connection: Connection, conversation_id: str) -> bool:
    """Whether the customer wrote and the bot had the last word."""
    said = (
        sa.select(messages.c.author)
        .where(messages.c.conversation_id == conversation_id, messages.c.kind != "event")
        .order_by(messages.c.seq.desc())
        .limit(BATCH)
    )
    authors = connection.execute(said).scalars().all()
    return bool(authors) and authors[0] != "customer" and "customer" in authors


def _wrote_since(connection: Connection, person: Mapping[str, str], ending: Row[Any]) -> bool:
    newer = sa.and_(
        *(conversations.c[name] == value for name, value in person.items()),
        conversations.c.id != ending.conversation,
        conversations.c.last_seq > 0,
        conversations.c.updated_at >= ending.at,
    )
    return connection.execute(sa.select(conversations.c.id).where(newer).limit(1)).first() is not None
