"""The simulator for tests: in a thread of its own, on a free loopback port."""

import copy
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx

from tests.simulators.common.delivery import Post
from tests.simulators.common.server import ThreadServer
from tests.simulators.whatsapp import reports
from tests.simulators.whatsapp.app import create_app
from tests.simulators.whatsapp.config import Document, SimulatorConfig
from tests.simulators.whatsapp.simulation import Simulation
from tests.simulators.whatsapp.state import Chat, Customer, SentMessage
from tests.simulators.whatsapp.webhooks import Event

WAIT_S = 10.0

T = TypeVar("T")


class WhatsAppSimulator:
    """A running simulator; use it in a `with` statement. What it hands out are copies."""

    def __init__(self, config: SimulatorConfig, port: int = 0) -> None:
        app = create_app(config)
        self.config = config
        self._simulation: Simulation = app.state.simulation
        self._server = ThreadServer(app, port)
        self.url = self._server.url
        self.api_url = f"{self.url}/v24.0"  # what an account's api_url is set to

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.stop()

    def set_webhook(self, *urls: str) -> None:
        """Post webhooks there from now on."""
        self._on_loop(lambda simulation: setattr(simulation, "webhook_urls", list(urls)))

    def handshake(self) -> list[Document]:
        """What each webhook address answered to the subscription: {url, status, ok}."""
        answer = httpx.post(f"{self.url}/sim/handshake", timeout=30.0)
        answers: list[Document] = answer.raise_for_status().json()["answers"]
        return answers

    def inbound(self, user: str, type: str = "text", to: str = "", **values: Any) -> str:
        """The wamid of what a customer did. `values` as the kind needs: text="…", caption="…", choice="…".

        `to` is a phone_number_id, the first number when empty. Raises ValueError for an act nobody can do.
        """
        number = to or self.config.numbers[0].phone_number_id
        return self.inbound_many([{"from": user, "to": number, "type": type, **values}])[0]

    def inbound_many(self, acts: list[Document]) -> list[str]:
        """Wamids of several acts ({"from", "to", "type", …}), which travel in one webhook body."""
        return self._on_loop(lambda simulation: simulation.act(acts))

    def messages_to(self, user: str, phone_number_id: str = "") -> list[SentMessage]:
        """What has arrived at a customer, in the order of arrival."""
        return self._on_loop(lambda simulation: reports.messages_to(simulation, user, phone_number_id))

    def wait_messages(self, user: str, count: int, timeout_s: float = WAIT_S) -> list[SentMessage]:
        """What has arrived at a customer, once it is at least `count`. Raises TimeoutError."""
        self.wait(lambda: len(self.messages_to(user)) >= count, timeout_s)
        return self.messages_to(user)

    def accepted(self) -> list[SentMessage]:
        """Everything that was accepted, in that order."""
        return self._on_loop(lambda simulation: list(simulation.engine.world.sent.values()))

    def doubles(self) -> dict[str, int]:
        """How often each biz_opaque_callback_data was accepted, for those accepted more than once."""
        return self._on_loop(reports.doubles)

    def chat(self, user: str, phone_number_id: str = "") -> Chat:
        """The chat with a customer: last_inbound_at, typing_until, read receipts, messages of both sides."""
        number = phone_number_id or self.config.numbers[0].phone_number_id
        return self._on_loop(lambda simulation: simulation.engine.world.chat(number, user))

    def customer(self, wa_id: str, **values: Any) -> Customer:
        """The customer after a change of name, hidden, aliases, reachable, fails_with or reads."""

        def change(simulation: Simulation) -> Customer:
            simulation.set_customer({"wa_id": wa_id, **values})
            return simulation.engine.world.customer(wa_id)

        return self._on_loop(change)

    def faults(self, **values: Any) -> None:
        """Set faults (see common.faults.Faults); those not named are off. Raises ValueError."""
        self._on_loop(lambda simulation: simulation.set_faults(values))

    def advance(self, seconds: float) -> float:
        """The time after moving the clock."""
        return self._on_loop(lambda simulation: simulation.advance(seconds))

    def now(self) -> float:
        """The simulated time."""
        return self._on_loop(lambda simulation: simulation.clock.now())

    def template_status(self, name: str, language: str, status: str, reason: str = "NONE", account: str = "") -> None:
        """Give a template a status and tell the product. Raises ValueError."""
        of = account or self.config.numbers[0].business_account_id
        self._on_loop(lambda simulation: simulation.set_template(of, name, language, status, reason))

    def notify(self, field: str, value: Document, account: str = "") -> None:
        """Post any other webhook, such as an account_update."""
        of = account or self.config.numbers[0].business_account_id
        self._on_loop(lambda simulation: simulation.emit(Event(of, field, value)))

    def webhooks(self) -> list[Post]:
        """Every webhook body with its attempts."""
        return self._on_loop(lambda simulation: list(simulation.delivery.posts))

    def calls(self) -> list[tuple[float, str, str, int]]:
        """Calls of the product: time, method, path, HTTP status (0 when the connection was reset)."""
        return self._on_loop(lambda simulation: list(simulation.calls))

    def refusals(self) -> list[tuple[float, int, str]]:
        """What was refused: time, code, details."""
        return self._on_loop(lambda simulation: list(simulation.engine.refusals))

    def state(self) -> Document:
        """Everything as plain data."""
        return self._on_loop(reports.state_json)

    def settle(self, timeout_s: float = WAIT_S) -> None:
        """Return once nothing is due and every webhook was taken or given up. Raises TimeoutError."""
        self.wait(lambda: self._on_loop(lambda simulation: simulation.idle), timeout_s)

    @staticmethod
    def wait(condition: Callable[[], bool], timeout_s: float = WAIT_S) -> None:
        """Return once the condition holds. Raises TimeoutError."""
        until = time.monotonic() + timeout_s
        while not condition():
            if time.monotonic() > until:
                raise TimeoutError(f"not so within {timeout_s} s")
            time.sleep(0.01)

    def _on_loop(self, work: Callable[[Simulation], T]) -> T:
        return self._server.call(lambda: copy.deepcopy(work(self._simulation)))
