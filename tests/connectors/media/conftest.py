"""A record with messages, a store, and a vendor that gives what it is told to."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from connectors.channel import Fetched
from connectors.events import MediaRef
from connectors.media.fetch import MediaFetcher
from connectors.media.limits import load_limits
from connectors.media.store import MediaStore
from conversations.corrections import Corrections
from conversations.media import MediaFile, MediaRecord
from conversations.record import Record
from tests.support.records import inbound


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


Answer = bytes | BaseException | Callable[[], AsyncIterator[bytes]]


@dataclass
class Vendor:
    """A channel of which only `fetch` and `accounts` exist: gives the answer that the file's ref names."""

    answers: dict[str, Answer] = field(default_factory=dict)
    told: dict[str, int] = field(default_factory=dict)  # size, where it is not the true one
    accounts: Mapping[str, Any] = field(default_factory=lambda: {"line-de": object()})
    asked: list[str] = field(default_factory=list)
    open: int = 0
    most_open: int = 0

    @asynccontextmanager
    async def fetch(self, account: str, media: MediaRef) -> AsyncIterator[Fetched]:
        assert account in self.accounts
        self.asked.append(media.ref)
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        try:
            answer = self.answers[media.ref]
            if isinstance(answer, BaseException):
                raise answer
            size = len(answer) if isinstance(answer, bytes) else 0
            chunks = pieces(answer) if isinstance(answer, bytes) else answer()
            yield Fetched("application/x-liar", self.told.get(media.ref, size), chunks)
        finally:
            self.open -= 1


async def pieces(data: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(data), 65_536):
        await asyncio.sleep(0)
        yield data[start : start + 65_536]


@dataclass
class Desk:
    """Everything together, and short ways to use it."""

    clock: Clock
    vendor: Vendor
    media: MediaRecord
    store: MediaStore
    folder: Path
    fetcher: MediaFetcher
    record: Record
    corrections: Corrections
    woken: list[str] = field(default_factory=list)

    def expect(self, ref: str, answer: Answer, **more: Any) -> str:
        """Id of the message that the file came with."""
        receipt = self.record.receive(inbound(provider_id=ref))
        self.vendor.answers[ref] = answer
        ref_of = {**vars(MediaRef(ref)), **more}
        self.media.expect(receipt.message.id, "line", "line-de", ref_of)
        return receipt.message.id

    def file(self, message_id: str) -> MediaFile:
        """The message's file."""
        (found,) = self.media.of_message(message_id)
        return found

    def on_disk(self) -> list[str]:
        """Names of the files in the store's folder, drafts among them."""
        return sorted(path.name for path in self.folder.rglob("*") if path.is_file())


@pytest.fixture
def desk(engine: Engine, record: Record, tmp_path: Path) -> Desk:
    clock, vendor = Clock(), Vendor()
    media, folder = MediaRecord(engine, clock), tmp_path / "media"
    store = MediaStore(folder, reserve=0)
    woken: list[str] = []
    channels: Any = {"line": vendor}
    fetcher = MediaFetcher(media, store, load_limits(), channels, woken.append, clock, random.Random(7), timeout_s=10.0)
    return Desk(clock, vendor, media, store, folder, fetcher, record, Corrections(engine, clock), woken)
