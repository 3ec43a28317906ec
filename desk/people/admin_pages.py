"""Accounts, for those with the right PEOPLE: in their markets only, and never more than they have themselves."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy.engine import Connection
from starlette.responses import Response

from core.database import reading
from core.errors import NotFound
from desk.agents import Agent, list_agents
from desk.errors import InvalidForm
from desk.people import choices
from desk.people.accounts import (
    agent_by_id,
    change_account,
    check_name_is_free,
    create_account,
    disable_account,
    enable_account,
    give_link,
    load_of,
)
from desk.people.context import by_viewer
from desk.people.errors import Refused, read_all
from desk.people.forms import duty_texts, read_account
from desk.people.model import LEAST_CAPACITY, MOST_CAPACITY, check_grant, check_name, is_role_within, may_manage
from desk.people.profile_pages import faults_of, offered
from desk.people.typed import stored_values, typed_values
from desk.viewer import EVERY_MARKET, Right, Role
from desk.web.ask import Ask
from desk.web.routing import Page

MAX_NAME = 40


def admin_pages() -> list[Page]:
    """Addresses and handlers."""
    return [
        Page("/people", show_people, Right.PEOPLE),
        Page("/people/new", new_person, Right.PEOPLE),
        Page("/people/new", create, Right.PEOPLE, "POST"),
        Page("/people/{id}", show_person, Right.PEOPLE),
        Page("/people/{id}", change, Right.PEOPLE, "POST"),
        Page("/people/{id}/link", link, Right.PEOPLE, "POST"),
        Page("/people/{id}/disable", disable, Right.PEOPLE, "POST"),
        Page("/people/{id}/enable", enable, Right.PEOPLE, "POST"),
    ]


def show_people(ask: Ask) -> Response:
    """Everybody whom the viewer may manage."""
    with reading(ask.deps.engine) as connection:
        people = [agent for agent in list_agents(connection, include_disabled=True) if may_manage(ask.viewer, agent)]
    return ask.page("people/people.html", people=people)


def new_person(ask: Ask) -> Response:
    """An empty form."""
    markets, profiles = _markets(ask), ask.deps.release().markets
    values = {
        "name": "",
        "display_name": "",
        "email": "",
        "role": Role.AGENT.value,
        "markets": [markets[0]] if len(markets) == 1 else [],
        "languages": [],
        "skills": [],
        "capacity": 6,
        "interface": ask.viewer.interface,
        "time_zone": profiles[markets[0]].time_zone if len(markets) == 1 else ask.viewer.time_zone,
        "duty": duty_texts({}),
    }
    return _form(ask, values)


def create(ask: Ask) -> Response:
    """The account, and the link to pass on."""
    try:
        markets = _markets(ask)
        read = read_all({"name": partial(_new_name, ask), "account": partial(read_account, ask, markets)})
        name, account = str(read["name"]), read["account"]
        check_grant(ask.viewer, account)
        with ask.deps.engine.begin() as connection:
            agent = create_account(connection, name, account, by_viewer(ask))
            path = give_link(connection, agent, by_viewer(ask))
    except InvalidForm as error:
        return _form(ask, typed_values(ask, _markets(ask)), error=error)
    return _link_page(ask, agent, path)


def show_person(ask: Ask) -> Response:
    """The account's form."""
    with reading(ask.deps.engine) as connection:
        agent = _managed(connection, ask)
    return _form(ask, stored_values(agent), agent, done=ask.query.get("done", "") == "saved")


def change(ask: Ask) -> Response:
    """Saved, or the form again with what is wrong."""
    with reading(ask.deps.engine) as connection:
        agent = _managed(connection, ask)
    try:
        account = read_account(ask, _markets(ask))
        check_grant(ask.viewer, account)
        with ask.deps.engine.begin() as connection:
            change_account(connection, _managed(connection, ask), account, by_viewer(ask))
    except InvalidForm as error:
        return _form(ask, typed_values(ask, _markets(ask)), agent, error=error)
    return ask.go(f"/desk/people/{agent.id}?done=saved")


def link(ask: Ask) -> Response:
    """A new one-time link, shown once."""
    with ask.deps.engine.begin() as connection:
        agent = _managed(connection, ask)
        try:
            path = give_link(connection, agent, by_viewer(ask))
        except Refused as error:
            return _form(ask, stored_values(agent), agent, error=error)
    return _link_page(ask, agent, path)


def disable(ask: Ask) -> Response:
    """The account is switched off."""
    with ask.deps.engine.begin() as connection:
        agent = _managed(connection, ask)
        try:
            disable_account(connection, agent, by_viewer(ask))
        except Refused as error:
            return _form(ask, stored_values(agent), agent, error=error)
    return ask.go(f"/desk/people/{agent.id}?done=saved")


def enable(ask: Ask) -> Response:
    """The account is switched on again."""
    with ask.deps.engine.begin() as connection:
        agent = _managed(connection, ask)
        enable_account(connection, agent, by_viewer(ask))
    return ask.go(f"/desk/people/{agent.id}?done=saved")


def _new_name(ask: Ask) -> str:
    """A name that nobody has. Raises InvalidForm."""
    name = check_name(ask.field("name", MAX_NAME).lower())
    with reading(ask.deps.engine) as connection:
        check_name_is_free(connection, name)
    return name


def _managed(connection: Connection, ask: Ask) -> Agent:
    """The account of the address. Raises NotFound for one of other markets, as if it did not exist."""
    agent = agent_by_id(connection, ask.path["id"][:32])
    if not may_manage(ask.viewer, agent):
        raise NotFound("there is no such account")
    return agent


def _markets(ask: Ask) -> Sequence[str]:
    """Markets that the viewer may give."""
    return [code for code in sorted(ask.deps.release().markets) if ask.viewer.sees(code)]


def _link_page(ask: Ask, agent: Agent, path: str) -> Response:
    base = ask.deps.settings.public_url.rstrip("/") or str(ask.request.base_url).rstrip("/")
    return ask.page("people/link_made.html", person=agent, address=base + path)


def _form(
    ask: Ask,
    values: Mapping[str, Any],
    agent: Agent | None = None,
    *,
    error: InvalidForm | None = None,
    done: bool = False,
) -> Response:
    markets = _markets(ask)
    with reading(ask.deps.engine) as connection:
        load = load_of(connection, agent) if agent else None
    return ask.page(
        "people/person.html",
        status=error.status if error else 200,
        person=agent,
        load=load,
        values=values,
        faults=faults_of(ask, error),
        done=done,
        roles=[role.value for role in Role if is_role_within(role, ask.viewer)],
        markets=choices.market_names(markets, ask.words.language),
        every_market=EVERY_MARKET if ask.viewer.every_market else "",
        skills=choices.product_categories(),
        capacity=(LEAST_CAPACITY, MOST_CAPACITY),
        offered=offered(ask),
    )
