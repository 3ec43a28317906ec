"""The whole product in a real Chromium: `aftersail up`, the trained bot, the demo shop, publishing meanwhile."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml
from babel.dates import format_date, format_time
from playwright.sync_api import Page, expect

from core.settings import PROJECT
from markets.load import load_markets
from tests.browser.chat_page import Bubble, ChatPage
from tests.browser.real_conversations import REAL_CASES, RealCase
from tests.support.installation import Finished, Installation
from tests.support.service import Service

pytestmark = [pytest.mark.browser, pytest.mark.model, pytest.mark.slow]

KEEP = "AFTERSAIL_KEEP_SCREENSHOTS"
CONTENT = ("knowledge/data", "markets/data", "glossaries/data", "bot/data", "orders/data")
MARKS = "\u2066\u2067\u2068\u2069\u200e\u200f"
IN_USE_S = 2.0
PHONE = {"viewport": {"width": 390, "height": 780}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the content files that a test may change."""
    folder = tmp_path_factory.mktemp("content")
    for name in CONTENT:
        shutil.copytree(PROJECT / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def service(installation: Installation, content: Path) -> Iterator[Service]:
    with Service(installation, CONTENT_DIR=str(content)) as service:
        yield service


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Where pictures go: a folder of the test, or the documentation's when they are to be kept."""
    return PROJECT / "docs" / "images" if os.environ.get(KEEP) == "1" else tmp_path


def flat(text: str) -> str:
    return "".join(char for char in text if char not in MARKS)


def answer_to(chat: ChatPage, text: str) -> Bubble:
    chat.send(text)
    return chat.wait_reply(timeout_ms=30_000)


def title_of(case: RealCase) -> str:
    entries = yaml.safe_load((PROJECT / f"knowledge/data/faq/{case.language}.yml").read_text(encoding="utf-8"))
    return str(next(entry["title"] for entry in entries if entry["id"] == case.source))


def zone_of(market: str) -> str:
    return load_markets(PROJECT / "markets" / "data")[market].time_zone


def look_like(chat: ChatPage, case: RealCase) -> None:
    for bubble in chat.messages():
        assert bubble.language == case.language, bubble.text
        if bubble.author == "bot":  # a customer's bare order number runs as its letters do
            assert bubble.direction == case.direction, bubble.text


def test_it_is_ready_within_forty_seconds(service: Service) -> None:
    assert service.ready_after_s < 40
    assert service.get("/readyz") == {"ready": True, "problems": []}


@pytest.mark.parametrize("case", REAL_CASES, ids=lambda case: case.language)
def test_from_the_page_to_a_person(
    case: RealCase, service: Service, new_page: Callable[..., Page], installation: Installation, pictures: Path
) -> None:
    order = installation.order(case.market, "in_transit")
    (parcel,) = order.parcels
    phone = case.language == "th"
    at_home = {"timezone_id": zone_of(case.market), "locale": f"{case.language}-{case.market}"}
    chat = ChatPage(new_page(**at_home, **(PHONE if phone else {})), service.url).visit(case.market).open()
    greeted = answer_to(chat, case.greeting)
    assert len(greeted.buttons) == 3
    answered = answer_to(chat, case.question)
    assert title_of(case) in answered.source
    asked = answer_to(chat, case.asks)
    assert "ORK-" in flat(asked.text)
    answer_to(chat, order.number)
    shown = answer_to(chat, getattr(order, case.proof))
    expected = parcel.expected_on or order.expected_on
    assert expected is not None
    day = format_date(expected, case.date, locale=case.language)
    scanned = parcel.scans[-1].at.astimezone(ZoneInfo(zone_of(case.market)))
    scanned_on = format_date(scanned.date(), case.date, locale=case.language)
    scanned_at = format_time(scanned, case.time, locale=case.language)
    facts = (order.number, parcel.carrier_name, str(parcel.tracking_number), day, scanned_on, scanned_at)
    for fact in facts:
        assert fact in flat(shown.text)
    chat.screenshot(pictures / ("chat-phone.png" if phone else f"chat-{case.language}.png"))
    look_like(chat, case)
    passed = answer_to(chat, case.person)
    assert passed.language == case.language
    assert installation.run("handoffs").out.count(case.market) >= 1
    chat.send(case.greeting)
    expect(chat.rows.last.locator(".state")).not_to_have_text("")
    chat.page.wait_for_timeout(1_500)
    assert chat.messages()[-1].author == "customer"  # a person owns the conversation: the bot is silent


def publish(installation: Installation, content: Path, *arguments: str) -> Finished:
    return installation.run("publish", *arguments, CONTENT_DIR=str(content))


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_an_editors_word_is_live_in_seconds_and_a_broken_row_changes_nothing(
    service: Service, new_page: Callable[..., Page], installation: Installation, content: Path
) -> None:
    terms = content / "glossaries/data/markets/GB.csv"
    right = terms.read_text(encoding="utf-8")
    question = "What happens if nobody is home?"
    chat = ChatPage(new_page(locale="en-GB"), service.url).visit("GB", "en").open()
    assert "at a collection point" in answer_to(chat, question).text

    terms.write_text(right.replace("collection point", "parcel counter"), encoding="utf-8")
    published = publish(installation, content)
    assert published.code == 0, published.err
    time.sleep(IN_USE_S)
    assert "at a parcel counter" in answer_to(chat, question).text

    terms.write_text(right.replace("pickup_point,en,", "pickup_pont,en,", 1), encoding="utf-8")
    refused = publish(installation, content)
    assert refused.code == 1
    assert f"{terms}:" in refused.err
    assert "did you mean 'pickup_point'" in refused.err
    time.sleep(IN_USE_S)
    assert "at a parcel counter" in answer_to(chat, question).text
    terms.write_text(right, encoding="utf-8")
    assert publish(installation, content).code == 0


def test_publishing_needs_no_restart(
    service: Service, new_page: Callable[..., Page], installation: Installation, content: Path
) -> None:
    faq = content / "knowledge/data/faq/de.yml"
    old, new = "Der Versand kostet pauschal", "Ganz neu ab heute: Der Versand kostet"
    question = "Wie hoch sind die Versandkosten?"
    workers = service.child("worker"), service.child("web")
    chat = ChatPage(new_page(), service.url).visit("DE").open()
    assert answer_to(chat, question).text.startswith(old)

    change(faq, old, new)
    published = publish(installation, content)
    assert published.code == 0, published.err
    time.sleep(IN_USE_S)
    assert answer_to(chat, question).text.startswith(new)

    change(faq, new, "Der Versand kostet {unheard_of} und")
    lines = faq.read_text(encoding="utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, start=1) if "{unheard_of}" in text)
    refused = publish(installation, content)
    assert refused.code == 1
    assert "Traceback" not in refused.err
    named = [int(part.split(":")[1]) for part in refused.err.splitlines() if str(faq) in part]
    assert named, refused.err
    assert any(abs(number - line) <= 25 for number in named)  # the entry's own lines
    assert "unheard_of" in refused.err
    time.sleep(IN_USE_S)
    assert answer_to(chat, question).text.startswith(new)

    faq.write_text("- id: [broken\n", encoding="utf-8")
    broken = publish(installation, content)
    assert broken.code == 1
    assert f"{faq}:" in broken.err
    assert answer_to(chat, question).text.startswith(new)

    back = publish(installation, content, "--rollback")
    assert back.code == 0, back.err
    time.sleep(IN_USE_S)
    assert answer_to(chat, question).text.startswith(old)
    assert (service.child("worker"), service.child("web")) == workers
