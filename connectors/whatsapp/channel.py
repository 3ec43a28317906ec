"""WhatsApp as a channel: joins the pure parts with the client."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager

import httpx
from cachetools import TTLCache

from connectors.channel import Accepted, Fetched, Outgoing, Planned, Profile, Task, Way, Words
from connectors.delivery.errors import DeliveryError, Refused, TryRecipientLater
from connectors.events import Event, MediaRef
from connectors.media.stored import ReadFile, no_file
from connectors.whatsapp import signature
from connectors.whatsapp.account import WhatsAppAccount
from connectors.whatsapp.client import Graph
from connectors.whatsapp.errors import MAX_WAIT_S, load_errors
from connectors.whatsapp.media import fetch
from connectors.whatsapp.parse import parse
from connectors.whatsapp.render import plan
from connectors.whatsapp.send import accepted_of, read_receipt, request_of
from connectors.whatsapp.templates import Registry
from connectors.whatsapp.upload import Uploads
from connectors.whatsapp.way import way_of, window_left_s
from connectors.whatsapp.wire import mapping

NAME = "whatsapp"
PROOF_WAIT_S = 60.0
MAX_SLOWED = 10_000  # people whose pair limit is remembered


class WhatsAppChannel:
    """Implements connectors.channel.Channel.

    `registry` gives the templates as they are now; `locale_of` gives the BCP 47 locale of (market, language);
    `read` gives the files that are sent.
    """

    def __init__(
        self,
        accounts: Iterable[WhatsAppAccount],
        client: httpx.AsyncClient,
        registry: Callable[[], Registry],
        locale_of: Callable[[str, str], str],
        proof_wait_s: float = PROOF_WAIT_S,
        read: ReadFile = no_file,
    ) -> None:
        self._accounts = {account.name: account for account in accounts}
        self.graph = Graph(client, load_errors())
        self._uploads = Uploads(self.graph, read)
        self._registry = registry
        self._locale_of = locale_of
        self._proof_wait_s = proof_wait_s
        self._slowed: TTLCache[tuple[str, str], int] = TTLCache(MAX_SLOWED, ttl=MAX_WAIT_S)

    @property
    def name(self) -> str:
        """The channel's name."""
        return NAME

    @property
    def accounts(self) -> Mapping[str, WhatsAppAccount]:
        """Accounts by our name."""
        return self._accounts

    @property
    def reports_delivery(self) -> bool:
        """Meta tells sent, delivered, read and failed."""
        return True

    @property
    def proof_wait_s(self) -> float:
        """Meta takes no key: an uncertain call waits so long for a status that names its tracker."""
        return self._proof_wait_s

    @property
    def reply_within_s(self) -> float:
        """WhatsApp has no reply tokens."""
        return 0.0

    def signers(self, headers: Mapping[str, str], body: bytes) -> Sequence[WhatsAppAccount]:
        """Accounts whose app secret signed these raw bytes; empty: nobody's."""
        return signature.signers(self._accounts.values(), headers, body)

    def handshake(self, query: Mapping[str, str]) -> str | None:
        """The challenge to answer as plain text when Meta verifies the webhook's address; None: answer 403."""
        return signature.handshake(query, self._accounts.values())

    def parse(self, body: bytes) -> list[Event]:
        """The body's events in its order. Raises Unreadable when it is no WhatsApp webhook."""
        return parse(body)

    def plan(self, rows: Sequence[Outgoing], words: Words) -> list[Planned]:
        """The calls that carry `rows`, in order, each within Meta's limits."""
        return plan(rows, words)

    @property
    def paid_way(self) -> str:
        """What a message takes when it is not free."""
        return "template"

    def free_left_s(self, silent_s: float | None, token_age_s: float | None) -> float:
        """Seconds until the 24-hour window closes, a margin taken off."""
        return window_left_s(silent_s)

    def way(self, task: Task) -> Way:
        """session or template. Raises Hold when neither is possible now, with the reason."""
        account = self._accounts[task.account]
        return way_of(task, account, self._registry(), self._locale_of(account.market, task.language))

    def failure(self, code: str, reason: str) -> DeliveryError:
        """What a status `failed` with this code asks us to do."""
        return self.graph.errors.failure(code, reason)

    async def prepare(self, task: Task) -> None:
        """Upload the call's file. Raises DeliveryError, not Uncertain."""
        await self._uploads.bring(self._accounts[task.account], task.body)

    async def send(self, task: Task, way: Way) -> Accepted:
        """What Meta took. Raises DeliveryError; Uncertain when the call left and no answer came."""
        account = self._accounts[task.account]
        body = self._uploads.named(account, task.body)
        request = request_of(task, mapping(way.detail.get("message")) or body)
        pair = (account.name, str(request.get("to") or request.get("recipient")))
        try:
            answer = await self.graph.post(account, f"{account.phone_number_id}/messages", request)
        except TryRecipientLater as error:
            raise self._slower(pair, error) from None
        except Refused:
            self._uploads.forget(account, task.body)
            raise
        self._slowed.pop(pair, None)
        return accepted_of(answer)

    async def acknowledge(self, account: str, address: Mapping[str, str], said: Mapping[str, str]) -> None:
        """Mark the message as read and show that an answer is being written, in one call. Raises DeliveryError."""
        if said.get("message"):
            ours = self._accounts[account]
            body = read_receipt(said["message"])
            await self.graph.post(ours, f"{ours.phone_number_id}/messages", body, repeatable=True)

    async def profile(self, account: str, sender: str) -> Profile | None:
        """None: all that Meta tells of a person comes with their messages."""
        return None

    def fetch(self, account: str, media: MediaRef) -> AbstractAsyncContextManager[Fetched]:
        """A file of a message being read. Raises DeliveryError."""
        return fetch(self.graph, self._accounts[account], media)

    def _slower(self, pair: tuple[str, str], error: TryRecipientLater) -> TryRecipientLater:
        """The same error with Meta's advice for this pair: 4^n seconds, n counting the refusals in a row."""
        refusals = self._slowed.get(pair, 0)
        self._slowed[pair] = refusals + 1
        wait = min(4.0 ** min(refusals, 9), MAX_WAIT_S) if error.retry_after_s is None else error.retry_after_s
        return TryRecipientLater(error.code, error.reason, error.remedy, wait)
