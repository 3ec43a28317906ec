"""Which conversations a viewer may know of. Every look at one goes through here."""

from sqlalchemy.engine import Connection

from conversations import rows
from conversations.model import Conversation
from core.errors import NotFound
from desk.errors import NotAllowed
from desk.viewer import Right, Viewer

MAX_ID = 32


def visible_conversation(
    connection: Connection, viewer: Viewer, conversation_id: str, right: Right = Right.READ
) -> Conversation:
    """The conversation. Raises NotFound when it does not exist or is of another market, NotAllowed without `right`."""
    if not viewer.may(right):
        raise NotAllowed(f"{viewer.role} has no right to {right}")
    if len(conversation_id) > MAX_ID:
        raise NotFound("there is no such conversation")
    found = rows.conversation(connection, conversation_id)
    if not viewer.sees(found.market):
        raise NotFound(f"there is no conversation {conversation_id}")  # as if it did not exist
    return found
