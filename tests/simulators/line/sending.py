"""Reply, push, multicast and their dry runs."""

import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.simulators.line.answers import (
    MONTHLY_LIMIT,
    RETRY_ACCEPTED,
    Answer,
    Problem,
    Rejected,
    bad_body,
    bad_property,
    error,
)
from tests.simulators.line.check_messages import check_messages
from tests.simulators.line.checks import Checker, dotted
from tests.simulators.line.config import CHAT_ID, USER_ID
from tests.simulators.line.state import WEEK_MS, BotState, Entry, RetryKey, World

RETRY_LIFE_MS = 24 * 3600 * 1000
MULTICAST_MAX = 500
COMMON = {"messages", "notificationDisabled"}


@dataclass(frozen=True)
class Call:
    """A request of a bot, with its body read."""

    bot: BotState
    body: Mapping[str, Any]
    request_id: str
    retry_key: str = ""


def reply(world: World, call: Call) -> Answer:
    """Answer for free, with a token that works once."""
    if call.retry_key:
        raise Rejected(error(400, "The header, 'X-Line-Retry-Key', is not supported by this API"))
    _keys(call, COMMON | {"replyToken"})
    token = call.body.get("replyToken")
    if not isinstance(token, str) or not token:
        raise Rejected(bad_body([Problem("replyToken", "May not be empty")]))
    messages = check_messages(call.body)
    known = world.reply_tokens.get(token)
    expired = known is not None and world.now_ms() > known.delivered_ms + world.config.reply_token_life_s * 1000
    if known is None or known.used or expired or known.bot != call.bot.bot.user_id:
        raise Rejected(error(400, "Invalid reply token"))
    _check_place(world, call.bot, known.chat_id, messages)
    known.used = True
    return _sent(world, call, [known.chat_id], messages, "reply")


def push(world: World, call: Call) -> Answer:
    """Send at any time, counted against the month's quota."""
    _keys(call, COMMON | {"to", "customAggregationUnits"})
    to = call.body.get("to")
    if not isinstance(to, str) or not CHAT_ID.fullmatch(to):
        raise Rejected(bad_property("to"))
    messages = check_messages(call.body)
    key = _retry(world, call, "push")
    _known(call.bot, to)
    _check_place(world, call.bot, to, messages)
    _count(world, call.bot, len(_recipients(call.bot, to)))
    answer = _sent(world, call, [to], messages, "push")
    return _accept(key, call, answer)


def multicast(world: World, call: Call) -> Answer:
    """Send to several friends at once."""
    _keys(call, COMMON | {"to", "customAggregationUnits"})
    to = call.body.get("to")
    if not isinstance(to, list) or not 1 <= len(to) <= MULTICAST_MAX:
        raise Rejected(bad_body([Problem("to", f"Size must be between 1 and {MULTICAST_MAX}")]))
    messages = check_messages(call.body)
    key = _retry(world, call, "multicast")
    users = list(dict.fromkeys(str(user) for user in to))
    if not all(USER_ID.fullmatch(user) and user in call.bot.people for user in users):
        raise Rejected(bad_property("to"))
    _count(world, call.bot, len(users))
    _sent(world, call, [user for user in users if call.bot.people[user].friend], messages, "multicast")
    return _accept(key, call, Answer())


def validate(world: World, call: Call) -> Answer:
    """Check message objects without sending."""
    del world
    _keys(call, {"messages"})
    check_messages(call.body)
    return Answer()


def _keys(call: Call, allowed: Iterable[str]) -> None:
    checker = Checker(dotted)
    checker.keys(call.body, "", allowed)
    if not isinstance(call.body.get("notificationDisabled", False), bool):
        checker.say("notificationDisabled", "Must be true or false")
    if checker.problems:
        raise Rejected(bad_body(checker.problems))


def _retry(world: World, call: Call, path: str) -> RetryKey | None:
    """The key's record. Raises Rejected: 409 when it was accepted, 400 when it is no UUID or had another body."""
    if not call.retry_key:
        return None
    try:
        name = str(uuid.UUID(call.retry_key))
    except ValueError:
        raise Rejected(error(400, "The retry key must be a UUID in hexadecimal notation")) from None
    if name != call.retry_key.lower():
        raise Rejected(error(400, "The retry key must be a UUID in hexadecimal notation"))
    digest = hashlib.sha256(f"{path} {json.dumps(call.body, sort_keys=True)}".encode()).hexdigest()
    now = world.now_ms()
    place = (call.bot.bot.user_id, name)
    key = world.retry_keys.get(place)
    if key is None or now - key.first_ms > RETRY_LIFE_MS:
        key = world.retry_keys[place] = RetryKey(digest, now)
    if key.digest != digest:
        raise Rejected(error(400, "The retry key was used for another request"))
    if key.sent is not None:
        body = {"message": RETRY_ACCEPTED, **key.sent.body}
        raise Rejected(Answer(409, body, {"x-line-accepted-request-id": key.accepted_id}))
    return key


def _accept(key: RetryKey | None, call: Call, answer: Answer) -> Answer:
    if key is not None:
        key.accepted_id, key.sent = call.request_id, answer
    return answer


def _known(bot: BotState, chat_id: str) -> None:
    if chat_id not in bot.people and chat_id not in bot.groups:
        raise Rejected(error(400, "Failed to send messages"))


def _check_place(world: World, bot: BotState, chat_id: str, messages: list[dict[str, Any]]) -> None:
    """Refuse what depends on the chat: a quote from elsewhere, a tracked video outside one-to-one chats."""
    problems = []
    for index, message in enumerate(messages):
        quote = message.get("quoteToken")
        if quote is not None and world.quotes.get(str(quote)) != (bot.bot.user_id, chat_id):
            problems.append(Problem(f"messages[{index}].quoteToken", "Invalid quote token"))
        if "trackingId" in message and not chat_id.startswith("U"):
            problems.append(Problem(f"messages[{index}].trackingId", "only in one-to-one chats"))
    if problems:
        raise Rejected(bad_body(problems))


def _recipients(bot: BotState, chat_id: str) -> set[str]:
    return bot.groups.get(chat_id, {chat_id})


def _count(world: World, bot: BotState, recipients: int) -> None:
    month = world.month()
    limit = bot.bot.monthly_limit
    if limit is not None and bot.used[month] + recipients > limit:
        raise Rejected(error(429, MONTHLY_LIMIT))
    bot.used[month] += recipients


def _sent(world: World, call: Call, chats: list[str], messages: list[dict[str, Any]], way: str) -> Answer:
    """Show the messages wherever they can be seen. One id for each message, as the answer tells it."""
    sent = [{"id": world.ids.message(), "quoteToken": world.ids.token()} for _ in messages]
    bot = call.bot
    now = world.now_ms()
    for chat_id in chats:
        if not _visible(bot, chat_id, now):
            continue
        bot.chat(chat_id).loading_until_ms = 0
        for message, ids in zip(messages, sent, strict=True):
            world.quotes[ids["quoteToken"]] = (bot.bot.user_id, chat_id)
            world.add_entry(
                bot,
                chat_id,
                Entry(0, now, bot.bot.user_id, chat_id, "bot", ids["id"], message, way, call.request_id),
            )
    return Answer(200, {"sentMessages": sent})


def _visible(bot: BotState, chat_id: str, now: int) -> bool:
    """Whether the person sees the message; the platform answers 200 either way."""
    if chat_id in bot.groups:
        return True
    person = bot.people.get(chat_id)
    if person is None or person.blocked:
        return False
    return person.friend or now - bot.chat(chat_id).spoke_at_ms <= WEEK_MS
