"""Zendesk's event webhooks as events. Pure. Ids come as strings, states in capitals, times with nanoseconds."""

from collections.abc import Mapping, Sequence
from typing import Any

from connectors.events import Unreadable
from connectors.helpdesks.events import MAX_REPLY, AgentSaid, DeskEvent, StateChange
from connectors.helpdesks.fields import moment, read_object, storable, text, within

_ADDED = "zen:event-type:ticket.comment_added"
_CHANGED = "zen:event-type:ticket.status_changed"
_OVER = ("SOLVED", "CLOSED")
_SPACE = "&nbsp;"  # which Zendesk leaves in texts that it calls plain


def parse(body: bytes, ours: Mapping[str, str]) -> Sequence[DeskEvent]:
    """An agent's public comment or a change of state; empty for everything else. Raises Unreadable.

    `ours`: our user's id by account id; what that user does is no answer of a person.
    """
    data = read_object(body)
    kind, account = data.get("type"), text(data.get("account_id"), 32)
    if not isinstance(kind, str) or not account:
        raise Unreadable("no event of Zendesk's")
    if kind not in (_ADDED, _CHANGED):
        return ()
    event_id, detail = text(data.get("id"), 64), within(data, "detail")
    case_id = text(detail.get("id"), 32)
    if not event_id or not case_id:
        raise Unreadable("an event without its ids")
    me = ours.get(account, "")
    what = _comment(data, detail, me) if kind == _ADDED else _change(data, detail, me)
    if what is None:
        return ()
    key = text(detail.get("external_id"), 80)
    return (DeskEvent(f"{account}:{event_id}", account, case_id, moment(data.get("time")), what, key),)


def _comment(data: Mapping[str, Any], detail: Mapping[str, Any], me: str) -> AgentSaid | None:
    comment = within(data, "event", "comment")
    author = within(comment, "author")
    author_id = text(author.get("id")) or text(comment.get("author_id"))
    # Where the author's kind is not told: whoever is not the customer works there.
    is_staff = author.get("is_staff", author_id != text(detail.get("requester_id")))
    number = text(comment.get("id"), 32)
    if comment.get("is_public") is not True or is_staff is not True or not number or author_id in ("", "-1", me):
        return None  # private notes, the customer's own words, Zendesk's own, and what we wrote
    said = comment.get("plain_body") or comment.get("body")
    words = storable(said.replace(_SPACE, " ")[:MAX_REPLY]).strip() if isinstance(said, str) else ""
    files = comment.get("attachments")
    return AgentSaid(
        f"comment:{number}", words, text(author.get("name"), 80), len(files) if isinstance(files, list) else 0
    )


def _change(data: Mapping[str, Any], detail: Mapping[str, Any], me: str) -> StateChange | None:
    event = within(data, "event")
    before, now = text(event.get("previous")).upper(), text(event.get("current")).upper()
    if text(detail.get("actor_id")) == me:
        return None  # our own doing
    if now in _OVER:
        return StateChange("resolved") if before not in _OVER else None
    return StateChange("open") if before in _OVER else None
