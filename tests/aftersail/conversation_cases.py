"""Whole conversations about an order, as customers of each market write them."""

from collections.abc import Callable
from dataclasses import dataclass

from orders.model import State


def plain(value: str) -> str:
    """As it stands in the confirmation e-mail."""
    return value


def digits_from(zero: str) -> Callable[[str], str]:
    """With the digits of another script, given its nought."""
    return lambda value: value.translate({ord("0") + index: ord(zero) + index for index in range(10)})


def full_width(value: str) -> str:
    """As a Japanese keyboard writes it."""
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in value)


def spaced(value: str) -> str:
    """In lower case and with a space, without the hyphen."""
    return value.lower().replace("-", " ")


def lower(value: str) -> str:
    """In lower case."""
    return value.lower()


@dataclass(frozen=True)
class OrderCase:
    """A customer asks where an order is, gives its number, proves it, and asks something else afterwards."""

    language: str
    market: str
    state: State
    asks: str
    number: Callable[[str], str]
    proof: str  # email, postcode
    typed: Callable[[str], str]  # how the proof is typed
    date: str  # the expected day as Babel writes it
    question: str
    entry: str
    person: str


ORDER_CASES = [
    OrderCase("de", "DE", "in_transit", "wo ist mein Paket?", lower, "postcode", plain, "EEEE, d. MMMM",
              "Wie lange kann ich etwas zurückgeben?", "returns-window", "Ich möchte mit einem Mitarbeiter sprechen"),
    OrderCase("en", "US", "delayed", "where's my package", spaced, "email", str.upper, "EEEE, MMMM d",
              "How long do I have to return something?", "returns-window", "can I talk to a real person"),
    OrderCase("ar", "SA", "in_transit", "أين طلبي؟", digits_from("٠"), "postcode", digits_from("٠"), "EEEE، d MMMM",
              "كيف أرجع المنتج؟", "return-how", "أريد التحدث مع موظف"),
    OrderCase("th", "TH", "in_transit", "พัสดุของฉันอยู่ไหนคะ", digits_from("๐"), "postcode", digits_from("๐"),
              "EEEEที่ d MMMM", "คืนสินค้าได้ภายในกี่วัน", "returns-window", "ขอคุยกับเจ้าหน้าที่ค่ะ"),
    OrderCase("ja", "JP", "in_transit", "注文した荷物はどこにありますか？", full_width, "postcode", full_width,
              "M月d日EEEE", "返品はどうすればいいですか？", "return-how", "担当者と話したいです"),
    OrderCase("vi", "VN", "in_transit", "don hang cua toi dau roi", spaced, "email", plain, "EEEE, d 'tháng' M",
              "lam sao de tra hang", "return-how", "cho tôi gặp nhân viên"),
    OrderCase("fr", "FR", "in_transit", "où est ma commande ?", plain, "email", plain, "EEEE d MMMM",
              "Comment retourner un article ?", "return-how", "je veux parler à un humain"),
    OrderCase("es", "MX", "in_transit", "¿dónde está mi pedido?", lower, "postcode", plain, "EEEE, d 'de' MMMM",
              "¿Cómo devuelvo un producto?", "return-how", "quiero hablar con una persona"),
    OrderCase("it", "IT", "in_transit", "dov'è il mio pacco?", plain, "postcode", plain, "EEEE d MMMM",
              "Come faccio a restituire un articolo?", "return-how", "vorrei parlare con un operatore"),
    OrderCase("pt", "BR", "in_transit", "cadê meu pedido?", lower, "postcode", plain, "EEEE, d 'de' MMMM",
              "Como faço para devolver um produto?", "return-how", "quero falar com um atendente"),
    OrderCase("ko", "KR", "in_transit", "제 택배 어디에 있나요?", lower, "postcode", plain, "M월 d일 EEEE",
              "반품은 어떻게 하나요?", "return-how", "상담원 연결해 주세요"),
    OrderCase("zh", "SG", "in_transit", "我的包裹在哪里？", full_width, "postcode", plain, "M月d日EEEE",
              "怎么退货？", "return-how", "我要转人工客服"),
    OrderCase("zh-Hant", "TW", "in_transit", "我的包裹在哪裡？", full_width, "postcode", full_width, "M月d日 EEEE",
              "要怎麼退貨？", "return-how", "我要找真人客服"),
    OrderCase("id", "ID", "in_transit", "paket saya sudah sampai mana ya", spaced, "email", plain, "EEEE, d MMMM",
              "Bagaimana cara mengembalikan barang?", "return-how", "saya mau bicara dengan CS"),
]  # fmt: skip

# Somebody may be hurt: no number, no proof, no question comes before the person.
SAFETY = [
    ("DE", "Das Ladegerät hat angefangen zu brennen"),
    ("US", "The air fryer caught fire and smoke is coming out!"),
    ("JP", "充電器から煙が出ています！"),
    ("SA", "الشاحن احترق وخرج منه دخان"),
    ("TH", "หม้อทอดไฟไหม้ มีควันออกมา"),
    ("VN", "cục sạc bị cháy, bốc khói"),
    ("FR", "Le chargeur a pris feu !"),
    ("BR", "O carregador pegou fogo e queimou minha mão"),
    ("KR", "충전기에서 연기가 나고 불이 났어요"),
]

# The market, what the customer writes at first, the wish, a question afterwards, and the new language.
SWITCHES = [
    ("DE", "Hallo", "Can we continue in English please?", "wie lange dauert die lieferung?", "en"),
    ("SG", "我的订单在哪里", "English please", "How do I return something?", "en"),
    ("TW", "你好", "我想用英文", "要怎麼退貨？", "en"),
    ("US", "hi there", "¿podemos hablar en español?", "¿Cómo devuelvo un producto?", "es"),
    ("JP", "こんにちは", "英語でお願いします", "返品はどうすればいいですか？", "en"),
    ("SA", "مرحبا", "can you speak English?", "how do I return something?", "en"),
]

# The market, and a customer who does not write its language.
GUESTS = [
    ("DE", "où est mon colis ? j'attends depuis deux semaines", "fr"),
    ("FR", "wo bleibt mein Paket? Ich warte schon seit zwei Wochen", "de"),
    ("JP", "Where is my order? I have been waiting for two weeks now.", "en"),
    ("US", "¿Dónde está mi paquete? Todavía no ha llegado", "es"),
    ("DE", "我的包裹在哪里？", "zh"),
    ("GB", "أين طلبي؟", "ar"),
    ("TH", "注文した荷物はどこにありますか？", "ja"),
]
