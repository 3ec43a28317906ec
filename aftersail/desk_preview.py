"""A message as the customer will see it: planned by the channel as if it were sent, and read back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from connectors.channel import Channel, OutFile, Outgoing
from connectors.delivery.outgoing import DeliveryWords, Link, mark_of, no_link, plan_calls, to_outgoing
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
    link: Link = no_link

    def render(self, conversation: Conversation, text: str, payload: Mapping[str, Any]) -> Preview:
        """The bubbles, and what the channel changes."""
        row = _row(conversation, text, payload)
        channel, read = self.channels.get(conversation.channel), READERS.get(conversation.channel)
        offered = [str(button["title"]) for button in payload.get("buttons", ())]
        outgoing = to_outgoing(row, mark_of(row, conversation, self.words), self.link)
        if channel is None or read is None:
            shown = [_shown(file) for file in outgoing.files]
            return Preview([{"text": text, "choices": offered, "image": str(payload.get("image", "")), "files": shown}])
        calls = plan_calls(channel, conversation, [row], self.words, self.link)
        bubbles = [_with_file(bubble, outgoing.files) for _, body, _ in calls for bubble in read(body)]
        return Preview(bubbles, _notes(outgoing, bubbles, row.is_checked_translation))


def _with_file(bubble: Bubble, files: Sequence[OutFile]) -> Bubble:
    """The bubble with the file of ours that it carries."""
    found = next((file for file in files if bubble.get("file") == file.id or bubble["image"] == file.link), None)
    return {**bubble, "image": "", "files": [_shown(found)]} if found and found.link else bubble


def _shown(file: OutFile) -> Mapping[str, str]:
    # The path alone: the desk fetches it from where its page comes from.
    return {"kind": file.kind, "name": file.name, "link": urlsplit(file.link).path}


def _notes(row: Outgoing, bubbles: Sequence[Bubble], checked: bool) -> Sequence[str]:
    shown = [label for bubble in bubbles for label in bubble["choices"]]
    titles = [choice.title for choice in row.choices]
    found = {
        "cut": sum(1 for bubble in bubbles if bubble["text"]) > 1,
        "numbered": bool(titles) and not shown,
        "shortened": bool(shown) and any(title not in shown for title in titles),
        "marked": bool(row.mark) and not checked,
        "marked_checked": bool(row.mark) and checked,
        "picture_as_link": _has(row, "image") and not any(_shows(bubble, "image") for bubble in bubbles),
        "file_as_link": _has(row, "document") and not any(_shows(bubble, "document") for bubble in bubbles),
    }
    return [name for name, is_so in found.items() if is_so]


def _has(row: Outgoing, kind: str) -> bool:
    return any(file.kind == kind for file in row.files) or (kind == "image" and bool(row.image))


def _shows(bubble: Bubble, kind: str) -> bool:
    shown = any(file["kind"] == kind for file in bubble.get("files", ()))
    return shown or (kind == "image" and bool(bubble["image"]))


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
