"""Embeds each message; retrieval has a vector of its own where a customer's word for a thing is not ours."""

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

from bot.message_text import (
    MAX_EMBEDDED,
    QUERY_VECTOR,
    language_of,
    metadata_of,
    text_to_embed,
    with_clauses,
    words_of,
)
from bot.resources import shared_embedder, shared_holder
from knowledge.embedder import Embedder
from knowledge.query_terms import in_own_words

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
        typed = with_clauses(messages)
        for start in range(0, len(typed), BATCH):
            self._embed(typed[start : start + BATCH])
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The training phrases with vectors."""
        self.process(training_data.training_examples)
        return training_data

    def _embed(self, messages: list[Message]) -> None:
        texts = [text_to_embed(words_of(message)) for message in messages]
        asked = [text_to_embed(_in_own_words(message)) for message in messages]
        # What nobody says in other words than ours, six messages of seven, is embedded once.
        other = [index for index, text in enumerate(texts) if asked[index] != text]
        languages = [language_of(message) for message in messages]
        every = [*texts, *(asked[index] for index in other)]
        vectors = self._embedder.encode(every, [*languages, *(languages[index] for index in other)])
        for message, vector in zip(messages, vectors, strict=False):
            matrix = np.asarray(vector, dtype=np.float32)[None, :]
            message.add_features(Features(matrix, FEATURE_TYPE_SENTENCE, TEXT, type(self).__name__))
        for index, vector in zip(other, vectors[len(texts) :], strict=True):
            messages[index].set(QUERY_VECTOR, np.asarray(vector, dtype=np.float32))


def _in_own_words(message: Message) -> str:
    """The message's text in the market's words for things; training phrases, which have no market, as they are."""
    text = words_of(message)
    market = metadata_of(message).get("market")
    if not market:
        return text
    return in_own_words(text[:MAX_EMBEDDED], market, language_of(message), shared_holder().current().matchers)
