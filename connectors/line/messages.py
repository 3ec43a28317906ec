"""What a message of a person carries, by LINE's message types. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.events import Content, MediaRef
from connectors.line.fields import Fields
from connectors.line.spans import Span, without

MAX_SPANS = 4000  # emoji and mentions of one text
MAX_URL = 2000
MAX_NAME = 255


@dataclass(frozen=True)
class Carried:
    """A message's content without its envelope."""

    content: Content
    text: str = ""
    media: MediaRef | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


def carried(message: Fields, bot: str) -> Carried:
    """What `message` carries; `bot`: our user id. A type that this version does not know is UNSUPPORTED."""
    read = _READERS.get(message.text("type"))
    return read(message, bot) if read else Carried(Content.UNSUPPORTED, details={"type": message.word("type", 50)})


def speaks_to(message: Fields, bot: str) -> bool:
    """Whether the message mentions us by name; @All does not."""
    return any(_is_self(one, bot) for one in message.object("mention").objects("mentionees"))


def words(message: Fields, bot: str) -> tuple[str, tuple[str, ...]]:
    """(a text message's words without LINE emoji and mentions of us, those emoji)."""
    emojis = [_span(one, "(", ")") for one in message.objects("emojis")][:MAX_SPANS]
    mentions = [_span(one, "@") for one in message.object("mention").objects("mentionees") if _is_self(one, bot)]
    text, removed = without(message.text("text"), [*emojis, *mentions[:MAX_SPANS]])
    return text, tuple(part for part in removed if part.startswith("("))


def _is_self(mentionee: Fields, bot: str) -> bool:
    return mentionee.flag("isSelf") or (bool(bot) and mentionee.text("userId") == bot)


def _span(part: Fields, opens: str, closes: str = "") -> Span:
    index, length = part.whole("index"), part.whole("length")
    return Span(-1 if index is None else index, length or 0, opens, closes)


def _text(message: Fields, bot: str) -> Carried:
    text, emojis = words(message, bot)
    original = message.text("text")
    if emojis and not text:  # nothing but LINE's own emoji: a sticker by another name
        keywords = [emoji[1:-1][:100] for emoji in emojis[:15]]
        return Carried(Content.STICKER, details={"original": original, "keywords": keywords})
    return Carried(Content.TEXT, text, details={"original": original} if text != original else {})


def _image(message: Fields, _: str) -> Carried:
    part = message.object("imageSet")
    details = {"set": {"id": part.id("id"), "index": part.whole("index"), "total": part.whole("total")}} if part else {}
    return Carried(Content.IMAGE, media=_media(message), details=details)


def _video(message: Fields, _: str) -> Carried:
    return Carried(Content.VIDEO, media=_media(message), details=_duration(message))


def _audio(message: Fields, _: str) -> Carried:
    # LINE's app sends sound only from its microphone button; sound files come as files.
    return Carried(Content.VOICE, media=_media(message), details=_duration(message))


def _file(message: Fields, _: str) -> Carried:
    size = message.whole("fileSize") or 0
    media = MediaRef(message.id("id"), name=message.word("fileName", MAX_NAME), size=max(size, 0))
    return Carried(Content.DOCUMENT, media=media)


def _location(message: Fields, _: str) -> Carried:
    details = {
        "title": message.word("title"),
        "address": message.word("address"),
        "latitude": message.number("latitude"),
        "longitude": message.number("longitude"),
    }
    return Carried(
        Content.LOCATION, details={name: value for name, value in details.items() if value not in ("", None)}
    )


def _sticker(message: Fields, _: str) -> Carried:
    details = {
        "package": message.id("packageId"),
        "sticker": message.id("stickerId"),
        "resource": message.word("stickerResourceType", 50),
        "keywords": message.words("keywords", 15),
    }
    return Carried(Content.STICKER, message.text("text"), details=details)


def _media(message: Fields) -> MediaRef:
    provider = message.object("contentProvider")
    url = provider.id("originalContentUrl", MAX_URL) if provider.text("type") == "external" else ""
    return MediaRef(message.id("id"), url=url if url.startswith(("https://", "http://")) else "")


def _duration(message: Fields) -> dict[str, float]:
    duration = message.number("duration")
    return {} if duration is None else {"duration_s": duration / 1000}


_READERS: Mapping[str, Callable[[Fields, str], Carried]] = {
    "text": _text,
    "image": _image,
    "video": _video,
    "audio": _audio,
    "file": _file,
    "location": _location,
    "sticker": _sticker,
}
