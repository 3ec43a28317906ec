"""A record on a real database, and messages to put into it."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Engine

from conversations.model import Conversation, Inbound
from core.database import migrate, open_engine
from core.settings import Settings
from tests.support import postgres


@dataclass(frozen=True)
class Reading:
    """A language decision."""

    language: str
    state: Mapping[str, Any] = field(default_factory=dict)
    decision: Mapping[str, Any] = field(default_factory=dict)


class MarketLanguage:
    """Reads every message as the language of its market's code, in lower case."""

    def read(self, text: str, conversation: Conversation) -> Reading:
        """The market's code as the language."""
        turns = conversation.language_state.get("turns", 0) + 1
        return Reading(
            conversation.market.lower(), {**conversation.language_state, "turns": turns}, {"text": len(text)}
        )


def new_engine(folder: Path) -> Engine:
    """An engine on a new database in `folder`: a copy of one that was migrated once."""
    settings = Settings(data_dir=folder, _env_file=None)
    folder.mkdir(parents=True, exist_ok=True)
    if postgres.is_wanted():
        return open_engine(settings)  # its database is a copy already
    (folder / "aftersail.db").write_bytes(_migrated())
    return open_engine(settings)


@cache
def _migrated() -> bytes:
    """A database file of the newest schema."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(Settings(data_dir=Path(folder), _env_file=None))
        migrate(engine)
        engine.dispose()  # the last connection that closes writes the log into the file
        return (Path(folder) / "aftersail.db").read_bytes()


def inbound(text: str = "hello", provider_id: str = "m1", sender: str = "visitor-1", **changes: Any) -> Inbound:
    """A message of a German web-chat visitor."""
    return Inbound("webchat", sender, changes.pop("market", "DE"), text, provider_id, **changes)
