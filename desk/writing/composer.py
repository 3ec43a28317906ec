"""GET /desk/c/{id}/composer: where an agent writes; and how the conversation stands, asked while they do."""

from typing import Any

from starlette.responses import Response

from conversations.model import MAX_TEXT
from conversations.uploads import MOST_BYTES, MOST_FILES
from core.database import reading
from desk.viewer import Right
from desk.web.ask import Ask
from desk.writing.turn import before_of, choices, recipient_of, standing_of

# What the browser offers to choose; the bytes decide.
FILE_TYPES = ".jpg,.jpeg,.png,.gif,.webp,.avif,.bmp,.pdf"


def composer(ask: Ask) -> Response:
    """The part of the page."""
    with reading(ask.deps.engine) as connection:
        conversation = ask.conversation(connection, Right.READ)
        standing = standing_of(connection, conversation, ask.viewer)
        follows = before_of(connection, conversation.id)
    to = recipient_of(conversation, ask.deps.release())
    return ask.page(
        "writing/composer.html",
        conversation=conversation,
        standing=standing,
        to=to,
        follows=follows,
        languages=choices(ask.viewer, to, ask.deps.translator.available),
        most_text=MAX_TEXT,
        state=ask.deps.channels.state(conversation),
        most_files=MOST_FILES,
        most_bytes=MOST_BYTES,
        file_types=FILE_TYPES,
    )


def composer_state(ask: Ask) -> Response:
    """Whose turn it is now, and the cost as a piece of page."""
    with reading(ask.deps.engine) as connection:
        conversation = ask.conversation(connection, Right.READ)
        standing = standing_of(connection, conversation, ask.viewer)
    values: dict[str, Any] = {"state": ask.deps.channels.state(conversation)}
    cost = ask.pages.write("writing/cost.html", ask, values)
    return ask.json({"turn": standing.turn, "owner": standing.owner, "seq": conversation.last_seq, "cost": cost})
