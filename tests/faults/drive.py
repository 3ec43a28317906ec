"""Customers of both channels who write, wait for the answer, and write again."""

import asyncio
import itertools
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import yaml

from core.settings import PROJECT
from tests.simulators.line.config import Bot, Friend
from tests.simulators.line.config import SimulatorConfig as LineConfig
from tests.simulators.line.demo import demo_config as line_demo
from tests.simulators.line.simulator import LineSimulator
from tests.simulators.whatsapp.simulator import WhatsAppSimulator

LANGUAGES = {"DE": "de", "BR": "pt", "SA": "ar", "JP": "ja", "TW": "zh-Hant", "TH": "th"}
PATIENCE_S = 45.0  # then the customer writes on without an answer
LOOK_S = 0.25
PHONES = {"DE": "49151", "BR": "55119", "SA": "96650"}


@cache
def questions(language: str) -> tuple[str, ...]:
    """One question of every FAQ entry, in the language."""
    path = PROJECT / "knowledge" / "data" / "faq" / f"{language}.yml"
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    return tuple(entry["questions"][0] for entry in entries)


@dataclass
class Customer:
    """Somebody with questions, and the vendor's ids of what they wrote."""

    channel: str
    market: str
    id: str
    say: Callable[[str], str]  # the vendor's id of the message
    answers: Callable[[], int]  # messages that came so far
    messages: int
    written: list[str] = field(default_factory=list)
    unanswered: int = 0

    async def talk(self, rng: random.Random, done: Callable[[], None]) -> None:
        """Ask question after question; each when the one before is answered, or patience ends."""
        asked = questions(LANGUAGES[self.market])
        for _ in range(self.messages):
            before = await asyncio.to_thread(self.answers)
            self.written.append(await asyncio.to_thread(self.say, rng.choice(asked)))
            done()
            await self._wait(before)

    async def _wait(self, before: int) -> None:
        for _ in range(int(PATIENCE_S / LOOK_S)):
            await asyncio.sleep(LOOK_S)
            if await asyncio.to_thread(self.answers) > before:
                return
        self.unanswered += 1


def line_config(people: int) -> LineConfig:
    """The demo's bots with `people` friends over all of them, and unlimited pushes."""
    demo = line_demo()
    share = [people // len(demo.bots) + (place < people % len(demo.bots)) for place in range(len(demo.bots))]
    bots = [
        replace(bot, friends=tuple(_friends(bot, count)), monthly_limit=None)
        for bot, count in zip(demo.bots, share, strict=True)
    ]
    return replace(demo, bots=tuple(bots), redelivery=True, redelivery_pauses_s=(1.0, 2.0, 5.0, 10.0, 20.0, 30.0))


def _friends(bot: Bot, count: int) -> Iterator[Friend]:
    for number in range(count):
        yield Friend(f"{bot.user_id[:5]}{number + 1:028x}", f"{bot.market} {number}", LANGUAGES[bot.market])


def line_customers(simulator: LineSimulator, messages: int) -> list[Customer]:
    """Every friend of every bot."""
    return [
        _line_customer(simulator, bot, friend.user_id, messages)
        for bot in simulator.config.bots
        for friend in bot.friends
    ]


def _line_customer(simulator: LineSimulator, bot: Bot, user: str, messages: int) -> Customer:
    def say(text: str) -> str:
        return simulator.say(user, text, bot=bot.user_id)

    def answers() -> int:
        return len(simulator.messages_to(user, bot.user_id))

    return Customer("line", bot.market, user, say, answers, messages)


def whatsapp_customers(simulator: WhatsAppSimulator, people: int, messages: int) -> list[Customer]:
    """People who write to the demo's numbers in turn."""
    numbers = itertools.cycle(simulator.config.numbers)
    return [_whatsapp_customer(simulator, next(numbers), number, messages) for number in range(people)]


def _whatsapp_customer(simulator: WhatsAppSimulator, to: Any, number: int, messages: int) -> Customer:
    user = f"{PHONES[to.market]}{10_000_000 + number}"[:13]

    def say(text: str) -> str:
        return simulator.inbound(user, "text", to.phone_number_id, text=text)

    def answers() -> int:
        return len(simulator.messages_to(user, to.phone_number_id))

    return Customer("whatsapp", to.market, user, say, answers, messages)


async def talk_all(customers: Sequence[Customer], at_once: int, seed: int, done: Callable[[], None]) -> None:
    """Let all customers talk, `at_once` at the same time."""
    places = asyncio.Semaphore(at_once)

    async def one(number: int, customer: Customer) -> None:
        async with places:
            await customer.talk(random.Random(seed + number), done)

    await asyncio.gather(*(one(number, customer) for number, customer in enumerate(customers)))
