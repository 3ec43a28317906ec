"""Receiving a message while others write too."""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy.engine import Engine

from conversations.model import Conversation
from conversations.record import Record
from core.database import open_engine
from core.settings import Settings
from tests.support.records import MarketLanguage, Reading, inbound


class MeanwhileLanguages(MarketLanguage):
    """Reads languages, and lets something happen during the first reading."""

    def __init__(self, meanwhile: Callable[[], object]) -> None:
        self._meanwhile = [meanwhile]
        self.readings = 0

    def read(self, text: str, conversation: Conversation) -> Reading:
        """The market's code as the language."""
        self.readings += 1
        if self._meanwhile:
            self._meanwhile.pop()()
        return super().read(text, conversation)


def test_nobody_waits_while_a_language_is_read(engine: Engine, tmp_path: Path) -> None:
    other = Record(open_engine(Settings(data_dir=tmp_path, _env_file=None)), MarketLanguage())
    languages = MeanwhileLanguages(lambda: other.receive(inbound("b", "m2", sender="visitor-2")))
    stored = Record(engine, languages).receive(inbound("a", "m1"))
    assert stored.message.seq == 1
    assert languages.readings == 1


def test_a_message_that_comes_in_between_counts(engine: Engine, record: Record) -> None:
    languages = MeanwhileLanguages(lambda: record.receive(inbound("first", "m1")))
    second = Record(engine, languages).receive(inbound("second", "m2"))
    assert second.message.seq == 2
    assert languages.readings == 2
    assert second.conversation.language_state["turns"] == 2


def test_the_same_message_that_comes_in_between_is_stored_once(engine: Engine, record: Record) -> None:
    languages = MeanwhileLanguages(lambda: record.receive(inbound("once", "m1")))
    again = Record(engine, languages).receive(inbound("once", "m1"))
    assert again.duplicate
    assert len(record.history(again.conversation.id)) == 1
