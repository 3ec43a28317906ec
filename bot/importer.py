"""Training data: the phrases in bot/data/nlu, and the knowledge base's questions as phrases of `faq`.

So the classifier knows what the company answers. Retrieval finds the entry: a new or changed one needs no training.
"""

from pathlib import Path
from typing import Any

from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from core.settings import load_settings
from knowledge.load_faq import load_faq

FAQ_INTENT = "faq"


class KnowledgeImporter(RasaFileImporter):  # type: ignore[misc]  # rasa ships no types
    """Rasa's file importer with the knowledge base's questions added."""

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(config_file, domain_path, training_data_paths)
        self._faq_dir = Path(load_settings().content_dir) / "knowledge" / "data" / "faq"

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """Phrases with intents. Raises ContentError for a broken FAQ file."""
        data: TrainingData = super().get_nlu_data(language)
        known = {example.get(TEXT) for example in data.training_examples}
        questions = [
            Message(
                {
                    TEXT: question,
                    INTENT: FAQ_INTENT,
                    "metadata": {"intent": {"language": text.language, "entry": entry.id}},
                }
            )
            for entry in load_faq(self._faq_dir)
            for text in entry.texts.values()
            for question in text.questions
            if question not in known
        ]
        return data.merge(TrainingData(questions))
