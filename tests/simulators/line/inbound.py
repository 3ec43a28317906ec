"""Customers' actions: each changes what is in the chat and gives the events that the platform would send."""

from collections.abc import Callable
from typing import Any

from tests.simulators.line.act import Act, ImpossibleError
from tests.simulators.line.config import CHAT_ID, USER_ID, Friend
from tests.simulators.line.contents import CONTENTS, keep_media
from tests.simulators.line.events import event
from tests.simulators.line.state import BotState, Entry, Person, World
from tests.simulators.line.taps import button, postback_params

Events = list[dict[str, Any]]


def perform(world: World, act: Act) -> tuple[BotState, Events]:
    """The bot and the events of an action; no events for what no bot is told. Raises ImpossibleError."""
    try:
        bot = world.find_bot(act.bot)
    except KeyError:
        raise ImpossibleError(f"there is no bot {act.bot}") from None
    _introduce(bot, act)
    if act.type in CONTENTS:
        return bot, _message(world, bot, act)
    if act.type not in _ACTIONS:
        raise ImpossibleError(f"unknown type {act.type}; known: {', '.join(sorted({*CONTENTS, *_ACTIONS}))}")
    return bot, _ACTIONS[act.type](world, bot, act)


def _introduce(bot: BotState, act: Act) -> None:
    if act.user:
        if not USER_ID.fullmatch(act.user):
            raise ImpossibleError(f"{act.user} is no user id: U and 32 hexadecimal digits")
        person = bot.people.setdefault(act.user, Person(Friend(act.user, f"Customer {act.user[-4:]}"), True, False))
        if person.blocked and not act.group and act.type not in ("unblock", "block", "raw"):
            raise ImpossibleError("the customer blocked the bot and cannot write to it")
    if act.group:
        if not CHAT_ID.fullmatch(act.group):
            raise ImpossibleError(f"{act.group} is no group id: C or R and 32 hexadecimal digits")
        members = bot.groups.setdefault(act.group, set())
        members.update({act.user} if act.user else ())


def _message(world: World, bot: BotState, act: Act) -> Events:
    """Message events: one for each picture of a set, otherwise one."""
    made = []
    set_id = world.ids.image_set() if act.total > 1 else ""
    for number in range(act.total if act.type == "image" else 1):
        content = CONTENTS[act.type](world, bot, act)
        if set_id:
            content["imageSet"] = {"id": set_id, "index": number + 1, "total": act.total}
        made.append(_said(world, bot, act, {"type": act.type, **content}))
    return made


def _said(world: World, bot: BotState, act: Act, content: dict[str, Any]) -> dict[str, Any]:
    chat_id = act.group or act.user
    now = world.now_ms()
    message_id = world.ids.message()
    token = world.ids.token()
    message = {"id": message_id, **content, "markAsReadToken": token}
    entry = world.add_entry(
        bot, chat_id, Entry(0, now, bot.bot.user_id, chat_id, act.user or act.group, message_id, message)
    )
    bot.chat(chat_id).spoke_at_ms = now
    world.read_tokens[token] = (bot.bot.user_id, chat_id, entry.number)
    if "quoteToken" in message:
        world.quotes[message["quoteToken"]] = (bot.bot.user_id, chat_id)
    if content["type"] == act.type:
        keep_media(world, bot, act, entry)
    return event(world, bot, act, "message", {"message": message}, reply=True)


def _find(bot: BotState, act: Act) -> Entry:
    """A message of the customer's own."""
    for entry in bot.chat(act.group or act.user).entries:
        if entry.message_id == act.message_id and entry.by == (act.user or act.group):
            return entry
    raise ImpossibleError(f"the customer sent no message {act.message_id}")


def _unsend(world: World, bot: BotState, act: Act) -> Events:
    entry = _find(bot, act)
    entry.unsent = True
    if act.message_id in world.media:
        world.media[act.message_id].gone = True
    return [event(world, bot, act, "unsend", {"unsend": {"messageId": act.message_id}}, reply=False)]


def _edited(world: World, bot: BotState, act: Act) -> Events:
    if not act.group:
        raise ImpossibleError("messages can be edited in groups only")
    entry = _find(bot, act)
    content = CONTENTS["text"](world, bot, act)
    entry.message = {"id": act.message_id, "type": "text", **content}
    return [event(world, bot, act, "messageEdited", {"message": entry.message}, reply=True)]


def _postback(world: World, bot: BotState, act: Act) -> Events:
    postback: dict[str, Any] = {"data": act.data}
    if act.params is not None:
        postback["params"] = act.params
    return [event(world, bot, act, "postback", {"postback": postback}, reply=True)]


def _tap(world: World, bot: BotState, act: Act) -> Events:
    entry, action = button(bot, act)
    entry.tapped = entry.tapped or any(reply.action is action for reply in entry.quick_replies)
    kind = action["type"]
    if kind == "message":
        return _message(world, bot, act.model_copy(update={"type": "text", "text": action["text"], "quote": ""}))
    if kind not in ("postback", "datetimepicker", "richmenuswitch"):
        return []
    made = _postback(
        world, bot, act.model_copy(update={"data": action["data"], "params": postback_params(act, action)})
    )
    shown = action.get("displayText") or action.get("text")
    if shown:
        _echo(world, bot, act, str(shown))
    if action.get("text"):
        made += _message(world, bot, act.model_copy(update={"type": "text", "text": action["text"], "quote": ""}))
    return made


def _echo(world: World, bot: BotState, act: Act, words: str) -> None:
    """displayText stands in the chat as the customer's message, but the bot is not told."""
    chat_id = act.group or act.user
    message_id = world.ids.message()
    content = {"type": "text", "text": words}
    now = world.now_ms()
    world.add_entry(bot, chat_id, Entry(0, now, bot.bot.user_id, chat_id, act.user, message_id, content))
    bot.chat(chat_id).spoke_at_ms = now


def _follow(world: World, bot: BotState, act: Act) -> Events:
    person = bot.people[act.user]
    unblocked, person.friend, person.blocked = person.blocked or act.type == "unblock", True, False
    return [event(world, bot, act, "follow", {"follow": {"isUnblocked": unblocked}}, reply=True)]


def _unfollow(world: World, bot: BotState, act: Act) -> Events:
    bot.people[act.user].blocked = True
    return [event(world, bot, act, "unfollow", {}, reply=False)]


def _group(kind: str, key: str = "", *, reply: bool) -> Callable[[World, BotState, Act], Events]:
    def build(world: World, bot: BotState, act: Act) -> Events:
        if not act.group:
            raise ImpossibleError(f"{act.type} happens in a group")
        members = {key: {"members": [{"type": "user", "userId": user} for user in act.members]}} if key else {}
        made = event(world, bot, act, kind, members, reply=reply, with_user=False)
        if key == "joined":
            bot.groups[act.group].update(act.members)
        elif key == "left":
            bot.groups[act.group].difference_update(act.members)
        elif kind == "leave":
            del bot.groups[act.group]
        return [made]

    return build


def _account_link(world: World, bot: BotState, act: Act) -> Events:
    link = {"link": {"result": act.result, "nonce": act.nonce}}
    made = event(world, bot, act, "accountLink", link, reply=act.result == "ok")
    if act.result == "failed":
        del made["source"]
    return [made]


def _beacon(world: World, bot: BotState, act: Act) -> Events:
    beacon = {"hwid": act.hwid, "type": act.beacon, **({"dm": act.dm} if act.dm else {})}
    return [event(world, bot, act, "beacon", {"beacon": beacon}, reply=True)]


def _video_seen(world: World, bot: BotState, act: Act) -> Events:
    seen = {"videoPlayComplete": {"trackingId": act.tracking_id}}
    return [event(world, bot, act, "videoPlayComplete", seen, reply=True)]


def _membership(world: World, bot: BotState, act: Act) -> Events:
    membership = {"membership": {"type": act.membership, "membershipId": 3189}}
    return [event(world, bot, act, "membership", membership, reply=True)]


def _unknown_event(world: World, bot: BotState, act: Act) -> Events:
    return [event(world, bot, act, "greatNewFeature", {"greatNewFeature": {"1": 1}}, reply=True)]


def _unknown_message(world: World, bot: BotState, act: Act) -> Events:
    return [_said(world, bot, act, {"type": "unknownunknownunknown", "unknown": "blah blah"})]


def _raw(world: World, bot: BotState, act: Act) -> Events:
    made = event(world, bot, act, str(act.event.get("type", "raw")), {}, reply=True)
    return [{**made, **act.event}]


_ACTIONS: dict[str, Callable[[World, BotState, Act], Events]] = {
    "unsend": _unsend,
    "messageEdited": _edited,
    "postback": _postback,
    "tap": _tap,
    "follow": _follow,
    "unblock": _follow,
    "unfollow": _unfollow,
    "block": _unfollow,
    "join": _group("join", reply=True),
    "leave": _group("leave", reply=False),
    "memberJoined": _group("memberJoined", "joined", reply=True),
    "memberLeft": _group("memberLeft", "left", reply=False),
    "accountLink": _account_link,
    "beacon": _beacon,
    "videoPlayComplete": _video_seen,
    "membership": _membership,
    "unknownEvent": _unknown_event,
    "unknownMessage": _unknown_message,
    "raw": _raw,
}
