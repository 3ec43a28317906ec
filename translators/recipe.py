"""How the models are made: sizes, steps, seeds."""

from dataclasses import asdict, dataclass
from typing import Any

VERSION = "0.1"  # of the packages and of this recipe; raise it when either changes


@dataclass(frozen=True)
class Recipe:
    """A Marian-shaped transformer and its training. Sizes are in numbers of units, `batch` in target pieces."""

    vocabulary: int = 3000
    width: int = 192
    feed_forward: int = 768
    heads: int = 4
    encoder_layers: int = 3
    decoder_layers: int = 2
    dropout: float = 0.15
    label_smoothing: float = 0.1
    steps: int = 2600
    batch: int = 600
    warm_up: int = 150
    rate: float = 1.5e-3  # highest learning rate
    clip: float = 1.0  # largest norm of the gradient
    average: float = 0.995  # decay of the running average of weights that is kept in the end
    resegment: float = 0.5  # share of sources cut into other pieces than the likeliest
    near: float = 0.9  # how near a source piece's embedding starts to those of its translations
    guide: float = 0.5  # what looking at the wrong place costs at first, in shares of the loss
    aligned: int = 150  # batches from which the aligner learns
    seed: int = 20261122

    def as_json(self) -> dict[str, Any]:
        """The fields by name."""
        return asdict(self)
