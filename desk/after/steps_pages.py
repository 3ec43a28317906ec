"""The steps of a case beside its conversation: shown, ticked, unticked."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from starlette.responses import Response

from conversations import handoff_rows
from conversations.model import Conversation
from core.database import reading
from core.schema import handoffs
from core.schema_desk import sop_marks
from desk.after.steps_model import Step, StepBook, load_steps
from desk.errors import InvalidForm
from desk.viewer import Right
from desk.web.ask import Ask
from desk.web.routing import Page
from knowledge.words import MissingValue, UnknownReply
from markets.profile import MarketProfile


@dataclass(frozen=True)
class Mark:
    """Who has done a step, and when."""

    who: str
    at: float


def steps_routes() -> list[Page]:
    """The panel, and its ticks."""
    return [Page("/c/{id}/steps", panel, Right.READ), Page("/c/{id}/steps", mark, Right.ANSWER, "POST")]


def panel(ask: Ask) -> Response:
    """The steps of the case's kind; ?type= shows another kind."""
    with reading(ask.deps.engine) as connection:
        conversation = ask.conversation(connection)
        return _panel(ask, connection, conversation, ask.query.get("type", ""))


def mark(ask: Ask) -> Response:
    """Tick a step, or take the tick away."""
    book = load_steps()
    step_id, done = ask.field("step", 64), ask.field("done", 1) == "1"
    kind = step_id.partition(".")[0]
    with ask.deps.engine.begin() as connection:
        conversation = ask.conversation(connection, Right.ANSWER)
        if step_id not in {step.id for step in book.types.get(kind, ())}:
            raise InvalidForm("step", "there is no such step")
        if set_mark(connection, conversation.id, step_id, ask.viewer.owner, ask.now, done):
            ask.audit(connection, conversation, "step", {"step": step_id, "done": done})
        return _panel(ask, connection, conversation, kind)


def set_mark(connection: Connection, conversation_id: str, step: str, who: str, now: float, done: bool) -> bool:
    """Whether something changed. Who ticked first stays written down."""
    mine = sa.and_(sop_marks.c.conversation_id == conversation_id, sop_marks.c.step == step)
    if not done:
        return connection.execute(sa.delete(sop_marks).where(mine)).rowcount == 1
    if connection.execute(sa.select(sop_marks.c.step).where(mine)).first():
        return False
    values = {"conversation_id": conversation_id, "step": step, "done_by": who, "done_at": now}
    connection.execute(sa.insert(sop_marks).values(**values))
    return True


def marks_of(connection: Connection, conversation_id: str) -> Mapping[str, Mark]:
    """By step, who has done it."""
    rows = connection.execute(sa.select(sop_marks).where(sop_marks.c.conversation_id == conversation_id))
    return {row.step: Mark(row.done_by, row.done_at) for row in rows}


def _panel(ask: Ask, connection: Connection, conversation: Conversation, wanted: str) -> Response:
    book = load_steps()
    market = ask.deps.release().market_of(conversation.market)
    marks = marks_of(connection, conversation.id)
    kind = wanted if wanted in book.types else _kind(connection, book, conversation, marks)
    steps = book.steps(kind, market)
    return ask.page(
        "after/steps.html",
        conversation=conversation,
        kind=kind,
        kinds=list(book.types),
        steps=steps,
        marks=marks,
        done=sum(step.id in marks for step in steps),
        text_of=lambda step: _text(ask, conversation, market, step),
    )


def _kind(connection: Connection, book: StepBook, conversation: Conversation, marks: Mapping[str, Mark]) -> str:
    """The kind that somebody works at already; else the hand-off's."""
    if marks:
        last = max(marks, key=lambda step: marks[step].at)
        begun = last.partition(".")[0]
        if begun in book.types:
            return begun
    handoff = handoff_rows.of_conversation(connection, conversation.id)
    reason = handoff.reason if handoff else _last_reason(connection, conversation.id)
    return book.type_for(reason)


def _last_reason(connection: Connection, conversation_id: str) -> str:
    mine = sa.select(handoffs.c.reason).where(handoffs.c.conversation_id == conversation_id)
    return connection.execute(mine.order_by(handoffs.c.created_at.desc()).limit(1)).scalar_one_or_none() or ""


def _text(ask: Ask, conversation: Conversation, market: MarketProfile, step: Step) -> str:
    """The step's reply in the customer's language; empty when it needs a fact that only the agent knows."""
    if not step.reply:
        return ""
    language = conversation.language or market.languages[0]
    try:
        return ask.deps.release().words.say(step.reply, market=market, language=language).text
    except (MissingValue, UnknownReply):
        return ""
