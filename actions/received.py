"""What came without words: pictures, voice, stickers, places … and a person who has just added us."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from actions.base import BotAction
from actions.handoff import hand_off
from actions.order_tasks import resume
from actions.outcome import Outcome, begin_with, line, say
from actions.problems import PHOTO_ENTRIES, SORRY, photo_after_answer, photo_of
from actions.turn import Turn
from actions.unsure import HAND_OFF_AFTER, OFFER_AFTER, not_understood

IMAGE = "image"
GROUP = "group"
UNSUPPORTED = "unsupported"
# By connectors.events.Content; "follow": somebody added us or came back; "choice": a button that is no longer known.
REPLIES: Mapping[str, str] = {
    IMAGE: "utter_received_image",
    "video": "utter_received_video",
    "audio": "utter_received_voice",
    "voice": "utter_received_voice",
    "document": "utter_received_document",
    "sticker": "utter_received_sticker",
    "location": "utter_received_location",
    "contacts": "utter_received_contacts",
    "order": "utter_received_order",
    "form": "utter_received_form",
    "follow": "utter_welcome",
    "choice": "utter_old_button",
    GROUP: "utter_write_me_directly",
    UNSUPPORTED: "utter_received_unsupported",
}
# They say something that the bot cannot read, so several in a row lead to a person.
UNREAD = frozenset({IMAGE, "video", "audio", "voice", "document", UNSUPPORTED})
PHOTO_HELPS = frozenset({*SORRY, "start_return"})
GROUP_PAUSE = timedelta(days=1)  # people in a group talk to each other: they are told once


class ActionReceived(BotAction):
    """Says what becomes of it, and goes on with what was asked."""

    action_name = "action_received"
    understood = False

    async def act(self, turn: Turn) -> Outcome:
        """The reply to this content, then the open question or, of unread ones in a row, the offer of a person."""
        content = turn.entity("content")
        content = content if content in REPLIES else UNSUPPORTED
        if content == GROUP:
            return _in_group(turn)
        task, problem = turn.slot("task"), PHOTO_ENTRIES.get(turn.slot("answered") or "")
        if content == IMAGE and problem and not task:
            return photo_after_answer(turn, problem)
        if content == "follow" or not (task or content in UNREAD):
            return Outcome([say(REPLIES[content])])
        if task:
            return await self._within(turn, task, content)
        count = (turn.slot("misunderstood") or 0) + 1
        if count <= OFFER_AFTER:
            return Outcome([say(REPLIES[content])], {"misunderstood": count})
        return begin_with(line(REPLIES[content]), not_understood(turn, count))

    async def _within(self, turn: Turn, task: str, content: str) -> Outcome:
        if content == IMAGE and task in SORRY:
            return photo_of(turn, task)
        count = (turn.slot("misunderstood") or 0) + (content in UNREAD)
        if count > HAND_OFF_AFTER:
            return begin_with(line(REPLIES[content]), hand_off(turn, "misunderstood"))
        helps = content == IMAGE and task in PHOTO_HELPS
        first = "utter_received_photo_for_case" if helps else REPLIES[content]
        # It is no wrong answer to the open question, which is asked again as if for the first time.
        unasked = replace(turn, slots={**turn.slots, "asked": None, "asked_times": None})
        asked = await resume(unasked, self.services)
        slots = {**asked.slots, "misunderstood": count or None, "asked_times": turn.slot("asked_times")}
        return begin_with(line(first), Outcome(asked.says, slots, asked.wishes))


def _in_group(turn: Turn) -> Outcome:
    """Nothing of an order, whatever was asked before; the others may read along."""
    told = turn.slot("group_told_at") or 0
    if turn.now.timestamp() - told < GROUP_PAUSE.total_seconds():
        return Outcome()
    return Outcome([say(REPLIES[GROUP])], {"group_told_at": turn.now.timestamp()})
