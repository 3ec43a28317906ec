"""Texts to render: strategies over 13 languages, the product's own answers, and counters that are not ours."""

import re
from functools import cache
from itertools import cycle
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st
from wcwidth import iter_graphemes

from connectors.channel import Choice, Outgoing
from orders.number import make_number

DATA = Path(__file__).parents[3] / "knowledge" / "data"
LANGUAGES = ("en", "es", "fr", "de", "it", "pt", "ar", "ja", "ko", "zh", "zh-Hant", "th", "id", "vi")
ALPHABETS = {
    "en": "the parcel is on its way today",
    "es": "envío mañana señor ¿cuándo llegó aquí",
    "fr": "où est l’été déjà reçu garçon œuvre",
    "de": "größe über straße schön Lieferung",
    "it": "perché così città più già",
    "pt": "não ação você três às vôos",
    "ar": "أين طلبي من فضلك الشحنة وصلت",
    "ja": "ご注文ありがとうございます、カタカナー配送",
    "ko": "주문하신 상품이 배송 중입니다",
    "zh": "您的订单已经发货请查收，谢谢",
    "th": "สวัสดีครับ ขอบคุณที่สั่งซื้อสินค้า",
    "id": "pesanan sedang dikirim hari ini",
    "vi": "đơn hàng đã được giao ngày mai ạ",
}
ORDERS = tuple(make_number(serial) for serial in (0, 482193, 999_999))
LINKS = ("https://orikka.example/track/ORK-4821936?x=1&y=_a_", "http://a.b/" + "c" * 40, "www.orikka.example/ต/x")
AMOUNTS = ("1 234,50 €", "US$ 12.50", "Rp 150.000", "¥1,234", "3.500 đ", "500 บาท")
ITEMS = (*ORDERS, *LINKS, *AMOUNTS, "help@orikka.example")
EMOJI = ("👨‍👩‍👧‍👦", "🏳️‍🌈", "👍🏽", "🇩🇪🇫🇷")
MARKED = ("e\u0301\u0323", "z" + "\u0310" * 9, "\u1112\u1161\u11ab", "กำ")
LONG = ("x" * 70, "あ" * 60, "ไ" * 50)
SIGNS = ("\u2068DHL\u2069", "\u200f", "\u00a0", "5*3*2", "*_Neo_*", "~x~", "`y`", "```", "> ", "*", "_")
ODD = (*EMOJI, *MARKED, *LONG, *SIGNS)
_ENDS = (" ", ". ", "! ", "? ", "… ", "。", "！", "؟ ", "، ", "\n", "\n\n", "\r\n", ", ", " \n ", "")


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def plain(text: str) -> str:
    """Without white space and the invisible marks that rendering may add."""
    return re.sub(r"[\s\u200f\u2060]", "", text)


def words(language: str) -> st.SearchStrategy[str]:
    return st.text(ALPHABETS[language], min_size=1, max_size=12)


def _sentence(language: str) -> st.SearchStrategy[str]:
    piece = st.one_of(words(language), words(language), st.sampled_from(ITEMS), st.sampled_from(ODD))
    return st.lists(st.tuples(piece, st.sampled_from(_ENDS)), max_size=30).map(
        lambda pairs: "".join(part for pair in pairs for part in pair)
    )


def texts() -> st.SearchStrategy[str]:
    """Short and long, in one language or two, with items, emoji and odd signs."""
    sentence = st.sampled_from(sorted(ALPHABETS)).flatmap(_sentence)
    times = st.sampled_from((1, 1, 1, 2, 9, 30))
    return st.tuples(st.lists(sentence, min_size=1, max_size=3), times).map(lambda made: " ".join(made[0]) * made[1])


def graphemes(text: str) -> int:
    return len(list(iter_graphemes(text)))


def filled(text: str) -> str:
    """A text of the content files with values in its placeholders."""
    values = cycle((ORDERS[1], "1.234,50 €", "3", LINKS[0], "US$ 12.50", "DHL"))
    return re.sub(r"\{[^}]*\}", lambda _: next(values), text)


@cache
def real_texts(language: str) -> tuple[str, ...]:
    """The product's replies and answers in `language`."""
    replies, answers = _content(language)
    said = [*(reply["text"] for reply in replies), *(entry["answer"] for entry in answers)]
    return tuple(filled(text) for text in said)


@cache
def real_titles(language: str) -> tuple[str, ...]:
    """The titles of buttons and questions in `language`, each once."""
    replies, answers = _content(language)
    buttons = [button["title"] for reply in replies for button in reply.get("buttons", ())]
    return tuple(dict.fromkeys(filled(title) for title in [*buttons, *(entry["title"] for entry in answers)]))


def _content(language: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    replies = yaml.safe_load((DATA / "replies" / f"{language}.yml").read_text())
    answers = yaml.safe_load((DATA / "faq" / f"{language}.yml").read_text())
    return [reply for name, reply in replies.items() if name.startswith("utter_")], answers


@st.composite
def rows(draw: st.DrawFn) -> list[Outgoing]:
    """One turn or several: 1 to 8 messages of bot and agents, some with choices, an image or a mark."""
    return [_row(draw, f"m{number}") for number in range(draw(st.integers(1, 8)))]


def _row(draw: st.DrawFn, id_: str) -> Outgoing:
    language = draw(st.sampled_from(("en", "ar", "th")))
    image = draw(st.sampled_from(("", "", "", "https://shop.example/a.jpg")))
    text = draw(texts())
    if not text.strip() and not image:
        text = "!"
    return Outgoing(
        id_,
        text,
        language,
        author=draw(st.sampled_from(("bot", "bot", "agent:ann"))),
        choices=_choices(draw, id_, language),
        image=image,
        mark=draw(st.sampled_from(("", "", "Machine translation"))),
    )


def _choices(draw: st.DrawFn, id_: str, language: str) -> tuple[Choice, ...]:
    title = st.one_of(words(language), st.text(min_size=1, max_size=40), st.sampled_from(real_titles(language)))
    titles = draw(st.lists(title, max_size=draw(st.sampled_from((0, 0, 3, 12)))))
    short = st.one_of(st.just(""), words(language))
    return tuple(Choice(f"{id_}:{index}", title.strip() or "?", draw(short)) for index, title in enumerate(titles))
