"""GET /desk/c/{id}/suggestions: answers of the knowledge base for what the customer wrote last."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from starlette.responses import Response

from conversations import rows
from conversations.model import Conversation, Kind, Message
from core.database import reading
from desk.packet.wants import says_more
from desk.viewer import Right
from desk.web.ask import Ask
from desk.writing.suggester import Readiness, Suggester
from desk.writing.suggestions_source import Source, source_of
from desk.writing.turn import own_language, recipient_of
from knowledge.release import Release

EXTRA = "suggester"  # its place in DeskDeps.extras
LOOK_BACK = 30  # messages
MOST_TEXT = 600  # characters that are searched with
MOST_SHOWN = 3
LEAST_SURE = 0.2  # what is less sure is read in vain
_FAQ = "faq:"


@dataclass(frozen=True)
class Suggestion:
    """An answer. `percent`: how sure it is the right one, 0 to 100; None: the bot gave or offered it."""

    entry_id: str
    title: str
    text: str
    language: str
    fallback: bool
    own_title: str
    own: str
    own_language: str
    percent: int | None
    source: Source


def suggestions(ask: Ask) -> Response:
    """The panel; while the models load it asks again by itself."""
    with reading(ask.deps.engine) as connection:
        conversation = ask.conversation(connection, Right.READ)
        after = max(0, conversation.last_seq - LOOK_BACK)
        history = rows.history(connection, conversation.id, after, LOOK_BACK)
    suggester: Suggester = ask.deps.extras.get(EXTRA) or Suggester(None)
    readiness, release = suggester.readiness(), ask.deps.release()
    terms, market = ask.deps.terms(), conversation.market
    text = asked(history, lambda row: says_more(terms, market, row.language, row.text))
    if readiness is Readiness.READY and text:
        hits = suggester.find(text, conversation.market, conversation.language)
        found: Sequence[tuple[str, float | None]] = [(id_, sure) for id_, sure in hits if sure >= LEAST_SURE]
    else:
        found = [(entry_id, None) for entry_id in answered(history)]
    shown = [_written(ask, conversation, release, *each) for each in found if each[0] in release.entries]
    return ask.page(
        "writing/suggestions.html", conversation=conversation, readiness=readiness, found=shown[:MOST_SHOWN]
    )


def asked(history: Sequence[Message], has_matter: Callable[[Message], bool] = lambda _: True) -> str:
    """The customer's words since they were answered last, else their last ones; empty when they wrote none.

    What has no matter, such as a wish for a person, is no question to the knowledge base: the words before it are.
    """
    texts = [row for row in history if row.author == "customer" and row.kind == Kind.TEXT and row.text.strip()]
    said = [row for row in texts if has_matter(row)]
    answers = [row.seq for row in history if row.direction == "out" and row.author != "system"]
    since = [row for row in said if row.seq > max(answers, default=0)] or said[-1:]
    return "\n".join(row.text for row in since)[-MOST_TEXT:]


def answered(history: Sequence[Message]) -> Sequence[str]:
    """Entries that the bot has answered with or offered, the newest first."""
    found: list[str] = []
    for row in reversed(history):
        names = [str(row.payload.get("response", ""))]
        names += [str(button.get("payload", "")) for button in row.payload.get("buttons", ())]
        found += [name.removeprefix(_FAQ) for name in names if name.startswith(_FAQ)]
    return list(dict.fromkeys(found))


def _written(ask: Ask, conversation: Conversation, release: Release, entry_id: str, sure: float | None) -> Suggestion:
    to, entry = recipient_of(conversation, release), release.entries[entry_id]
    market = release.markets[conversation.market]
    answer = release.words.answer(entry, market, to.language)
    own = release.words.answer(entry, market, own_language(ask.viewer, to))
    is_same = own.language == answer.language
    return Suggestion(
        entry_id,
        answer.title,
        answer.text,
        answer.language,
        answer.fallback,
        "" if is_same else own.title,
        "" if is_same else own.text,
        own.language,
        None if sure is None else round(100 * sure),
        source_of(release, entry, market, answer.language),
    )
