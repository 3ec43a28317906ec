"""The page of a conversation, its thread and its header."""

from sqlalchemy.engine import Connection
from starlette.responses import Response

from conversations.model import Conversation
from core.database import reading
from desk.conversation.header import read_header
from desk.conversation.thread import Thread, ThreadReader, Wanted, wanted_of
from desk.conversation.translations import Translations
from desk.queue.alerts import see_conversation
from desk.web.ask import Ask


class ThreadPages:
    """Handlers that show a conversation. `translations` is shared by all of them."""

    def __init__(self, translations: Translations) -> None:
        self._translations = translations

    def page(self, ask: Ask) -> Response:
        """All of it."""
        with reading(ask.deps.engine) as connection:
            conversation = ask.conversation(connection)
            header = read_header(connection, ask.deps, ask.viewer, conversation)
            newest = Wanted(before=conversation.last_seq + 1)
            thread = self._read(connection, ask, conversation, newest)
        with ask.deps.engine.begin() as connection:
            see_conversation(connection, ask.viewer, conversation.id, ask.now)
        return ask.page("conversation/page.html", head=header, thread=thread)

    def part(self, ask: Ask) -> Response:
        """Items of the thread: older ones, or what is new."""
        wanted = wanted_of(ask.query)
        with reading(ask.deps.engine) as connection:
            conversation = ask.conversation(connection)
            thread = self._read(connection, ask, conversation, wanted)
        return ask.page("conversation/thread_part.html", thread=thread, conversation=conversation)

    def header(self, ask: Ask) -> Response:
        """The header as things stand now."""
        with reading(ask.deps.engine) as connection:
            head = read_header(connection, ask.deps, ask.viewer, ask.conversation(connection))
        return ask.page("conversation/header.html", head=head)

    def _read(self, connection: Connection, ask: Ask, conversation: Conversation, wanted: Wanted) -> Thread:
        return ThreadReader(connection, ask.deps, ask.viewer, conversation, self._translations).read(wanted)
