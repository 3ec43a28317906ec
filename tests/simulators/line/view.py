"""The state as JSON, for tests and for the page."""

from collections.abc import Mapping
from typing import Any

from tests.simulators.line.delivery import Delivery
from tests.simulators.line.pictures import is_reachable
from tests.simulators.line.state import BotState, Entry, World
from tests.simulators.line.taps import buttons_of, newest, quick_replies


def entry_view(world: World, entry: Entry) -> dict[str, Any]:
    """One message as the customer sees it; an unsent one has no content. `loads`: where its picture is to be had."""
    return {
        "number": entry.number,
        "at_ms": entry.at_ms,
        "by": entry.by,
        "id": entry.message_id,
        "way": entry.way,
        "cost": entry.cost,
        "double": entry.double,
        "unsent": entry.unsent,
        "text": "" if entry.unsent else entry.text,
        "image": "" if entry.unsent else entry.image,
        "quick_replies": [reply.label for reply in entry.quick_replies],
        "buttons": [action.get("label", "") for action in buttons_of(entry.message)] if entry.way else [],
        "message": {} if entry.unsent else entry.message,
        "loads": f"/sim/picture/{entry.message_id}/" if is_reachable(world, entry.image) else "",
    }


def chat_view(world: World, bot: BotState, chat_id: str, after: int = 0) -> dict[str, Any]:
    """A chat for the page: everything newer than `after`, and what changes without a new message."""
    chat = bot.chat(chat_id)
    person = bot.people.get(chat_id)
    now = world.now_ms()
    last = newest(chat)
    return {
        "entries": [entry_view(world, entry) for entry in chat.entries if entry.number > after],
        "unsent": [entry.message_id for entry in chat.entries if entry.unsent],
        "quick_replies": [
            {"label": reply.label, "type": reply.action["type"], "uri": reply.action.get("uri", "")}
            for reply in quick_replies(chat)
        ],
        "last": last.message_id if last else "",
        "loading": now < chat.loading_until_ms,
        "read_number": chat.read_number,
        "blocked": person is not None and person.blocked,
        "friend": person is not None and person.friend,
        "pushes_used": bot.used[world.month()],
        "monthly_limit": bot.bot.monthly_limit,
        "now_ms": now,
    }


def bots_view(world: World) -> list[dict[str, Any]]:
    """The bots and whom they know, for choosing; no secrets."""
    return [
        {
            "id": bot.bot.user_id,
            "name": bot.bot.name,
            "market": bot.bot.market,
            "webhook": bot.webhook,
            "people": [
                {"id": user_id, "name": person.profile.name, "language": person.profile.language}
                for user_id, person in bot.people.items()
            ],
            "groups": [{"id": chat_id, "members": sorted(members)} for chat_id, members in bot.groups.items()],
        }
        for bot in world.bots.values()
    ]


def state_view(world: World, delivery: Delivery) -> dict[str, Any]:
    """Everything that a test in another process may want to know."""
    return {
        "now_ms": world.now_ms(),
        "idle": delivery.idle,
        "pushes_used": sum(bot.used[world.month()] for bot in world.bots.values()),
        "webhooks": {
            "attempts": len(delivery.attempts),
            "taken": sum(attempt.taken for attempt in delivery.attempts),
            "lost": len(delivery.lost),
        },
        "bots": {bot.bot.name: _bot_view(world, bot) for bot in world.bots.values()},
    }


def _bot_view(world: World, bot: BotState) -> Mapping[str, Any]:
    return {
        "id": bot.bot.user_id,
        "webhook": bot.webhook,
        "pushes_used": bot.used[world.month()],
        "monthly_limit": bot.bot.monthly_limit,
        "blocked": [user_id for user_id, person in bot.people.items() if person.blocked],
        "chats": {chat_id: [entry_view(world, entry) for entry in chat.entries] for chat_id, chat in bot.chats.items()},
    }
