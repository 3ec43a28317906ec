"""Trains the Rasa model: `python -m bot.train`."""

import tempfile
from pathlib import Path

from rasa.model_training import train as rasa_train

from bot.model_file import MODEL_FILE
from core.errors import SetupError
from core.settings import Settings, load_settings, quiet_libraries


def train(settings: Settings) -> Path:
    """The model's file, replaced in one step. Raises SetupError when training fails."""
    root = settings.content_dir
    settings.models_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.models_dir) as folder:
        result = rasa_train(
            domain=str(root / "domain.yml"),
            config=str(root / "config.yml"),
            training_files=[str(root / "bot" / "data")],
            output=folder,
            force_training=True,
            fixed_model_name=MODEL_FILE.removesuffix(".tar.gz"),
        )
        if result.code != 0 or not result.model:
            raise SetupError("Training failed; the lines above say why. `rasa data validate` checks the data.")
        return Path(result.model).replace(settings.models_dir / MODEL_FILE)


if __name__ == "__main__":
    quiet_libraries()
    train(load_settings())
