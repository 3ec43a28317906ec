"""What the bot remembers between turns: the slots, nothing else.

Rasa replays a tracker's whole history for each prediction, so its cost grows with the conversation.
Our rules look at the last message only, and the record keeps every message; a tracker of slots stays small for ever.
"""

from collections.abc import Mapping
from typing import Any

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker


class BotMemory(TrackerStore):  # type: ignore[misc]  # rasa ships no types
    """Hands the processor a tracker made of slots, and the worker the slots to store with the turn."""

    def __init__(self, domain: Domain | None = None) -> None:
        super().__init__(domain)
        self._slots: dict[str, dict[str, Any]] = {}

    def begin(self, conversation_id: str, slots: Mapping[str, Any]) -> None:
        """Start a turn with what was stored."""
        self._slots[conversation_id] = dict(slots)

    def end(self, conversation_id: str) -> dict[str, Any]:
        """The slots to store; forgets the conversation."""
        return self._slots.pop(conversation_id, {})

    async def retrieve(self, sender_id: str) -> DialogueStateTracker:
        """The tracker of the conversation, waiting for a message."""
        known = {name for slot in self.domain.slots for name in [slot.name]}
        slots = {name: value for name, value in self._slots.get(sender_id, {}).items() if name in known}
        tracker = self.init_tracker(sender_id)
        tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
        for name, value in slots.items():
            tracker.update(SlotSet(name, value))
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep the slots that are set until the worker stores them with the turn."""
        values = tracker.current_slot_values()
        self._slots[tracker.sender_id] = {
            name: value for name, value in values.items() if value is not None and name != "session_started_metadata"
        }
