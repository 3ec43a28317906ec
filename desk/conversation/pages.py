"""Pages of this part of the desk."""

from collections.abc import Sequence

from desk.conversation.action_pages import action_pages
from desk.conversation.note_pages import note_pages
from desk.conversation.thread_pages import ThreadPages
from desk.conversation.translations import Translations
from desk.viewer import Right
from desk.web.routing import Page


def conversation_pages() -> Sequence[Page]:
    """Every page."""
    thread = ThreadPages(Translations())
    return [
        Page("/c/{id}", thread.page, Right.READ),
        Page("/c/{id}/thread", thread.part, Right.READ),
        Page("/c/{id}/header", thread.header, Right.READ),
        *action_pages(),
        *note_pages(),
    ]
