"""Rasa's message processor, with actions run in this process and no exception swallowed."""

import tarfile
from pathlib import Path
from typing import Any

from rasa.core.actions.action import Action, RemoteAction
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.engine import loader
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.storage import ModelMetadata
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, UserUttered, deserialise_events
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.utils.common import TempDirectoryPath, get_temp_dir_name
from rasa_sdk.executor import ActionExecutor

from bot.graph_runner import SequentialGraphRunner
from core.errors import SetupError


class InProcessAction(RemoteAction):  # type: ignore[misc]  # rasa ships no types
    """A custom action run by rasa-sdk's executor here, with no HTTP hop and no schema check of our own answer."""

    def __init__(self, name: str, executor: ActionExecutor) -> None:
        super().__init__(name, None)
        self._executor = executor

    async def run(
        self,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[Event]:
        """The events of the action; its replies are made into words on the way."""
        call = {
            "next_action": self._name,
            "sender_id": tracker.sender_id,
            "tracker": tracker.current_state(EventVerbosity.AFTER_RESTART),
            "domain": {},
        }
        answer: dict[str, Any] = await self._executor.run(call)
        said = await self._utter_responses(answer["responses"], output_channel, nlg, tracker)
        return [*said, *deserialise_events(answer["events"])]


Situation = tuple[str | None, frozenset[str], tuple[str, ...]]  # intent, kinds of entities, actions done since


class TurnProcessor(MessageProcessor):  # type: ignore[misc]  # rasa ships no types
    """Handles one message; what goes wrong in it is raised to the worker, which answers the customer."""

    executor: ActionExecutor

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._decided: dict[Situation, tuple[Action, PolicyPrediction]] = {}

    @staticmethod
    def _load_model(model_path: str | Path) -> tuple[str, ModelMetadata, GraphRunner]:
        path = Path(model_path)
        with TempDirectoryPath(get_temp_dir_name()) as folder:
            try:
                metadata, runner = loader.load_predict_graph_runner(
                    Path(folder), path, LocalModelStorage, SequentialGraphRunner
                )
            except (FileNotFoundError, tarfile.ReadError) as error:
                raise SetupError(f"{path}: no readable Rasa model ({error}); run `make train`") from error
        return path.name, metadata, runner

    async def run_action_extract_slots(
        self, output_channel: OutputChannel, tracker: DialogueStateTracker
    ) -> DialogueStateTracker:
        """The tracker unchanged: our actions set the slots, the domain maps none."""
        return tracker

    def predict_next_with_tracker_if_should(self, tracker: DialogueStateTracker) -> tuple[Action, PolicyPrediction]:
        """Rasa's decision, asked for once in each situation: 1 ms, twice a message, for the same few dozen answers.

        Each turn's tracker begins anew (bot.memory) and no slot is a feature, so rules see the situation only.
        """
        situation = _situation(tracker)
        if situation is None or tracker.followup_action:
            return super().predict_next_with_tracker_if_should(tracker)  # type: ignore[no-any-return]
        if situation not in self._decided:
            self._decided[situation] = super().predict_next_with_tracker_if_should(tracker)
        return self._decided[situation]

    def _check_for_unseen_features(self, parse_data: dict[str, Any]) -> None:
        """Nothing: training has checked it, and Rasa builds an empty domain for each message to compare with."""

    async def _run_action(
        self,
        action: Action,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        prediction: PolicyPrediction,
    ) -> bool:
        if type(action) is RemoteAction:
            action = InProcessAction(action.name(), self.executor)
        events = await action.run(output_channel, nlg, tracker, self.domain)
        self._log_action_on_tracker(tracker, action, events, prediction)
        await self._send_bot_messages(events, tracker, output_channel)
        goes_on: bool = self.should_predict_another_action(action.name())
        return goes_on


def _situation(tracker: DialogueStateTracker) -> Situation | None:
    """What was said last and done since; None when nothing was said."""
    done: list[str] = []
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            return event.intent_name, frozenset(entity["entity"] for entity in event.entities), tuple(done)
        if isinstance(event, ActionExecuted):
            done.append(event.action_name or "")
    return None
