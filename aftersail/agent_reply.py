"""Answering a hand-off from the command line, until the desk is there: translation, gate, record."""

import sys
import time
from dataclasses import dataclass

from rich.console import Console

from aftersail.gate import open_terms
from aftersail.translators import open_translator
from conversations.agent_reply import AgentDesk
from conversations.handoff_rows import Handoff, find_handoff
from conversations.model import Reply
from conversations.outgoing import Blocked, Draft, Gate
from core.database import migrate, open_engine
from core.errors import AftersailError, NotFound
from core.settings import Settings
from core.wakeups import Notifier
from glossaries.violations import Violation
from knowledge.release_holder import ReleaseHolder
from languages.translation.codes import known_languages
from languages.translation.translator import Translator


class Untranslated(AftersailError):
    """No translation can be had: write in the customer's language, or send the text as it is with --untranslated."""


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
    reply = _reply(written, handoff, open_translator(settings, terms), holder.current().id)
    draft = Draft(reply, f"agent:{written.agent}", reply.source, written.override)
    try:
        message = AgentDesk(engine, Gate(terms), time.time).send(handoff.conversation_id, draft)
    except Blocked as error:
        for violation in error.violations:
            console.print(_line(violation), style="red", markup=False, soft_wrap=True)
        console.print("Nothing was sent. Correct the text, or give a reason with --override.", style="bold red")
        sys.exit(1)
    Notifier(settings.run_dir).news(handoff.conversation_id)
    console.print(f"Sent in {message.language}: {message.text}", markup=False, soft_wrap=True)


def _reply(written: AgentText, handoff: Handoff, translator: Translator, release: str) -> Reply:
    """The words in the customer's language, marked when a machine has made them."""
    language = written.language or handoff.language
    if language not in known_languages():
        raise NotFound(f"there is no language {language!r}; there are {', '.join(known_languages())}")
    if language == handoff.language:
        return Reply(written.text, language, {}, release)
    made = translator.translate(written.text, language, handoff.language, handoff.market)
    if made.ok:
        translation = {"from": language, "original": written.text, "engine": made.engine}
        return Reply(made.text, handoff.language, {"translation": translation}, release)
    if not written.untranslated:
        raise Untranslated(f"Not translated from {language} to {handoff.language}: {made.reason}. Nothing was sent.")
    return Reply(written.text, language, {"translation": {"from": language}}, release)


def _line(violation: Violation) -> str:
    instead = f" Write {violation.fix!r}." if violation.fix else ""
    return f"{violation.kind.value} {violation.found!r}: {violation.reason.rstrip('.')}.{instead}"
