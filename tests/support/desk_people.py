"""People at a desk, put straight into the database."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from core.schema_desk import agents
from desk.people.sessions import open_session

ZONE = "Europe/Berlin"


def add_agent(engine: Engine, name: str, now: float, role: str = "agent", **changes: Any) -> str:
    """Somebody who may sign in; the id. Markets: all, languages: German and English, at their desk, unless given."""
    values: dict[str, Any] = {
        "id": f"id-{name}",
        "name": name,
        "display_name": name.title(),
        "role": role,
        "markets": ["*"],
        "languages": ["de", "en"],
        "skills": [],
        "duty_hours": {},
        "presence": "here",
        "seen_at": now,
        "time_zone": ZONE,
        "created_at": now,
        "updated_at": now,
        **changes,
    }
    with engine.begin() as connection:
        connection.execute(sa.insert(agents).values(**values))
    return str(values["id"])


def sign_in(engine: Engine, name: str, now: float) -> tuple[str, str]:
    """(token, csrf) of a new session of the agent."""
    with engine.begin() as connection:
        agent_id = connection.execute(sa.select(agents.c.id).where(agents.c.name == name)).scalar_one()
        return open_session(connection, agent_id, now, "test browser")
