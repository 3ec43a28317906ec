"""What a visitor can do, over the socket and by polling alike. Talks to the record, so call it in a thread."""

from dataclasses import replace
from typing import Any

from connectors.webchat.deps import Market, WebchatDeps
from connectors.webchat.errors import Refused
from connectors.webchat.feed import Feed, Frame, message_frame
from connectors.webchat.parse import ButtonPress, SessionRequest, TextMessage, best_language, clean_text
from connectors.webchat.tokens import Tokens, Visitor, new_visitor
from conversations.model import MAX_TEXT, Conversation, Inbound, Kind, Receipt, Status
from core.errors import NotFound

CHANNEL = "webchat"
GREETING = "utter_greet"  # shown above the conversation before anything is written
HISTORY = 200  # rows that a reload shows
PAGE = 200  # rows fetched at a time


class Chat:
    """The web chat's doings."""

    def __init__(self, deps: WebchatDeps, tokens: Tokens) -> None:
        self._record = deps.record
        self._notify = deps.notify
        self._words = deps.words
        self._clock = deps.clock
        self._link = deps.link
        self.tokens = tokens

    def market(self, code: str) -> Market:
        """The market. Raises Refused (unknown_market)."""
        for market in self._words.markets():
            if market.code == code.upper():
                return market
        raise Refused("unknown_market", f"there is no market {code!r}")

    def words(self, market: Market, language: str) -> dict[str, Any]:
        """What the widget needs to show itself in a language."""
        return {
            "market": market.code,
            "language": language,
            "dir": self._words.direction(language),
            "limit": MAX_TEXT,
            "brand": self._words.brand,
            "greeting": self._words.strings(market.code, language, GREETING).get(GREETING, ""),
            "strings": dict(self._words.strings(market.code, language, "widget_")),
            "languages": [{"code": item.code, "name": item.name} for item in market.languages],
        }

    def open_session(self, request: SessionRequest) -> dict[str, Any]:
        """Token, conversation and words; with `history` when the visitor was here before.

        Raises Refused: unknown_market, wrong_token, expired, wrong_identity.
        """
        market = self.market(request.market)
        visitor = self._visitor(request, market.code)
        conversation = self.conversation(visitor, request.conversation)
        wanted = [visitor.hints.chosen_language, request.language, request.page_locale, *request.browser_languages]
        answer = {
            "token": self.tokens.sign(visitor),
            "conversation": conversation.id,
            **self.words(market, best_language([tag for tag in wanted if tag], market.codes)),
        }
        return {**answer, "history": self._history(conversation)} if request.token else answer

    def conversation(self, visitor: Visitor, shown: str | None) -> Conversation:
        """The closed conversation that the widget shows, when it is the visitor's; else one that still asks how it was;
        else the open one.
        """
        # A closed conversation stays on the screen until the customer writes again: its last answer may be unread.
        found = self._find(shown) if shown else None
        if found and (found.channel, found.sender, found.state) == (CHANNEL, visitor.id, "closed"):
            return found
        # A page that does not say what it shows must not open a new one over a survey that is still to come.
        ended = self._record.ended_conversation(CHANNEL, visitor.id)
        return ended or self._record.open_conversation(CHANNEL, visitor.id, visitor.market, visitor.hints)

    def write(self, visitor: Visitor, frame: TextMessage) -> Receipt:
        """The stored message; a blank one too, so that the bot can say it saw no words. Raises Refused (too_long)."""
        return self._receive(visitor, frame.id, clean_text(frame.text), Kind.TEXT, {})

    def press(self, visitor: Visitor, frame: ButtonPress, shown: str | None) -> Receipt:
        """The stored choice. Raises Refused (old_button) when it was never offered in this conversation."""
        conversation = self.conversation(visitor, shown)
        try:
            button = self._record.offered_button(conversation.id, frame.message, frame.index)
        except NotFound as error:
            raise Refused("old_button", "this button is not on offer") from error
        payload = {"payload": button["payload"], "title": button["title"], "message": frame.message}
        return self._receive(visitor, frame.id, str(button["title"]), Kind.BUTTON, payload)

    def see(self, visitor: Visitor, shown: str | None, seq: int, read: bool) -> None:
        """Mark what has arrived, and what was on the screen."""
        status = Status.READ if read else Status.DELIVERED
        self._record.advance_to(self.conversation(visitor, shown).id, seq, status)

    def choose_language(self, visitor: Visitor, shown: str | None, code: str) -> Frame:
        """The words in the chosen language, and a token that remembers it. Raises Refused (unknown_language)."""
        market = self.market(visitor.market)
        if code not in market.codes:
            raise Refused("unknown_language", f"market {market.code} does not offer {code}")
        self._record.choose_language(self.conversation(visitor, shown).id, code)
        token = self.tokens.sign(replace(visitor, hints=replace(visitor.hints, chosen_language=code)))
        return {"type": "language", "token": token, **self.words(market, code)}

    def start_over(self, visitor: Visitor) -> Conversation:
        """A new conversation; the one before is closed. An untouched one is kept."""
        before = self.conversation(visitor, None)
        if before.last_seq == 0:
            return before
        self._record.close(before.id)
        return self._record.open_conversation(CHANNEL, visitor.id, visitor.market, visitor.hints)

    def feed(self, conversation_id: str, since: int) -> Feed:
        """A feed of the conversation's rows after `since`."""
        return Feed(conversation_id, since, self._words.direction, self._link)

    def look(self, feed: Feed) -> tuple[list[Frame], bool]:
        """The feed's next frames, and whether more are waiting. The messages among them count as sent."""
        before = feed.sent
        conversation = self._record.conversation(feed.conversation_id)
        rows = self._record.history(feed.conversation_id, feed.look_after, PAGE)
        frames = feed.frames(conversation, rows, self._clock())
        if any(row.direction == "out" and row.seq > before for row in rows):
            self._record.advance_to(feed.conversation_id, feed.sent, Status.SENT)
        return frames, len(rows) == PAGE

    def _visitor(self, request: SessionRequest, market: str) -> Visitor:
        customer = self.tokens.customer(request.identity, market) if request.identity else ""
        known = self.tokens.read(request.token) if request.token else None
        # On a shared computer the next person must not find the conversation of the one who logged out.
        if known is None or known.market != market or known.hints.customer_ref not in ("", customer):
            known = new_visitor(market)
        return replace(known, hints=request.hints(known.hints.chosen_language, customer))

    def _find(self, conversation_id: str) -> Conversation | None:
        try:
            return self._record.conversation(conversation_id)
        except NotFound:
            return None

    def _receive(self, visitor: Visitor, client_id: str, text: str, kind: Kind, payload: dict[str, Any]) -> Receipt:
        receipt = self._record.receive(
            Inbound(
                channel=CHANNEL,
                sender=visitor.id,
                market=visitor.market,
                text=text,
                provider_id=f"{visitor.id}:{client_id}",
                kind=kind,
                payload=payload,
                hints=visitor.hints,
            )
        )
        if not receipt.duplicate:
            self._notify("worker", receipt.conversation.id)
        return receipt

    def _history(self, conversation: Conversation) -> list[Frame]:
        rows = self._record.history(conversation.id, max(conversation.last_seq - HISTORY, 0), HISTORY)
        self._record.advance_to(conversation.id, conversation.last_seq, Status.SENT)
        return [message_frame(row, self._words.direction, self._link) for row in rows]


def accepted(receipt: Receipt, client_id: str) -> Frame:
    """The frame that tells the widget its message is safe."""
    message = receipt.message
    return {
        "type": "accepted",
        "id": client_id,
        "seq": message.seq,
        "at": message.created_at,
        "conversation": message.conversation_id,
    }
