"""The transformer: its shape, and how its weights start."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from transformers import MarianConfig, MarianMTModel

from translators.batches import END
from translators.recipe import Recipe

_POSITIONS = 1024  # CTranslate2 cuts longer inputs; with fewer positions it raises instead
_CERTAIN = 0.05  # a source piece whose likeliest translation has less keeps its own embedding


def build_model(recipe: Recipe, translations: torch.Tensor) -> MarianMTModel:
    """A new model. `translations`: likelihoods of pieces given pieces, [source, target], as an Aligner learns them.

    The padding, with which every translation starts, comes after the pieces.
    """
    torch.manual_seed(recipe.seed)
    model = MarianMTModel(_config(recipe, len(translations)))
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if weight.dim() == 2 and "embed" not in name and "shared" not in name:
                torch.nn.init.xavier_uniform_(weight)
        embeddings = model.get_input_embeddings().weight
        embeddings[:-1] = _start_embeddings(translations, recipe)
        # With this the decoder begins by writing the translations of the pieces that it looks at.
        attention = model.model.decoder.layers[-1].encoder_attn
        for weight in (attention.v_proj.weight, attention.out_proj.weight):
            weight.mul_(0.5).add_(torch.eye(recipe.width))
    return model


def _config(recipe: Recipe, pieces: int) -> MarianConfig:
    return MarianConfig(
        vocab_size=pieces + 1,
        d_model=recipe.width,
        encoder_layers=recipe.encoder_layers,
        decoder_layers=recipe.decoder_layers,
        encoder_attention_heads=recipe.heads,
        decoder_attention_heads=recipe.heads,
        encoder_ffn_dim=recipe.feed_forward,
        decoder_ffn_dim=recipe.feed_forward,
        max_position_embeddings=_POSITIONS,
        dropout=recipe.dropout,
        activation_function="relu",
        scale_embedding=True,
        pad_token_id=pieces,
        decoder_start_token_id=pieces,
        eos_token_id=END,
        forced_eos_token_id=None,
        attn_implementation="eager",  # the others do not tell where they look
    )


def _start_embeddings(translations: torch.Tensor, recipe: Recipe) -> torch.Tensor:
    """Random embeddings, [piece, width], in which a source piece lies near the pieces that translate it."""
    own = torch.randn(len(translations), recipe.width) * recipe.width**-0.5
    length = own.norm(dim=1, keepdim=True)
    translated = translations @ own
    translated *= length / translated.norm(dim=1, keepdim=True).clamp(min=1e-6)
    share = recipe.near * (translations.max(1, keepdim=True).values > _CERTAIN)
    mixed = (1 - share) * own + share * translated
    return mixed * length / mixed.norm(dim=1, keepdim=True)


@contextmanager
def one_thread() -> Iterator[None]:
    """Torch on one thread: quickest for so small a model, and the result does not depend on the number of cores."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
