"""Where the trained model lies; importing this does not import rasa."""

from pathlib import Path

from core.errors import SetupError
from core.settings import Settings

MODEL_FILE = "rasa.tar.gz"


def model_path(settings: Settings) -> Path:
    """The trained model's file. Raises SetupError when it is missing."""
    path = settings.models_dir / MODEL_FILE
    if not path.is_file():
        raise SetupError(f"{path} is missing; run `make train`")
    return path
