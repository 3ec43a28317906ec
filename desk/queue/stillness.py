"""Why no conversation comes to somebody: said where their list is empty."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from desk.agents import AWAY, Agent, agent_named, list_agents
from desk.viewer import Right, Viewer

OnDuty = Callable[[Agent, str, float], bool]  # (agent, market, now)


@dataclass(frozen=True)
class Stillness:
    """What keeps conversations away."""

    away: bool
    off_duty: bool  # in every market of theirs
    alone: bool  # nobody else answers, and the viewer may add people


def read_stillness(
    connection: Connection, viewer: Viewer, on_duty: OnDuty, markets: Iterable[str], now: float
) -> Stillness | None:
    """Of the viewer; None when their account is gone."""
    agent = agent_named(connection, viewer.name)
    if agent is None:
        return None
    works = any(on_duty(agent, market, now) for market in markets if agent.sees(market))
    alone = viewer.may(Right.PEOPLE) and not any(
        other.name != agent.name and other.may(Right.ANSWER) for other in list_agents(connection)
    )
    return Stillness(agent.presence == AWAY, not works, alone)
