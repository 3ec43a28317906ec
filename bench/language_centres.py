"""Write knowledge/data/embedder/centres.json from the FAQ questions and the training phrases of each language.

Run it as `python -m bench.language_centres` when a language is added. It changes the embedder's fingerprint.
"""

from collections import defaultdict
from pathlib import Path

import numpy as np

from bench.content import read_phrases, read_questions
from core.settings import load_settings
from knowledge.language_centres import CENTRES, Centre, write_centres
from knowledge.model_folder import E5, USE

# Languages whose sentences USE cannot tell apart; measured with bench.retrieval_quality.
UNKNOWN_TO_USE = frozenset({"vi"})


def main() -> None:
    """Write the file."""
    settings = load_settings()
    texts: dict[str, list[str]] = defaultdict(list)
    for question in read_questions(settings.content_dir):
        texts[question.language].append(question.text)
    for phrase in read_phrases(settings.content_dir):
        texts[phrase.language].append(phrase.text)
    write_centres(CENTRES, _centres(settings.models_dir, texts))


def _centres(models_dir: Path, texts: dict[str, list[str]]) -> dict[str, Centre]:
    e5, use = (source.open(models_dir / source.name) for source in (E5, USE))
    return {
        language: Centre(
            np.mean(e5.encode(sentences), axis=0),
            None if language in UNKNOWN_TO_USE else np.mean(use.encode(sentences), axis=0),
        )
        for language, sentences in texts.items()
    }


if __name__ == "__main__":
    main()
