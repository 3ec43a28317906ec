"""`aftersail channels`: accounts with what the vendors say of them; `channels templates` fetches WhatsApp's."""

import asyncio
import sys
from datetime import UTC, datetime

import httpx
import sqlalchemy as sa
import typer
from rich.console import Console
from rich.table import Table

from aftersail.channel_checks import examine_channels
from aftersail.channels import TIMEOUT, open_vendor_channels
from aftersail.outbox_commands import shown
from connectors.whatsapp.channel import WhatsAppChannel
from connectors.whatsapp.template_file import TemplateFile
from connectors.whatsapp.template_sync import merged, sync
from core.database import migrate, open_engine, reading
from core.errors import SetupError
from core.schema_channels import account_notices
from core.settings import Settings, load_settings
from knowledge.release_holder import ReleaseHolder

channels_app = typer.Typer(help="WhatsApp and LINE accounts.", invoke_without_command=True)
SHOWN_NOTICES = 20


@channels_app.callback()
def show(context: typer.Context) -> None:
    """Show every account: token, webhook, clock, templates, quota, and the vendors' last notices."""
    if context.invoked_subcommand is None:
        _show(load_settings())


@channels_app.command()
def templates() -> None:
    """Fetch every WhatsApp template with its state into the templates file."""
    settings = load_settings()
    console = Console(stderr=True, highlight=False)
    for account, count in asyncio.run(_sync(settings)).items():
        console.print(f"{account}: {count} template(s) in {settings.templates_file}")


def _show(settings: Settings) -> None:
    if not settings.channels:
        raise SetupError("no accounts: set AFTERSAIL_CHANNELS to the accounts file, see docs/channels.md")
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else 200)
    table = Table("what", "state", "found, and what to do")
    for item in examine_channels(settings):
        table.add_row(shown(item.name), "ok" if item.ok else "wrong", shown(item.text))
    console.print(table)
    notices = Table("when", "account", "what the vendor told")
    engine = open_engine(settings)
    migrate(engine)
    statement = sa.select(account_notices).order_by(account_notices.c.at.desc()).limit(SHOWN_NOTICES)
    with reading(engine) as connection:
        for row in connection.execute(statement):
            at = datetime.fromtimestamp(row.at, UTC).strftime("%Y-%m-%d %H:%M UTC")
            notices.add_row(at, row.account, shown(f"{row.topic} {row.details}"[:160]))
    console.print(notices)


async def _sync(settings: Settings) -> dict[str, int]:
    holder = ReleaseHolder(settings, open_engine(settings), with_vectors=False)
    file = TemplateFile(settings.templates_file)
    counts = {}
    async with httpx.AsyncClient(timeout=TIMEOUT) as client:
        channel = open_vendor_channels(settings, holder, client).get("whatsapp")
        if not isinstance(channel, WhatsAppChannel):
            raise SetupError("there is no WhatsApp account in the accounts file")
        for account in channel.accounts.values():
            found = await sync(channel.graph, account)
            file.store(merged(file(), account.business_account_id, found))
            counts[account.name] = len(found)
    return counts
