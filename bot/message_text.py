"""What the components read of a message besides Rasa's own fields."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.message import Message

from glossaries.masks import blank_out, mask_spans

SHORTEST = 1e-6  # a vector of nothing stays nothing
EMBEDDER = "MessageEmbedder"  # the featurizer whose vector retrieval reads
MEANT = "meant_text"  # the text with its slips put right (bot.components.speller)
CLAUSES = "clauses"  # messages made of its clauses (bot.components.clause_cutter)
QUERY_VECTOR = "query_vector"  # of the message in the market's own words, where they differ
MAX_EMBEDDED = 1_000  # characters; the embedder reads no more of a message than this


def text_to_embed(text: str) -> str:
    """`text` without order numbers, links and the like, which say nothing about what is meant.

    The text itself when nothing else is in it.
    """
    short = text[:MAX_EMBEDDED]
    words = blank_out(short, mask_spans(short)).strip()
    return " ".join(words.split()) or short


def words_of(message: Message) -> str:
    """What the customer meant to write; in training and for a payload, what stands there."""
    return str(message.get(MEANT) or message.get(TEXT) or "")


def clauses_of(message: Message) -> Sequence[Message]:
    """The message's clauses; empty when it is one, and in training."""
    found: Sequence[Message] = message.get(CLAUSES) or ()
    return found


def with_clauses(messages: Sequence[Message]) -> list[Message]:
    """Every message followed by its clauses, but for button payloads, which have no words."""
    return [each for message in messages if not is_payload(message) for each in (message, *clauses_of(message))]


def metadata_of(message: Message) -> dict[str, Any]:
    """What the worker sent along: market, language, channel; empty in training and in `rasa shell`."""
    return message.get("metadata") or {}


def language_of(message: Message) -> str:
    """Content code of the message's language; empty when it is not known. Training phrases carry it with the intent."""
    metadata = metadata_of(message)
    return str(metadata.get("language") or (metadata.get("intent") or {}).get("language") or "")


def entry_of(example: Message) -> str:
    """Id of the entry that a training phrase asks for; empty when it asks for none."""
    return str((metadata_of(example).get("intent") or {}).get("entry") or "")


def is_payload(message: Message) -> bool:
    """Whether the message is a pressed button, which Rasa reads by itself."""
    return str(message.get(TEXT) or "").startswith("/")


def vector_of(message: Message) -> npt.NDArray[np.float32] | None:
    """The message's vector for retrieval, or None for a button payload."""
    own = message.get(QUERY_VECTOR)
    return own if own is not None else _sentence_vectors(message).get(EMBEDDER)


def features_of(message: Message) -> npt.NDArray[np.float32] | None:
    """The vectors of every featurizer, each of length 1, one after the other, or None for a button payload.

    An embedder may give a language that it knows less of a shorter vector, which would make every intent less sure.
    """
    parts = _sentence_vectors(message).values()
    if not parts:
        return None
    features: npt.NDArray[np.float32] = np.concatenate(
        [part / max(float(np.linalg.norm(part)), SHORTEST) for part in parts]
    )
    return features


def _sentence_vectors(message: Message) -> dict[str, npt.NDArray[np.float32]]:
    return {
        features.origin: features.features[0]
        for features in message.features
        if features.attribute == TEXT and features.type == FEATURE_TYPE_SENTENCE and features.is_dense()
    }
