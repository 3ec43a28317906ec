"""A customer who asks for a person gets one, whatever else they say in the same breath."""

from collections.abc import Callable

import pytest

from tests.support.talk import Customer

pytestmark = pytest.mark.model

# Each says what went wrong and that they want somebody; by market.
WISHES = {
    "US": [
        "can i talk to a human, my parcel never arrived",
        "the pump is broken, i want to speak to someone",
        "where is my refund?? give me an agent",
        "my order is late again. let me speak with your manager",
    ],
    "ES": [
        "quiero hablar con una persona, mi pedido no ha llegado",
        "no funciona el esterilizador, páseme con un agente",
        "¿dónde está mi reembolso? necesito hablar con alguien",
        "llevo dos semanas esperando, quiero hablar con un humano",
    ],
    "FR": [
        "je veux parler à quelqu'un, mon colis n'est pas arrivé",
        "l'appareil ne marche pas, passez-moi un conseiller",
        "où est mon remboursement ? je veux un humain",
        "ma commande est en retard, je peux parler à une personne ?",
    ],
    "DE": [
        "ich will mit einem Menschen reden, mein Paket ist nicht da",
        "das Gerät geht nicht, bitte einen Mitarbeiter",
        "wo bleibt mein Geld? ich möchte jemanden sprechen",
        "Bestellung kam nie an, verbinden Sie mich mit dem Kundendienst",
    ],
    "IT": [
        "vorrei parlare con un operatore, il pacco non è arrivato",
        "non funziona niente, passatemi una persona",
        "dov'è il mio rimborso? voglio parlare con qualcuno",
        "il mio ordine è in ritardo, posso parlare con un umano?",
    ],
    "BR": [
        "quero falar com um atendente, meu pedido não chegou",
        "não funciona, me passa pra uma pessoa",
        "cadê meu reembolso? quero falar com alguém",
        "meu pacote está atrasado, posso falar com um humano?",
    ],
    "SA": [
        "أريد التحدث مع موظف، الطرد لم يصل",
        "الجهاز لا يعمل، حولوني إلى شخص",
        "أين استرداد أموالي؟ أريد موظف خدمة العملاء",
        "طلبي متأخر، هل يمكنني التحدث مع إنسان؟",
    ],
    "JP": [
        "荷物が届きません。担当者と話したいです",
        "担当者と話したい 届いた商品が壊れていた",
        "壊れています。オペレーターにつないでください",
        "返金はまだですか。人と話したいです",
        "注文が遅れています。人間のスタッフお願いします",
    ],
    "KR": [
        "택배가 안 왔어요 상담원 연결해 주세요",
        "고장났어요. 사람이랑 얘기하고 싶어요",
        "환불 언제 되나요? 상담사 바꿔주세요",
        "주문이 늦어요 직원과 통화하고 싶습니다",
    ],
    "SG": [
        "包裹还没到，我要找人工",
        "收到的东西坏了 我要人工客服",
        "机器坏了，转人工客服",
        "退款呢？我要跟真人说",
        "订单一直没发货，帮我接客服人员",
    ],
    "TW": [
        "包裹還沒到，我要找真人客服",
        "機器壞了，請轉專人",
        "退款呢？我想跟真人講",
        "訂單一直沒出貨，幫我接客服人員",
    ],
    "TH": [
        "ขอคุยกับเจ้าหน้าที่หน่อยค่ะ พัสดุยังไม่ถึง",
        "เครื่องเสีย ขอสายพนักงานหน่อยครับ",
        "เงินคืนไปไหน ขอคุยกับคนจริง",
        "ของยังไม่มาเลย อยากคุยกับแอดมิน",
    ],
    "ID": [
        "saya mau bicara dengan orang, paket belum sampai",
        "alatnya rusak, tolong sambungkan ke cs",
        "mana refund saya? mau ngomong sama manusia",
        "pesanan telat terus, minta bicara dengan petugas",
    ],
    "VN": [
        "tôi muốn nói chuyện với nhân viên, hàng chưa tới",
        "máy hỏng rồi, cho gặp người thật",
        "tiền hoàn đâu? cho tôi gặp tư vấn viên",
        "đơn hàng trễ quá, tôi muốn gặp người",
    ],
}
# Several clauses, and nobody is wanted.
OTHERS = [
    ("US", "hi, where is my order? it was due on monday, 9,90 paid"),
    ("DE", "Hallo, wie lange ist die Garantie, und was kostet die Lieferung?"),
    ("IT", "ciao, quanto costa la spedizione, grazie"),
    ("JP", "こんにちは。送料はいくらですか。"),
    ("TH", "สวัสดีค่ะ ค่าส่งเท่าไหร่คะ"),
    ("SA", "مرحبا، كم تكلفة التوصيل؟"),
]


@pytest.mark.parametrize("market", WISHES)
async def test_a_wish_for_a_person_is_heard_beside_the_matter(market: str, customer: Callable[..., Customer]) -> None:
    unheard = [text for text in WISHES[market] if (await customer(market).say(text)).owner == "bot"]
    assert unheard == []


@pytest.mark.parametrize(("market", "text"), OTHERS)
async def test_who_does_not_ask_for_a_person_stays_with_the_bot(
    market: str, text: str, customer: Callable[..., Customer]
) -> None:
    assert (await customer(market).say(text)).owner == "bot"
