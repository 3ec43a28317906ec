"""A busy desk as rows: agents with sessions, and conversations that wait."""

import hashlib
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from conversations.model import Conversation
from core.schema import conversations, handoffs, messages
from core.schema_desk import agent_sessions, agents

MARKETS = ("US", "GB", "DE", "FR", "IT", "ES", "JP", "KR")
HOUR_S = 3600.0


@dataclass(frozen=True)
class Read:
    """A language decision that costs nothing: what is measured is the desk."""

    language: str = "en"
    state: Mapping[str, Any] = field(default_factory=dict)
    decision: Mapping[str, Any] = field(default_factory=dict)


class English:
    """Reads everything as English."""

    def read(self, _text: str, _conversation: Conversation) -> Read:
        """English."""
        return Read()


def add_agents(engine: Engine, count: int) -> list[str]:
    """Tokens of the sessions of `count` agents, who see every market and take nothing by themselves."""
    now, tokens = time.time(), [secrets.token_urlsafe(32) for _ in range(count)]
    people = [
        {"id": f"id{n}", "name": f"agent{n}", "display_name": f"Agent {n}", "role": "agent", "markets": ["*"],
         "languages": ["en"], "skills": [], "duty_hours": {}, "presence": "away", "created_at": now, "updated_at": now}
        for n in range(count)
    ]  # fmt: skip
    sessions = [
        {"token_hash": hashlib.sha256(token.encode()).hexdigest(), "agent_id": f"id{n}", "csrf": "c", "created_at": now,
         "seen_at": now, "expires_at": now + HOUR_S}
        for n, token in enumerate(tokens)
    ]  # fmt: skip
    with engine.begin() as connection:
        connection.execute(sa.insert(agents), people)
        connection.execute(sa.insert(agent_sessions), sessions)
    return tokens


def add_conversations(engine: Engine, count: int) -> list[tuple[str, str]]:
    """(sender, market) of `count` open conversations: half with the bot, a quarter waiting, a quarter with agents."""
    now, made = time.time(), [(f"bench-{n}", MARKETS[n % len(MARKETS)]) for n in range(count)]
    owners = ("bot", "queue", "bot", "agent:agent0")
    ids = [uuid4().hex for _ in made]
    with engine.begin() as connection:
        connection.execute(
            sa.insert(conversations),
            [
                {"id": one, "channel": "webchat", "sender": sender, "market": market, "language": "en",
                 "language_state": {}, "hints": {}, "owner": owners[n % 4],
                 "last_seq": 1, "created_at": now, "updated_at": now - 60 - n}
                for n, (one, (sender, market)) in enumerate(zip(ids, made, strict=True))
            ],
        )  # fmt: skip
        connection.execute(
            sa.insert(messages),
            [
                {"id": uuid4().hex, "conversation_id": one, "seq": 1, "direction": "in", "author": "customer",
                 "kind": "text", "text": "My steriliser does not heat any more, what can I do?",
                 "language": "en", "payload": {},
                 "channel": "webchat", "status": "handled", "created_at": now}
                for one in ids
            ],
        )  # fmt: skip
        connection.execute(
            sa.insert(handoffs),
            [
                {"id": uuid4().hex[:12], "conversation_id": one, "reason": "bench", "tier": "ordinary", "packet": {},
                 "created_at": now, "promised_at": now + HOUR_S + n, "waiting_since": now}
                for n, one in enumerate(ids)
                if owners[n % 4] != "bot"
            ],
        )  # fmt: skip
    return made
