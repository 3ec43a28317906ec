"""What an answer costs on each channel, how it will look there, and the original one tap away."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import yaml
from prometheus_client import CollectorRegistry

from aftersail.surveys import open_surveys
from connectors.delivery.outgoing import plan_calls
from conversations.contacts import Contacts
from conversations.model import MAX_TEXT
from conversations.notices import Notices
from conversations.originals import SHOW_ORIGINAL, Originals
from core.schema import conversations
from core.schema_desk import surveys
from tests.desk.writing.acts import preview, send, written
from tests.simulators.line.demo import demo_config
from tests.simulators.line.simulator import LineSimulator
from tests.support.desk import HOUR, DeskWorld, MakeDesk

TEMPLATE = {
    "name": "answer_ready", "language": "de", "status": "approved", "category": "utility", "parameters": ["brand"],
    "body": "Guten Tag, {{1}} hat eine Antwort auf Ihre Frage.", "buttons": [{"title": "Antwort lesen"}],
}  # fmt: skip
META = {"phone_number_id": "1", "business_account_id": "2", "api_url": "http://127.0.0.1:1"}
SECRETS = {"access_token": "simulated-token", "app_secret": "simulated-secret", "verify_token": "simulated-verify"}


def files(folder: Path, *templates: dict[str, Any], line_url: str = "http://127.0.0.1:1") -> dict[str, str]:
    """Settings of a German WhatsApp number and a Japanese LINE account."""
    bot = next(bot for bot in demo_config().bots if bot.market == "JP")
    line = {"name": "line-jp", "market": "JP", "bot_user_id": bot.user_id, "api_url": line_url}
    line |= {"channel_secret": bot.channel_secret, "access_token": bot.access_token}
    accounts = {"whatsapp": [{"name": "wa-de", "market": "DE", **META, **SECRETS}], "line": [line]}
    registry = {"purposes": {"reply_waiting": "answer_ready"}, "templates": list(templates)}
    for name, data in (("channels.yml", accounts), ("templates.yml", registry)):
        (folder / name).write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return {"channels": str(folder / "channels.yml"), "templates": str(folder / "templates.yml")}


@pytest.fixture
def office(tmp_path: Path, make_desk: MakeDesk) -> DeskWorld:
    """A desk with accounts and an approved German template."""
    return make_desk(**files(tmp_path, TEMPLATE))


def customer(desk: DeskWorld, channel: str, silent_s: float = 0.0) -> str:
    """Who wrote so long ago; the conversation's id."""
    account, market, language = {"whatsapp": ("wa-de", "DE", "de"), "line": ("line-jp", "JP", "ja")}[channel]
    sender = "U" + "1" * 32 if channel == "line" else "4915551234567"
    place = {"market": market, "language": language, "channel": channel, "account": account, "sender": sender}
    conversation = desk.waiting("Hilfe", **place).conversation_id
    contacts = Contacts(desk.engine, desk.clock)
    contacts.wrote(channel, account, sender, desk.clock.now - silent_s, "Mia", {"id": sender})
    if channel == "line":
        contacts.keep_token(channel, account, sender, "token-1", desk.clock.now - silent_s)
    return conversation


COSTS = [
    ("whatsapp", 0.0, "free", True),
    ("whatsapp", 23 * HOUR, "free", True),
    ("whatsapp", 25 * HOUR, "template", False),
    ("line", 0.0, "free", True),
    ("line", 49.0, "free", True),
    ("line", 51.0, "push", False),
]


@pytest.mark.parametrize(("channel", "silent_s", "cost", "is_free"), COSTS)
def test_what_an_answer_costs_now(office: DeskWorld, channel: str, silent_s: float, cost: str, is_free: bool) -> None:
    conversation = office.conversation(customer(office, channel, silent_s))
    state = office.parts.deps.channels.state(conversation)
    assert (state.cost, state.free_until is not None, state.sendable) == (cost, is_free, True)
    client = office.client("anna", languages=["ja", "de"])
    assert f'data-cost="{cost}"' in client.get(f"/desk/c/{conversation.id}/composer").text


def test_the_web_chat_costs_nothing(desk: DeskWorld) -> None:
    state = desk.parts.deps.channels.state(desk.conversation(desk.waiting().conversation_id))
    assert (state.cost, state.free_until, state.then, state.sendable) == ("free", None, "", True)


@pytest.mark.parametrize(("status", "reason"), [("", "template_missing"), ("pending", "template_not_approved")])
def test_a_closed_window_without_template_is_told_before_anybody_types(
    tmp_path: Path, make_desk: MakeDesk, status: str, reason: str
) -> None:
    desk = make_desk(**files(tmp_path, *([{**TEMPLATE, "status": status}] if status else [])))
    conversation = customer(desk, "whatsapp", 25 * HOUR)
    state = desk.parts.deps.channels.state(desk.conversation(conversation))
    assert (state.sendable, state.reason) == (False, reason)
    assert "until the customer writes" in desk.client("anna").get(f"/desk/c/{conversation}/composer").text


def test_who_has_blocked_us_cannot_be_written_to(office: DeskWorld) -> None:
    conversation = customer(office, "whatsapp")
    Contacts(office.engine).block("whatsapp", "wa-de", "4915551234567", True)
    state = office.parts.deps.channels.state(office.conversation(conversation))
    assert (state.sendable, state.reason) == (False, "blocked")


def test_the_pushes_left_are_those_that_line_tells(tmp_path: Path, make_desk: MakeDesk) -> None:
    with LineSimulator(demo_config()) as line:
        desk = make_desk(**files(tmp_path, TEMPLATE, line_url=line.url))
        conversation = customer(desk, "line", 60)
        assert desk.parts.deps.channels.state(desk.conversation(conversation)).left is None
        channels: Any = desk.parts.deps.channels

        async def once() -> None:
            stopped = asyncio.Event()
            task = asyncio.create_task(channels.keep_quotas(stopped))
            while channels.state(desk.conversation(conversation)).left is None:  # noqa: ASYNC110 - nothing tells of it
                await asyncio.sleep(0.01)
            stopped.set()
            await task

        asyncio.run(asyncio.wait_for(once(), 20))
        left = channels.state(desk.conversation(conversation)).left
    (bot,) = [bot for bot in demo_config().bots if bot.market == "JP"]
    assert left == bot.monthly_limit
    assert f"{left} pushes" in desk.client("anna").get(f"/desk/c/{conversation}/composer").text


# --- how it will look -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", ["whatsapp", "line"])
@pytest.mark.parametrize("silent_s", [0.0, 25 * HOUR])
def test_the_preview_is_what_the_channel_will_send(office: DeskWorld, channel: str, silent_s: float) -> None:
    conversation = customer(office, channel, silent_s)
    long = "お荷物は明日お届けの予定です。" * 300 if channel == "line" else "Ihr Paket kommt morgen an. " * 180
    text, language = long[: MAX_TEXT - 1].strip(), "ja" if channel == "line" else "de"
    client = office.client("anna", languages=[language])
    channels: Any = office.parts.deps.channels
    shown = channels.preview(office.conversation(conversation), text, {})
    assert send(client, conversation, text, language, override="only a long text")[0] == 200
    (message,) = written(office, conversation)
    calls = plan_calls(channels._channels[channel], office.conversation(conversation), [message], channels._words)
    if channel == "line":
        real = [part["text"] for _, body, _ in calls for part in body["messages"]]  # type: ignore[attr-defined]
    else:
        real = [body["text"]["body"] for _, body, _ in calls]  # type: ignore[index]
    expected = [bubble["text"] for bubble in shown.bubbles if not bubble.get("template")]
    assert expected == real
    assert ("cut" in shown.notes) == (len(real) > 1)


def test_outside_the_window_the_template_goes_first(office: DeskWorld) -> None:
    conversation = customer(office, "whatsapp", 25 * HOUR)
    found = preview(office.client("anna"), conversation, "Ihr Paket kommt morgen.", "de")
    page = found["html"]
    assert "Guten Tag, Orikka hat eine Antwort auf Ihre Frage." in page
    assert page.index("Orikka hat eine Antwort") < page.index("Ihr Paket kommt morgen.")
    assert "data-waits" in page


# --- the original -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("channel", "label"), [("whatsapp", "Original anzeigen"), ("line", "原文を見る")])
def test_the_original_is_one_tap_away_and_the_preview_shows_it(office: DeskWorld, channel: str, label: str) -> None:
    conversation, client = customer(office, channel), office.client("anna", languages=["en"])
    by_hand = {"whatsapp": "Ihr Paket ist unterwegs.", "line": "お荷物は配送中です。"}[channel]
    original = "Your parcel is on its way."
    assert label in preview(client, conversation, original, "en", edited=by_hand)["html"]
    assert send(client, conversation, original, "en", edited=by_hand)[0] == 200
    (message,) = written(office, conversation)
    channels: Any = office.parts.deps.channels
    calls = plan_calls(channels._channels[channel], office.conversation(conversation), [message], channels._words)
    assert f"{message.id}:original" in str(calls)


@pytest.mark.parametrize(("channel", "language"), [("whatsapp", "de"), ("line", "ja")])
@pytest.mark.parametrize("by_person", [False, True])
def test_the_mark_says_who_made_the_translation(
    office: DeskWorld, channel: str, language: str, by_person: bool
) -> None:
    conversation = office.conversation(customer(office, channel))
    channels: Any = office.parts.deps.channels
    release = office.holder.current()

    def words(name: str) -> str:
        market = release.markets[conversation.market]
        return release.words.say(name, market=market, language=language).text

    machine, checked = words("channel_machine_translation"), words("channel_checked_translation")
    shown, other = (checked, machine) if by_person else (machine, checked)
    translation = {"from": "en", "original": "It is on its way.", "engine": "argos"}
    payload = {"translation": translation | ({"edited": True} if by_person else {})}
    preview_ = channels.preview(conversation, "OK", payload)
    texts = " ".join(bubble["text"] for bubble in preview_.bubbles)
    assert shown in texts
    assert other not in texts
    assert ("marked_checked" in preview_.notes, "marked" in preview_.notes) == (by_person, not by_person)


def test_the_tap_brings_the_original_once_and_changes_nothing_else(office: DeskWorld) -> None:
    conversation, client = customer(office, "whatsapp"), office.client("anna", languages=["en"])
    for number, text in enumerate(("Your parcel is on its way.", "It arrives tomorrow.")):
        answer = send(client, conversation, text, "en", key=f"{number:032}", edited="Ihr Paket ist unterwegs.")
        assert answer[0] == 200
    last = written(office, conversation)[-1]
    originals = Originals(office.engine, Notices(office.engine, office.gate, office.clock))
    person = ("whatsapp", "wa-de", "4915551234567")
    assert originals.offered(last.id, person)
    assert not originals.offered(last.id, ("whatsapp", "wa-de", "somebody else"))
    before = office.conversation(conversation)
    tap = office.messages(conversation)[-1]
    for _ in range(2):  # an event may be applied twice
        originals.show(before, last.id, tap)
    (shown,) = [row for row in office.messages(conversation) if row.payload.get("response") == SHOW_ORIGINAL]
    assert (shown.text, shown.language) == ("Your parcel is on its way.\n\nIt arrives tomorrow.", "en")
    assert (shown.author, shown.gate and shown.gate.get("override", {}).get("by", "system")) == ("system", "system")
    after = office.conversation(conversation)
    assert (after.owner, after.pending, after.language) == (before.owner, 0, before.language)


SURVEY = {
    "name": "survey_de", "language": "de", "status": "approved", "category": "utility", "parameters": ["brand"],
    "body": "Guten Tag, wie zufrieden waren Sie mit der Hilfe von {{1}}?",
    "buttons": [{"title": f"{score} von 5"} for score in range(1, 6)],
}  # fmt: skip


@pytest.mark.parametrize(
    ("silent_s", "templates", "state", "reason"),
    [
        (0.0, [], "asked", ""),
        (25 * HOUR, [], "impossible", "template_missing"),
        (25 * HOUR, [{**SURVEY, "status": "pending"}], "impossible", "template_not_approved"),
        (25 * HOUR, [SURVEY], "asked", ""),  # as a template
    ],
)
def test_a_survey_outside_the_window(
    tmp_path: Path, make_desk: MakeDesk, silent_s: float, templates: list[dict[str, Any]], state: str, reason: str
) -> None:
    place = files(tmp_path, *templates)
    registry = {"purposes": {"survey": "survey_de"}, "templates": templates}
    Path(place["templates"]).write_text(yaml.safe_dump(registry, allow_unicode=True), encoding="utf-8")
    desk = make_desk(**place)
    conversation = customer(desk, "whatsapp", silent_s)
    row = {"id": "s1", "conversation_id": conversation, "market": "DE", "language": "de", "channel": "whatsapp"}
    with desk.engine.begin() as connection:
        closed = sa.update(conversations).where(conversations.c.id == conversation)
        connection.execute(closed.values(state="closed"))
        connection.execute(sa.insert(surveys).values(**row, state="waiting", created_at=desk.clock()))
    channels: Any = desk.parts.deps.channels
    notices = Notices(desk.engine, desk.gate, desk.clock)
    before = len(desk.messages(conversation))
    registry_of = CollectorRegistry()
    asker = open_surveys(desk.engine, desk.holder.current, notices, channels, lambda _: None, registry_of, desk.clock)
    asker.look()
    with desk.engine.connect() as connection:
        found = connection.execute(sa.select(surveys)).one()
    assert (found.state, found.reason) == (state, reason)
    sent = desk.messages(conversation)[before:]
    assert len(sent) == (1 if state == "asked" else 0)
    assert [len(item.payload["template"]["payloads"]) for item in sent if templates] == (
        [5] if sent and templates else []
    )
