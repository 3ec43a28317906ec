"""What the tests of accounts do in a browser."""

import sqlalchemy as sa
from starlette.testclient import TestClient

from core.database import reading
from core.schema_desk import agents, audit_log
from desk.people.links import make_link
from desk.people.passwords import Passwords
from desk.web.routing import COOKIE
from tests.support.desk import DeskWorld

PASSWORD = "seven blue kettles sing"
OTHER = "nine green ladders hum"
HASH = Passwords().hash(PASSWORD)
SCRIPT = "<script>alert(1)</script>"


def person(desk: DeskWorld, name: str = "anna", **changes: object) -> str:
    """Somebody who has PASSWORD; the id."""
    return desk.add_agent(name, **{"password_hash": HASH, **changes})


def sign_in(client: TestClient, name: str = "anna", password: str = PASSWORD, **more: str):
    """The form sent."""
    headers = {"x-forwarded-for": more.pop("address")} if "address" in more else {}
    return client.post("/desk/sign-in", data={"name": name, "password": password, **more}, headers=headers)


def new_browser(desk: DeskWorld) -> TestClient:
    """Nobody is signed in; it comes from a trusted proxy."""
    client = desk.client()
    client._transport.client = ("127.0.0.1", 5000)  # as a proxy on this machine
    return client


def csrf_of(desk: DeskWorld, client: TestClient) -> str:
    """The token of the session in the browser's cookie."""
    viewer = desk.parts.deps.doorkeeper.viewer(client.cookies.get(COOKIE, path="/desk") or client.cookies[COOKIE])
    assert viewer is not None
    return viewer.csrf


def signed_in(desk: DeskWorld, name: str = "anna", password: str = PASSWORD) -> TestClient:
    """A browser that has gone through the sign-in form and sends the session's token with its forms."""
    client = new_browser(desk)
    assert sign_in(client, name, password).status_code == 303
    client.headers["x-csrf-token"] = csrf_of(desk, client)
    return client


def link_for(desk: DeskWorld, agent_id: str) -> str:
    """Token of a new one-time link."""
    with desk.engine.begin() as connection:
        return make_link(connection, agent_id, desk.clock()).partition("token=")[2]


def row_of(desk: DeskWorld, name: str) -> sa.Row:
    """The account as it is stored."""
    with reading(desk.engine) as connection:
        return connection.execute(sa.select(agents).where(agents.c.name == name)).one()


def log(desk: DeskWorld, action: str = "") -> list[sa.Row]:
    """The audit log, the oldest first."""
    statement = sa.select(audit_log).order_by(audit_log.c.id)
    if action:
        statement = statement.where(audit_log.c.action == action)
    with reading(desk.engine) as connection:
        return list(connection.execute(statement))


def form_of(name: str = "", **changes: str) -> dict[str, str]:
    """The admin's form, filled in."""
    form = {
        "display_name": "New Person",
        "email": "",
        "role": "agent",
        "market.DE": "1",
        "language.1": "de",
        "language.2": "en",
        "capacity": "5",
        "interface": "en",
        "time_zone": "Europe/Berlin",
    }
    return {**form, **({"name": name} if name else {}), **changes}
