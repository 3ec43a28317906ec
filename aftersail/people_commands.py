"""`aftersail people`: accounts of the desk from the command line, for the operator of the machine."""

import sys
import time
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy.engine import Connection

from aftersail.first_admin import CAPACITY, desk_address, new_account
from core.database import migrate, open_engine, reading
from core.errors import NotFound, SetupError
from core.settings import Settings, load_settings
from desk.agents import Agent, agent_named, list_agents
from desk.people import choices
from desk.people.accounts import By, create_account, disable_account, enable_account, give_link
from desk.people.errors import Refused
from desk.people.forms import MAX_DISPLAY_NAME
from desk.people.model import LEAST_CAPACITY, MOST_CAPACITY
from desk.viewer import EVERY_MARKET, Role
from desk.web.words import DEFAULT, load_words
from markets.load import load_markets

people_app = typer.Typer(help="People who work at the desk.", no_args_is_help=True)

MOST_NEAR = 6  # time zones that are named where none is meant
EXAMPLES = ("Europe/Berlin", "America/New_York", "Asia/Shanghai", "UTC")
Act = Callable[[Connection, By], str | None]  # the path of a link, if there is one
Name = Annotated[str, typer.Argument(help="The name that they sign in with.")]


@people_app.command("list")
def show() -> None:
    """List every account."""
    engine = open_engine(load_settings())
    migrate(engine)
    table = Table("name", "displayed", "role", "markets", "languages", "account")
    with reading(engine) as connection:
        for agent in list_agents(connection, include_disabled=True):
            account = agent.state if agent.has_password else f"{agent.state}, no password"
            cells = (agent.name, agent.display_name, agent.role, ",".join(agent.markets), ",".join(agent.languages))
            table.add_row(*cells, account)
    Console(file=sys.stdout, width=None if sys.stdout.isatty() else 160, markup=False).print(table)


@people_app.command()
def add(
    name: Name,
    role: Annotated[Role, typer.Option(help="What they may do.")] = Role.AGENT,
    markets: Annotated[str, typer.Option(help="Comma-separated codes such as DE,FR; *: all.")] = EVERY_MARKET,
    languages: Annotated[str, typer.Option(help="Comma-separated codes, the best first.")] = DEFAULT,
    display_name: Annotated[str, typer.Option(help="How they are called; empty: the name.")] = "",
    email: Annotated[str, typer.Option(help="For sign-in by a company account.")] = "",
    time_zone: Annotated[str, typer.Option(help="Such as Europe/Berlin; empty: the market's, when it is one.")] = "",
    interface: Annotated[str, typer.Option(help="Language of the desk; empty: their best that it has.")] = "",
    capacity: Annotated[int, typer.Option(help="Conversations that come to them at the same time.")] = CAPACITY,
) -> None:
    """Add an account and print the one-time link for its password."""
    settings = load_settings()
    theirs, spoken = _markets(settings, markets), _languages(languages)
    account = new_account(
        role,
        display_name=(display_name or name)[:MAX_DISPLAY_NAME],
        email=email.strip().lower(),
        markets=theirs,
        languages=spoken,
        time_zone=_time_zone(settings, time_zone, theirs),
        interface=_interface(interface, spoken),
        capacity=_capacity(capacity),
    )
    _act(settings, lambda connection, by: give_link(connection, create_account(connection, name, account, by), by))


@people_app.command()
def link(name: Name) -> None:
    """Print a one-time link with which NAME chooses a new password."""
    _act(load_settings(), lambda connection, by: give_link(connection, _named(connection, name), by))


@people_app.command()
def disable(name: Name) -> None:
    """Switch NAME's account off; their sessions end at once."""
    _act(load_settings(), lambda connection, by: disable_account(connection, _named(connection, name), by))


@people_app.command()
def enable(name: Name) -> None:
    """Switch NAME's account on again."""
    _act(load_settings(), lambda connection, by: enable_account(connection, _named(connection, name), by))


def _act(settings: Settings, act: Act) -> None:
    engine = open_engine(settings)
    migrate(engine)
    try:
        with engine.begin() as connection:
            path = act(connection, By("cli", time.time()))
    except Refused as refused:
        text = load_words()[DEFAULT](f"people.refused.{refused.key}", **refused.values)
        raise SetupError(f"{refused.field}: {text}") from refused
    if path:
        sys.stdout.write(f"{desk_address(settings)}{path}\n")


def _named(connection: Connection, name: str) -> Agent:
    agent = agent_named(connection, name)
    if agent is None:
        raise NotFound(f"there is no account {name!r}; `aftersail people list` shows all")
    return agent


def _codes(text: str) -> Sequence[str]:
    return tuple(dict.fromkeys(code.strip() for code in text.split(",") if code.strip()))


def _time_zone(settings: Settings, name: str, markets: Sequence[str]) -> str:
    if not name:
        one = markets[0] if len(markets) == 1 and markets[0] != EVERY_MARKET else ""
        return load_markets(_folder(settings))[one].time_zone if one else "UTC"
    if name not in choices.time_zones():
        known = {zone.casefold(): zone for zone in choices.time_zones()}
        places = {zone.rpartition("/")[2].casefold(): zone for zone in choices.time_zones()}
        near = [known[each] for each in get_close_matches(name.casefold(), known, MOST_NEAR)]
        near += [places[each] for each in get_close_matches(name.casefold(), places, MOST_NEAR)]
        like = ", ".join(dict.fromkeys(near or EXAMPLES))
        raise SetupError(f"--time-zone: {name!r} is no IANA time zone; use one such as {like}")
    return name


def _interface(code: str, languages: Sequence[str]) -> str:
    known = choices.interface_languages()
    if code and code not in known:
        raise SetupError(f"--interface: the desk has no words in {code!r}; use {', '.join(known)}")
    return code or next((spoken for spoken in languages if spoken in known), DEFAULT)


def _capacity(number: int) -> int:
    if not LEAST_CAPACITY <= number <= MOST_CAPACITY:
        raise SetupError(f"--capacity: use a number from {LEAST_CAPACITY} to {MOST_CAPACITY}")
    return number


def _folder(settings: Settings) -> Path:
    return settings.content_dir / "markets" / "data"


def _markets(settings: Settings, text: str) -> Sequence[str]:
    codes = _codes(text)
    known = {path.stem for path in _folder(settings).glob("*.yml")} | {EVERY_MARKET}
    if not codes or set(codes) - known:
        raise SetupError(f"--markets: use {', '.join(sorted(known))}")
    return codes


def _languages(text: str) -> Sequence[str]:
    codes = _codes(text)
    unknown = set(codes) - set(choices.content_languages())
    if unknown or not codes:
        raise SetupError(
            f"--languages: {', '.join(sorted(unknown)) or 'none'}; use {', '.join(choices.content_languages())}"
        )
    return codes
