"""Message contents that a person sends."""

import base64
import binascii
from collections.abc import Callable
from typing import Any

from tests.simulators.common.limits import utf16_length
from tests.simulators.line import samples
from tests.simulators.line.act import Act, ImpossibleError
from tests.simulators.line.state import BotState, Entry, Media, World

MIMES = {"image": "image/jpeg", "video": "video/mp4", "audio": "audio/x-m4a", "file": "application/pdf"}
SAMPLES: dict[str, Callable[[], bytes]] = {
    "image": samples.picture,
    "video": samples.video,
    "audio": samples.recording,
    "file": lambda: b"%PDF-1.4\n% simulated receipt\n%%EOF\n",
}
EMOJI_PRODUCT = "5ac1bfd5040ab15980c9b435"


def text(world: World, bot: BotState, act: Act) -> dict[str, Any]:
    """A text message with its LINE emoji, mentions and quote."""
    words, mentionees = _mentioned(bot, act)
    content: dict[str, Any] = {"text": words, "quoteToken": world.ids.token()}
    if act.emojis:
        content["emojis"] = _emojis(words, act.emojis)
    if mentionees:
        content["mention"] = {"mentionees": mentionees}
    if act.quote:
        content["quotedMessageId"] = act.quote
    return content


def sticker(world: World, bot: BotState, act: Act) -> dict[str, Any]:
    """A sticker; `text` only on message stickers."""
    del bot
    content: dict[str, Any] = {
        "stickerId": act.sticker_id,
        "packageId": act.package_id,
        "stickerResourceType": act.resource_type,
        "quoteToken": world.ids.token(),
    }
    if act.keywords:
        content["keywords"] = list(act.keywords)
    if act.text:
        content["text"] = act.text[:100]
    if act.quote:
        content["quotedMessageId"] = act.quote
    return content


def location(world: World, bot: BotState, act: Act) -> dict[str, Any]:
    """A place; title and address only when given."""
    del world, bot
    content: dict[str, Any] = {"latitude": act.latitude, "longitude": act.longitude}
    return {**{key: value for key, value in (("title", act.title), ("address", act.address)) if value}, **content}


def image(world: World, bot: BotState, act: Act) -> dict[str, Any]:
    """A picture."""
    del bot
    return {"contentProvider": _provider(act, preview=True), "quoteToken": world.ids.token()}


def video(world: World, bot: BotState, act: Act) -> dict[str, Any]:
    """A video."""
    return {"duration": act.duration_ms, **image(world, bot, act)}


def audio(world: World, bot: BotState, act: Act) -> dict[str, Any]:
    """A recording."""
    del world, bot
    return {"duration": act.duration_ms, "contentProvider": _provider(act, preview=False)}


def file(world: World, bot: BotState, act: Act) -> dict[str, Any]:
    """A document."""
    del world, bot
    return {"fileName": act.file_name, "fileSize": len(bytes_of(act))}


def bytes_of(act: Act) -> bytes:
    """The file that comes with an action; a sample when it brings none."""
    if not act.content:
        return SAMPLES[act.type]()
    try:
        return base64.b64decode(act.content, validate=True)
    except binascii.Error as error:
        raise ImpossibleError(f"content is not Base64: {error}") from None


def keep_media(world: World, bot: BotState, act: Act, entry: Entry) -> None:
    """Hold the file for download. A file that lies elsewhere cannot be downloaded."""
    if act.type not in MIMES or act.external_url:
        return
    data = bytes_of(act)
    mime = act.mime or MIMES[act.type]
    preparing = act.preparing_s
    if preparing is None:
        preparing = world.config.video_preparing_s if act.type == "video" else 0.0
    pictured = {"image": data, "video": samples.picture()}.get(act.type, b"")
    preview_mime = mime if act.type == "image" else MIMES["image"]
    ready_ms = world.now_ms() + int(preparing * 1000)
    world.media[entry.message_id] = Media(
        bot.bot.user_id, data, mime, pictured, preview_mime, ready_ms, act.transcoding_fails
    )


CONTENTS: dict[str, Callable[[World, BotState, Act], dict[str, Any]]] = {
    "text": text,
    "sticker": sticker,
    "location": location,
    "image": image,
    "video": video,
    "audio": audio,
    "file": file,
}


def _provider(act: Act, *, preview: bool) -> dict[str, str]:
    if not act.external_url:
        return {"type": "line"}
    provider = {"type": "external", "originalContentUrl": act.external_url}
    return {**provider, "previewImageUrl": act.external_url} if preview else provider


def _mentioned(bot: BotState, act: Act) -> tuple[str, list[dict[str, Any]]]:
    words, found = "", []
    for target in act.mentions:
        person = bot.people.get(target)
        name = {"self": bot.bot.name, "all": "All"}.get(target) or (person.profile.name if person else "Member")
        mentionee: dict[str, Any] = {"index": utf16_length(words), "length": utf16_length(name) + 1}
        if target == "all":
            mentionee["type"] = "all"
        else:
            own = target == "self"
            mentionee |= {"type": "user", "userId": bot.bot.user_id if own else target, "isSelf": own}
        found.append(mentionee)
        words += f"@{name} "
    return words + act.text, found


def _emojis(words: str, pieces: tuple[str, ...]) -> list[dict[str, Any]]:
    found, start = [], 0
    for number, piece in enumerate(pieces):
        index = words.find(piece, start)
        if index < 0:
            raise ImpossibleError(f"the text has no {piece}")
        start = index + len(piece)
        place = {"index": utf16_length(words[:index]), "length": utf16_length(piece)}
        found.append({**place, "productId": EMOJI_PRODUCT, "emojiId": f"{number + 1:03}"})
    return found
