"""Webhook events in the vendor's form."""

from collections.abc import Mapping, Sequence
from typing import Any

from tests.simulators.common.signing import utf8_body
from tests.simulators.line.act import Act
from tests.simulators.line.state import BotState, ReplyToken, World


def source_of(act: Act, *, with_user: bool) -> dict[str, Any]:
    """Where an event comes from. In groups the person is named only on some events."""
    if not act.group:
        return {"type": "user", "userId": act.user}
    kind = "room" if act.group.startswith("R") else "group"
    source = {"type": kind, f"{kind}Id": act.group}
    return {**source, "userId": act.user} if with_user and act.user else source


def event(
    world: World,
    bot: BotState,
    act: Act,
    kind: str,
    members: Mapping[str, Any],
    *,
    reply: bool,
    with_user: bool = True,
) -> dict[str, Any]:
    """An event with the common members; with a reply token when `reply` and the channel is active."""
    now = world.now_ms()
    made: dict[str, Any] = {
        "type": kind,
        **members,
        "webhookEventId": world.ids.event(now),
        "deliveryContext": {"isRedelivery": False},
        "timestamp": now if act.at_ms is None else act.at_ms,
        "source": source_of(act, with_user=with_user),
        "mode": act.mode,
    }
    if reply and act.mode == "active":
        token = world.ids.reply_token()
        world.reply_tokens[token] = ReplyToken(bot.bot.user_id, act.group or act.user, now, now)
        made["replyToken"] = token
    return made


def body_of(bot: BotState, events: Sequence[Mapping[str, Any]], *, redelivery: bool = False) -> bytes:
    """The body of a webhook, in raw UTF-8 as the platform sends it."""
    sent = [{**item, "deliveryContext": {"isRedelivery": True}} if redelivery else dict(item) for item in events]
    payload = {"destination": bot.bot.user_id, "events": sent}
    return utf8_body(payload)


def renew_tokens(world: World, events: Sequence[Mapping[str, Any]]) -> None:
    """Delivering an event starts its reply token's life again, unless the event is too old."""
    now = world.now_ms()
    for item in events:
        token = world.reply_tokens.get(str(item.get("replyToken", "")))
        if token is not None and now - token.event_ms <= world.config.reply_token_horizon_s * 1000:
            token.delivered_ms = now
