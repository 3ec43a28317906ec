"""Reads a hurried message as it was meant (knowledge.spelling), before anything is made of it."""

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.message_text import MEANT, is_payload, language_of
from bot.resources import shared_holder


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class Speller(GraphComponent):  # type: ignore[misc]  # rasa ships no types
    """Sets the text that the featurizers read; the customer's own stays for entities, people and the record."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "Speller":
        """The component; it has no settings."""
        return cls()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The data unchanged: its words are the ones that others are corrected to."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """The messages with what they were meant as; button payloads have no words."""
        for message in messages:
            text = str(message.get(TEXT) or "")
            if not is_payload(message):
                meant = shared_holder().current().speller.correct(text, language_of(message))
                message.set(MEANT, meant)
        return messages
