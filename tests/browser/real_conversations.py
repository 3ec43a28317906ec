"""Conversations in the browser with the real bot: what customers write and what they must see."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RealCase:
    """From the first word to a person. `date` and `time` are Babel's patterns of the expected day and the last scan."""

    language: str
    market: str
    direction: str
    greeting: str
    question: str
    source: str  # title of the answer, as in the content file
    asks: str
    proof: str  # email, postcode
    date: str
    time: str
    person: str


REAL_CASES = [
    RealCase(
        "de", "DE", "ltr", "Hallo!", "Wie lange kann ich etwas zurückgeben?", "returns-window", "Wo ist mein Paket?",
        "postcode", "EEEE, d. MMMM", "HH:mm", "Ich möchte mit einem Menschen sprechen",
    ),
    RealCase(
        "ja", "JP", "ltr", "こんにちは", "返品はどうすればいいですか？", "return-how", "注文の配送状況を知りたいです",
        "email", "M月d日EEEE", "HH:mm", "担当者と話したいです",
    ),
    RealCase(
        "ar", "SA", "rtl", "مرحبا", "كيف أرجع المنتج؟", "return-how", "أين طردي؟",
        "postcode", "EEEE، d MMMM", "h:mm a", "أريد التحدث مع موظف",
    ),
    RealCase(
        "th", "TH", "ltr", "สวัสดีค่ะ", "คืนสินค้าได้ภายในกี่วัน", "returns-window", "พัสดุของฉันอยู่ไหนคะ",
        "postcode", "EEEEที่ d MMMM", "HH:mm", "ขอคุยกับเจ้าหน้าที่ค่ะ",
    ),
]  # fmt: skip
