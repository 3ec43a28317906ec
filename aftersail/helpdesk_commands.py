"""`aftersail helpdesks`: accounts, cases with what keeps them waiting; `helpdesks retry` opens refused ones anew."""

import asyncio
import sys
import time

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy.engine import Engine

from aftersail.gate import open_terms
from aftersail.helpdesk_accounts import load_helpdesks
from aftersail.helpdesks import examine_helpdesks
from aftersail.outbox_commands import shown
from conversations.helpdesk_cases import FAILED
from conversations.helpdesk_replies import HelpdeskReplies, list_cases, waiting_longer
from conversations.outgoing import Gate
from core.database import migrate, open_engine
from core.errors import SetupError
from core.settings import Settings, load_settings
from core.wakeups import COURIER, Notifier
from knowledge.release_holder import ReleaseHolder

helpdesks_app = typer.Typer(help="Helpdesks that take hand-offs.", invoke_without_command=True)
NONE = "none: the own desk takes every hand-off; AFTERSAIL_HELPDESKS adds others, see docs/helpdesks.md"


@helpdesks_app.callback()
def show(context: typer.Context) -> None:
    """Show every account and every case that is not closed."""
    if context.invoked_subcommand is None:
        _show(load_settings())


@helpdesks_app.command()
def retry() -> None:
    """Open refused cases anew."""
    settings = load_settings()
    engine, holder = _open(settings)
    count = HelpdeskReplies(engine, Gate(open_terms(holder))).retry()
    Notifier(settings.run_dir).wake(COURIER)
    Console(stderr=True, highlight=False).print(f"{count} case(s) are opened anew.")


def check_helpdesks(settings: Settings) -> str:
    """What `aftersail doctor` says. Raises SetupError with all that is wrong and what to do."""
    if not settings.helpdesks:
        return NONE
    engine, holder = _open(settings)
    found = asyncio.run(examine_helpdesks(settings, holder))
    wrong = [f"{name}: {problem}" for name, _, problem in found if problem]
    accounts = load_helpdesks(settings, frozenset(holder.current().markets))
    for account in (item for group in accounts.values() for item in group.values()):
        late = waiting_longer(engine, account.alert_minutes * 60, time.time(), account.name)
        if late:
            wrong.append(f"{account.name}: {late} case(s) wait for more than {account.alert_minutes} minutes")
    failed = sum(case.state == FAILED for case in list_cases(engine))
    if failed:
        wrong.append(f"{failed} case(s) were refused; `aftersail helpdesks` says why, `aftersail helpdesks retry`")
    if wrong:
        raise SetupError("\n        ".join(wrong))
    return ", ".join(f"{name} ({what})" for name, what, _ in found)


def _show(settings: Settings) -> None:
    if not settings.helpdesks:
        raise SetupError("no helpdesks: set AFTERSAIL_HELPDESKS to the accounts file, see docs/helpdesks.md")
    engine, holder = _open(settings)
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else 200)
    accounts = Table("account", "state", "found, and what to do")
    for name, what, problem in asyncio.run(examine_helpdesks(settings, holder)):
        accounts.add_row(shown(name), "wrong" if problem else "ok", shown(problem or what))
    console.print(accounts)
    cases = Table("hand-off", "account", "case there", "state", "tries", "last problem")
    for case in list_cases(engine):
        there = (case.case_id or "", case.state, str(case.attempts))
        cases.add_row(case.handoff_id, case.desk, *there, shown(case.error))
    console.print(cases)


def _open(settings: Settings) -> tuple[Engine, ReleaseHolder]:
    engine = open_engine(settings)
    migrate(engine)
    return engine, ReleaseHolder(settings, engine, with_vectors=False)
