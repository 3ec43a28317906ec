"""Ready replies: approved words in the customer's language, with the agent's beside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.responses import Response

from conversations.contacts import find
from conversations.model import Conversation
from core.database import reading
from desk.viewer import Right
from desk.web.ask import Ask
from desk.writing.turn import own_language, recipient_of
from knowledge.release import Release
from knowledge.values import Verbatim
from knowledge.words import MissingValue

PREFIX = "canned_"
MOST_QUERY = 80
MOST_NAME = 60


@dataclass(frozen=True)
class Ready:
    """A ready reply. `fallback`: its words are not in the customer's language."""

    name: str  # without the prefix; its title is writing.canned.<name>
    text: str
    language: str
    fallback: bool
    own: str  # the same in the agent's language; empty when that is the language of `text`
    own_language: str


def canned(ask: Ask) -> Response:
    """The replies whose title or words have the query in them, as a list to choose from."""
    with reading(ask.deps.engine) as connection:
        conversation = ask.conversation(connection, Right.READ)
        contact = find(connection, conversation.channel, conversation.account, conversation.sender)
    release = ask.deps.release()
    to = recipient_of(conversation, release)
    values = {"customer_name": contact.name[:MOST_NAME]} if contact and contact.name else {}
    ready = ready_replies(release, conversation, to.language, own_language(ask.viewer, to), values)
    query = ask.query.get("q", "")[:MOST_QUERY].strip().casefold()
    found = [one for one in ready if query in _searched(ask, one)]
    return ask.page("writing/canned.html", found=found, query=query, to=to)


def ready_replies(
    release: Release, conversation: Conversation, language: str, own: str, values: Mapping[str, str]
) -> Sequence[Ready]:
    """Every ready reply that can be said with `values`, in the order of the reference language's file."""
    given = {name: Verbatim(value) for name, value in values.items()}
    market = release.markets[conversation.market]
    found = []
    for name in release.words.names(PREFIX):
        try:
            said = release.words.say(name, given, market=market, language=language)
            mine = release.words.say(name, given, market=market, language=own)
        except MissingValue:
            continue  # it greets by name, and nobody knows the name
        beside = "" if mine.language == said.language else mine.text
        found.append(Ready(name.removeprefix(PREFIX), said.text, said.language, said.fallback, beside, mine.language))
    return found


def _searched(ask: Ask, ready: Ready) -> str:
    return "\n".join([title_of(ask, ready.name), ready.name, ready.text, ready.own]).casefold()


def title_of(ask: Ask, name: str) -> str:
    """What the reply is called at the desk; a new one that nobody has named yet is called by its name."""
    key = f"writing.canned.{name}"
    return ask.words(key) if ask.words.has(key) else name.replace("_", " ")
