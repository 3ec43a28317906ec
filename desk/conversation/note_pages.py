"""Notes of agents: the panel, writing one, and who may be mentioned."""

from collections.abc import Sequence
from uuid import uuid4

from starlette.responses import Response

from conversations.model import Conversation
from core.database import reading
from desk.agents import display_names
from desk.conversation import thread_rows
from desk.conversation.action_pages import deed_of
from desk.conversation.notes import MAX_TEXT, offered, write_note
from desk.conversation.thread_items import note_view
from desk.viewer import Right
from desk.web.ask import Ask
from desk.web.routing import Page

MOST_IN_PANEL = 30


def note_pages() -> Sequence[Page]:
    """Every page."""
    return [
        Page("/c/{id}/notes", panel, Right.READ),
        Page("/c/{id}/notes", write, Right.ANSWER, "POST"),
        Page("/c/{id}/mentions", mentions, Right.ANSWER),
    ]


def panel(ask: Ask) -> Response:
    """The newest notes, and a form for another."""
    with reading(ask.deps.engine) as connection:
        return _panel(ask, ask.conversation(connection))


def write(ask: Ask) -> Response:
    """Keep the note; the panel with it."""
    deed = deed_of(ask)
    write_note(deed, ask.field("key", 32), ask.field("text", MAX_TEXT))
    if not ask.is_partial:
        return ask.go(f"/desk/c/{deed.conversation.id}")
    answer = _panel(ask, deed.conversation)
    answer.headers["hx-trigger"] = "conversation:done"
    return answer


def mentions(ask: Ask) -> Response:
    """Agents whose names begin as the query says."""
    with reading(ask.deps.engine) as connection:
        conversation = ask.conversation(connection, Right.ANSWER)
        found = offered(connection, conversation.market, ask.query.get("q", "")[:40])
    return ask.page("conversation/mentions.html", agents=found)


def _panel(ask: Ask, conversation: Conversation) -> Response:
    with reading(ask.deps.engine) as connection:
        names = display_names(connection)
        found = thread_rows.notes_of(connection, conversation.id)
    shown = [note_view(note, names) for note in found[-MOST_IN_PANEL:]][::-1]
    return ask.page(
        "conversation/notes.html",
        conversation=conversation,
        notes=shown,
        count=len(found),
        key=uuid4().hex,
        most=MAX_TEXT,
    )
