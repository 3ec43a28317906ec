"""Taking a conversation from the list: a certain one, or whoever waits most urgently."""

import json

from sqlalchemy.engine import Connection
from starlette.responses import Response

from conversations import ownership
from conversations.ownership import Action, Event
from conversations.ownership_errors import OwnershipError
from core.database import reading
from core.errors import NotFound
from desk.audit import audit
from desk.queue.filters import Filters, View
from desk.queue.statements import Wish, list_query
from desk.viewer import Right
from desk.visible import visible_conversation
from desk.web.ask import Ask

TRIES = 5  # others take at the same time


def take(ask: Ask) -> Response:
    """Make the conversation of `id` the viewer's and open it. Raises AlreadyTaken when another was quicker."""
    conversation_id = ask.field("id", 32)
    with ask.deps.engine.begin() as connection:
        _take(connection, ask, conversation_id)
    ask.deps.news(conversation_id)
    return ask.go(f"/desk/c/{conversation_id}")


def take_next(ask: Ask) -> Response:
    """Take and open the conversation that waits most urgently, first among the viewer's languages."""
    for conversation_id in _waiting(ask):
        try:
            with ask.deps.engine.begin() as connection:
                _take(connection, ask, conversation_id)
        except (OwnershipError, NotFound):  # somebody else has just taken it: the next one
            continue
        ask.deps.news(conversation_id)
        return ask.go(f"/desk/c/{conversation_id}")
    if ask.is_partial:
        said = {"toast": {"kind": "info", "text": ask.words("queue.nothing_waits")}}
        return Response(status_code=204, headers={"hx-trigger": json.dumps(said)})
    return ask.go("/desk/queue?view=waiting")


def _waiting(ask: Ask) -> list[str]:
    wish = Wish(ask.viewer, Filters(View.WAITING), ask.now, limit=50)
    with reading(ask.deps.engine) as connection:
        rows = connection.execute(*list_query(wish)).all()
    if not ask.viewer.is_lead:
        rows = [row for row in rows if not row.escalated]
    theirs = sorted(rows, key=lambda row: row.language not in ask.viewer.languages)  # stable: else as in the list
    return [row.id for row in theirs[:TRIES]]


def _take(connection: Connection, ask: Ask, conversation_id: str) -> None:
    found = visible_conversation(connection, ask.viewer, conversation_id, Right.ANSWER)
    action = Action(Event.TAKE, ask.viewer.owner)
    ownership.move(connection, found.id, action, ask.now, promise=ask.deps.promise)
    audit(connection, ask.viewer.owner, "take", target=found.id, market=found.market, now=ask.now)
