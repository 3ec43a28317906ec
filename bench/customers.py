"""Customers of the measurement: they write as the web process does, and hear when they are answered."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from uuid import uuid4

from aftersail.assembly_web import open_record
from bench.load import Talk
from bench.mix import scripts
from conversations.model import Conversation, Inbound
from conversations.record import Record
from core.database import open_engine
from core.errors import SetupError
from core.settings import Settings
from core.wakeups import Listener, Notifier
from knowledge.release_holder import ReleaseHolder
from markets.profile import MarketProfile
from orders.demo_store import DemoOrderStore, open_order_source

ANSWER_TIMEOUT_S = 60
LOOK_EVERY_S = 0.5
BOT = "bot"


class Customers:
    """Writes messages into the record and waits until a worker has answered them."""

    def __init__(self, settings: Settings) -> None:
        """Opens the record as the web process does. Raises SetupError."""
        engine = open_engine(settings)
        holder = ReleaseHolder(settings, engine, with_vectors=False)
        self._settings = settings
        self._markets: Mapping[str, MarketProfile] = holder.current().markets
        self.answered = 0  # messages that got at least one reply
        self.handed_over = 0  # conversations that went to a person
        self._record: Record = open_record(engine, holder)
        self._notifier = Notifier(settings.run_dir)
        self._news: dict[str, asyncio.Event] = {}

    def talker(self, market: str) -> Talk:
        """Sends the messages of one customer, who starts a new conversation once a person has taken over."""
        sender = [uuid4().hex]

        async def talk(text: str) -> None:
            receipt = self._record.receive(Inbound("webchat", sender[0], market, text, uuid4().hex))
            conversation_id = receipt.conversation.id
            news = self._news.setdefault(conversation_id, asyncio.Event())
            self._notifier.wake("worker")
            async with asyncio.timeout(ANSWER_TIMEOUT_S):
                after = await self._handled(conversation_id, news)
            self.answered += after.last_seq > receipt.message.seq
            if after.owner != BOT:
                self.handed_over += 1
                sender[0] = uuid4().hex

        return talk

    def conversations(self) -> Iterator[tuple[Talk, Sequence[str]]]:
        """Customers without end, each with their messages (bench.mix). Raises SetupError without demo orders."""
        orders = open_order_source(self._settings)
        if not isinstance(orders, DemoOrderStore):
            raise SetupError("The measurement needs the demo orders; leave AFTERSAIL_ORDERS unset.")
        for script in scripts(self._settings, self._markets, orders):
            yield self.talker(script.market), script.texts

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Wake-ups are heard inside the block."""
        task = asyncio.create_task(self._listen())
        await asyncio.sleep(0)
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _listen(self) -> None:
        with Listener(self._settings.run_dir, "web", "bench") as listener:
            while True:
                for conversation_id in await listener.wait(LOOK_EVERY_S) or list(self._news):
                    self._news[conversation_id].set()

    async def _handled(self, conversation_id: str, news: asyncio.Event) -> Conversation:
        while True:
            await news.wait()
            news.clear()
            conversation = self._record.conversation(conversation_id)
            if not conversation.pending:
                return conversation
