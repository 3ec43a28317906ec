"""Asks customers how satisfied they are, and says a word to what they answer."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import sqlalchemy as sa
import structlog
from prometheus_client import CollectorRegistry, Counter
from sqlalchemy.engine import Connection, Engine, Row
from sqlalchemy.exc import DBAPIError

from aftersail.survey_plan import SurveyPlan
from aftersail.survey_rules import SurveyRules, load_survey_rules
from conversations import rows
from conversations.model import Conversation, Reply
from conversations.notices import Notices
from conversations.outgoing import Blocked
from conversations.surveys import ANSWERED, ASKED, IMPOSSIBLE, LOW, RATED, SORRY, THANKS, WAITING, rating_payload
from core.database import reading
from core.schema_desk import surveys
from knowledge.release import Release

logger = structlog.get_logger(__name__)

EVERY_S = 2.0
BATCH = 20  # sent in one look
QUESTION, KEPT = "utter_survey_question", "utter_survey_sorry"
TEMPLATE = "survey"  # what the WhatsApp template is for, under `purposes` of its file
WINDOW_CLOSED = "window_closed"
FREE = "free"
SAYS: Mapping[str, str] = {THANKS: "utter_survey_thanks", SORRY: KEPT}


class Channels(Protocol):
    """What a message costs; aftersail/desk_channels.py."""

    def cost_of(self, conversation: Conversation, reply: Reply) -> tuple[str, str]:
        """(what it costs now, why it cannot be sent)."""


@dataclass(frozen=True)
class SurveyDesk:
    """Runs in the web process; several may, since each change is a conditional UPDATE."""

    engine: Engine
    plan: SurveyPlan
    rules: SurveyRules
    release: Callable[[], Release]
    notices: Notices
    channels: Channels
    news: Callable[[str], object]
    counted: Counter
    clock: Callable[[], float] = time.time

    async def run(self, stopped: asyncio.Event) -> None:
        """Until `stopped`."""
        while not stopped.is_set():
            try:
                await asyncio.to_thread(self.look)
            except DBAPIError as error:
                logger.error("surveys_failed", error=str(error.orig), remedy="run `aftersail doctor`")
            try:
                await asyncio.wait_for(stopped.wait(), EVERY_S)
            except TimeoutError:
                continue

    def look(self) -> None:
        """Plan, ask and thank once."""
        self.plan.look(self.clock())
        with reading(self.engine) as connection:
            due = sa.select(surveys).where(surveys.c.state.in_((WAITING, RATED)))
            found = connection.execute(due.order_by(surveys.c.created_at).limit(BATCH)).all()
        for survey in found:
            try:
                self._ask(survey) if survey.state == WAITING else self._thank(survey)
            except Exception:  # the others must not wait for one that fails
                logger.critical("survey_failed", conversation=survey.conversation_id, exc_info=True)

    def _ask(self, survey: Row[Any]) -> None:
        with reading(self.engine) as connection:
            conversation = rows.conversation(connection, survey.conversation_id)
            newer = rows.open_conversation(connection, conversation.channel, conversation.account, conversation.sender)
        if newer and newer.last_seq:
            self._cannot(survey, "wrote_again")
            return
        reply = self._question(conversation, survey.id)
        cost, reason = self.channels.cost_of(conversation, reply)
        if reason == WINDOW_CLOSED:
            reply = _as_template(reply, self.release().market_of(conversation.market).brand)
            cost, reason = self.channels.cost_of(conversation, reply)
        if not reason and cost != FREE and not self.rules.of(conversation.market).paid:
            reason = "costs"
        if reason:
            self._cannot(survey, reason)
            return
        asked = {"state": ASKED, "asked_at": self.clock(), "language": reply.language}
        self._send(survey, conversation, reply, WAITING, asked)

    def _thank(self, survey: Row[Any]) -> None:
        with reading(self.engine) as connection:
            conversation = rows.conversation(connection, survey.conversation_id)
        wanted = SORRY if survey.score <= LOW and not survey.comment else THANKS  # who has said why is not asked
        if survey.told in (wanted, SORRY):  # thanked once; a question is not asked twice
            self._change(survey, RATED, {"state": ANSWERED})
            return
        reply = self._reply(conversation, SAYS[wanted], survey.id)
        _, reason = self.channels.cost_of(conversation, reply)
        if reason:
            self._change(survey, RATED, {"state": ANSWERED})
            return
        self._send(survey, conversation, reply, RATED, {"state": ANSWERED, "told": wanted})

    def _send(
        self, survey: Row[Any], conversation: Conversation, reply: Reply, before: str, after: Mapping[str, Any]
    ) -> None:
        def holds(connection: Connection) -> bool:
            return _changed(connection, survey.id, survey.score, before, after)

        try:
            sent = self.notices.send_when(conversation.id, reply, holds)
        except Blocked as error:
            logger.error("survey_blocked", conversation=conversation.id, problems=len(error.violations))
            self._change(survey, before, {"state": IMPOSSIBLE if before == WAITING else ANSWERED, "reason": "gate"})
            return
        if sent:
            self.counted.labels(after["state"], conversation.channel).inc()
            self.news(conversation.id)

    def _cannot(self, survey: Row[Any], reason: str) -> None:
        self._change(survey, WAITING, {"state": IMPOSSIBLE, "reason": reason[:200]})
        self.counted.labels(IMPOSSIBLE, survey.channel).inc()

    def _change(self, survey: Row[Any], before: str, after: Mapping[str, Any]) -> None:
        with self.engine.begin() as connection:
            _changed(connection, survey.id, survey.score, before, after)

    def _question(self, conversation: Conversation, survey_id: str) -> Reply:
        reply = self._reply(conversation, QUESTION, survey_id)
        release = self.release()
        market, words = release.market_of(conversation.market), release.words
        buttons = []
        for score in range(1, 6):
            said = words.say(f"label_survey_{score}", market=market, language=reply.language)
            buttons.append({"title": said.text, "payload": rating_payload(survey_id, score), "short": said.short})
        return Reply(reply.text, reply.language, {**reply.payload, "buttons": buttons}, reply.release)

    def _reply(self, conversation: Conversation, name: str, survey_id: str) -> Reply:
        release = self.release()
        market = release.market_of(conversation.market)
        said = release.words.say(name, market=market, language=conversation.language or market.languages[0])
        payload: dict[str, Any] = {"response": name, "survey": survey_id}
        if said.buttons:
            payload["buttons"] = [button.to_json() for button in said.buttons]
        return Reply(said.text, said.language, payload, release.id)


def open_surveys(
    engine: Engine,
    release: Callable[[], Release],
    notices: Notices,
    channels: Channels,
    news: Callable[[str], object],
    registry: CollectorRegistry,
    clock: Callable[[], float] = time.time,
) -> SurveyDesk:
    """The surveys of an installation. Raises ContentError for a wrong file."""
    rules = load_survey_rules()
    counted = Counter("aftersail_surveys", "Surveys by what became of them", ["state", "channel"], registry=registry)
    return SurveyDesk(engine, SurveyPlan(engine, rules), rules, release, notices, channels, news, counted, clock)


def _changed(connection: Connection, survey_id: str, score: int | None, before: str, after: Mapping[str, Any]) -> bool:
    """Whether it stood as it was read, and stands as `after` says now."""
    same_score = surveys.c.score.is_(None) if score is None else surveys.c.score == score
    as_read = sa.and_(surveys.c.id == survey_id, surveys.c.state == before, same_score)
    return connection.execute(sa.update(surveys).where(as_read).values(**after)).rowcount == 1


def _as_template(reply: Reply, brand: str) -> Reply:
    payloads = [button["payload"] for button in reply.payload["buttons"]]
    template = {"name": TEMPLATE, "parameters": [brand], "payloads": payloads}
    return Reply(reply.text, reply.language, {**reply.payload, "template": template}, reply.release)
