"""Impatient customers write one word: it is answered or asked about, never thanked for and never taken for a number."""

from collections.abc import Callable

import pytest

from tests.support.talk import Customer

pytestmark = pytest.mark.model

# What may mean several things, by market; the last ones as they are typed in a hurry.
ASKED = {
    "US": ["problem", "delivery", "battery", "return", "parcle", "order??"],
    "ES": ["problema", "entrega", "queja", "devolucion", "paqete"],
    "FR": ["problème", "livraison", "retour", "pièce", "comande"],
    "DE": ["Problem", "Lieferung", "Gerät", "Akku", "bestelung"],
    "IT": ["problema", "consegna", "reso", "ordine", "rimborzo"],
    "BR": ["problema", "entrega", "bateria", "devolucao"],
    "SA": ["مشكلة", "توصيل", "جهاز", "ارجاع"],
    "JP": ["問題", "配送", "電池", "返品", "ちゅうもん"],
    "KR": ["문제", "배송", "주문", "환블"],
    "SG": ["问题", "配送", "电池", "定单"],
    "TW": ["問題", "宅配", "機器", "定單"],
    "TH": ["ปัญหา", "จัดสง", "แบต", "ออเดอ"],
    "ID": ["masalah", "pengiriman", "baterai", "pesenan"],
    "VN": ["van de", "giao hang", "pin", "don hang"],
}
# What means one thing.
ANSWERED = [
    ("US", "postage", "faq:delivery-cost"),
    ("US", "refund policy?", "faq:refund-time"),
    ("ES", "garantia", "faq:warranty"),
    ("FR", "frais de port", "faq:delivery-cost"),
    ("DE", "gutschien", "faq:voucher"),
    ("DE", "storno", "utter_ask_order_number"),
    ("IT", "orari", "faq:opening-hours"),
    ("BR", "nota fiscal", "faq:invoice"),
    ("SA", "فاتوره", "faq:invoice"),
    ("JP", "返品 きげん", "faq:returns-window"),
    ("JP", "そうりょう", "faq:delivery-cost"),
    ("KR", "설명써", "faq:assembly"),
    ("SG", "退货期限", "faq:returns-window"),
    ("TW", "運費", "faq:delivery-cost"),
    ("TH", "ค่าสง", "faq:delivery-cost"),
    ("ID", "ongkir", "faq:delivery-cost"),
    ("VN", "hoa don", "faq:invoice"),
]
SMALL_TALK = [
    ("US", "thanks", "utter_thanks"),
    ("DE", "danke", "utter_thanks"),
    ("JP", "ありがとう", "utter_thanks"),
    ("TH", "ขอบคุณ", "utter_thanks"),
    ("ES", "hola", "utter_greet"),
    ("KR", "안녕하세요", "utter_greet"),
    ("BR", "tchau", "utter_goodbye"),
    ("VN", "tạm biệt", "utter_goodbye"),
    ("FR", "ok", "utter_ask_what"),
]


@pytest.mark.parametrize("market", ASKED)
async def test_a_topic_with_several_meanings_is_asked_about(market: str, customer: Callable[..., Customer]) -> None:
    said = {text: await customer(market).say(text) for text in ASKED[market]}
    assert {text: reply.response for text, reply in said.items()} == dict.fromkeys(said, "utter_did_you_mean")
    assert all(3 <= len(reply.buttons) <= 4 for reply in said.values())


@pytest.mark.parametrize(("market", "text", "response"), [*ANSWERED, *SMALL_TALK])
async def test_one_meaning_is_served(market: str, text: str, response: str, customer: Callable[..., Customer]) -> None:
    assert (await customer(market).say(text)).response == response


async def test_one_topic_after_the_other_is_no_misunderstanding(customer: Callable[..., Customer]) -> None:
    person = customer("DE")
    said = [await person.say(text) for text in ("Lieferung", "Problem", "Gerät", "qwrtz plmpf")]
    assert [reply.response for reply in said] == ["utter_did_you_mean"] * 3 + ["utter_offer_person"]


@pytest.mark.parametrize(
    ("market", "text", "language"),
    [
        ("VN", "khieu nai", "vi"),
        ("VN", "freeship", "vi"),
        ("ID", "voucher", "id"),
        ("FR", "tracking", "fr"),
        ("FR", "fumee", "fr"),
        ("DE", "Reparatur", "de"),
        ("BR", "locker", "pt"),
        ("JP", "wi-fi", "ja"),
        ("KR", "as", "ko"),
        ("GB", "voucher", "en"),
        ("DE", "refund please", "en"),
    ],
)
async def test_a_loanword_is_no_other_language(
    market: str, text: str, language: str, customer: Callable[..., Customer]
) -> None:
    assert (await customer(market).say(text)).language == language


async def test_one_of_the_choices_is_served(customer: Callable[..., Customer]) -> None:
    person = customer("DE")
    asked = await person.say("Rückgabe")
    assert (await person.say(asked.buttons[1])).response == "faq:returns-window"


@pytest.mark.parametrize(
    ("market", "text"), [("US", "fire"), ("US", "spark"), ("DE", "Kurzschluss"), ("JP", "煙"), ("VN", "bi bong")]
)
async def test_danger_in_one_word_reaches_a_person(market: str, text: str, customer: Callable[..., Customer]) -> None:
    said = await customer(market).say(text)
    assert (said.response, said.owner) == ("utter_safety_first", "queue")
