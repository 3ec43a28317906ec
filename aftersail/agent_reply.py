"""Answering a hand-off from the command line, as the desk does: translation, gate, record."""

import sys
import time
from dataclasses import dataclass, replace

from rich.console import Console

from aftersail.gate import open_terms
from aftersail.translators import open_translator
from conversations.agent_reply import AgentDesk
from conversations.handoff_rows import find_handoff
from conversations.outgoing import Blocked, Gate
from core.database import migrate, open_engine
from core.settings import Settings
from core.wakeups import Notifier
from desk.writing.compose import Recipient, Untranslated, Written, clear, compose
from glossaries.violations import Violation
from knowledge.release_holder import ReleaseHolder

__all__ = ["AgentText", "Untranslated", "reply_to_handoff"]


@dataclass(frozen=True)
class AgentText:
    """What an agent has written. `language`: empty when it is the customer's."""

    text: str
    agent: str
    language: str = ""
    override: str = ""
    untranslated: bool = False  # send it in its own language when it cannot be translated


def reply_to_handoff(settings: Settings, console: Console, handoff_id: str, written: AgentText) -> None:
    """Send an agent's words; prints each violation and exits with 1 when the gate stops them.

    Raises NotFound, NotYours, Untranslated.
    """
    engine = open_engine(settings)
    migrate(engine)
    holder = ReleaseHolder(settings, engine, with_vectors=False)
    terms = open_terms(holder)
    handoff = find_handoff(engine, handoff_id)
    gate, author = Gate(terms), f"agent:{written.agent}"
    to = Recipient(handoff.language, handoff.market)
    translator, release = open_translator(settings, terms), holder.current().id
    text = Written(written.text, written.language, override=written.override)
    try:
        try:
            composed = compose(text, to, translator, release)
            clear(gate, composed, author, to.market, text.override)
        except (Untranslated, Blocked):
            if not written.untranslated:
                raise
            composed = compose(replace(text, untranslated=True), to, translator, release)
        draft = composed.draft(author, text.override)
        message = AgentDesk(engine, gate, time.time).send(handoff.conversation_id, draft)
    except Blocked as error:
        for violation in error.violations:
            console.print(_line(violation), style="red", markup=False, soft_wrap=True)
        console.print("Nothing was sent. Correct the text, or give a reason with --override.", style="bold red")
        sys.exit(1)
    Notifier(settings.run_dir).news(handoff.conversation_id)
    console.print(f"Sent in {message.language}: {message.text}", markup=False, soft_wrap=True)


def _line(violation: Violation) -> str:
    instead = f" Write {violation.fix!r}." if violation.fix else ""
    return f"{violation.kind.value} {violation.found!r}: {violation.reason.rstrip('.')}.{instead}"
