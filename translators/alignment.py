"""Which source piece a target piece translates: IBM's first model, to start the transformer with and to guide it.

On two thousand phrases a transformer learns them by heart before it finds out that it can look at the source.
"""

from collections.abc import Iterable

import torch

from translators.batches import END, Batch

_ROUNDS = 6  # of expectation and maximisation
_FLOOR = 1e-6
_NO_PIECE = -1


class Aligner:
    """Probabilities of target pieces given source pieces, learned from batches."""

    def __init__(self, batches: Iterable[Batch], pieces: int) -> None:
        kept = list(batches)
        self.table = torch.full((pieces, pieces), 1.0 / pieces)  # [source, target]; END as a source means nothing
        for _ in range(_ROUNDS):
            counts = torch.full((pieces, pieces), _FLOOR)
            for batch in kept:
                self._count(batch, counts)
            self.table = counts / counts.sum(1, keepdim=True)

    def guide(self, batch: Batch) -> torch.Tensor:
        """How likely each target piece translates each source piece: [batch, target, source], 0 at padding.

        Rows sum to 1, less the likelihood that the target piece translates nothing.
        """
        return self._shares(padded(batch.sources, _NO_PIECE), padded(batch.targets, _NO_PIECE))[..., 1:]

    def _count(self, batch: Batch, counts: torch.Tensor) -> None:
        sources, targets = padded(batch.sources, _NO_PIECE), padded(batch.targets, _NO_PIECE)
        shares = self._shares(sources, targets)
        rows = _with_nothing(sources).clamp(min=0)[:, None, :].expand_as(shares)
        columns = targets.clamp(min=0)[:, :, None].expand_as(shares)
        counts.index_put_((rows.flatten(), columns.flatten()), shares.flatten(), accumulate=True)

    def _shares(self, sources: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        """[batch, target, 1 + source]: likelihoods that sum to 1, the first for nothing; 0 at padding."""
        rows = _with_nothing(sources)
        found = self.table[rows.clamp(min=0)[:, None, :], targets.clamp(min=0)[:, :, None]]
        found = found * (rows >= 0)[:, None, :] * (targets >= 0)[:, :, None]
        return found / found.sum(2, keepdim=True).clamp(min=1e-12)


def padded(rows: tuple[tuple[int, ...], ...], padding: int) -> torch.Tensor:
    """The rows as one tensor of numbers, filled up with `padding` on the right."""
    longest = max(map(len, rows))
    return torch.tensor([[*row, *[padding] * (longest - len(row))] for row in rows])


def _with_nothing(sources: torch.Tensor) -> torch.Tensor:
    return torch.cat([torch.full((len(sources), 1), END), sources], 1)
