"""Loads the trained Rasa model for turns."""

from collections.abc import Iterable
from pathlib import Path

from rasa.core.lock_store import InMemoryLockStore
from rasa_sdk import Action
from rasa_sdk.executor import ActionExecutor

from bot.memory import BotMemory
from bot.nlg import WordsGenerator
from bot.processor import TurnProcessor
from core.errors import SetupError
from core.settings import Settings

MODEL_FILE = "rasa.tar.gz"


def model_path(settings: Settings) -> Path:
    """The trained model's file. Raises SetupError when it is missing."""
    path = settings.models_dir / MODEL_FILE
    if not path.is_file():
        raise SetupError(f"{path} is missing; run `make train`")
    return path


def load_processor(
    settings: Settings, actions: Iterable[Action], nlg: WordsGenerator, memory: BotMemory
) -> TurnProcessor:
    """Our processor on the trained model, ready for messages. Raises SetupError."""
    path = model_path(settings)
    locks = InMemoryLockStore()
    processor = TurnProcessor(
        model_path=path,
        tracker_store=memory,
        lock_store=locks,
        generator=nlg,
    )
    processor.executor = ActionExecutor()
    for action in actions:
        processor.executor.register_action(action)
    memory.domain = processor.domain
    return processor
