"""One message through the bot: text in, replies and wishes out. Touches no database."""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from rasa.core.channels.channel import UserMessage

from bot.memory import BotMemory
from bot.output import TurnOutput
from bot.processor import TurnProcessor
from conversations.model import Conversation, HandoffRequest, Kind, Message, Reply
from conversations.promise_model import Promised
from conversations.record import SURVEY_COMMENT
from conversations.surveys import is_rating
from conversations.work import TurnResult
from languages.text import bare

PAYLOAD = re.compile(r"/+\s*[A-Za-z]\w*_\w*|/+\s*\w+\s*\{.*", re.DOTALL)
PAYLOAD_PREFIX = "/"  # Rasa runs a text that begins so as an intent
NUMBER = re.compile(r"[(（]?(\d{1,2})[.)）、。:]?")  # as a choice is typed: 2, 2., ２, ٢
OLD_CHOICE = "choice"  # a button of which nobody knows any more what it meant
RATING = f"{PAYLOAD_PREFIX}rating"
# What is answered although it is also a comment on us; anything else that is said of us is thanked for.
WISHES = frozenset(
    {
        "safety_issue", "talk_to_person", "order_status", "cancel_order", "change_address", "start_return",
        "report_damage", "missing_part", "change_language",
    }
)  # fmt: skip
CAPTIONED = ("image", "video", "document")  # a caption is what the customer says


class Bot:
    """Answers messages with the trained model."""

    def __init__(self, processor: TurnProcessor, memory: BotMemory) -> None:
        self._processor = processor
        self._memory = memory

    async def answer(
        self,
        conversation: Conversation,
        message: Message,
        slots: Mapping[str, Any],
        buttons: Sequence[Mapping[str, Any]],
    ) -> TurnResult:
        """What the bot says to `message`; `buttons` are the choices that are open.

        A question that waited for the choice of a language is answered in the same turn.
        """
        output = TurnOutput(conversation.channel)
        metadata = _metadata(conversation, message)
        text = _text_for_rasa(message, buttons, self._processor.domain.intents)
        if text is None:
            return TurnResult([], slots)
        if message.payload.get(SURVEY_COMMENT) and not await self._needs_more(text, metadata):
            text = RATING
        slots = await self._run(conversation.id, text, metadata, slots, output)
        language = str(output.wishes.pop("language", ""))
        waiting = str(output.wishes.pop("replay", ""))
        if language:
            metadata = {**metadata, "language": language, "decision": {"language": language, "decision": "sure"}}
        if waiting:
            slots = await self._run(conversation.id, _escaped(waiting), metadata, slots, output)
        return TurnResult(output.replies, slots, _handoff(output.wishes, output.replies, message), language)

    async def parse(self, text: str, metadata: Mapping[str, Any]) -> dict[str, Any]:
        """What the model reads in `text`: intent, entities, FAQ hits, decision."""
        parsed: dict[str, Any] = await self._processor.parse_message(
            UserMessage(_escaped(text), metadata=dict(metadata))
        )
        return parsed

    async def _needs_more(self, text: str, metadata: Mapping[str, Any]) -> bool:
        """Whether a comment on us is a wish of its own, which is answered as such."""
        parsed = await self.parse(text, metadata)
        return parsed.get("decision") == "answer" and (parsed.get("intent") or {}).get("name") in WISHES

    async def _run(
        self, conversation_id: str, text: str, metadata: Mapping[str, Any], slots: Mapping[str, Any], output: TurnOutput
    ) -> dict[str, Any]:
        self._memory.begin(conversation_id, slots)
        try:
            await self._processor.handle_message(
                UserMessage(text, output, conversation_id, input_channel=output.name(), metadata=dict(metadata))
            )
        finally:
            left = self._memory.end(conversation_id)
        return left


def _metadata(conversation: Conversation, message: Message) -> dict[str, Any]:
    hints = conversation.hints
    return {
        "market": conversation.market,
        "language": message.language or conversation.language,
        "decision": dict(message.payload.get("language") or {}),
        "channel": conversation.channel,
        "time_zone": hints.time_zone,
        "customer_ref": hints.customer_ref,
        "phone": hints.phone,
    }


def _text_for_rasa(message: Message, buttons: Sequence[Mapping[str, Any]], intents: Collection[str]) -> str | None:
    """The payload of a pressed button, or of one whose title or number was typed; else the text, never a payload.

    What carries no words of the customer's is a payload of our own that says what it is. None: there is nothing to
    say, as when somebody types what stands on a button that only fetches an answer.
    """
    if message.kind == Kind.BUTTON:
        payload = str(message.payload.get("payload") or "")
        known = payload.partition("{")[0] in intents and not is_rating(payload)  # a rating that counts came no further
        return PAYLOAD_PREFIX + payload if known else _received(OLD_CHOICE)
    if message.kind in (Kind.MEDIA, Kind.EVENT) and not _has_caption(message):
        return _received(str(message.payload.get("content") or ""))
    payload = _typed_choice(message.text.strip(), buttons)
    if payload:
        return PAYLOAD_PREFIX + payload if payload.partition("{")[0] in intents else None
    return _escaped(message.text)


def _typed_choice(typed: str, buttons: Sequence[Mapping[str, Any]]) -> str:
    """The payload of the button whose title or number was typed; empty: of none."""
    number = NUMBER.fullmatch(typed)
    if number and 1 <= int(number[1]) <= len(buttons):  # int reads every script's digits
        return str(buttons[int(number[1]) - 1]["payload"])
    for button in buttons:
        titles = (str(button["title"]), str(button.get("short") or button["title"]))
        if typed and bare(typed) in map(bare, titles):  # as typed without marks: "tra hang"
            return str(button["payload"])
    return ""


def _has_caption(message: Message) -> bool:
    """Whether the customer wrote words to a file; those of a sticker or a place are not theirs."""
    return message.payload.get("content") in CAPTIONED and any(char.isalnum() for char in _escaped(message.text))


def _received(content: str) -> str:
    known = content if content.isascii() and content.isalpha() else "unsupported"
    return f"{PAYLOAD_PREFIX}received{json.dumps({'content': known})}"


def _escaped(text: str) -> str:
    """`text` so that Rasa never takes it for an intent payload; a typed payload has no words for us."""
    if PAYLOAD.fullmatch(text.strip()):
        return " "
    return text.strip().lstrip(PAYLOAD_PREFIX).strip() or " "


def _handoff(wishes: Mapping[str, Any], replies: Sequence[Reply], message: Message) -> HandoffRequest | None:
    wish = wishes.get("handoff")
    if not wish:
        return None
    packet = {**wish["packet"], "told": [reply.text for reply in replies]}
    if str(packet["wants"]).startswith(PAYLOAD_PREFIX):
        packet["wants"] = message.text  # a person reads the button's title or the label, not our payload
    promised = Promised.from_json(wish["promised"])
    return HandoffRequest(wish["reason"], wish["tier"], packet, promised.told.due_at, promised, told=bool(replies))
