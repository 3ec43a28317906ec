"""A small content folder: two markets, three languages, three FAQ entries, four replies."""

import shutil
from pathlib import Path

from core.settings import PROJECT, Settings
from tests.support.small_glossary import write_glossary

FAQ = {
    "en": """\
- id: delivery-time
  title: "How long does delivery take?"
  questions: ["delivery time?", "how long does it take", "when will it arrive", "days to deliver"]
  answer: "It takes {delivery_days_min} to {delivery_days_max} working days with {carriers}."
- id: cash
  title: "Can I pay in cash?"
  questions: ["cash on delivery?", "pay the courier", "can i pay cash", "cod possible"]
  answer: "Not here. You can pay with {payment_methods}."
  variants:
    - when: cash_on_delivery
      answer: "Yes, pay the courier in cash."
- id: customs
  title: "Why is it in customs?"
  questions: ["stuck in customs", "customs how long", "why customs", "customs check"]
  answer: "Customs take a few days. We are in {opening_hours}."
  markets: [SA]
""",
    "de": """\
- id: delivery-time
  title: "Wie lange dauert die Lieferung?"
  questions: ["Lieferzeit?", "wie lange dauert das", "wann kommt es an", "Tage bis zur Lieferung"]
  answer: "Es dauert {delivery_days_min} bis {delivery_days_max} Werktage mit {carriers}."
- id: cash
  title: "Kann ich bar zahlen?"
  questions: ["Nachnahme?", "beim Boten zahlen", "kann ich bar zahlen", "bar möglich"]
  answer: "Hier nicht. Sie zahlen mit {payment_methods}."
  variants:
    - when: cash_on_delivery
      answer: "Ja, zahlen Sie den Boten bar."
""",
    "ar": """\
- id: delivery-time
  title: "كم يستغرق التوصيل؟"
  questions: ["مدة التوصيل؟", "كم يوم يستغرق", "متى يصل الطلب", "أيام التوصيل"]
  answer: "يستغرق التوصيل من {delivery_days_min} إلى {delivery_days_max} أيام عمل مع {carriers}."
- id: customs
  title: "لماذا الطلب في الجمارك؟"
  questions: ["عالق في الجمارك", "كم تستغرق الجمارك", "لماذا الجمارك", "فحص الجمارك"]
  answer: "تستغرق الجمارك بضعة أيام. نحن هنا {opening_hours}."
""",
}

REPLIES = {
    "en": """\
utter_greet:
  text: "Hello from {brand}!"
  buttons:
    - {title: "Where is my order?", payload: order_status}
utter_order_shipped:
  text: "Order {order_number} left on {shipped_at} and is {state}."
label_state_shipped: {text: "shipped"}
label_payment_card: {text: "card"}
label_payment_paypal: {text: "PayPal"}
label_payment_invoice: {text: "invoice"}
label_payment_bank_transfer: {text: "bank transfer"}
label_payment_apple_pay: {text: "Apple Pay"}
label_payment_google_pay: {text: "Google Pay"}
label_payment_cash_on_delivery: {text: "cash"}
label_payment_instalments: {text: "instalments"}
""",
    "de": """\
utter_greet:
  text: "Guten Tag von {brand}!"
  buttons:
    - {title: "Wo ist meine Bestellung?", payload: order_status}
utter_order_shipped:
  text: "Bestellung {order_number} ging am {shipped_at} heraus und ist {state}."
label_state_shipped: {text: "versandt"}
label_payment_card: {text: "Karte"}
label_payment_paypal: {text: "PayPal"}
label_payment_invoice: {text: "Rechnung"}
label_payment_bank_transfer: {text: "Überweisung"}
label_payment_apple_pay: {text: "Apple Pay"}
label_payment_google_pay: {text: "Google Pay"}
label_payment_cash_on_delivery: {text: "Nachnahme"}
label_payment_instalments: {text: "Raten"}
""",
    "ar": """\
utter_greet:
  text: "مرحبًا من {brand}!"
  buttons:
    - {title: "أين طلبي؟", payload: order_status}
utter_order_shipped:
  text: "الطلب {order_number} خرج في {shipped_at} وهو {state}."
label_state_shipped: {text: "في الطريق"}
label_payment_card: {text: "بطاقة"}
label_payment_paypal: {text: "PayPal"}
label_payment_invoice: {text: "فاتورة"}
label_payment_bank_transfer: {text: "تحويل"}
label_payment_apple_pay: {text: "Apple Pay"}
label_payment_google_pay: {text: "Google Pay"}
label_payment_cash_on_delivery: {text: "نقدًا"}
label_payment_instalments: {text: "أقساط"}
""",
}

CONTRACT = """\
reference_language: en
proper_names: [label_payment_paypal, label_payment_apple_pay, label_payment_google_pay]
values:
  utter_order_shipped: [order_number, shipped_at, state]
"""

NEGATIVES = [
    ("tell me a joke", "en"),
    ("Wie wird das Wetter", "de"),
    ("who won the match", "en"),
    ("نكتة من فضلك", "ar"),
]


def write_content(root: Path) -> Path:
    """The folder `root`, filled with the small content."""
    faq, replies, markets = (root / part for part in ("knowledge/data/faq", "knowledge/data/replies", "markets/data"))
    for folder in (faq, replies, markets):
        folder.mkdir(parents=True)
    for language, text in FAQ.items():
        (faq / f"{language}.yml").write_text(text, encoding="utf-8")
    for language, text in REPLIES.items():
        (replies / f"{language}.yml").write_text(text, encoding="utf-8")
    (replies / "placeholders.yml").write_text(CONTRACT, encoding="utf-8")
    for code in ("DE", "SA"):
        shutil.copy(PROJECT / "markets" / "data" / f"{code}.yml", markets)
    write_glossary(root / "glossaries" / "data")
    return root


def small_settings(root: Path) -> Settings:
    """Settings of an installation below `root` with the small content."""
    return Settings(data_dir=root / "var", content_dir=write_content(root / "content"), _env_file=None)


def edit(path: Path, old: str, new: str) -> None:
    """Replace the only `old` in the file."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}"
    path.write_text(text.replace(old, new), encoding="utf-8")
