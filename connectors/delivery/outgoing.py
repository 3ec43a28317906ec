"""Stored messages as a channel gets them. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Protocol

from connectors.channel import Channel, Choice, OutFile, Outgoing, Words
from conversations.model import Conversation, Message
from conversations.uploads import FILES

CHOICE = "{message}:{index}"  # id of a choice that we offered, as the vendor gives it back
ORIGINAL = ":original"  # ends the id of the choice that asks for what a machine has translated
MOST_BESIDE = 2  # choices beside which there is room for it: no channel shows less than three as buttons


Link = Callable[[str], str]  # address of a file by its id


def no_link(media_id: str) -> str:
    """No address: where nothing is sent."""
    return ""


class DeliveryWords(Protocol):
    """The few words that channels add, from the current release."""

    def of(self, market: str, language: str) -> Words:
        """Words around choices."""

    def mark(self, market: str, language: str, checked: bool) -> str:
        """What says that a machine translated a text; `checked`: and that a person has corrected it."""

    def original(self, market: str, language: str) -> str:
        """Label of the choice that brings the original of such a text."""


Plan = list[tuple[Sequence[str], dict[str, object], str]]  # ids of messages, body, author


def plan_calls(
    channel: Channel,
    conversation: Conversation,
    rows: Sequence[Message],
    words: DeliveryWords,
    link: Link = no_link,
) -> Plan:
    """The calls that carry `rows`; a call never mixes what the bot and what people wrote.

    The last message has a choice that brings its original, and those before it, when a machine has translated it.
    """
    calls: Plan = []
    for author, mine in groupby(rows, key=lambda row: row.author):
        group = list(mine)
        outgoing = [to_outgoing(row, mark_of(row, conversation, words), link) for row in group]
        if len(outgoing[-1].choices) <= MOST_BESIDE and outgoing[-1].mark and not outgoing[-1].template:
            title = words.original(conversation.market, group[-1].language)
            outgoing[-1] = with_original(outgoing[-1], title)
        planned = channel.plan(outgoing, words.of(conversation.market, group[-1].language))
        calls += [(call.messages, dict(call.body), author) for call in planned]
    return calls


def mark_of(row: Message, conversation: Conversation, words: DeliveryWords) -> str:
    """What is said of the message's translation, if it is one."""
    return words.mark(conversation.market, row.language, row.is_checked_translation)


def to_outgoing(row: Message, mark: str, link: Link = no_link) -> Outgoing:
    """The message with its choices numbered; `mark` is used when it was translated."""
    translation = row.payload.get("translation") or {}
    buttons = row.payload.get("buttons", ())
    return Outgoing(
        id=row.id,
        text=row.text,
        language=row.language,
        author=row.author,
        choices=tuple(
            Choice(_choice_id(row.id, index), str(button["title"]), str(button.get("short", "")))
            for index, button in enumerate(buttons)
        ),
        image=str(row.payload.get("image", "")),
        template=row.payload.get("template"),
        mark=mark if translation.get("original") and row.text else "",
        files=tuple(
            OutFile(str(file["id"]), str(file["kind"]), str(file["name"]), link(str(file["id"])))
            for file in row.payload.get(FILES, ())
        ),
    )


def with_original(row: Outgoing, title: str) -> Outgoing:
    """The message with one more choice, which asks for its original."""
    return replace(row, choices=(*row.choices, Choice(f"{row.id}{ORIGINAL}", title)))


def original_of(choice_id: str) -> str:
    """Id of the message whose original is asked for; empty when the choice asks for nothing of the kind."""
    return choice_id.removesuffix(ORIGINAL) if choice_id.endswith(ORIGINAL) else ""


def choice_of(choice_id: str) -> tuple[str, int] | None:
    """(message id, index) of a choice of ours; None when it is none."""
    message, _, index = choice_id.rpartition(":")
    return (message, int(index)) if message and index.isascii() and index.isdigit() and len(index) < 4 else None


def _choice_id(message_id: str, index: int) -> str:
    return CHOICE.format(message=message_id, index=index)
