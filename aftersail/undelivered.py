"""What happens when a message cannot be sent: the customer is asked to open the door, or a person is told why."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from sqlalchemy.engine import Engine

from connectors.delivery.errors import DeliveryError
from conversations.contacts import Contacts
from conversations.delivery_model import Delivery
from conversations.model import Conversation, HandoffRequest, Reply
from conversations.notices import SYSTEM_AUTHOR, Notices
from conversations.outgoing import Blocked
from conversations.ownership import hand_over
from conversations.record import Record
from knowledge.release_holder import ReleaseHolder
from markets.calendar import promise
from markets.profile import MarketProfile

logger = structlog.get_logger(__name__)

REASON = "undelivered"
INVITATION = "template_reply_waiting"
WINDOW_CLOSED = "window_closed"
COMES_LATER = frozenset({"quota_kept"})  # the customer's next tap or message fetches it
LOOK_BACK = 50  # messages searched for an invitation


@dataclass(frozen=True)
class Undelivered:
    """Called by the sender for each delivery that is held or failed."""

    engine: Engine
    record: Record
    contacts: Contacts
    notices: Notices
    holder: ReleaseHolder
    notify: Callable[[str], object]
    clock: Callable[[], float] = time.time

    def __call__(self, conversation: Conversation, delivery: Delivery, error: DeliveryError) -> None:
        """Invite the customer to write when the window is closed; else, or when that fails too, tell a person."""
        if error.code in COMES_LATER:
            return
        if error.code == WINDOW_CLOSED and delivery.author != SYSTEM_AUTHOR and self._invite(conversation):
            return
        told = {"code": error.code, "reason": error.reason, "remedy": error.remedy, "delivery": delivery.id}
        now = self.clock()
        promised = promise(self._market(conversation), "ordinary", datetime.fromtimestamp(now, UTC)).timestamp()
        request = HandoffRequest(REASON, "ordinary", {"undelivered": told}, promised)
        if not hand_over(self.engine, conversation.id, request, now):
            self.record.note(conversation.id, {"content": REASON, **told})
        self.notify(conversation.id)

    def _invite(self, conversation: Conversation) -> bool:
        """Whether the customer has been asked, now or since their last message, to tap for the answer."""
        if self._invited(conversation):
            return True
        release = self.holder.current()
        market = self._market(conversation)
        language = conversation.language or market.languages[0]
        said = release.words.say(INVITATION, market=market, language=language)
        buttons = [button.to_json() for button in said.buttons]
        template = {"name": "reply_waiting", "parameters": [market.brand]}
        payload = {"response": INVITATION, "template": template, "buttons": buttons}
        try:
            self.notices.send(conversation.id, Reply(said.text, said.language, payload, release.id))
        except Blocked as error:
            logger.error("invitation_blocked", conversation=conversation.id, problems=len(error.violations))
            return False
        return True

    def _invited(self, conversation: Conversation) -> bool:
        contact = self.contacts.find(conversation.channel, conversation.account, conversation.sender)
        since = (contact.last_inbound_at if contact else None) or 0.0
        last = self.record.conversation(conversation.id).last_seq
        return any(
            row.payload.get("response") == INVITATION and row.created_at > since
            for row in self.record.history(conversation.id, max(0, last - LOOK_BACK), LOOK_BACK)
        )

    def _market(self, conversation: Conversation) -> MarketProfile:
        markets = self.holder.current().markets
        return markets.get(conversation.market) or next(iter(markets.values()))
