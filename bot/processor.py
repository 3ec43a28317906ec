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
from rasa.shared.core.events import Event, deserialise_events
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


class TurnProcessor(MessageProcessor):  # type: ignore[misc]  # rasa ships no types
    """Handles one message; what goes wrong in it is raised to the worker, which answers the customer."""

    executor: ActionExecutor

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
