"""`aftersail outbox`: what could not be sent, with its reason; send it again or discard it."""

import getpass
import sys
import time
import unicodedata
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from conversations.dead_letters import DeadLetter, DeadLetters
from conversations.inbox import Inbox
from core.database import migrate, open_engine
from core.settings import Settings, load_settings
from core.wakeups import Notifier

outbox_app = typer.Typer(help="Messages that could not be sent.", invoke_without_command=True)
SHOWN_CHARS = 60
REPLACED = "\ufffd"
_UNSAFE = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})  # control, half pairs, private, none, line separators
_JOINERS = "\u200c\u200d"  # of emoji, Persian and Indic scripts
ID_CHARS = 8
Id = Annotated[str, typer.Argument(help="Beginning of the id in `aftersail outbox`; `all` for every one.")]


@outbox_app.callback()
def show(context: typer.Context) -> None:
    """List held and failed messages, oldest first."""
    if context.invoked_subcommand is None:
        show_outbox(load_settings(), Console(stderr=True, highlight=False))


@outbox_app.command()
def resend(delivery: Id) -> None:
    """Try to send it again now."""
    settings = load_settings()
    letters = _letters(settings)
    for item in _chosen(letters, delivery):
        letters.resend(item)
    Notifier(settings.run_dir).news("")


@outbox_app.command()
def discard(delivery: Id) -> None:
    """Never send it; it stays in the conversation, marked as failed."""
    letters = _letters(load_settings())
    for item in _chosen(letters, delivery):
        letters.discard(item, getpass.getuser())


@outbox_app.command()
def events() -> None:
    """Try webhook events again that could not be applied."""
    settings = load_settings()
    engine = open_engine(settings)
    migrate(engine)
    count = Inbox(engine, "cli").retry_failed()
    Console(stderr=True, highlight=False).print(f"{count} event(s) will be applied again.")


def show_outbox(settings: Settings, console: Console) -> None:
    """A table on standard output."""
    table = Table("id", "since", "state", "to", "text", "why, and what to do")
    found = _letters(settings).list()
    for letter in found:
        table.add_row(*map(shown, _row(letter)))
    Console(file=sys.stdout, width=None if sys.stdout.isatty() else 200).print(table)
    console.print(
        f"{len(found)} message(s); `aftersail outbox resend ID` sends it, `aftersail outbox discard ID` never will."
    )


def shown(text: str) -> Text:
    """`text` as a terminal may print it: no command to the terminal, no markup, no other direction of writing."""
    kept = (char for char in text if unicodedata.category(char) != "Cf" or char in _JOINERS)
    return Text("".join(REPLACED if unicodedata.category(char) in _UNSAFE else char for char in kept))


def _row(letter: DeadLetter) -> tuple[str, ...]:
    delivery = letter.delivery
    text = " ".join(letter.text.split())[:SHOWN_CHARS]
    since = datetime.fromtimestamp(delivery.created_at, UTC).strftime("%Y-%m-%d %H:%M UTC")
    to = f"{letter.account} ({letter.market})"
    return delivery.id[:ID_CHARS], since, delivery.state.value, to, text, f"{delivery.code}: {delivery.reason}"


def _chosen(letters: DeadLetters, wanted: str) -> list[str]:
    if wanted == "all":
        return [letter.delivery.id for letter in letters.list()]
    return [wanted]


def _letters(settings: Settings) -> DeadLetters:
    engine = open_engine(settings)
    migrate(engine)
    return DeadLetters(engine, time.time)
