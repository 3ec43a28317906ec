"""Hand-offs on the command line, until the desk is there."""

import json
import sys
import time
from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table
from sqlalchemy.engine import Engine

from conversations import rows
from conversations.ownership import find_handoff, hand_back, list_handoffs
from core.database import migrate, open_engine, reading
from core.settings import Settings
from core.wakeups import Notifier

SHOWN_MESSAGES = 1_000


def show_handoffs(settings: Settings, console: Console, include_resolved: bool) -> None:
    """A table, the nearest promise first."""
    found = list_handoffs(_open(settings), include_resolved)
    table = Table("id", "reason", "tier", "market", "language", "channel", "promised", "wants")
    for handoff in found:
        promised = "handed back" if handoff.resolved_at else _time(handoff.promised_at)
        wants = " ".join(str(handoff.packet.get("wants", "")).split())[:60]
        place = (handoff.market, handoff.language, handoff.channel)
        table.add_row(handoff.id, handoff.reason, handoff.tier, *place, promised, wants)
    Console(file=sys.stdout, width=None if sys.stdout.isatty() else 160).print(table)
    console.print(f"{len(found)} hand-off(s); `aftersail handoffs ID` shows one, `aftersail resume ID` hands it back.")


def show_handoff(settings: Settings, handoff_id: str) -> None:
    """One hand-off as JSON on standard output: packet and conversation. Raises NotFound."""
    engine = _open(settings)
    handoff = find_handoff(engine, handoff_id)
    with reading(engine) as connection:
        messages = rows.history(connection, handoff.conversation_id, 0, SHOWN_MESSAGES)
    data = {
        **vars(handoff),
        "created_at": _time(handoff.created_at),
        "promised_at": _time(handoff.promised_at),
        "conversation": [
            {"at": _time(item.created_at), "author": item.author, "language": item.language, "text": item.text}
            for item in messages
        ],
    }
    sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=2) + "\n")


def hand_back_to_bot(settings: Settings, console: Console, handoff_id: str) -> None:
    """The bot answers again in the conversation. Raises NotFound."""
    handoff = hand_back(_open(settings), handoff_id, "cli", time.time())
    Notifier(settings.run_dir).news(handoff.conversation_id)
    console.print(f"The bot answers again in conversation {handoff.conversation_id}.")


def _open(settings: Settings) -> Engine:
    engine = open_engine(settings)
    migrate(engine)
    return engine


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")
