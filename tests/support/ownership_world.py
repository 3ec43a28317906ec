"""Everything that can happen to one customer's conversation, step by step, explored without end until nothing is new.

Two agents, the bot, the closer and the customer each read first and act later on what they read; each may crash in
between. What must never be is found with the shortest way to it.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from conversations.ownership_errors import OwnershipError
from conversations.ownership_model import RULES, Action, Event, Rule, Standing, State, step

Rules = Mapping[tuple[State, Event], Rule]
AGENTS = ("agent:a", "agent:b")
NOW = 1.0
BY_AGENT = (
    Event.TAKE, Event.ASSIGN, Event.ANSWER, Event.RELEASE, Event.ESCALATE, Event.HAND_BACK, Event.CLOSE,
)  # fmt: skip
GIVE_AWAY = (Event.ASSIGN, Event.RELEASE, Event.ESCALATE, Event.HAND_BACK, Event.CLOSE)
PERSONS = (State.QUEUED, State.ASSIGNED)


START = Standing(State.BOT)


class Violation(AssertionError):
    """Something that must never be."""


@dataclass(frozen=True)
class World:
    """The conversation, and what each has in mind."""

    standing: Standing = START
    written: int = 0  # messages of the customer, over all episodes
    waits: frozenset[int] = frozenset()  # messages that nobody has answered, or set aside knowing of them
    pending: frozenset[int] = frozenset()  # messages that the bot will still look at
    bot: int = 0  # the message that the bot is thinking about; 0: none
    read: tuple[int, ...] = (-1, -1)  # up to what each agent has read; -1: nothing
    closer: int = -1  # the same of the closer
    holds: frozenset[str] = frozenset()  # agents who were told that the conversation is theirs


@dataclass(frozen=True)
class Explorer:
    """Follows the rules; `flush`: what waits for the bot is dropped when a person gives the conversation back."""

    messages: int = 2  # that the customer writes at most
    rules: Rules = field(default_factory=lambda: RULES)
    flush: bool = True

    def explore(self) -> int:
        """Number of worlds that can be reached. Raises Violation with the way to it."""
        start = World()
        way: dict[World, tuple[World, str] | None] = {start: None}
        todo = deque([start])
        while todo:
            world = todo.popleft()
            try:
                for name, after in self._next(world):
                    if after not in way:
                        way[after] = (world, name)
                        check(after)
                        todo.append(after)
            except Violation as error:
                raise Violation(f"{error}\n" + "\n".join(_steps(way, world))) from None
        return len(way)

    def _next(self, world: World) -> Iterator[tuple[str, World]]:
        yield from self._customer(world)
        yield from self._bot(world)
        yield from self._closer(world)
        for number in range(len(AGENTS)):
            yield from self._agent(world, number)

    def _customer(self, world: World) -> Iterator[tuple[str, World]]:
        if world.written < self.messages:
            yield "the customer writes", self._write(world)
        yield from self._try(world, Action(Event.START_OVER, "customer"))

    def _write(self, world: World) -> World:
        if world.standing.state is State.CLOSED:
            after = step(world.standing, Action(Event.REOPEN, "customer"), NOW, self.rules)
            world = World(replace(after, customer_seq=0), world.written)
        after = step(world.standing, Action(Event.MESSAGE, "customer"), NOW, self.rules)
        seq = after.customer_seq + 1
        pending = world.pending | {seq} if after.state is State.BOT else world.pending
        standing = replace(after, customer_seq=seq)
        return replace(world, standing=standing, written=world.written + 1, waits=world.waits | {seq}, pending=pending)

    def _bot(self, world: World) -> Iterator[tuple[str, World]]:
        yield from self._try(world, Action(Event.HAND_OFF, "aftersail"))
        if not world.bot:
            if world.pending:
                yield "the bot begins", replace(world, bot=min(world.pending))
            return
        yield "the bot crashes", replace(world, bot=0)
        turn = replace(world, bot=0)
        if world.bot not in world.pending:
            yield "the bot's turn is not its any more", turn
            return
        handled = replace(turn, pending=world.pending - {world.bot})
        try:
            spoken = self._turn(world, handled)
        except OwnershipError:
            yield "the bot's turn is dropped", handled
            return
        yield "the bot answers", spoken
        yield from self._try(replace(handled, waits=world.waits), Action(Event.HAND_OFF, "bot"))

    def _turn(self, world: World, handled: World) -> World:
        after = step(world.standing, Action(Event.TURN, "bot", seen=world.bot), NOW, self.rules)
        if world.standing.state is not State.BOT:
            raise Violation(f"the bot speaks while {world.standing.owner or 'nobody'} has the conversation")
        if world.bot not in world.waits:
            raise Violation("the bot answers what is answered")
        return replace(handled, standing=after, waits=world.waits - {world.bot})

    def _closer(self, world: World) -> Iterator[tuple[str, World]]:
        if world.closer < 0:
            yield "the closer looks", replace(world, closer=world.standing.customer_seq)
            return
        idle = replace(world, closer=-1)
        yield "the closer crashes", idle
        yield from self._try(idle, Action(Event.EXPIRE, "aftersail", seen=world.closer))

    def _agent(self, world: World, number: int) -> Iterator[tuple[str, World]]:
        who, seen = AGENTS[number], world.read[number]
        if seen < world.standing.customer_seq:
            yield f"{who} reads", replace(world, read=_with(world.read, number, world.standing.customer_seq))
        if seen < 0:
            return
        yield f"{who} crashes", replace(world, read=_with(world.read, number, -1))
        for event in BY_AGENT:
            for to in AGENTS if event is Event.ASSIGN else ("",):
                yield from self._try(world, Action(event, who, to=to, seen=seen))

    def _try(self, world: World, action: Action) -> Iterator[tuple[str, World]]:
        before = world.standing
        try:
            after = step(before, action, NOW, self.rules)
        except OwnershipError:
            return
        if action.event is Event.ANSWER and before.agent != action.who:
            raise Violation(f"{action.who} speaks while {before.owner} has the conversation")
        waits, pending = world.waits, world.pending
        if action.event in (Event.ANSWER, Event.HAND_BACK, Event.CLOSE):
            waits = frozenset(seq for seq in waits if action.seen is not None and seq > action.seen)
        if action.event is Event.START_OVER and before.state is State.BOT:
            waits = frozenset()  # the customer's own wish; a person's promise is no click's to drop
        left = before.state in PERSONS and after.state is State.BOT
        if (left and self.flush) or after.state is State.CLOSED:
            pending = frozenset()
        holds = _holds(world.holds, before, after, action)
        yield (
            f"{action.who}: {action.event.value}",
            replace(world, standing=after, waits=waits, pending=pending, holds=holds),
        )


def check(world: World) -> None:
    """Raises Violation when nobody is responsible, two are, or the customer waits without a clock."""
    standing = world.standing
    if (standing.state is State.ASSIGNED) != (standing.agent in AGENTS):
        raise Violation(f"{standing.state.value} by {standing.agent or 'nobody'}")
    if len(world.holds) > 1:
        raise Violation(f"two have it: {sorted(world.holds)}")
    if world.waits and standing.state is State.CLOSED:
        raise Violation("a message is lost in a closed conversation")
    if world.waits and standing.state is State.BOT and not world.waits <= world.pending:
        raise Violation("a message waits that the bot will not look at")
    if world.waits and standing.waiting_since is None:
        raise Violation("the customer waits without a clock")
    if standing.state is State.QUEUED and standing.waiting_since is None:
        raise Violation("the queue has a conversation without a clock")
    if standing.state is State.CLOSED and (standing.waiting_since is not None or world.pending):
        raise Violation("something waits in a closed conversation")


def _holds(holds: frozenset[str], before: Standing, after: Standing, action: Action) -> frozenset[str]:
    if action.event in GIVE_AWAY and before.state is State.ASSIGNED and action.who == before.agent:
        holds -= {action.who}  # who gives it away knows
    if action.event is Event.EXPIRE:
        holds = frozenset()
    return holds | {after.agent} if action.event in (Event.TAKE, Event.ASSIGN) else holds


def _with(read: tuple[int, ...], number: int, value: int) -> tuple[int, ...]:
    return (*read[:number], value, *read[number + 1 :])


def _steps(way: Mapping[World, tuple[World, str] | None], world: World) -> list[str]:
    names = []
    at: World | None = world
    while at is not None and (came := way[at]):
        at, name = came
        names.append(name)
    return [f"{number}. {name}" for number, name in enumerate(reversed(names), start=1)]
