"""What a packet is read from: little enough that the desk and other companies' helpdesks are given the same one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from conversations.model import Conversation, Message
from desk.deps import ChannelState, DeskDeps
from desk.translated import Translated, translations_for, translations_of
from glossaries.violations import GateRelease
from knowledge.release import Release
from orders.source import OrderSource

Translations = Callable[[Connection, Sequence[Message], str], Mapping[str, Translated]]


@dataclass(frozen=True)
class PacketSources:
    """Where the facts come from that are not in the record."""

    release: Callable[[], Release]  # the current one
    terms: Callable[[], GateRelease]
    orders: OrderSource
    channel: Callable[[Conversation], ChannelState]
    clock: Callable[[], float]
    translations: Translations = translations_of  # (messages, language) -> by message id; the cache, unless given


def of_desk(deps: DeskDeps, languages: Sequence[str]) -> PacketSources:
    """The desk's own, for somebody who reads `languages`, the best first."""

    def translations(connection: Connection, messages: Sequence[Message], _: str) -> Mapping[str, Translated]:
        return translations_for(connection, messages, languages)

    return PacketSources(deps.release, deps.terms, deps.orders, deps.channels.state, deps.clock, translations)
