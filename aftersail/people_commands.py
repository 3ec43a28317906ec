"""`aftersail people`: accounts of the desk from the command line, for the operator of the machine."""

import sys
import time
from collections.abc import Callable, Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy.engine import Connection

from aftersail.first_admin import desk_address, new_account
from core.database import migrate, open_engine, reading
from core.errors import NotFound, SetupError
from core.settings import Settings, load_settings
from desk.agents import Agent, agent_named, list_agents
from desk.people import choices
from desk.people.accounts import By, create_account, disable_account, enable_account, give_link
from desk.people.errors import Refused
from desk.people.forms import MAX_DISPLAY_NAME
from desk.viewer import EVERY_MARKET, Role
from desk.web.words import DEFAULT, load_words

people_app = typer.Typer(help="People who work at the desk.", no_args_is_help=True)

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
) -> None:
    """Add an account and print the one-time link for its password."""
    settings = load_settings()
    account = new_account(
        role,
        display_name=(display_name or name)[:MAX_DISPLAY_NAME],
        email=email.strip().lower(),
        markets=_markets(settings, markets),
        languages=_languages(languages),
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


def _markets(settings: Settings, text: str) -> Sequence[str]:
    codes = _codes(text)
    known = {path.stem for path in (settings.content_dir / "markets" / "data").glob("*.yml")} | {EVERY_MARKET}
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
