"""Everything else a bot may ask: quota, profiles, webhook settings, loading animation, content."""

from typing import Any
from urllib.parse import urlsplit

from tests.simulators.line.answers import Answer, Problem, Rejected, bad_body, bad_property, error, not_found
from tests.simulators.line.checks import Checker, dotted
from tests.simulators.line.config import USER_ID
from tests.simulators.line.sending import Call
from tests.simulators.line.state import BotState, Media, World

ENDPOINT_MAX = 500
GONE = "The content is no longer available"


def quota(world: World, bot: BotState) -> Answer:
    """This month's limit."""
    del world
    limit = bot.bot.monthly_limit
    return Answer(body={"type": "none"} if limit is None else {"type": "limited", "value": limit})


def consumption(world: World, bot: BotState) -> Answer:
    """What of it is used."""
    return Answer(body={"totalUsage": bot.used[world.month()]})


def info(world: World, bot: BotState) -> Answer:
    """The bot itself."""
    del world
    body = {
        "userId": bot.bot.user_id,
        "basicId": bot.bot.basic_id,
        "displayName": bot.bot.name,
        "chatMode": bot.bot.chat_mode,
        "markAsReadMode": "manual" if bot.bot.chat_mode == "chat" else "auto",
    }
    return Answer(body=body)


def profile(bot: BotState, user_id: str) -> Answer:
    """A friend's profile; 404 when unknown, no friend or blocked. `language` only with consent."""
    person = bot.people.get(user_id)
    if not USER_ID.fullmatch(user_id):
        raise Rejected(error(400, "The value for the 'userId' parameter is invalid"))
    if person is None or person.blocked or not person.friend:
        raise Rejected(not_found())
    friend = person.profile
    body = {
        "displayName": friend.name,
        "userId": user_id,
        "language": friend.language,
        "pictureUrl": friend.picture_url,
        "statusMessage": friend.status_message,
    }
    return Answer(body={key: value for key, value in body.items() if value})


def member_profile(bot: BotState, chat_id: str, user_id: str) -> Answer:
    """Profile of a member of a group or room, which has no language."""
    if user_id not in bot.groups.get(chat_id, ()):
        raise Rejected(not_found())
    person = bot.people.get(user_id)
    return Answer(body={"displayName": person.profile.name if person else "Member", "userId": user_id})


def get_endpoint(world: World, bot: BotState) -> Answer:
    """Where webhooks go."""
    del world
    if not bot.webhook:
        raise Rejected(not_found())
    return Answer(body={"endpoint": bot.webhook, "active": True})


def put_endpoint(world: World, call: Call) -> Answer:
    """Set where webhooks go. The platform takes https only; loopback http is let through for tests."""
    del world
    checker = Checker(dotted)
    checker.keys(call.body, "", {"endpoint"})
    checker.text(call.body, "", "endpoint", ENDPOINT_MAX)
    if not checker.problems:
        url = urlsplit(str(call.body["endpoint"]))
        if url.scheme != "https" and (url.scheme, url.hostname) not in (("http", "127.0.0.1"), ("http", "localhost")):
            checker.say("endpoint", "Invalid webhook endpoint URL")
    if checker.problems:
        raise Rejected(bad_body(checker.problems))
    call.bot.webhook = str(call.body["endpoint"])
    return Answer()


def loading(world: World, call: Call) -> Answer:
    """Show three moving dots. 5 to 60 seconds in steps of 5; only to a person, until the next message."""
    checker = Checker(dotted)
    checker.keys(call.body, "", {"chatId", "loadingSeconds"})
    seconds = call.body.get("loadingSeconds", 20)
    if not isinstance(seconds, int) or isinstance(seconds, bool) or not 5 <= seconds <= 60 or seconds % 5:
        checker.say("loadingSeconds", "Must be a multiple of 5 between 5 and 60")
    if checker.problems:
        raise Rejected(bad_body(checker.problems))
    chat_id = call.body.get("chatId")
    if not isinstance(chat_id, str) or not USER_ID.fullmatch(chat_id) or chat_id not in call.bot.people:
        raise Rejected(bad_property("chatId"))
    call.bot.chat(chat_id).loading_until_ms = world.now_ms() + seconds * 1000
    return Answer(202)


def mark_as_read(world: World, call: Call) -> Answer:
    """Mark everything up to a message as read."""
    known = world.read_tokens.get(str(call.body.get("markAsReadToken", "")))
    if set(call.body) != {"markAsReadToken"} or known is None or known[0] != call.bot.bot.user_id:
        raise Rejected(bad_body([Problem("markAsReadToken", "Invalid mark as read token")]))
    chat = call.bot.chat(known[1])
    chat.read_number = max(chat.read_number, known[2])
    return Answer()


def partners_only(world: World, call: Call) -> Answer:
    """403: the older way to mark as read, for partners."""
    del world, call
    raise Rejected(error(403, "Access to this API is not available for your account"))


def content(world: World, bot: BotState, message_id: str) -> Answer:
    """The bytes of a file; 202 while it is being prepared."""
    media = _media(world, bot, message_id)
    if world.now_ms() < media.ready_ms:
        return Answer(202)
    if media.failed:
        raise Rejected(not_found())
    return Answer(200, media.data, {}, media.mime)


def transcoding(world: World, bot: BotState, message_id: str) -> Answer:
    """Whether a video or a recording is ready."""
    media = _media(world, bot, message_id)
    ready = world.now_ms() >= media.ready_ms
    status = ("failed" if media.failed else "succeeded") if ready else "processing"
    body: dict[str, Any] = {"status": status}
    return Answer(body=body)


def preview(world: World, bot: BotState, message_id: str) -> Answer:
    """A small picture of a picture or video."""
    media = _media(world, bot, message_id)
    if world.now_ms() < media.ready_ms:
        return Answer(202)
    if not media.preview:
        raise Rejected(not_found())
    return Answer(200, media.preview, {}, media.preview_mime)


def _media(world: World, bot: BotState, message_id: str) -> Media:
    media = world.media.get(message_id)
    if media is None or media.bot != bot.bot.user_id:
        raise Rejected(not_found())
    if media.gone:
        raise Rejected(error(410, GONE))
    return media
