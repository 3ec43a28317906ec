"""A message as the customer will see it: planned by the channel as if it were sent, and read back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.channel import Channel, Outgoing
from connectors.delivery.outgoing import DeliveryWords, plan_calls, to_outgoing
from connectors.line.bubbles import bubbles as line_bubbles
from connectors.whatsapp.bubbles import bubbles as whatsapp_bubbles
from conversations.model import Conversation, Message
from desk.deps import Preview

Bubble = Mapping[str, Any]
READERS: Mapping[str, Callable[[Mapping[str, Any]], Sequence[Bubble]]] = {
    "line": line_bubbles,
    "whatsapp": whatsapp_bubbles,
}
AUTHOR = "agent:preview"


@dataclass(frozen=True)
class Renderer:
    """Renders what is not sent yet."""

    channels: Mapping[str, Channel]
    words: DeliveryWords

    def render(self, conversation: Conversation, text: str, payload: Mapping[str, Any]) -> Preview:
        """The bubbles, and what the channel changes."""
        row = _row(conversation, text, payload)
        channel, read = self.channels.get(conversation.channel), READERS.get(conversation.channel)
        offered = [str(button["title"]) for button in payload.get("buttons", ())]
        if channel is None or read is None:
            return Preview([{"text": text, "choices": offered, "image": str(payload.get("image", ""))}])
        calls = plan_calls(channel, conversation, [row], self.words)
        bubbles = [bubble for _, body, _ in calls for bubble in read(body)]
        outgoing = to_outgoing(row, self.words.mark(conversation.market, row.language))
        return Preview(bubbles, _notes(outgoing, bubbles))


def _notes(row: Outgoing, bubbles: Sequence[Bubble]) -> Sequence[str]:
    shown = [label for bubble in bubbles for label in bubble["choices"]]
    titles = [choice.title for choice in row.choices]
    found = {
        "cut": sum(1 for bubble in bubbles if bubble["text"]) > 1,
        "numbered": bool(titles) and not shown,
        "shortened": bool(shown) and any(title not in shown for title in titles),
        "marked": bool(row.mark),
        "picture_as_link": bool(row.image) and not any(bubble["image"] for bubble in bubbles),
    }
    return [name for name, is_so in found.items() if is_so]


def _row(conversation: Conversation, text: str, payload: Mapping[str, Any]) -> Message:
    translation = payload.get("translation") or {}
    untranslated = bool(translation) and not translation.get("original")
    language = str(translation["from"]) if untranslated else conversation.language
    return Message(
        id="0" * 32,
        conversation_id=conversation.id,
        seq=conversation.last_seq + 1,
        direction="out",
        author=AUTHOR,
        kind="text",
        text=text,
        language=language,
        payload=payload,
        provider_id="",
        status="queued",
        created_at=0.0,
    )
