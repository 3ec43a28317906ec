"""The training of the transformer."""

import math
from collections.abc import Callable, Iterator
from itertools import islice

import torch
from torch.nn.functional import cross_entropy
from transformers import MarianMTModel

from translators.alignment import Aligner, padded
from translators.batches import Batch
from translators.recipe import Recipe

_IGNORED = -100
_RECENT = 50  # the loss that is told is the mean of so many steps
_GUIDED_SHARE = 0.8  # of the steps: from then on the guide's weight stays at its least
_LEAST_GUIDE = 0.1  # of recipe.guide


def train_model(
    model: MarianMTModel,
    batches: Iterator[Batch],
    aligner: Aligner,
    recipe: Recipe,
    tell: Callable[[int, float], None],
) -> float:
    """Trains `model` in place and leaves the averaged weights in it; the mean loss of the last steps.

    `tell` is called after each step with the number of steps done and the mean loss.
    """
    optimizer = torch.optim.AdamW(model.parameters(), recipe.rate, betas=(0.9, 0.98), weight_decay=0.01)
    average = [parameter.detach().clone() for parameter in model.parameters()]
    losses: list[float] = []
    model.train()
    for step, batch in enumerate(islice(batches, recipe.steps)):
        for group in optimizer.param_groups:
            group["lr"] = recipe.rate * rate_share(step, recipe)
        loss, astray = batch_losses(model, batch, aligner, recipe)
        (loss + guide_weight(step, recipe) * astray).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), recipe.clip)
        optimizer.step()
        optimizer.zero_grad()
        with torch.no_grad():
            torch._foreach_lerp_(average, list(model.parameters()), 1 - min(recipe.average, (step + 1) / (step + 10)))
        losses = [*losses[1 - _RECENT :], loss.item()]
        tell(step + 1, sum(losses) / len(losses))
    _keep(model, average)
    return sum(losses) / max(1, len(losses))


def _keep(model: MarianMTModel, weights: list[torch.Tensor]) -> None:
    with torch.no_grad():
        for parameter, weight in zip(model.parameters(), weights, strict=True):
            parameter.copy_(weight)
    model.eval()


def rate_share(step: int, recipe: Recipe) -> float:
    """The share, 0 to 1, of the highest learning rate at `step`: a linear rise, then a cosine to nearly 0."""
    if step < recipe.warm_up:
        return (step + 1) / recipe.warm_up
    done = (step - recipe.warm_up) / max(1, recipe.steps - recipe.warm_up)
    return 0.02 + 0.98 * (1 + math.cos(math.pi * done)) / 2


def guide_weight(step: int, recipe: Recipe) -> float:
    """What looking at the wrong place costs at `step`, in shares of the loss."""
    return recipe.guide * max(_LEAST_GUIDE, 1 - step / (_GUIDED_SHARE * recipe.steps))


def batch_losses(
    model: MarianMTModel, batch: Batch, aligner: Aligner, recipe: Recipe
) -> tuple[torch.Tensor, torch.Tensor]:
    """(mean loss of the batch's target pieces, how far the last layer looks beside the aligner's guide), scalars."""
    padding = model.config.pad_token_id
    sources, targets = padded(batch.sources, padding), padded(batch.targets, _IGNORED)
    starts = padded(tuple((padding, *target[:-1]) for target in batch.targets), padding)
    with torch.autocast("cpu", torch.bfloat16):
        output = model(
            input_ids=sources,
            attention_mask=(sources != padding).long(),
            decoder_input_ids=starts,
            use_cache=False,
            output_attentions=True,
        )
    # CTranslate2 starts from a zero embedding: without a share in the loss, the padding's row stays zero here too.
    logits = output.logits[..., :padding].float()
    loss = cross_entropy(
        logits.flatten(0, 1), targets.flatten(), ignore_index=_IGNORED, label_smoothing=recipe.label_smoothing
    )
    looked = output.cross_attentions[-1].float().mean(1)  # [batch, target, source], the mean of all heads
    return loss, -(aligner.guide(batch) * torch.log(looked + 1e-4)).sum() / (targets != _IGNORED).sum()
