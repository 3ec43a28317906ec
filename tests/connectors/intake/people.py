"""What the tests of applying events look at, and how they break the database."""

from typing import Any

import pytest
import sqlalchemy as sa

from conversations.model import Message
from tests.support.channel_desk import Desk

CHANNEL = ("scripted", "de")


def texts(desk: Desk, sender: str = "ann") -> list[str]:
    """What stands in the person's conversation."""
    return [one.text for one in rows(desk, sender)]


def rows(desk: Desk, sender: str = "ann") -> list[Message]:
    """The messages of the person's conversation."""
    return desk.record.history(desk.conversation(sender).id)


def break_for(desk: Desk, monkeypatch: pytest.MonkeyPatch, broken: set[str]) -> None:
    """Let messages with these words fail as a database does."""
    whole = desk.record.receive

    def receive(inbound: Any) -> Any:
        if inbound.text in broken:
            raise sa.exc.OperationalError("INSERT", {}, Exception("disk I/O error"))
        return whole(inbound)

    monkeypatch.setattr(desk.record, "receive", receive)
