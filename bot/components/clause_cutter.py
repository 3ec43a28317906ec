"""Cuts a message into clauses (bot.clauses), which are read beside the whole."""

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.clauses import clauses
from bot.message_text import CLAUSES, MAX_EMBEDDED, is_payload, language_of, words_of


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class ClauseCutter(GraphComponent):  # type: ignore[misc]  # rasa ships no types
    """Gives each message its clauses as messages of their own, for featurizers and classifier."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "ClauseCutter":
        """The component; it has no settings."""
        return cls()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The data unchanged: a phrase is learned as a whole."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """The messages with their clauses; button payloads have none."""
        for message in messages:
            if not is_payload(message):
                known = {"metadata": {"language": language_of(message)}}
                parts = clauses(words_of(message)[:MAX_EMBEDDED])
                message.set(CLAUSES, [Message(data={TEXT: part, **known}) for part in parts])
        return messages
