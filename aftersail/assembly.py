"""Puts the parts together, once for each kind of process."""

from dataclasses import dataclass

from prometheus_client import CollectorRegistry
from sqlalchemy.engine import Engine

from actions.registry import all_actions
from actions.services import services_for
from aftersail.gate import open_terms
from aftersail.translators import open_translator
from aftersail.withhold import Withhold
from bot.agent import load_processor
from bot.memory import BotMemory
from bot.metrics import WorkerMetrics
from bot.nlg import WordsGenerator
from bot.resources import shared_holder
from bot.turn import Bot
from bot.worker import Worker
from conversations.model import Conversation, Message, Reply
from conversations.outgoing import Gate
from conversations.promise_facts import MarketPromise
from conversations.work import WorkQueue
from core.database import migrate, open_engine
from core.settings import Settings
from core.wakeups import Notifier
from knowledge.release_holder import ReleaseHolder
from orders.demo_store import open_order_source


@dataclass(frozen=True)
class BotParts:
    """The bot and what it shares with its worker."""

    engine: Engine
    holder: ReleaseHolder
    gate: Gate
    bot: Bot
    promise: MarketPromise


def open_bot(settings: Settings) -> BotParts:
    """The trained bot. Raises SetupError naming what is missing."""
    engine = open_engine(settings)
    migrate(engine)
    holder = shared_holder()
    holder.current()
    services = services_for(engine, holder, open_order_source(settings))
    memory = BotMemory()
    terms = open_terms(holder)
    words = WordsGenerator(holder=holder, translator=open_translator(settings, terms))
    processor = load_processor(settings, all_actions(services), words, memory)
    return BotParts(engine, holder, Gate(terms), Bot(processor, memory), services.promise)


def open_worker(settings: Settings, parts: BotParts, name: str, registry: CollectorRegistry) -> Worker:
    """A worker on the bot; `name` holds its leases."""
    notifier = Notifier(settings.run_dir)
    return Worker(
        queue=WorkQueue(parts.engine, name, parts.gate),
        bot=parts.bot,
        apology=Apology(parts.holder),
        withhold=Withhold(parts.holder, promise=parts.promise),
        notify=notifier.news,
        metrics=WorkerMetrics(registry),
    )


class Apology:
    """Words for when a turn failed: nothing but the release is needed for them."""

    def __init__(self, holder: ReleaseHolder) -> None:
        self._holder = holder

    def __call__(self, conversation: Conversation, message: Message) -> Reply:
        """The approved apology, with the offer of a person."""
        release = self._holder.current()
        market = release.market_of(conversation.market)
        name = "utter_technical_problem"
        said = release.words.say(name, market=market, language=message.language or market.languages[0])
        buttons = [button.to_json() for button in said.buttons]
        return Reply(said.text, said.language, {"response": name, "buttons": buttons}, release.id)
