"""The base of every action: reads the turn, lets the action decide, writes the decision for Rasa."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.language_choice import with_admission
from actions.outcome import Outcome
from actions.services import Services, shared_services
from actions.turn import Turn, read_turn
from markets.fields import Tier
from markets.promise_model import Promise


class BotAction(Action, ABC):  # type: ignore[misc]  # rasa_sdk ships no types
    """One thing that the bot can do. Subclasses set `action_name` and decide in `act`."""

    action_name: ClassVar[str]
    # The customer was understood, so the count of misunderstandings starts again.
    understood: ClassVar[bool] = True

    def __init__(self, services: Services | None = None) -> None:
        self._given = services

    @property
    def services(self) -> Services:
        """What the action works with; of this process when none was given (`rasa run actions`)."""
        return self._given or shared_services()

    def name(self) -> str:
        """The action's name in domain.yml."""
        return self.action_name

    def _promise(self, turn: Turn) -> Callable[[Tier], Promise]:
        return lambda tier: self.services.promise(turn.conversation_id, turn.market, tier, turn.now)

    @abstractmethod
    async def act(self, turn: Turn) -> Outcome:
        """What to say and to remember."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        """Rasa's side of `act`."""
        turn = read_turn(tracker, self.services.markets(), self.services.now())
        turn = replace(turn, promise=self._promise(turn))
        outcome = with_admission(turn, await self.act(turn), self.services.languages())
        for message in outcome.says:
            dispatcher.utter_message(**message.to_json())
        if outcome.wishes:
            dispatcher.utter_message(json_message=dict(outcome.wishes))
        slots = {"answered": None, **({"misunderstood": None} if self.understood else {}), **outcome.slots}
        return [SlotSet(key, value) for key, value in slots.items() if value != turn.slot(key)]
