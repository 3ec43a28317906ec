"""The last word on a message: one intent to act on (bot.decision)."""

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaIntentClassifier
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.decision import Reading, decide
from bot.message_text import metadata_of


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class Decider(GraphComponent, RasaIntentClassifier):  # type: ignore[misc]  # rasa ships no types
    """Replaces the likeliest intent by the one to act on, and says how sure that is."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "Decider":
        """The component; it has no settings."""
        return cls()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The data unchanged."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """The messages with the final intent and `decision`; button payloads are left to Rasa."""
        for message in messages:
            if message.get("intent_ranking"):
                decision = decide(_reading(message))
                message.set("intent", {"name": decision.intent, "confidence": decision.confidence}, add_to_output=True)
                message.set("decision", decision.verdict, add_to_output=True)
        return messages


def _reading(message: Message) -> Reading:
    text = str(message.get(TEXT) or "")
    language = metadata_of(message).get("decision") or {}
    return Reading(
        ranking=[(item["name"], item["confidence"]) for item in message.get("intent_ranking")],
        faq=[(hit["id"], hit["score"]) for hit in message.get("faq") or ()],
        only_entities=_only_entities(text, message.get(ENTITIES) or []),
        blank=not any(character.isalnum() for character in text),
        language_unclear=language.get("decision") == "ask",
        language_requested=bool(language.get("requested")),
    )


def _only_entities(text: str, entities: list[dict[str, Any]]) -> bool:
    """Whether hardly a letter is left when the entities are taken out; a product alone is a question, not an answer."""
    kept = [entity for entity in entities if entity["entity"] != "product"]
    if not kept:
        return False
    rest = text
    for entity in sorted(kept, key=lambda item: -int(item["start"])):
        rest = rest[: entity["start"]] + " " + rest[entity["end"] :]
    return sum(character.isalpha() for character in rest) <= MAX_LETTERS_LEFT


# "nr", "no", "№" or "#" before a number is no sentence.
MAX_LETTERS_LEFT = 2
