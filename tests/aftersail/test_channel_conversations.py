"""Whole conversations on WhatsApp and LINE: the trained bot, both processes, both vendors simulated."""

import base64
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from tests.aftersail.conversation_cases import ORDER_CASES
from tests.simulators.line.demo import demo_config as line_demo
from tests.simulators.whatsapp.config import Speeds
from tests.simulators.whatsapp.demo import demo_config as whatsapp_demo
from tests.simulators.whatsapp.samples import PHOTO, VOICE
from tests.support.channel_people import LinePerson, Person, WhatsAppPerson, agent_replies
from tests.support.channel_service import ChannelWorld, channel_world
from tests.support.channel_watch import stopped_worker, until, wait_quiet
from tests.support.installation import Installation

pytestmark = [pytest.mark.model, pytest.mark.slow]

ORDERS = {case.language: case for case in ORDER_CASES}


@dataclass(frozen=True)
class Case:
    """What a customer of a language does on one of our accounts."""

    language: str
    market: str
    channel: str
    cost: str  # asks what delivery costs
    price: str  # what the answer must hold
    vague: str  # fits several answers; empty: no such word is known
    voice: str  # of the answer to a voice note
    sticker: str
    location: str
    agent: str  # what a person writes


CASES = [
    Case("de", "DE", "whatsapp", "Was kostet der Versand?", "4,90", "Paket", "Sprachnachricht", "Sticker",
         "Standort", "Guten Tag, hier ist Lena. Ihr Paket kommt morgen."),
    Case("pt", "BR", "whatsapp", "Quanto custa o frete?", "19,90", "pacote", "áudio", "figurinha",
         "localização", "Olá, aqui é a Lena. Seu pacote chega amanhã."),
    Case("ar", "SA", "whatsapp", "كم تكلفة التوصيل؟", "25.00", "", "الصوتية", "ملصق", "الموقع",
         "مرحبًا، معك لينا. تصل الشحنة غدًا."),
    Case("ja", "JP", "line", "送料はいくらですか？", "550", "", "音声", "スタンプ", "位置情報",
         "レナと申します。お荷物は明日届きます。"),
    Case("zh-Hant", "TW", "line", "運費多少錢？", "80", "寄送", "語音", "貼圖", "位置",
         "您好，我是Lena。您的包裹明天會送達。"),
    Case("th", "TH", "line", "ค่าส่งเท่าไหร่คะ", "50.00", "จัดส่ง", "เสียง", "สติกเกอร์", "ตำแหน่ง",
         "สวัสดีค่ะ ลีน่าเองค่ะ พัสดุจะถึงพรุ่งนี้ค่ะ"),
]  # fmt: skip
VAGUE = [case for case in CASES if case.vague]
BY_LANGUAGE = {case.language: case for case in CASES}
on_each = pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.language}-{case.channel}")


@pytest.fixture(scope="module")
def world(installation: Installation) -> Iterator[ChannelWorld]:
    with channel_world(installation, whatsapp_demo(speeds=Speeds()), line_demo()) as running:
        yield running
        assert running.whatsapp.doubles() == {}
        assert running.whatsapp.refusals() == []
        assert running.line.lost_events == []


@pytest.fixture(scope="module")
def somebody(world: ChannelWorld) -> Callable[[Case], Person]:
    """Makes a customer who never wrote before."""
    places = iter(range(1, 10_000))

    def make(case: Case, phone: str = "") -> Person:
        place = next(places)
        if case.channel == "line":
            return LinePerson(world, case.market, place)
        prefix = {"DE": "4915550", "BR": "55119550", "SA": "96650550"}[case.market]
        return WhatsAppPerson(world, case.market, phone.lstrip("+") or f"{prefix}{place:05}")

    return make


@on_each
def test_a_question_is_answered_for_free(case: Case, somebody: Callable[..., Person]) -> None:
    person = somebody(case)
    answer = person.say(case.cost)
    (bubble,) = answer.bubbles
    assert case.price in bubble.plain
    assert bubble.cost == "free"
    assert person.conversation().language == case.language


@pytest.mark.parametrize("language", ["de", "ja", "zh-Hant", "th"])
def test_an_order_is_shown_after_number_and_proof(
    language: str, somebody: Callable[..., Person], installation: Installation
) -> None:
    case, asked = BY_LANGUAGE[language], ORDERS[language]
    order = installation.order(case.market, "in_transit")
    person = somebody(case, order.phone)
    assert "ORK-" in person.say(asked.asks).text  # in Germany and Japan the phone is no proof
    assert order.number in person.say(order.number).text
    shown = person.say(order.email)
    (bubble,) = shown.bubbles
    assert str(order.parcels[0].tracking_number) in bubble.plain
    assert bubble.cost == "free"


@pytest.mark.parametrize("language", ["pt", "ar"])
def test_where_the_phone_is_proof_the_order_is_shown_at_once(
    language: str, somebody: Callable[..., Person], installation: Installation
) -> None:
    case = BY_LANGUAGE[language]
    order = installation.order(case.market, "in_transit")
    shown = somebody(case, order.phone).say(ORDERS[language].asks)
    assert order.number in shown.text
    assert str(order.parcels[0].tracking_number) in shown.text
    stranger = somebody(case).say(ORDERS[language].asks)
    assert order.number not in stranger.text


@pytest.mark.parametrize("case", VAGUE, ids=lambda case: case.language)
def test_did_you_mean_tapped(case: Case, somebody: Callable[..., Person]) -> None:
    person = somebody(case)
    asked = person.say(case.vague)
    assert len(asked.bubbles) == 1
    assert len(asked.choices) == 4
    answered = person.tap(asked.choices[0])
    (bubble,) = answered.bubbles
    assert bubble.text != asked.bubbles[0].text
    assert [row.kind for row in person.history() if row.direction == "in"] == ["text", "button"]


@pytest.mark.parametrize("case", VAGUE, ids=lambda case: case.language)
def test_did_you_mean_answered_with_a_number(case: Case, somebody: Callable[..., Person]) -> None:
    tapped, typed = somebody(case), somebody(case)
    title = tapped.say(case.vague).choices[1]
    typed.say(case.vague)
    assert typed.say("2").text == tapped.tap(title).text


@pytest.mark.parametrize(("language", "typed"), [("ja", "１"), ("th", "๑"), ("ar", "١"), ("de", "1."), ("de", " 1)")])
def test_a_number_is_read_as_customers_write_it(language: str, typed: str, somebody: Callable[..., Person]) -> None:
    greeting = {"ja": "こんにちは", "th": "สวัสดีค่ะ", "ar": "مرحبا", "de": "Hallo"}[language]
    tapping, typing = somebody(BY_LANGUAGE[language]), somebody(BY_LANGUAGE[language])
    (first, *_) = tapping.say(greeting).choices
    typing.say(greeting)
    assert typing.say(typed).text == tapping.tap(first).text


@pytest.mark.parametrize("number", ["2", "14"])
def test_the_long_menu_of_languages_can_be_used(number: str, somebody: Callable[..., Person]) -> None:
    person = somebody(BY_LANGUAGE["zh-Hant"])
    menu = person.say("kun je nederlands?").text
    assert "2. English" in menu  # more than LINE has quick replies for
    assert "14. Tiếng Việt" in menu
    person.say(number)
    assert person.conversation().language == {"2": "en", "14": "vi"}[number]


@on_each
def test_what_is_no_text(case: Case, somebody: Callable[..., Person]) -> None:
    person = somebody(case)
    person.say(case.cost)
    line = case.channel == "line"
    voiced = person.do("audio" if line else "voice", **({} if line else {"data": b64(VOICE), "mime_type": "audio/ogg"}))
    assert case.voice in voiced.text
    assert len(voiced.bubbles) == len(voiced.choices) == 1  # a person can be had
    stuck = person.do("sticker", **({"keywords": ["happy", "thanks"]} if line else {}))
    assert case.sticker in stuck.text
    placed = person.do("location", latitude=52.52, longitude=13.4, address="Alexanderplatz 1")
    assert case.location in placed.text
    rows = [row for row in person.history() if row.direction == "in"][1:]
    assert [row.payload["content"] for row in rows] == ["voice", "sticker", "location"]
    assert "52.52" in str(rows[2].payload["details"])


@on_each
def test_a_picture_is_kept_as_it_is(case: Case, somebody: Callable[..., Person], installation: Installation) -> None:
    person = somebody(case)
    if case.channel == "line":
        answer = person.do("image", content=b64(PHOTO), mime="image/jpeg")
    else:
        answer = person.do("image", data=b64(PHOTO), mime_type="image/jpeg", caption=case.cost)
        assert case.price in answer.text  # the caption is a question
    assert len(answer.bubbles) == 1
    (file,) = person.media()
    assert (file.state, file.mime, file.sha256) == ("kept", "image/jpeg", hashlib.sha256(PHOTO).hexdigest())
    stored = [path for path in installation.settings.media_dir.rglob("*") if path.is_file()]
    assert PHOTO in [path.read_bytes() for path in stored]


@on_each
def test_a_person_answers(case: Case, somebody: Callable[..., Person]) -> None:
    person = somebody(case)
    passed = person.say(ORDERS[case.language].person)
    assert len(passed.bubbles) == 1
    assert person.conversation().owner == "queue"
    assert person.say("?").bubbles == ()  # the bot is silent now
    agent_replies(person, case.agent)
    (bubble,) = person.wait().bubbles
    assert bubble.plain == case.agent
    assert bubble.cost == "free"  # on LINE the token of the customer's last message is still good
    assert person.conversation().owner == "agent:lena"


@pytest.mark.parametrize("language", ["ja", "zh-Hant", "th"])
def test_a_new_friend_is_welcomed(language: str, somebody: Callable[..., Person]) -> None:
    person = somebody(BY_LANGUAGE[language])
    (welcome,) = person.do("follow").bubbles
    assert "Orikka" in welcome.text
    assert welcome.cost == "free"
    assert person.conversation().language == language


def test_in_a_group_nothing_is_said_about_orders(world: ChannelWorld) -> None:
    bot = world.line.config.bots[0]
    group, member = f"C{0xABC:032x}", bot.friends[0].user_id

    def speak(*mentions: str) -> list[str]:
        world.line.act(
            "text", member, group=group, bot=bot.user_id, text="注文した荷物はどこ？", mentions=list(mentions)
        )
        wait_quiet(world)
        return [entry.text for entry in world.line.messages_to(group)]

    assert speak() == []  # people talk to each other: it is not kept either
    (told,) = speak("self")
    assert "グループ" in told
    assert speak("self") == [told]  # once is enough
    assert world.line.pushes_used_by(bot.user_id) == 0


def test_who_brings_us_into_a_group_is_told_to_write_directly(world: ChannelWorld) -> None:
    group = f"C{0xDEF:032x}"
    world.line.act("join", group=group)
    wait_quiet(world)
    (told,) = world.line.messages_to(group)
    assert "グループ" in told.text


@pytest.mark.parametrize("language", ["de", "ja"])
def test_what_is_taken_back_is_not_answered(
    language: str, somebody: Callable[..., Person], world: ChannelWorld
) -> None:
    case = BY_LANGUAGE[language]
    person = somebody(case)
    person.say(case.cost)
    with stopped_worker(world):
        message = person.act("text", text="ORK-1204049 secret")
        until(lambda: len([row for row in person.history() if row.direction == "in"]) == 2, "stored")
        person.act("revoke" if case.channel == "whatsapp" else "unsend", message_id=message)
        until(lambda: "secret" not in str([row.text for row in person.history()]), "erased")
    assert person.wait().bubbles == ()


@pytest.mark.parametrize("language", ["de", "ja"])
def test_an_answered_message_that_is_taken_back_loses_its_words(language: str, somebody: Callable[..., Person]) -> None:
    case = BY_LANGUAGE[language]
    person = somebody(case)
    message = person.act("text", text=case.cost)
    assert person.wait().bubbles
    assert person.do("revoke" if case.channel == "whatsapp" else "unsend", message_id=message).bubbles == ()
    assert person.history()[0].text == ""


def test_an_edit_before_the_answer_is_what_is_answered(somebody: Callable[..., Person], world: ChannelWorld) -> None:
    person = somebody(BY_LANGUAGE["de"])
    person.say("Hallo")
    with stopped_worker(world):
        message = person.act("text", text="Wie lange dauert die Lieferung?")
        until(lambda: len(person.history()) >= 3, "stored")
        person.act("edit", message_id=message, text="Was kostet der Versand?")
        until(lambda: "kostet" in str([row.text for row in person.history()]), "changed")
    assert "4,90" in person.wait().text


def test_an_edit_after_the_answer_is_answered_anew(somebody: Callable[..., Person]) -> None:
    person = somebody(BY_LANGUAGE["de"])
    message = person.act("text", text="Wie lange kann ich etwas zurückgeben?")
    assert person.wait().bubbles
    assert "4,90" in person.do("edit", message_id=message, text="Was kostet der Versand?").text


def test_who_has_blocked_us_gets_nothing_and_a_person_is_told(
    somebody: Callable[..., Person], world: ChannelWorld
) -> None:
    person = somebody(BY_LANGUAGE["ja"])
    with stopped_worker(world):
        person.act("text", text="送料はいくらですか？")
        until(lambda: bool(person.history()), "stored")
        person.act("block")
        world.line.settle()
        until(lambda: bool(person.contact().blocked), "known to be blocked")
    until(lambda: bool(person.handoffs()), "a person is told")
    assert person.bubbles() == []
    (handoff,) = person.handoffs()
    assert handoff.packet["undelivered"]["code"] == "blocked"
    assert person.do("unblock").bubbles == ()  # it is with a person now: the bot's held answer is withdrawn
    agent_replies(person, BY_LANGUAGE["ja"].agent)
    assert person.wait().text == BY_LANGUAGE["ja"].agent


def test_all_parts_of_a_line_answer_go_on_the_free_token(world: ChannelWorld) -> None:
    """After all that was said above; agents' answers inside a minute are free too."""
    assert world.line.pushes_used == 0


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()
