"""The simulator in a thread of its own, for tests."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import TracebackType
from typing import Any, Self

import httpx

from tests.simulators.common.faults import Faults
from tests.simulators.line.app import Platform
from tests.simulators.line.config import Bot, SimulatorConfig
from tests.simulators.line.delivery import Attempt
from tests.simulators.line.pictures import BrokenPicture
from tests.simulators.line.server import QuickServer
from tests.simulators.line.state import Entry
from tests.simulators.line.taps import quick_replies
from tests.simulators.line.view import state_view

PAUSE_S = 0.005


class LineSimulator:
    """A LINE platform on a free loopback port; use it in a `with` statement. Safe to call from the test's thread."""

    def __init__(self, config: SimulatorConfig, port: int = 0) -> None:
        self.config = config
        self._platform = Platform(config)
        self._server = QuickServer(self._platform.app, port)
        self.url = self._server.url

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.stop()

    def bot(self, key: str = "") -> Bot:
        """A bot's config by name or id; empty: the first. Raises KeyError."""
        return self._platform.world.find_bot(key).bot

    def act(self, kind: str, user: str = "", **details: Any) -> list[dict[str, Any]]:
        """Let a customer act; `details` are the fields of `Act`. The events, sent in the background.

        Raises ImpossibleError for what a person could not do, pydantic.ValidationError for a wrong field.
        """
        return self._do({"type": kind, "user": user, **details})

    def act_together(self, *acts: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Let several people act; their events go out in one body. Each mapping has `type` and `Act`'s fields."""
        return self._do({"acts": [dict(act) for act in acts]})

    def say(self, user: str, text: str, **details: Any) -> str:
        """The message id of a text that a customer sends."""
        return str(self.act("text", user, text=text, **details)[0]["message"]["id"])

    def tap(self, user: str, label: str, **details: Any) -> list[dict[str, Any]]:
        """The events of a tap on the newest button or quick reply with this label."""
        return self.act("tap", user, label=label, **details)

    def messages_to(self, chat: str, bot: str = "") -> list[Entry]:
        """What bots sent and the customer saw in a one-to-one chat or group, in order. `bot`: only of this one."""
        return [entry for entry in self.chat(chat, bot) if entry.way]

    def chat(self, chat: str, bot: str = "") -> list[Entry]:
        """Everything in a chat, the person's own messages too."""

        def read() -> list[Entry]:
            world = self._platform.world
            states = [world.find_bot(bot)] if bot else list(world.bots.values())
            found = [entry for state in states if chat in state.chats for entry in state.chats[chat].entries]
            return [replace(entry) for entry in sorted(found, key=lambda entry: entry.number)]

        return self._server.call(read)

    def doubles_to(self, chat: str) -> list[Entry]:
        """Messages that the customer saw before, sent again by another request."""
        return [entry for entry in self.messages_to(chat) if entry.double]

    def picture(self, entry: Entry, which: str = "originalContentUrl") -> bytes:
        """The picture of a message as the phone loads it. Raises BrokenPicture with the reason why it shows none."""
        answer = httpx.get(f"{self.url}/sim/picture/{entry.message_id}/{which}")
        if answer.status_code != 200:
            raise BrokenPicture(answer.text)
        return answer.content

    def tunnel(self, origin: str, real: str) -> None:
        """From now on the pictures of an https origin are loaded from where it really is."""
        self._server.call(lambda: self._platform.world.tunnels.update({origin: real}))

    def quick_replies(self, user: str, bot: str = "") -> list[str]:
        """Labels above the customer's keyboard now."""
        world = self._platform.world
        return self._server.call(lambda: [reply.label for reply in quick_replies(world.find_bot(bot).chat(user))])

    def is_loading(self, user: str, bot: str = "") -> bool:
        """Whether the customer sees the loading animation."""
        world = self._platform.world
        return self._server.call(lambda: world.find_bot(bot).chat(user).loading_until_ms > world.now_ms())

    def is_read(self, user: str, message_id: str, bot: str = "") -> bool:
        """Whether the bot marked the customer's message as read."""
        world = self._platform.world
        number = next(entry.number for entry in self.chat(user, bot) if entry.message_id == message_id)
        return self._server.call(lambda: world.find_bot(bot).chat(user).read_number >= number)

    @property
    def pushes_used(self) -> int:
        """Paid messages of this month over all bots: one per recipient per request."""
        return sum(self.pushes_used_by(bot.user_id) for bot in self.config.bots)

    def pushes_used_by(self, bot: str) -> int:
        """Paid messages of this month of a bot."""
        world = self._platform.world
        return self._server.call(lambda: world.find_bot(bot).used[world.month()])

    @property
    def attempts(self) -> list[Attempt]:
        """Every post of a webhook so far."""
        return self._server.call(lambda: list(self._platform.delivery.attempts))

    @property
    def lost_events(self) -> list[dict[str, Any]]:
        """Events that no endpoint took and that will not be sent again."""
        return self._server.call(lambda: [dict(event) for event in self._platform.delivery.lost])

    def state(self) -> dict[str, Any]:
        """What GET /sim/state tells, as a copy."""
        made: dict[str, Any] = json.loads(
            self._server.call(lambda: json.dumps(state_view(self._platform.world, self._platform.delivery)))
        )
        return made

    def reset(self) -> None:
        """Forget everything that happened, quicker than starting another simulator."""

        def forget() -> None:
            self._platform.delivery.reset()
            self._platform.world.reset()

        self._server.call(forget)

    def advance(self, seconds: float) -> None:
        """Move the platform's clock; redeliveries that are due by then start."""
        self._server.call(lambda: self._platform.control.advance(seconds))

    def set_faults(self, faults: Faults) -> None:
        """Let other things go wrong from now on; `Faults()` lets all go well."""
        self._server.call(lambda: self._platform.world.set_faults(faults))

    def set_webhook(self, url: str, bot: str = "") -> None:
        """Send a bot's webhooks elsewhere; without `bot` those of all."""
        world = self._platform.world

        def change() -> None:
            for state in [world.find_bot(bot)] if bot else world.bots.values():
                state.webhook = url

        self._server.call(change)

    def set_redelivery(self, on: bool, pauses_s: tuple[float, ...] | None = None) -> None:
        """Switch redelivery on or off, and set its pauses."""
        world = self._platform.world

        def change() -> None:
            settings = world.settings
            settings.redelivery = on
            settings.redelivery_pauses_s = settings.redelivery_pauses_s if pauses_s is None else pauses_s

        self._server.call(change)

    def delete_content(self, message_id: str) -> None:
        """Let a file be gone, as the platform does after a while."""
        self._server.call(lambda: setattr(self._platform.world.media[message_id], "gone", True))

    def settle(self, timeout_s: float = 10.0) -> None:
        """Wait until every webhook was taken or given up. Raises TimeoutError."""
        self._until(lambda: self._platform.delivery.idle, timeout_s)

    def wait_for_attempts(self, count: int, timeout_s: float = 10.0) -> None:
        """Wait until so many webhooks were posted, taken or not. Raises TimeoutError."""
        self._until(lambda: len(self._platform.delivery.attempts) >= count, timeout_s)

    def _until(self, done: Callable[[], bool], timeout_s: float) -> None:
        end = time.monotonic() + timeout_s
        while not self._server.call(done):
            if time.monotonic() > end:
                raise TimeoutError(f"webhooks are still under way after {timeout_s} s")
            time.sleep(PAUSE_S)

    def _do(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        events: list[dict[str, Any]] = self._server.call(lambda: self._platform.control.act(body))["events"]
        return events
