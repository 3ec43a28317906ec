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

from bot.message_text import clauses_of, entry_of, features_of

WEIGHTS_FILE = "weights.npz"
SEPARATOR = "/"  # between intent and entry in the name of a class
ENTRY_SHARES = "entry_shares"  # message field: how likely each entry of the knowledge base is
IN_CLAUSES = "in_clauses"  # message field: how likely each intent is in the clause that is likeliest to have it
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
            "C": 20.0,
            # Steps of the optimiser at most, and the gain below which it stops.
            "max_iter": 150,
            "tol": 0.001,
            # How many entries of the knowledge base a request or small talk outweighs: entries are many, and each is a
            # class of its own. 1 to 5 is sensible.
            "request_weight": 2.0,
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
        """Fit on every phrase that has an intent; a question of the knowledge base is a class of its own."""
        examples = [example for example in training_data.intent_examples if example.get(INTENT) and example.get(TEXT)]
        features = np.vstack([vector for vector in map(features_of, examples) if vector is not None])
        classes = [_class_of(example) for example in examples]
        model = LogisticRegression(
            C=self._config["C"],
            max_iter=self._config["max_iter"],
            tol=self._config["tol"],
            class_weight="balanced",
            random_state=0,
        )
        model.fit(features, classes)
        self._names = [str(name) for name in model.classes_]
        self._weights = model.coef_.T.astype(np.float32)
        weights = [1.0 if SEPARATOR in name else self._config["request_weight"] for name in self._names]
        self._bias = (model.intercept_ + np.log(weights)).astype(np.float32)
        with self._storage.write_to(self._resource) as folder:
            np.savez(folder / WEIGHTS_FILE, names=np.array(self._names), weights=self._weights, bias=self._bias)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The data unchanged: nothing after this learns from predictions."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """The messages with intent, ranking and the shares of known entries; button payloads are left to Rasa."""
        for message in messages:
            features = features_of(message)
            if features is not None:
                intents, entries = self._shares(features)
                ranking = [{"name": name, "confidence": share} for name, share in _descending(intents)]
                message.set("intent", ranking[0], add_to_output=True)
                message.set("intent_ranking", ranking[: self._config["ranking_length"]], add_to_output=True)
                message.set(ENTRY_SHARES, entries)
                message.set(IN_CLAUSES, self._in_clauses(message))
        return messages

    def _in_clauses(self, message: Message) -> dict[str, float]:
        """The largest share that each intent has in a clause; empty when there are none."""
        largest: dict[str, float] = {}
        for clause in clauses_of(message):
            features = features_of(clause)
            if features is not None:
                for name, share in self._shares(features)[0].items():
                    largest[name] = max(share, largest.get(name, 0.0))
        return largest

    def _shares(self, features: FloatArray) -> tuple[dict[str, float], dict[str, float]]:
        """Shares by intent, adding up to 1, and by entry, adding up to the share of `faq` that entries hold."""
        scores = features @ self._weights + self._bias
        likely = np.exp(scores - scores.max())
        likely /= likely.sum()
        intents: dict[str, float] = {}
        entries: dict[str, float] = {}
        for name, share in zip(self._names, likely.tolist(), strict=True):
            intent, _, entry = name.partition(SEPARATOR)
            intents[intent] = intents.get(intent, 0.0) + share
            if entry:
                entries[entry] = share
        return intents, entries


def _class_of(example: Message) -> str:
    entry = entry_of(example)
    return f"{example.get(INTENT)}{SEPARATOR}{entry}" if entry else str(example.get(INTENT))


def _descending(shares: dict[str, float]) -> list[tuple[str, float]]:
    return sorted(shares.items(), key=lambda item: -item[1])
