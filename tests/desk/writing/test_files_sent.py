"""An agent's files on the customers' phones: the vendors are simulated, everything between is real."""

import asyncio
import io
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest
from PIL import Image
from prometheus_client import CollectorRegistry
from starlette.applications import Starlette

from aftersail.channels import open_vendor_channels
from aftersail.delivery_words import ReleaseDeliveryWords
from aftersail.files import open_links
from connectors.delivery.attempt import Attempts
from connectors.delivery.errors import DeliveryError
from connectors.delivery.limits import Limits
from connectors.delivery.metrics import DeliveryMetrics
from connectors.delivery.sender import Sender
from connectors.media.store import MediaStore
from connectors.media.stored import StoredFiles
from conversations.contacts import Contacts
from conversations.delivery_model import Delivery
from conversations.delivery_states import DeliveryStates
from conversations.media import MediaRecord
from conversations.model import Conversation
from conversations.outbox import Outbox
from tests.desk.writing.acts import send
from tests.desk.writing.test_files import added
from tests.simulators.line.demo import demo_config as line_demo
from tests.simulators.line.pictures import BrokenPicture
from tests.simulators.line.server import QuickServer
from tests.simulators.line.simulator import LineSimulator
from tests.simulators.whatsapp.config import Speeds
from tests.simulators.whatsapp.demo import demo_config as whatsapp_demo
from tests.simulators.whatsapp.simulator import WhatsAppSimulator
from tests.support.channel_service import write_accounts
from tests.support.desk import DeskWorld, MakeDesk
from tests.support.pictures import PDF, noise, photo, picture

PHONE = "4915551234567"
ADDRESS = "https://shop.example"


@dataclass
class Post:
    """A desk, both vendors, and what carries between them."""

    desk: DeskWorld
    whatsapp: WhatsAppSimulator
    line: LineSimulator
    told: list[str]

    def customer(self, channel: str) -> str:
        """Somebody who waits for a person; the conversation's id."""
        account, market, language = {"whatsapp": ("orikka-de", "DE", "de"), "line": ("line-jp", "JP", "ja")}[channel]
        sender = PHONE if channel == "whatsapp" else self.line_user
        place = {"market": market, "language": language, "channel": channel, "account": account, "sender": sender}
        Contacts(self.desk.engine, self.desk.clock).wrote(
            channel, account, sender, self.desk.clock.now, "Mia", {"id": sender}
        )
        if channel == "whatsapp":
            self.whatsapp.inbound(PHONE, to=self.whatsapp.config.numbers[0].phone_number_id, text="Hilfe")
        return self.desk.waiting("Hilfe", **place).conversation_id

    @property
    def line_user(self) -> str:
        """A friend of the Japanese account."""
        bot = next(bot for bot in self.line.config.bots if bot.market == "JP")
        return bot.friends[0].user_id

    def carry(self, times: int = 8) -> None:
        """Send what is due, as the courier does; the vendor's word of each message takes a moment."""

        async def run() -> None:
            settings, engine, clock = self.desk.settings, self.desk.engine, self.desk.clock
            stored = StoredFiles(MediaRecord(engine), MediaStore(settings.media_dir))
            async with httpx.AsyncClient() as client:
                channels = open_vendor_channels(settings, self.desk.holder, client, stored.read)
                metrics = DeliveryMetrics(CollectorRegistry())
                attempts = Attempts(DeliveryStates(engine, clock), Limits(clock), self._tell, metrics, clock=clock)
                words = ReleaseDeliveryWords(self.desk.holder.current)
                outbox = Outbox(engine, "courier-1", clock)
                sender = Sender(outbox, attempts, channels, words, clock, link=open_links(settings).link)
                for _ in range(times):
                    await sender.send_due()
                    clock.now += 3.0

        with ThreadPoolExecutor(1) as thread:  # a browser of the test may have a loop in this one
            thread.submit(asyncio.run, run()).result()

    def _tell(self, _conversation: Conversation, _delivery: Delivery, error: DeliveryError) -> None:
        self.told.append(error.code)


@pytest.fixture
def post(tmp_path: Path, make_desk: MakeDesk) -> Iterator[Post]:
    """Everything on loopback; LINE's phones reach our https address as through a tunnel."""
    with ExitStack() as stack:
        bots = tuple(replace(bot, webhook="") for bot in line_demo().bots)
        line = stack.enter_context(LineSimulator(replace(line_demo(), bots=bots)))
        config = whatsapp_demo(speeds=Speeds(sent_s=0.0, delivered_s=0.01, read_s=0.02), webhook_urls=())
        whatsapp = stack.enter_context(WhatsAppSimulator(config))
        accounts = write_accounts(tmp_path / "channels.yml", whatsapp, line)
        desk = make_desk(channels=str(accounts), public_url=ADDRESS)
        server = QuickServer(Starlette(routes=list(desk.routes)), 0)
        server.start()
        stack.callback(server.stop)
        line.tunnel(ADDRESS, server.url)
        yield Post(desk, whatsapp, line, [])


def test_a_picture_with_words_is_one_message_on_whatsapp_and_a_document_the_next(post: Post) -> None:
    conversation, client = post.customer("whatsapp"), post.desk.client("anna")
    image = added(client, conversation, photo(), "IMG_0001 Müller.jpg")["id"]
    document = added(client, conversation, PDF, "Retoure intern.pdf")["id"]
    assert send(client, conversation, "Bitte diesen Knopf.", "de", files=f"{image},{document}")[0] == 200
    post.carry()
    one, other = post.whatsapp.wait_messages(PHONE, 2)
    assert (one.kind, one.seen.text, one.seen.media_kind) == ("image", "Bitte diesen Knopf.", "image")
    assert (other.kind, other.seen.text, other.seen.file_name) == ("document", "", "Dokument.pdf")
    uploads = [path for _, method, path, status in post.whatsapp.calls() if path.endswith("/media") and status == 200]
    assert len(uploads) == 2
    assert post.told == []
    bytes_of = httpx.get(f"{post.whatsapp.url}/sim/media/{one.seen.media}").content
    assert Image.open(io.BytesIO(bytes_of)).size == (200, 320)
    assert b"Exif" not in bytes_of


def test_words_that_no_caption_takes_follow_the_picture(post: Post) -> None:
    conversation, client = post.customer("whatsapp"), post.desk.client("anna")
    long = "Bitte drücken Sie den Knopf links unten, bis die Lampe leuchtet. " * 20
    assert send(client, conversation, long, "de", files=added(client, conversation)["id"])[0] == 200
    post.carry()
    one, other = post.whatsapp.wait_messages(PHONE, 2)
    assert (one.kind, one.seen.text, other.kind) == ("image", "", "text")
    assert other.seen.text.startswith("Bitte drücken")


@pytest.mark.parametrize("fault", ["server_error_rate", "reset_rate", "rate_limit_rate"])
def test_an_upload_that_fails_is_made_again_and_nothing_comes_twice(post: Post, fault: str) -> None:
    conversation, client = post.customer("whatsapp"), post.desk.client("anna")
    assert send(client, conversation, "Bitte sehr.", "de", files=added(client, conversation)["id"])[0] == 200
    post.whatsapp.faults(**{fault: 1.0})
    post.carry(times=2)
    assert post.whatsapp.messages_to(PHONE) == []
    post.whatsapp.faults()
    post.desk.clock.now += 120
    post.carry()
    (one,) = post.whatsapp.wait_messages(PHONE, 1)
    assert one.seen.text == "Bitte sehr."
    assert post.told == []


def test_a_picture_on_line_is_loaded_from_its_address_and_stays_there(post: Post) -> None:
    conversation, client = post.customer("line"), post.desk.client("anna", languages=["ja"])
    large = added(client, conversation, noise("JPEG", 1_300))["id"]
    small = added(client, conversation, picture("PNG"))["id"]
    assert send(client, conversation, "こちらです。", "ja", files=f"{large},{small}")[0] == 200
    post.carry()
    entries = post.line.messages_to(post.line_user)
    assert [entry.message["type"] for entry in entries] == ["image", "image", "text"]
    assert len({entry.request_id for entry in entries}) == 1  # one push: files cost no second one
    for entry in entries[:2]:
        for which in ("originalContentUrl", "previewImageUrl"):
            assert Image.open(io.BytesIO(post.line.picture(entry, which))).format in ("JPEG", "PNG")
    token = str(entries[0].message["originalContentUrl"]).rpartition("/")[2]
    links = open_links(post.desk.settings)
    links._clock = lambda: time.time() + 29 * 86_400
    assert links.read(token) == large  # whoever opens the chat weeks later still sees it


def test_a_document_on_line_is_a_link_in_the_words(post: Post) -> None:
    conversation, client = post.customer("line"), post.desk.client("anna", languages=["ja"])
    document = added(client, conversation, PDF, "退货标签.pdf")["id"]
    assert send(client, conversation, "返品ラベルです。", "ja", files=document)[0] == 200
    post.carry()
    (entry,) = post.line.messages_to(post.line_user)
    words, name, link = [line for line in entry.text.split("\n") if line]
    assert (words, name) == ("返品ラベルです。", "書類.pdf")
    got = client.get(link.removeprefix(ADDRESS))
    assert (got.status_code, got.content, got.headers["content-type"]) == (200, PDF, "application/pdf")


def test_an_erased_picture_is_not_shown_any_more(post: Post) -> None:
    conversation, client = post.customer("line"), post.desk.client("anna", languages=["ja"])
    assert send(client, conversation, "", "ja", files=added(client, conversation)["id"])[0] == 200
    post.carry()
    (entry,) = post.line.messages_to(post.line_user)
    MediaRecord(post.desk.engine).expire(9e9, "too old")
    with pytest.raises(BrokenPicture, match="410"):
        post.line.picture(entry)


def test_a_file_that_is_erased_before_it_left_is_told(post: Post) -> None:
    conversation, client = post.customer("whatsapp"), post.desk.client("anna")
    assert send(client, conversation, "Bitte sehr.", "de", files=added(client, conversation)["id"])[0] == 200
    MediaRecord(post.desk.engine).expire(9e9, "too old")
    post.carry()
    assert post.told == ["media_gone"]
