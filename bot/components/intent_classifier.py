"""What the customer wants: multinomial logistic regression on the message's vector, in every language at once."""

from typing import Any

import numpy as np
import numpy.typing as npt
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaIntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.linear_model import LogisticRegression

from bot.message_text import vector_of

WEIGHTS_FILE = "weights.npz"
FloatArray = npt.NDArray[np.float32]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(GraphComponent, RasaIntentClassifier):  # type: ignore[misc]  # rasa ships no types
    """Trained by scikit-learn; read back as plain arrays, since a message needs one matrix product only.

    Rasa's own LogisticRegressionClassifier fixes the regularisation, which these vectors need weaker.
    """

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._names: list[str] = []
        self._weights: FloatArray = np.zeros((0, 0), np.float32)
        self._bias: FloatArray = np.zeros(0, np.float32)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Settings with their defaults."""
        return {
            # Inverse strength of regularisation: larger fits the training phrases more closely. 1 to 100 is sensible.
            "C": 10.0,
            # Steps of the optimiser at most.
            "max_iter": 400,
            # How many intents the ranking holds.
            "ranking_length": 5,
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "IntentClassifier":
        """An untrained classifier."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "IntentClassifier":
        """The trained classifier. Raises ValueError when the model holds none."""
        classifier = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder, np.load(folder / WEIGHTS_FILE, allow_pickle=False) as arrays:
            classifier._names = [str(name) for name in arrays["names"]]
            classifier._weights = arrays["weights"]
            classifier._bias = arrays["bias"]
        return classifier

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on every phrase that has an intent."""
        examples = [example for example in training_data.intent_examples if example.get(INTENT) and example.get(TEXT)]
        vectors = np.vstack([vector for vector in map(vector_of, examples) if vector is not None])
        intents = [example.get(INTENT) for example in examples]
        model = LogisticRegression(
            C=self._config["C"], max_iter=self._config["max_iter"], class_weight="balanced", random_state=0
        )
        model.fit(vectors, intents)
        self._names = [str(name) for name in model.classes_]
        self._weights = model.coef_.T.astype(np.float32)
        self._bias = model.intercept_.astype(np.float32)
        with self._storage.write_to(self._resource) as folder:
            np.savez(folder / WEIGHTS_FILE, names=np.array(self._names), weights=self._weights, bias=self._bias)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The data unchanged: nothing after this learns from predictions."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """The messages with intent and ranking; button payloads are left to Rasa."""
        for message in messages:
            vector = vector_of(message)
            if vector is not None:
                ranking = self._rank(vector)
                message.set("intent", ranking[0], add_to_output=True)
                message.set("intent_ranking", ranking[: self._config["ranking_length"]], add_to_output=True)
        return messages

    def _rank(self, vector: FloatArray) -> list[dict[str, Any]]:
        scores = vector @ self._weights + self._bias
        likely = np.exp(scores - scores.max())
        likely /= likely.sum()
        return [{"name": self._names[i], "confidence": float(likely[i])} for i in np.argsort(-likely)]
