"""The first administrator: made at the first start, when nobody could sign in."""

import time

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from core.schema_desk import agents
from core.settings import Settings
from desk.agents import agent_named
from desk.people.accounts import By, create_account, give_link
from desk.people.model import Account
from desk.viewer import EVERY_MARKET, Role
from desk.web.words import DEFAULT

NAME = "admin"
CAPACITY = 6
_HAS_BEEN_HERE = sa.or_(agents.c.password_hash != "", agents.c.oidc_subject.is_not(None))


def first_admin_link(engine: Engine, now: float | None = None) -> str:
    """Path of a one-time link of the first administrator; earlier ones are void. Empty when there is anybody else
    already, or the administrator has signed in: a first start that failed leaves nobody locked out.
    """
    by = By("aftersail", time.time() if now is None else now)
    with engine.begin() as connection:
        others = connection.execute(sa.select(sa.func.count()).where(sa.or_(agents.c.name != NAME, _HAS_BEEN_HERE)))
        if others.scalar_one():
            return ""
        first = agent_named(connection, NAME) or create_account(connection, NAME, new_account(Role.ADMIN), by)
        return give_link(connection, first, by)


def desk_address(settings: Settings) -> str:
    """Where people reach the desk."""
    return settings.public_url.rstrip("/") or f"http://{settings.host}:{settings.port}"


def new_account(role: Role, **changes: object) -> Account:
    """An account for all markets, in the desk's first language; its owner changes the rest."""
    values: dict[str, object] = {
        "display_name": NAME.title(),
        "email": "",
        "role": role,
        "markets": (EVERY_MARKET,),
        "languages": (DEFAULT,),
        "skills": (),
        "capacity": CAPACITY,
        "interface": DEFAULT,
        "time_zone": "UTC",
        "duty_hours": {},
        **changes,
    }
    return Account(**values)  # type: ignore[arg-type]  # names are those of the class
