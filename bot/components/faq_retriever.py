"""Finds what the company answers: the message's vector against the questions of the current release."""

from typing import Any

from knowledge.retrieval import retrieve
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaIntentClassifier
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.message_text import language_of, metadata_of, vector_of
from bot.resources import shared_holder


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class FaqRetriever(GraphComponent, RasaIntentClassifier):  # type: ignore[misc]  # rasa ships no types
    """Adds `faq`: {"hits": [{"id", "score"}], "verdict": "answer", "clarify" or "unsure"}."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "FaqRetriever":
        """The component; it has no settings."""
        return cls()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The data unchanged: retrieval is not trained, only calibrated when a release is published."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """The messages with what the release answers; button payloads need no search."""
        for message in messages:
            vector = vector_of(message)
            if vector is not None:
                found = retrieve(
                    shared_holder().current(), vector, metadata_of(message).get("market", ""), language_of(message)
                )
                hits = [{"id": hit.id, "score": round(hit.score, 4)} for hit in found.hits]
                message.set("faq", {"hits": hits, "verdict": found.verdict}, add_to_output=True)
        return messages
