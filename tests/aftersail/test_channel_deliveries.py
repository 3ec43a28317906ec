"""What becomes of answers that cannot go out at once, or at all: windows, templates, tokens, quotas, failures."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import yaml

from tests.simulators.common.signing import hex_signature
from tests.simulators.line.config import Bot
from tests.simulators.line.demo import demo_config as line_demo
from tests.simulators.whatsapp.config import Speeds
from tests.simulators.whatsapp.demo import ACCOUNT, GULF_ACCOUNT, demo_templates
from tests.simulators.whatsapp.demo import demo_config as whatsapp_demo
from tests.support.channel_people import LinePerson, Person, WhatsAppPerson, agent_replies
from tests.support.channel_service import ChannelWorld, channel_world
from tests.support.channel_watch import stopped_worker, until
from tests.support.installation import Finished, Installation

pytestmark = [pytest.mark.model, pytest.mark.slow]

PERSON = {"DE": "Ich möchte mit einem Mitarbeiter sprechen", "BR": "quero falar com um atendente",
          "SA": "أريد التحدث مع موظف", "TW": "我要找真人客服", "SG": "I want to talk to a person"}  # fmt: skip
BODIES = {
    "de": ("Guten Tag, {{1}} hat eine Antwort auf Ihre Frage.", "Antwort lesen"),
    "pt_BR": ("Olá, a {{1}} tem uma resposta para a sua pergunta.", "Ler resposta"),
}
WINDOW_S = 25 * 3600.0
PUSHLESS = Bot(
    "U00040000000000000000000000000b07", "Orikka Singapore", "simulated-secret-sg", "simulated-token-sg", "SG", 0
)


def vendor_template(language: str) -> dict[str, object]:
    """As Meta lists it."""
    text, button = BODIES[language]
    body = {"type": "BODY", "text": text, "example": {"body_text": [["Orikka"]]}}
    buttons = {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": button}]}
    return {"name": "answer_ready", "language": language, "category": "UTILITY", "components": [body, buttons]}


def write_registry(path: Path, status: str = "approved") -> None:
    """The templates file as somebody wrote it: German and Brazilian, no Arabic."""
    made = [
        {"name": "answer_ready", "language": language, "status": status, "category": "utility",
         "parameters": ["brand"], "body": text, "buttons": [{"title": button}]}
        for language, (text, button) in BODIES.items()
    ]  # fmt: skip
    data = {
        "purposes": {"reply_waiting": "answer_ready"},
        "payloads": {"answer_ready": ["read_answer"]},
        "templates": made,
    }
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")


@pytest.fixture(scope="module")
def world(installation: Installation) -> Iterator[ChannelWorld]:
    write_registry(installation.settings.templates_file)
    templates = (*demo_templates(), *((ACCOUNT, vendor_template(language)) for language in BODIES))
    whatsapp = whatsapp_demo(speeds=Speeds(), templates=templates)
    line = line_demo()
    with channel_world(installation, whatsapp, replace(line, bots=(*line.bots, PUSHLESS))) as running:
        yield running
        arrived = [sent.callback_data for sent in running.whatsapp.accepted() if not sent.error]
        assert len(arrived) == len(set(arrived))  # nothing twice, but what had failed


@pytest.fixture(scope="module")
def somebody(world: ChannelWorld) -> Callable[[str], Person]:
    """Makes customers of a market who never wrote before."""
    places = iter(range(1, 10_000))
    prefixes = {"DE": "4915551", "BR": "55119551", "SA": "96650551"}

    def make(market: str) -> Person:
        place = next(places)
        if market in prefixes:
            return WhatsAppPerson(world, market, f"{prefixes[market]}{place:05}")
        return LinePerson(world, market, place)

    return make


def with_a_person(person: Person) -> None:
    """The customer waits for somebody."""
    person.say(PERSON[person.market])
    assert person.conversation().owner == "queue"


def command(world: ChannelWorld, *arguments: str) -> Finished:
    """`aftersail ARGUMENTS` beside the running service."""
    channels = str(world.installation.folder / "channels.yml")
    return world.installation.run(*arguments, CHANNELS=channels, PUBLIC_URL=world.service.url)


def told_codes(person: Person) -> list[str]:
    """Why people were told that something could not be sent."""
    return [str(row.payload["code"]) for row in person.history() if row.payload.get("content") == "undelivered"]


# --- WhatsApp: the window of 24 hours ------------------------------------------------------------------------------


@pytest.mark.parametrize(("market", "locale"), [("DE", "de"), ("BR", "pt_BR")])
def test_after_the_window_an_invitation_goes_out_and_the_answer_follows_the_tap(
    market: str, locale: str, somebody: Callable[[str], Person], world: ChannelWorld
) -> None:
    person = somebody(market)
    with_a_person(person)
    person.fall_silent(WINDOW_S)
    agent_replies(person, "A-1")
    invited = person.wait_for(1)
    (bubble,) = invited.bubbles
    assert bubble.cost == "template"
    assert bubble.text == BODIES[locale][0].replace("{{1}}", "Orikka")
    assert world.whatsapp.messages_to(person.id)[-1].template == f"answer_ready/{locale}"
    assert "A-1" in command(world, "outbox").out
    agent_replies(person, "A-2")
    until(lambda: [row.state for row in person.deliveries()].count("held") == 2, "the second answer is held too")
    assert person.look().bubbles == ()  # one invitation is enough
    answered = person.do("tap", choice=BODIES[locale][1])
    assert answered.text.split() == ["A-1", "A-2"]
    assert {bubble.cost for bubble in answered.bubbles} == {"free"}
    assert person.conversation().owner == "agent:lena"  # the tap was no question


def test_without_a_template_in_the_customers_locale_a_person_is_told(
    somebody: Callable[[str], Person], world: ChannelWorld
) -> None:
    person = somebody("SA")
    with_a_person(person)
    person.fall_silent(WINDOW_S)
    agent_replies(person, "تصل الشحنة غدًا.")
    until(lambda: told_codes(person) == ["template_missing"], "told")
    assert "WhatsApp Manager" in str([row.payload.get("remedy") for row in person.history()])  # what to do
    assert person.look().bubbles == ()
    listed = command(world, "outbox").out
    assert "window_closed" in listed
    assert "Orikka" not in listed  # the invitation itself is no letter: it must not follow the answer later
    (bubble,) = person.say("شكرا").bubbles  # writing opens the window
    assert bubble.text == "تصل الشحنة غدًا."


def test_once_the_template_is_approved_resending_invites(
    somebody: Callable[[str], Person], world: ChannelWorld
) -> None:
    person = somebody("BR")
    with_a_person(person)
    person.fall_silent(WINDOW_S)
    write_registry(world.installation.settings.templates_file, status="pending")
    agent_replies(person, "A-1")
    until(lambda: told_codes(person) == ["template_not_approved"], "told")
    write_registry(world.installation.settings.templates_file)
    letter = next(row.id for row in person.deliveries() if row.state == "held")
    assert command(world, "outbox", "resend", letter).code == 0
    (bubble,) = person.wait_for(1).bubbles
    assert bubble.cost == "template"


def test_the_bots_own_late_answer_goes_to_a_person(somebody: Callable[[str], Person], world: ChannelWorld) -> None:
    person = somebody("SA")
    person.say("مرحبا")
    with stopped_worker(world):
        person.act("text", text="كم تكلفة التوصيل؟")
        until(lambda: person.history()[-1].direction == "in", "stored")
        person.fall_silent(WINDOW_S)
    until(lambda: bool(person.handoffs()), "a person has it")
    (handoff,) = person.handoffs()
    assert (handoff.reason, handoff.packet["wants"]) == ("undelivered", "كم تكلفة التوصيل؟")
    assert person.look().bubbles == ()


@pytest.mark.parametrize("typed", ["Antwort lesen", "1"])
def test_who_types_the_invitations_button_gets_the_answer_and_nothing_else(
    typed: str, somebody: Callable[[str], Person], world: ChannelWorld
) -> None:
    person = somebody("DE")
    person.say("Hallo")
    with stopped_worker(world):
        person.act("text", text="Was kostet der Versand?")
        until(lambda: person.history()[-1].direction == "in", "stored")
        person.fall_silent(WINDOW_S)
    assert person.wait_for(1).bubbles[0].cost == "template"
    (bubble,) = person.say(typed).bubbles
    assert "4,90" in bubble.text
    assert person.conversation().owner == "bot"


# --- WhatsApp: statuses --------------------------------------------------------------------------------------------


def test_statuses_go_forward_only(somebody: Callable[[str], Person], world: ChannelWorld) -> None:
    person = somebody("DE")
    person.say("Was kostet der Versand?")
    until(lambda: [row.state for row in person.deliveries()] == ["read"], "read")
    for post in [post for post in world.whatsapp.webhooks() if b'"statuses"' in post.body][-3:]:
        repost(world, post.body)
    person.wait()
    assert [row.state for row in person.deliveries()] == ["read"]
    assert [row.status for row in person.history() if row.direction == "out"] == ["read"]


def test_what_failed_at_the_customer_is_a_dead_letter(somebody: Callable[[str], Person], world: ChannelWorld) -> None:
    person = somebody("DE")
    world.whatsapp.customer(person.id, fails_with=131026)
    person.act("text", text="Was kostet der Versand?")
    until(lambda: bool(person.deliveries()) and person.deliveries()[0].state == "failed", "failed")
    (handoff,) = person.handoffs()
    assert handoff.packet["undelivered"]["code"] == "131026"
    (delivery,) = person.deliveries()
    listed = command(world, "outbox").out
    assert delivery.id[:8] in listed
    assert "131026" in listed
    assert ".." not in " ".join(listed.split())
    world.whatsapp.customer(person.id, fails_with=0)
    person.look()
    done = command(world, "outbox", "resend", delivery.id[:8])
    assert done.code == 0, done.err
    person.wait_for(1)
    assert delivery.id[:8] not in command(world, "outbox").out


def test_a_discarded_letter_never_goes_out(somebody: Callable[[str], Person], world: ChannelWorld) -> None:
    person = somebody("DE")
    world.whatsapp.customer(person.id, fails_with=131026)
    person.act("text", text="Was kostet der Versand?")
    until(lambda: bool(person.deliveries()) and person.deliveries()[0].state == "failed", "failed")
    person.look()
    (delivery,) = person.deliveries()
    world.whatsapp.customer(person.id, fails_with=0)
    done = command(world, "outbox", "discard", delivery.id)
    assert done.code == 0, done.err
    person.do("text", text="Hallo?")
    assert delivery.id[:8] not in command(world, "outbox").out
    assert [row.state for row in person.deliveries()] == ["discarded"]
    missing = command(world, "outbox", "resend", "ffffffff")
    assert missing.code == 1
    assert "no single undelivered message" in missing.err


def repost(world: ChannelWorld, body: bytes) -> None:
    """A webhook delivered once more."""
    headers = {"X-Hub-Signature-256": f"sha256={hex_signature(world.whatsapp.config.app_secret, body)}"}
    assert httpx.post(f"{world.service.url}/webhooks/whatsapp", content=body, headers=headers).status_code == 200


# --- LINE: tokens and pushes ---------------------------------------------------------------------------------------


def test_an_answer_later_than_the_token_is_a_push(somebody: Callable[[str], Person], world: ChannelWorld) -> None:
    person = somebody("TW")
    assert isinstance(person, LinePerson)
    before = person.pushes
    with_a_person(person)
    person.age_tokens(120)
    agent_replies(person, "A-1")
    (bubble,) = person.wait_for(1).bubbles
    assert (bubble.text, bubble.cost) == ("A-1", "push")
    assert person.pushes == before + 1


def test_a_bot_that_takes_long_says_so_on_the_token_and_answers_on_the_next(
    somebody: Callable[[str], Person], world: ChannelWorld
) -> None:
    person = somebody("TW")
    assert isinstance(person, LinePerson)
    person.say("你好")
    before = person.pushes
    with stopped_worker(world):
        person.act("text", text="運費多少錢？")
        until(lambda: person.history()[-1].text == "運費多少錢？", "stored")
        person.age_tokens(40)
        (notice,) = person.wait_for(1).bubbles
        assert notice.choices == ("查看回覆",)
        assert notice.cost == "free"
        person.act("tap", label="查看回覆")
        until(lambda: len([row for row in person.history() if row.kind == "button"]) == 1, "tapped")
    answered = person.wait()
    assert "80" in answered.text
    assert {bubble.cost for bubble in answered.bubbles} == {"free"}
    assert person.pushes == before


def test_with_no_pushes_left_the_answer_waits_for_the_customers_next_message(
    somebody: Callable[[str], Person], world: ChannelWorld
) -> None:
    person = somebody("SG")
    assert isinstance(person, LinePerson)
    with_a_person(person)
    person.age_tokens(120)
    agent_replies(person, "A-1")
    until(lambda: bool(person.deliveries()) and person.deliveries()[-1].state == "held", "held")
    assert person.look().bubbles == ()
    assert any(row.payload.get("code") == "quota_used" for row in person.history())  # Lena is told
    assert "quota_used" in command(world, "outbox").out
    (bubble,) = person.say("hello?").bubbles
    assert (bubble.text, bubble.cost) == ("A-1", "free")
    assert person.pushes == 0


# --- a vendor that refuses us for a while --------------------------------------------------------------------------


def test_an_expired_token_loses_nothing(somebody: Callable[[str], Person], world: ChannelWorld) -> None:
    people = [somebody("BR") for _ in range(3)]
    world.whatsapp.faults(expired_token_s=15.0)
    for person in people:
        person.act("text", text="Quanto custa o frete?")
    until(lambda: all(person.deliveries() for person in people), "planned")
    assert [person.look().bubbles for person in people] == [()] * 3
    until(lambda: "account_down" in world.service.log.read_text(), "the operator is told")
    for person in people:
        until(lambda person=person: len(person.bubbles()) == 1, "sent later", within_s=110)  # type: ignore[misc]
        assert "19,90" in person.look().text
        assert person.handoffs() == []


# --- what an operator asks -----------------------------------------------------------------------------------------


def test_channels_shows_every_account(world: ChannelWorld) -> None:
    done = command(world, "channels")
    assert done.code == 0, done.err
    for name in ("orikka-de", "orikka-br", "orikka-sa", "line-jp", "line-tw", "line-th", "line-sg"):
        assert name in done.out
    assert "simulated-" not in done.out.replace("simulated-app", "")  # no secret


def test_templates_are_fetched_with_their_states(world: ChannelWorld) -> None:
    done = command(world, "channels", "templates")
    assert done.code == 0, done.err
    written = yaml.safe_load(world.installation.settings.templates_file.read_text(encoding="utf-8"))
    found = {(item["name"], item["language"], item["status"]) for item in written["templates"]}
    assert ("answer_ready", "pt_BR", "approved") in found
    assert written["purposes"] == {"reply_waiting": "answer_ready"}  # ours are kept
    assert written["payloads"] == {"answer_ready": ["read_answer"]}
    assert set(written["synced"]) == {ACCOUNT, GULF_ACCOUNT}


def test_doctor_says_what_is_missing_and_nothing_else(world: ChannelWorld) -> None:
    said = " ".join((command(world, "doctor").err).split())
    assert "reply_waiting in ar" in said  # no Arabic template
    assert "quota" in said  # the bot without pushes
    assert "token and bot" not in said
    assert "number and token" not in said


def test_a_wrong_token_is_named_with_its_account_and_remedy(world: ChannelWorld) -> None:
    folder = world.installation.folder
    kept = {name: (folder / name).read_text() for name in ("whatsapp-access_token", "line-jp-token")}
    try:
        for name in kept:
            (folder / name).write_text("a-wrong-token-of-ours\n")
        for arguments in (("channels",), ("doctor",)):
            done = command(world, *arguments)
            said = " ".join((done.out + done.err).split())
            assert "whatsapp orikka-de: number and token" in said
            assert "line line-jp: token and bot" in said
            assert "a-wrong-token-of-ours" not in said
            assert "Traceback" not in said
    finally:
        for name, text in kept.items():
            (folder / name).write_text(text)
