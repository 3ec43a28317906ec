"""Embeds each message once; intents and retrieval read the same vector."""

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.message_text import is_payload, language_of, text_to_embed
from bot.resources import shared_embedder
from knowledge.embedder import Embedder

BATCH = 256


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class MessageEmbedder(DenseFeaturizer, GraphComponent):  # type: ignore[misc]  # rasa ships no types
    """Adds the sentence vector of the configured embedder."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "MessageEmbedder":
        """The component on this process's embedder."""
        return cls(shared_embedder())

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Another embedder means training again."""
        return shared_embedder().fingerprint

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing to set here: the embedder is a setting of the installation."""

    def process(self, messages: list[Message]) -> list[Message]:
        """The messages with vectors; button payloads need none."""
        typed = [message for message in messages if not is_payload(message)]
        for start in range(0, len(typed), BATCH):
            self._embed(typed[start : start + BATCH])
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The training phrases with vectors."""
        self.process(training_data.training_examples)
        return training_data

    def _embed(self, messages: list[Message]) -> None:
        texts = [text_to_embed(message.get(TEXT) or "") for message in messages]
        vectors = self._embedder.encode(texts, [language_of(message) for message in messages])
        for message, vector in zip(messages, vectors, strict=True):
            matrix = np.asarray(vector, dtype=np.float32)[None, :]
            message.add_features(Features(matrix, FEATURE_TYPE_SENTENCE, TEXT, type(self).__name__))
