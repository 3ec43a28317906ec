"""The last word on a message: one intent to act on (bot.decision)."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaIntentClassifier
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.intent_classifier import IN_CLAUSES
from bot.decision import DANGER, FAQ, Reading, decide
from bot.message_text import language_of, metadata_of, words_of
from bot.resources import shared_holder
from core.settings import load_settings
from core.yaml_files import read_yaml, without_lines

REQUESTS = Path("knowledge") / "data" / "requests.yml"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class Decider(GraphComponent, RasaIntentClassifier):  # type: ignore[misc]  # rasa ships no types
    """Replaces the likeliest intent by the one to act on, and says how sure that is and what else was possible."""

    def __init__(self, requests: Mapping[str, str]) -> None:
        self._requests = requests

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "Decider":
        """The component, with the requests that have a button. Raises ContentError."""
        return cls(without_lines(read_yaml(load_settings().content_dir / REQUESTS).data))

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The data unchanged."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """The messages with the final intent and `decision`; button payloads are left to Rasa."""
        for message in messages:
            if message.get("intent_ranking"):
                decision = decide(self._reading(message))
                message.set("intent", {"name": decision.intent, "confidence": decision.confidence}, add_to_output=True)
                message.set("decision", decision.verdict, add_to_output=True)
                message.set("choices", [asdict(choice) for choice in decision.choices], add_to_output=True)
                if decision.intent == FAQ and decision.verdict == "answer" and decision.choices:
                    best = {"id": decision.choices[0].entry, "score": decision.confidence}
                    others = [hit for hit in message.get("faq") or () if hit["id"] != best["id"]]
                    message.set("faq", [best, *others], add_to_output=True)
        return messages

    def _reading(self, message: Message) -> Reading:
        text = str(message.get(TEXT) or "")
        language = metadata_of(message).get("decision") or {}
        return Reading(
            ranking=[(item["name"], item["confidence"]) for item in message.get("intent_ranking")],
            faq=[(hit["id"], hit["score"]) for hit in message.get("faq") or ()],
            only_entities=_only_entities(text, message.get(ENTITIES) or []),
            blank=not any(character.isalnum() for character in text),
            order_number=any(entity["entity"] == "order_number" for entity in message.get(ENTITIES) or ()),
            language_unclear=language.get("decision") == "ask",
            language_requested=bool(language.get("requested")),
            in_clauses=message.get(IN_CLAUSES) or {},
            requests=self._offered(metadata_of(message).get("market", "")),
            facts=bool(message.get(ENTITIES)) or any(character.isdigit() for character in text),
            **self._topics(message),
        )

    def _topics(self, message: Message) -> dict[str, list[str]]:
        """What may be meant by a message that is a topic's name and no more, as far as the market has it."""
        release, code = shared_holder().current(), metadata_of(message).get("market", "")
        market, offered = release.markets.get(code), release.offered(code)
        languages = list(dict.fromkeys((language_of(message), *(market.languages if market else ()))))
        typed, meant = str(message.get(TEXT) or ""), words_of(message)
        found = release.topics.find(typed, languages) or release.topics.find(meant, languages)
        near = () if found else release.topics.find_near(typed, languages)
        if DANGER in near:
            near = ()  # "cheque" is no "choque": what a slip may mean is for the classifier to fear
        return {
            field: [name for name in names if name == DANGER or self._requests.get(name, name) in offered]
            for field, names in (("topic", found), ("near_topic", near))
        }

    def _offered(self, market: str) -> dict[str, str]:
        offered = shared_holder().current().offered(market)
        return {intent: entry for intent, entry in self._requests.items() if entry in offered}


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
