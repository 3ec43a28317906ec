"""The first administrator: made at the first start, when nobody could sign in."""

import time

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from core.schema_desk import agents
from core.settings import Settings
from desk.people.accounts import By, create_account, give_link
from desk.people.model import Account
from desk.viewer import EVERY_MARKET, Role
from desk.web.words import DEFAULT

NAME = "admin"
CAPACITY = 6


def first_admin_link(engine: Engine, now: float | None = None) -> str:
    """Path of the one-time link of the administrator who was just made; empty when there is anybody already."""
    by = By("aftersail", time.time() if now is None else now)
    with engine.begin() as connection:
        if connection.execute(sa.select(sa.func.count()).select_from(agents)).scalar_one():
            return ""
        return give_link(connection, create_account(connection, NAME, new_account(Role.ADMIN), by), by)


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
