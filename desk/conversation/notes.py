"""Notes that agents leave each other in a conversation. They are never sent: nothing that sends reads this table."""

import re
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations.ownership_model import AGENT
from core.schema_desk import notes
from desk.agents import Agent
from desk.conversation.actions import Deed
from desk.conversation.header import colleagues
from desk.errors import InvalidForm
from desk.queue.alerts import AlertKind

MAX_TEXT = 4_000
MOST_MENTIONS = 20
MOST_OFFERED = 8
_KEY = re.compile(r"[0-9a-f]{32}")
_MENTION = re.compile(r"(?<![\w@.-])@([\w.-]{1,40})")


def write_note(deed: Deed, key: str, text: str) -> bool:
    """Whether the note is new: the same `key`, 32 hexadecimal digits, writes one note only. Raises InvalidForm.

    Whoever of the market is mentioned as @name is called by an alert.
    """
    if not _KEY.fullmatch(key):
        raise InvalidForm("key")
    conversation = deed.conversation
    with deed.deps.engine.begin() as connection:
        if connection.execute(sa.select(notes.c.id).where(notes.c.id == key)).first():
            return False
        named = mentioned(text, colleagues(connection, conversation.market))
        connection.execute(
            sa.insert(notes).values(
                id=key,
                conversation_id=conversation.id,
                author=deed.viewer.owner,
                text=text,
                mentions=named,
                created_at=deed.now,
            )
        )
        for name in named:
            if f"{AGENT}{name}" != deed.viewer.owner:
                deed.alert(connection, f"{AGENT}{name}", AlertKind.MENTION)
        deed.write_down(connection, "note", {"mentions": named})
    deed.deps.notify("web", conversation.id)
    return True


def mentioned(text: str, agents: Iterable[Agent]) -> list[str]:
    """Names of those agents that stand in the text as @name, in order, each once; at most 20."""
    known = {agent.name.casefold(): agent.name for agent in agents}
    found = [_known(match[1].casefold(), known) for match in _MENTION.finditer(text)]
    return list(dict.fromkeys(name for name in found if name))[:MOST_MENTIONS]


def offered(connection: Connection, market: str, begun: str) -> Sequence[Agent]:
    """Agents of the market whose name or display name has a word that begins so; those who are here first."""
    wanted = begun.casefold()
    return [
        agent
        for agent in colleagues(connection, market)
        if any(word.startswith(wanted) for word in (agent.name.casefold(), *agent.display_name.casefold().split()))
    ][:MOST_OFFERED]


def _known(written: str, known: dict[str, str]) -> str:
    """The name, also when a full stop of the sentence follows it."""
    return known.get(written) or known.get(written.rstrip(".-_"), "")
