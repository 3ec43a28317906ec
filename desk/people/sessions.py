"""Sessions: who is behind a cookie."""

import hashlib
import time
from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from core.database import reading
from core.schema_desk import agent_sessions, agents
from desk.agents import ACTIVE, to_agent
from desk.viewer import Viewer


class Sessions:
    """Finds sessions by their token."""

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._clock = clock

    def viewer(self, token: str) -> Viewer | None:
        """Whose session it is; None when it is unknown, over or ended, or its owner disabled."""
        digest = hashlib.sha256(token.encode()).hexdigest()
        statement = (
            sa.select(agents, agent_sessions.c.csrf)
            .join(agent_sessions, agent_sessions.c.agent_id == agents.c.id)
            .where(
                agent_sessions.c.token_hash == digest,
                agent_sessions.c.ended_at.is_(None),
                agent_sessions.c.expires_at > self._clock(),
                agents.c.state == ACTIVE,
            )
        )
        with reading(self._engine) as connection:
            row = connection.execute(statement).one_or_none()
        if row is None:
            return None
        agent = to_agent(row)
        return Viewer(
            id=agent.id,
            name=agent.name,
            display_name=agent.display_name,
            role=agent.role,
            markets=agent.markets,
            languages=agent.languages,
            interface=agent.interface,
            time_zone=agent.time_zone,
            csrf=row.csrf,
            session=digest,
        )
