"""Customers on the simulated WhatsApp and LINE of a running Aftersail, and what they see."""

from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Row

from conversations.model import Conversation, Message
from conversations.ownership import Handoff, list_handoffs
from conversations.record import Record
from core.schema import messages
from core.schema_channels import contact_aliases, contacts, deliveries, media, reply_tokens
from tests.support.channel_service import ChannelWorld
from tests.support.channel_watch import change, rows_of, until, wait_quiet
from tests.support.records import MarketLanguage

MARKS = dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069\u200e\u200f"))


@dataclass(frozen=True)
class Bubble:
    """A message as the customer sees it."""

    text: str
    choices: tuple[str, ...] = ()
    cost: str = ""  # free, push, template

    @property
    def plain(self) -> str:
        """The text without invisible marks."""
        return self.text.translate(MARKS).replace("\xa0", " ")


@dataclass(frozen=True)
class Answer:
    """What came after something that the customer did."""

    bubbles: tuple[Bubble, ...]

    @property
    def text(self) -> str:
        """All words, without invisible marks."""
        return "\n".join(bubble.plain for bubble in self.bubbles)

    @property
    def choices(self) -> tuple[str, ...]:
        """What can be tapped."""
        return tuple(choice for bubble in self.bubbles for choice in bubble.choices)


@dataclass
class Person:
    """What both channels share. `seen`: bubbles that were read before."""

    world: ChannelWorld
    account: str  # our name of it
    market: str
    id: str  # as the channel knows them
    channel: str = ""
    seen: int = field(default=0, init=False)

    def bubbles(self) -> list[Bubble]:
        """Everything that has arrived from us, oldest first."""
        raise NotImplementedError

    def act(self, kind: str, **values: Any) -> str:
        """The vendor's id of what the customer did."""
        raise NotImplementedError

    def tap(self, choice: str) -> Answer:
        """What the bot answers to the newest choice with these words being tapped."""
        raise NotImplementedError

    def say(self, text: str) -> Answer:
        """What the bot answers to a text."""
        self.act("text", text=text)
        return self.wait()

    def do(self, kind: str, **values: Any) -> Answer:
        """What the bot answers to anything else."""
        self.act(kind, **values)
        return self.wait()

    def wait(self) -> Answer:
        """What has come since the last look, once nothing is under way any more."""
        wait_quiet(self.world)
        return self.look()

    def wait_for(self, count: int = 1) -> Answer:
        """What has come since the last look, once it is so much; whatever else is under way."""
        until(lambda: len(self.bubbles()) >= self.seen + count, f"{count} bubble(s) for {self.id}")
        return self.look()

    def look(self) -> Answer:
        """What has come since the last look."""
        found = self.bubbles()
        new, self.seen = found[self.seen :], len(found)
        return Answer(tuple(new))

    # --- what our side keeps -------------------------------------------------------------------------------------

    @property
    def sender(self) -> str:
        """The id that the person's conversations carry."""
        alias = contact_aliases.c
        mine = sa.select(alias.sender).where(
            alias.channel == self.channel, alias.account == self.account, alias.alias == self.id
        )
        found = rows_of(self.world, mine)
        return str(found[0][0]) if found else self.id

    def conversation(self) -> Conversation:
        """The open conversation."""
        record = Record(self.world.installation.engine, MarketLanguage())
        return record.open_conversation(self.channel, self.sender, self.market, account=self.account)

    def history(self) -> list[Message]:
        """Its messages, both sides."""
        record = Record(self.world.installation.engine, MarketLanguage())
        return list(record.history(self.conversation().id))

    def handoffs(self) -> list[Handoff]:
        """Open hand-offs."""
        mine = self.conversation().id
        return [each for each in list_handoffs(self.world.installation.engine) if each.conversation_id == mine]

    def deliveries(self) -> list[Row[Any]]:
        """Calls to the vendor, oldest first."""
        statement = sa.select(deliveries).where(deliveries.c.conversation_id == self.conversation().id)
        return rows_of(self.world, statement.order_by(deliveries.c.position))

    def media(self) -> list[Row[Any]]:
        """Files that the person sent, oldest first."""
        mine = media.join(messages, messages.c.id == media.c.message_id)
        statement = sa.select(media).select_from(mine).where(messages.c.conversation_id == self.conversation().id)
        return rows_of(self.world, statement.order_by(media.c.created_at))

    def contact(self) -> Row[Any]:
        """What we know of the person."""
        mine = (contacts.c.channel == self.channel, contacts.c.account == self.account)
        return rows_of(self.world, sa.select(contacts).where(*mine, contacts.c.sender == self.sender))[0]

    def fall_silent(self, seconds: float) -> None:
        """Let the person's last message be so much older for us."""
        is_them = (contacts.c.channel == self.channel, contacts.c.account == self.account)
        change(
            self.world,
            sa.update(contacts)
            .where(*is_them, contacts.c.sender == self.sender)
            .values(last_inbound_at=contacts.c.last_inbound_at - seconds),
        )

    def age_tokens(self, seconds: float) -> None:
        """Let the person's reply tokens be so much older for us."""
        mine = sa.update(reply_tokens).where(reply_tokens.c.sender == self.sender)
        change(self.world, mine.values(received_at=reply_tokens.c.received_at - seconds))


class WhatsAppPerson(Person):
    """A customer on one of our WhatsApp numbers; `id` is the number without +."""

    def __init__(self, world: ChannelWorld, market: str, number: str) -> None:
        ours = next(each for each in world.whatsapp.config.numbers if each.market == market)
        super().__init__(world, ours.name, market, number, "whatsapp")
        self.to = ours.phone_number_id

    def act(self, kind: str, **values: Any) -> str:
        return self.world.whatsapp.inbound(self.id, kind, self.to, **values)

    def tap(self, choice: str) -> Answer:
        """What the bot answers to a tapped button or row."""
        return self.do("tap", choice=choice)

    def bubbles(self) -> list[Bubble]:
        return [
            Bubble(
                sent.seen.text,
                tuple([each.title for each in sent.seen.buttons] + [each.title for each in sent.seen.rows]),
                "template" if sent.template else "free",
            )
            for sent in self.world.whatsapp.messages_to(self.id, self.to)
        ]


class LinePerson(Person):
    """A customer of one of our LINE bots, by place among its friends."""

    def __init__(self, world: ChannelWorld, market: str, place: int = 0) -> None:
        self.bot = next(bot for bot in world.line.config.bots if bot.market == market)
        number = f"U{0xF00 + place:08x}{world.line.config.bots.index(self.bot):024x}"
        super().__init__(world, f"line-{market.lower()}", market, number, "line")

    def act(self, kind: str, **values: Any) -> str:
        (made, *_) = self.world.line.act(kind, self.id, bot=self.bot.user_id, **values) or [{}]
        return str(made.get("message", {}).get("id", ""))

    def tap(self, choice: str) -> Answer:
        """What the bot answers to a tapped quick reply."""
        return self.do("tap", label=choice)

    def bubbles(self) -> list[Bubble]:
        found = self.world.line.messages_to(self.id, self.bot.user_id)
        return [Bubble(entry.text, tuple(reply.label for reply in entry.quick_replies), entry.cost) for entry in found]

    @property
    def pushes(self) -> int:
        """Pushes that the bot used this month."""
        return self.world.line.pushes_used_by(self.bot.user_id)


def agent_replies(person: Person, text: str) -> None:
    """A person answers from the command line, in the customer's language."""
    (handoff, *_) = person.handoffs()
    done = person.world.installation.run("reply", handoff.id, text, "--as", "lena")
    assert done.code == 0, done.err
