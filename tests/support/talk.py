"""Whole conversations with the bot in this process, through the record and the worker."""

import functools
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
import structlog

from aftersail.asking import Asker, open_asker
from bot import resources
from conversations.model import Hints, Inbound
from conversations.ownership import Handoff, list_handoffs
from tests.support.installation import Installation


@dataclass(frozen=True)
class Reply:
    """What the bot said to one message; `response` names what it was, as `utter_…` or `faq:…`."""

    language: str
    owner: str
    texts: list[str]
    buttons: list[str]
    responses: list[str]

    @property
    def text(self) -> str:
        """Everything that was said."""
        return "\n".join(self.texts)

    @property
    def response(self) -> str:
        """The name of the first text; empty when the bot was silent."""
        return next(iter(self.responses), "")


Talk = Callable[..., "Customer"]


@dataclass
class Customer:
    """One person on the web chat of a market."""

    asker: Asker
    market: str
    hints: Hints = field(default_factory=Hints)
    sender: str = field(default_factory=lambda: f"customer-{uuid4().hex[:12]}")

    async def say(self, text: str) -> Reply:
        """The bot's answer to a message."""
        inbound = Inbound("webchat", self.sender, self.market, text, uuid4().hex, hints=self.hints)
        answer: dict[str, Any] = await self.asker.ask(inbound)
        replies = answer["replies"]
        return Reply(
            language=answer["language"],
            owner=answer["owner"],
            texts=[reply["text"] for reply in replies],
            buttons=[title for reply in replies for title in reply["buttons"]],
            responses=[reply["response"] for reply in replies],
        )

    async def say_all(self, *texts: str) -> Reply:
        """The bot's answer to the last of several messages."""
        replies = [await self.say(text) for text in texts]
        return replies[-1]

    def conversation_id(self) -> str:
        """The conversation that is open."""
        return self.asker.record.open_conversation("webchat", self.sender, self.market).id

    def handoffs(self, installation: Installation) -> list[Handoff]:
        """The customer's hand-offs that are open."""
        found = list_handoffs(installation.engine)
        return [handoff for handoff in found if handoff.conversation_id == self.conversation_id()]


@contextmanager
def asker_of(installation: Installation) -> Iterator[Asker]:
    """An asker on the installation; what the process shares is opened anew, and closed again afterwards."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))  # rasa tells everything
    shared: list[Any] = [part for part in vars(resources).values() if isinstance(part, functools._lru_cache_wrapper)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AFTERSAIL_DATA_DIR", str(installation.folder))
        for part in shared:
            part.cache_clear()
        yield open_asker(installation.settings)
    for part in shared:
        part.cache_clear()
