"""Finds what the company answers: the message's vector against the questions of the current release."""

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaIntentClassifier
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.intent_classifier import ENTRY_SHARES
from bot.fusion import fuse
from bot.message_text import language_of, metadata_of, vector_of
from bot.resources import shared_holder
from knowledge.retrieval import retrieve


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class FaqRetriever(GraphComponent, RasaIntentClassifier):  # type: ignore[misc]  # rasa ships no types
    """Adds `faq`: [{"id", "score"}], best first; the score is the probability that this entry is meant."""

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
                release = shared_holder().current()
                market = metadata_of(message).get("market", "")
                found = retrieve(release, vector, market, language_of(message))
                hits = fuse(found, message.get(ENTRY_SHARES) or {}, release.offered(market))
                message.set("faq", [{"id": entry, "score": round(p, 4)} for entry, p in hits], add_to_output=True)
        return messages
