"""Customers who write and look for answers over HTTP, and never give up while processes die."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

LOOK_EVERY_S = 1.0
QUIET_LOOKS = 2  # without news, when there are as many answers as messages
PAUSE_S = 0.25  # after an error that says no time
TIMEOUT_S = 10.0
REFUSED_FOR_NOW = frozenset({429, 500, 502, 503})
SPEAKS = {  # short messages that the bot answers by itself
    "DE": ("hallo", "wie lange dauert die lieferung?", "danke", "was kostet der versand?"),
    "US": ("hi", "how long does delivery take?", "thanks", "how much is shipping?"),
    "JP": ("こんにちは", "送料はいくらですか？", "ありがとうございます", "返品はどうすればいいですか？"),
    "SA": ("مرحبا", "كم تكلفة الشحن؟", "شكرا", "كيف أرجع المنتج؟"),
    "TH": ("สวัสดีค่ะ", "ค่าส่งเท่าไหร่คะ", "ขอบคุณค่ะ", "คืนสินค้ายังไงคะ"),
    "VN": ("xin chào", "phí giao hàng bao nhiêu?", "cảm ơn", "làm sao để trả hàng?"),
    "FR": ("bonjour", "combien coûte la livraison ?", "merci", "comment retourner un article ?"),
    "KR": ("안녕하세요", "배송비는 얼마인가요?", "감사합니다", "반품은 어떻게 하나요?"),
}


@dataclass
class Writer:
    """A customer with so many messages to write, in order; each is sent until it is accepted."""

    url: str
    number: int
    count: int
    market: str
    seen: list[dict[str, Any]] = field(default_factory=list)  # message frames as they came
    accepted: list[str] = field(default_factory=list)
    resent: int = 0
    conversation: str = ""
    _headers: dict[str, str] = field(default_factory=dict)
    _since: int = 0

    @property
    def ids(self) -> list[str]:
        """The ids of the messages, in order."""
        return [f"w{self.number:03}-m{index:05}" for index in range(self.count)]

    def text(self, index: int) -> str:
        """What the message says."""
        texts = SPEAKS[self.market]
        return texts[index % len(texts)]

    async def run(self, deadline: float) -> None:
        """Write everything, and look until each message has its answer. Raises TimeoutError at the deadline."""
        # An address of its own, as behind a proxy: the limit for one address is not what is measured here.
        address = f"198.51.{self.number // 250}.{self.number % 250 + 1}"
        async with httpx.AsyncClient(
            base_url=self.url, timeout=TIMEOUT_S, headers={"x-forwarded-for": address}
        ) as client:
            async with asyncio.timeout_at(deadline):
                session = await self._insist(client, "POST", "/webchat/session", {"market": self.market})
                self.conversation = session["conversation"]
                self._headers = {"Authorization": f"Bearer {session['token']}"}
                await asyncio.gather(self._write(client), self._look(client))

    async def _write(self, client: httpx.AsyncClient) -> None:
        for index, message_id in enumerate(self.ids):
            body = {"id": message_id, "text": self.text(index)}
            answer = await self._insist(client, "POST", "/webchat/messages", body)
            assert answer["id"] == message_id
            self.accepted.append(message_id)

    async def _look(self, client: httpx.AsyncClient) -> None:
        quiet = 0
        while len(self.accepted) < self.count or quiet < QUIET_LOOKS:
            answer = await self._insist(client, "GET", f"/webchat/messages?since={self._since}", None)
            news = [frame for frame in answer["frames"] if frame["type"] == "message"]
            self.seen += news
            self._since = answer["last_seq"]
            answers = sum(frame["author"] == "bot" for frame in self.seen)
            quiet = quiet + 1 if answers >= self.count and not news else 0
            await asyncio.sleep(LOOK_EVERY_S)

    async def _insist(self, client: httpx.AsyncClient, method: str, path: str, body: Any) -> Any:
        while True:
            try:
                answer = await client.request(method, path, json=body, headers=self._headers)
            except httpx.TransportError:
                self.resent += method == "POST"
                await asyncio.sleep(PAUSE_S)
                continue
            if answer.status_code not in REFUSED_FOR_NOW:
                answer.raise_for_status()
                return answer.json()
            await asyncio.sleep(float(answer.headers.get("retry-after", PAUSE_S)))


def make_writers(url: str, messages: int, conversations: int) -> list[Writer]:
    """Writers of all markets who share the messages evenly."""
    markets: Sequence[str] = list(SPEAKS)
    share, rest = divmod(messages, conversations)
    return [
        Writer(url, number, share + (number < rest), markets[number % len(markets)]) for number in range(conversations)
    ]


async def write_all(writers: Sequence[Writer], timeout_s: float) -> float:
    """Seconds until every writer has every answer. Raises TimeoutError."""
    started = time.monotonic()
    deadline = asyncio.get_running_loop().time() + timeout_s
    await asyncio.gather(*(writer.run(deadline) for writer in writers))
    return time.monotonic() - started
