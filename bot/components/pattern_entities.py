"""Order numbers, e-mails, phones, postcodes and products, found by rules: the same in every language."""

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.message_text import metadata_of
from bot.resources import shared_holder, shared_products
from orders.entities import Entity, find_entities
from orders.products import find_products


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class PatternEntities(GraphComponent, EntityExtractorMixin):  # type: ignore[misc]  # rasa ships no types
    """Adds what orders.entities finds."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "PatternEntities":
        """The component; it has no settings."""
        return cls()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The data unchanged: nothing learns from these entities."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """The messages with entities; button payloads are left to Rasa."""
        for message in messages:
            text = str(message.get(TEXT) or "")
            if not text.startswith("/"):
                entities = [
                    self._as_rasa(entity) for entity in self._find(text, metadata_of(message).get("market", ""))
                ]
                message.set(ENTITIES, [*message.get(ENTITIES, []), *entities], add_to_output=True)
        return messages

    def _find(self, text: str, market_code: str) -> list[Entity]:
        market = shared_holder().current().markets.get(market_code)
        return find_entities(
            text,
            region=market.code if market else "",
            postcode=market.postcode if market else "",
            find_products=lambda plain: find_products(plain, shared_products()),
        )

    def _as_rasa(self, entity: Entity) -> dict[str, Any]:
        return {
            "entity": entity.name,
            "value": entity.value,
            "start": entity.start,
            "end": entity.end,
            "extractor": type(self).__name__,
        }
