"""Loads the trained Rasa model for turns."""

from collections.abc import Iterable

import threadpoolctl  # type: ignore[import-untyped]
from rasa.core.lock_store import InMemoryLockStore
from rasa_sdk import Action
from rasa_sdk.executor import ActionExecutor

from bot.memory import BotMemory
from bot.model_file import model_path
from bot.nlg import WordsGenerator
from bot.processor import TurnProcessor
from core.settings import Settings


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
    # One message is too little to share: more threads of BLAS wait for each other and for the other worker.
    threadpoolctl.threadpool_limits(limits=1)
    processor.executor = ActionExecutor()
    for action in actions:
        processor.executor.register_action(action)
    memory.domain = processor.domain
    return processor
